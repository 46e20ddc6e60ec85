//! The samples that are known not to match, each with the reason.

use std::collections::BTreeSet;

use crate::cli::complaint::Complaint;

/// A list of known misses.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The file it stands in.
    pub(super) file: String,
    /// The samples.
    pub(super) samples: BTreeSet<String>,
}

impl Known {
    /// Reads one sample a line; a reason, behind `#`, stands on the same line.
    ///
    /// # Errors
    /// A sample without a reason, or one that is there twice.
    pub(super) fn read(file: &str, text: &str) -> Result<Self, Complaint> {
        let mut samples = BTreeSet::new();
        for (number, line) in (1..).zip(text.lines()) {
            let (sample, reason) = line.split_once('#').unwrap_or((line, ""));
            let (sample, reason) = (sample.trim(), reason.trim());
            if sample.is_empty() {
                continue;
            }
            if reason.is_empty() {
                return Err(Complaint::bad_input(
                    format!("{file}:{number}: {sample} is known to miss for no reason"),
                    "say why behind it: `PATH  # the reason`",
                ));
            }
            if !samples.insert(sample.to_owned()) {
                return Err(Complaint::bad_input(
                    format!("{file}:{number}: {sample} is there twice"),
                    "take one of the lines away",
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
        let known = Known::read("x.txt", "# Of nova.\n\na.json  # a slip\n").unwrap();
        assert_eq!(known.samples, BTreeSet::from(["a.json".to_owned()]));
        assert!(Known::read("x.txt", "a.json\n").is_err());
        assert!(Known::read("x.txt", "a.json # b\na.json # c\n").is_err());
    }
}
