//! The list of samples that are known not to match, each with a reason.

use std::collections::BTreeSet;

use crate::cli::error::CliError;

/// A list of known misses.
#[derive(Debug, Default)]
pub(super) struct KnownMisses {
    /// The file of the list.
    pub(super) file: String,
    /// The samples.
    pub(super) samples: BTreeSet<String>,
}

impl KnownMisses {
    /// Reads one sample per line, followed by `#` and the reason.
    ///
    /// # Errors
    /// A sample has no reason, or is listed twice.
    pub(super) fn read(file: &str, text: &str) -> Result<Self, CliError> {
        let mut samples = BTreeSet::new();
        for (number, line) in (1..).zip(text.lines()) {
            let (sample, reason) = line.split_once('#').unwrap_or((line, ""));
            let (sample, reason) = (sample.trim(), reason.trim());
            if sample.is_empty() {
                continue;
            }
            if reason.is_empty() {
                return Err(CliError::bad_input(
                    format!("{file}:{number}: {sample} has no reason"),
                    "add one: `PATH  # the reason`",
                ));
            }
            if !samples.insert(sample.to_owned()) {
                return Err(CliError::bad_input(
                    format!("{file}:{number}: {sample} is listed twice"),
                    "remove one of the lines",
                ));
            }
        }
        Ok(Self { file: file.to_owned(), samples })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_miss_has_a_reason() {
        let known = KnownMisses::read("x.txt", "# Of nova.\n\na.json  # a slip\n").unwrap();
        assert_eq!(known.samples, BTreeSet::from(["a.json".to_owned()]));
        assert!(KnownMisses::read("x.txt", "a.json\n").is_err());
        assert!(KnownMisses::read("x.txt", "a.json # b\na.json # c\n").is_err());
    }
}
