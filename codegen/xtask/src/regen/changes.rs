//! Prints the changes of a client's surface.

use squall_codegen::surface::compare;

/// The number of changes that are printed; the rest is only counted.
const SHOWN: usize = 40;

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
    for change in changes.iter().take(SHOWN) {
        println!("  {}", change.to_string().trim_end());
    }
    if let Some(more) = changes.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        println!("  … and {more} more: see `git diff generated/api`");
    }
}
