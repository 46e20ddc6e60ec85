//! What a spec's change did to those who use the service's client.

use squall_codegen::surface::compare;

/// How many changes are told before the rest is only counted.
const TOLD: usize = 40;

/// Prints the changes between two locks, if there are any.
pub(super) fn print(service: &str, before: &str, after: &str) {
    if before.is_empty() {
        return;
    }
    let changes = compare(before, after);
    if changes.is_empty() {
        return;
    }
    println!("for users of {service}:");
    for change in changes.iter().take(TOLD) {
        println!("  {}", change.to_string().trim_end());
    }
    if let Some(more) = changes.len().checked_sub(TOLD).filter(|more| *more > 0) {
        println!("  … and {more} more: see `git diff generated/api`");
    }
}
