//! Times as swift's headers have them.

use jiff::Timestamp;

/// Writes a time as `X-Timestamp` has it: seconds, with five digits after the point.
pub(crate) fn timestamp(at: Timestamp) -> String {
    let ticks = at.as_microsecond() / 10;
    format!("{:010}.{:05}", ticks / 100_000, ticks % 100_000)
}

/// Writes a time as `Last-Modified` has it: a part of a second counts as a whole one
/// (`swift.common.swob._datetime_property`).
pub(crate) fn http_date(at: Timestamp) -> String {
    let second = at.as_second() + i64::from(at.subsec_nanosecond() > 0);
    let whole = Timestamp::from_second(second).unwrap_or(at);
    whole.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_second_counts_as_a_whole_one_in_dates_only() {
        let at = Timestamp::from_microsecond(1_000_000_000_123_456).unwrap();
        assert_eq!(timestamp(at), "1000000000.12345");
        assert_eq!(http_date(at), "Sun, 09 Sep 2001 01:46:41 GMT");
    }
}
