//! The header `Range` (RFC 9110, section 14.2), for one range of bytes.

use std::ops::Range;

/// What a range asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    /// These bytes.
    Part(Range<usize>),
    /// Nothing that there is.
    Outside,
    /// Not understood, which is to be answered as if it were not there.
    Unclear,
}

/// Reads a range of a content of some length.
pub(crate) fn parse(header: &str, length: usize) -> Asked {
    let Some((first, last)) =
        header.strip_prefix("bytes=").filter(|r| !r.contains(',')).and_then(|r| r.split_once('-'))
    else {
        return Asked::Unclear;
    };
    let number = |text: &str| text.trim().parse::<usize>().ok();
    match (first.trim().is_empty(), number(first), last.trim().is_empty(), number(last)) {
        (true, _, false, Some(count)) if count > 0 && length > 0 => {
            Asked::Part(length.saturating_sub(count)..length)
        }
        (false, Some(first), true, _) if first < length => Asked::Part(first..length),
        (false, Some(first), false, Some(last)) if last < first => Asked::Unclear,
        (false, Some(first), false, Some(last)) if first < length => {
            Asked::Part(first..length.min(last + 1))
        }
        (true, _, false, Some(_))
        | (false, Some(_), true, _)
        | (false, Some(_), false, Some(_)) => Asked::Outside,
        _ => Asked::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_rfc_says() {
        for (header, expected) in [
            ("bytes=0-3", Asked::Part(0..4)),
            ("bytes=4-", Asked::Part(4..10)),
            ("bytes=-3", Asked::Part(7..10)),
            ("bytes=-30", Asked::Part(0..10)),
            ("bytes=8-100", Asked::Part(8..10)),
            ("bytes=10-", Asked::Outside),
            ("bytes=-0", Asked::Outside),
            ("bytes=3-1", Asked::Unclear),
            ("bytes=0-1,3-4", Asked::Unclear),
            ("lines=0-1", Asked::Unclear),
        ] {
            assert_eq!(parse(header, 10), expected, "{header}");
        }
    }
}
