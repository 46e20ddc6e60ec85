//! The checksum of a record, its last field.
//!
//! A flipped bit may leave a record that can be read: `"of":12` becomes `"of":13`, and another
//! resource counts as gone.

use std::fmt::Write as _;

use squall_model::digest::fnv1a;

/// What comes before the checksum, and after it.
const BEFORE: &str = r#","sum":""#;
const AFTER: &str = r#""}"#;

/// How many hexadecimal digits a checksum has.
const DIGITS: usize = 16;

/// Whether a record is as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seal {
    /// Its checksum is right.
    Whole,
    /// Its checksum is wrong.
    Broken,
    /// It has none, as in ledgers of older versions.
    Missing,
}

/// Adds the checksum to a record, which is a JSON object with at least one field.
pub(super) fn close(record: &mut String) {
    let sum = fnv1a(record.as_bytes());
    record.pop();
    // Writing to a string cannot fail.
    let _ = write!(record, "{BEFORE}{sum:0DIGITS$x}{AFTER}");
}

/// Checks the line of a record.
pub(super) fn check(line: &[u8]) -> Seal {
    let tail = BEFORE.len() + DIGITS + AFTER.len();
    let Some((record, tail)) = line.len().checked_sub(tail).map(|at| line.split_at(at)) else {
        return Seal::Missing;
    };
    let Some(digits) =
        tail.strip_prefix(BEFORE.as_bytes()).and_then(|rest| rest.strip_suffix(AFTER.as_bytes()))
    else {
        return Seal::Missing;
    };
    let written = [record, b"}"].concat();
    let is_right = format!("{:0DIGITS$x}", fnv1a(&written)).as_bytes() == digits;
    if is_right { Seal::Whole } else { Seal::Broken }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_flipped_bit_breaks_the_seal() {
        let mut line = r#"{"seq":2,"entry":{"gone":{"of":12}}}"#.to_owned();
        assert_eq!(check(line.as_bytes()), Seal::Missing);
        close(&mut line);
        assert_eq!(check(line.as_bytes()), Seal::Whole, "{line}");
        for at in 0..line.len() {
            for bit in 0..8 {
                let mut bytes = line.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                assert_ne!(check(&bytes), Seal::Whole, "bit {bit} of byte {at}");
            }
        }
    }
}
