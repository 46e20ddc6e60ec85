//! Formats in OpenStack's schemas that JSON Schema does not have.
//!
//! Each follows the checker of the service that defines it; the package and
//! symbol are named. A format that depends on more than the text (`quota_set`)
//! is left to the service.

use std::net::IpAddr;

use jiff::fmt::rfc2822::DateTimeParser;
use jsonschema::ValidationOptions;

/// A checker of one format.
type Check = fn(&str) -> bool;

/// nova, `api/validation/validators.py`; cinder, the file of the same name;
/// neutron-lib for `ip_address`, `mac-address` and `cidr`.
const FORMATS: &[(&str, Check)] = &[
    ("base64", base64),
    ("cidr", cidr),
    ("date-time", date_time),
    ("fqdn", fqdn),
    ("http-date", http_date),
    ("ip_address", ip),
    ("mac-address", mac),
    // nova takes identifiers without hyphens too (`uuidutils.is_uuid_like`).
    ("uuid", uuid),
    ("uuid_in_body", uuid),
    ("uuid_or_none", uuid),
    ("image_id_or_empty_string", |text| text.is_empty() || uuid(text)),
    ("name", |text| name(text) && text == text.trim()),
    ("name_with_leading_trailing_spaces", name),
    ("az_name", |text| name(text) && !text.contains(':') && text == text.trim()),
    ("az_name_with_leading_trailing_spaces", |text| name(text) && !text.contains(':')),
    ("keypair_name_20", keypair_name),
    ("keypair_name_special_chars", keypair_name),
    ("mysql_text", |text| text.len() <= 65_535),
];

/// Adds the formats to the options of a schema.
pub(super) fn with_openstacks(options: ValidationOptions<'_>) -> ValidationOptions<'_> {
    FORMATS.iter().fold(options, |options, (name, check)| options.with_format(*name, *check))
}

/// With or without hyphens, as `oslo_utils.uuidutils.is_uuid_like` accepts it.
fn uuid(text: &str) -> bool {
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn ip(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}

/// Six pairs of hexadecimal digits, separated by colons or hyphens.
fn mac(text: &str) -> bool {
    let parts: Vec<&str> = text.split([':', '-']).collect();
    let pair = |part: &&str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit());
    parts.len() == 6 && parts.iter().all(pair)
}

/// An address and the length of a prefix.
fn cidr(text: &str) -> bool {
    let Some((address, length)) = text.split_once('/') else { return false };
    let most = match address.parse() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    length.parse::<u8>().is_ok_and(|length| length <= most)
}

/// With or without a time zone, as `oslo_utils.timeutils.parse_isotime` accepts it:
/// nova and keystone answer with both.
fn date_time(text: &str) -> bool {
    let annotated = text.contains('[');
    let civil = || text.parse::<jiff::civil::DateTime>().is_ok();
    !annotated && (text.parse::<jiff::Timestamp>().is_ok() || civil())
}

/// A date as RFC 9110 writes it in headers, section 5.6.7.
fn http_date(text: &str) -> bool {
    text.ends_with(" GMT") && DateTimeParser::new().parse_timestamp(text).is_ok()
}

fn fqdn(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.len() <= 255 && text.strip_suffix('.').unwrap_or(text).split('.').all(label)
}

fn base64(text: &str) -> bool {
    let text: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let end = text.iter().position(|byte| *byte == b'=').unwrap_or(text.len());
    text.len().is_multiple_of(4)
        && text.len() - end <= 2
        && text[end..].iter().all(|byte| *byte == b'=')
        && text[..end].iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte))
}

/// Not blank, and without control characters.
fn name(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= 255 && !text.chars().any(char::is_control)
}

fn keypair_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "@._- ".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_takes_and_refuses() {
        for (format, good, bad) in [
            ("base64", "aGVsbG8=", "aGVsbG8"),
            ("cidr", "10.0.0.0/8", "10.0.0.0/33"),
            ("date-time", "2016-12-27T22:51:32.877711", "2016-12-27T25:00:00"),
            ("date-time", "2016-12-27T22:51:32Z", "27 December 2016"),
            ("fqdn", "host-1.example.org", "-host.example.org"),
            ("http-date", "Sun, 29 Nov 2026 19:00:00 GMT", "2026-11-29T19:00:00Z"),
            ("ip_address", "fe80::1", "10.0.0"),
            ("mac-address", "fa:16:3e:00:00:01", "fa:16:3e"),
            ("uuid_in_body", "7d8b2f6c0e7d4b0c9f4c5a1b2c3d4e5f", "7d8b"),
            ("image_id_or_empty_string", "", "cirros"),
            ("name", "web 1", " web"),
            ("az_name", "nova", "nova:host"),
            ("keypair_name_20", "my-key", "my/key"),
        ] {
            let (_, check) = FORMATS.iter().find(|(name, _)| *name == format).unwrap();
            assert!(check(good) && !check(bad), "{format}");
        }
    }
}
