//! The name of the running program, for hints on what to run.

use std::path::Path;
use std::sync::LazyLock;

/// The variable that names the program; cargo sets it for `cargo squall`.
const VARIABLE: &str = "SQUALL_PROGRAM";

/// What is used when nothing better is known.
const DEFAULT: &str = "squall";

/// Returns the command that runs this program, as a user would type it.
///
/// - `SQUALL_PROGRAM` if it is set; `.cargo/config.toml` sets it to `cargo squall`, and a plugin
///   with an alias of its own can do the same.
/// - The program's path as it was typed, if that is relative: `target/debug/acme-tests`.
/// - The file's name otherwise: it was found on `PATH`, or by a script.
pub fn name() -> &'static str {
    static NAME: LazyLock<String> = LazyLock::new(|| {
        let set = std::env::var(VARIABLE).ok().filter(|name| !name.trim().is_empty());
        set.unwrap_or_else(|| typed(&first_argument()))
    });
    &NAME
}

/// Returns the program's file name, for completions and manual pages.
pub fn file_stem() -> String {
    stem(&first_argument())
}

fn first_argument() -> String {
    let first = std::env::args_os().next().unwrap_or_default();
    first.to_string_lossy().into_owned()
}

fn typed(first: &str) -> String {
    let path = Path::new(first);
    if path.is_relative() && path.components().count() > 1 {
        return first.to_owned();
    }
    stem(first)
}

fn stem(first: &str) -> String {
    let stem = Path::new(first).file_stem().and_then(|stem| stem.to_str());
    stem.unwrap_or(DEFAULT).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_name_the_program_as_it_was_typed() {
        for (first, name) in [
            ("squall", "squall"),
            ("/usr/local/bin/acme-tests", "acme-tests"),
            ("target/debug/acme-tests", "target/debug/acme-tests"),
            ("./acme-tests", "./acme-tests"),
            ("", "squall"),
        ] {
            assert_eq!(typed(first), name, "{first}");
        }
    }
}
