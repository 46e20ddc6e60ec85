//! Parsers for the values of options.

use std::fmt::Display;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// Parses a number of a range.
pub(super) fn number<N>(range: RangeInclusive<N>) -> impl Fn(&str) -> Result<N, String> + Clone
where
    N: FromStr + PartialOrd + Display + Clone,
{
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| format!("expected a number from {} to {}", range.start(), range.end()))
    }
}

/// Parses a number without a practical limit.
pub(super) fn whole<N: FromStr>(text: &str) -> Result<N, String> {
    text.parse().map_err(|_| "expected a whole number, 0 or more".to_owned())
}

pub(super) fn capacity(text: &str) -> Result<(String, u32), String> {
    text.split_once('=')
        .and_then(|(class, most)| Some((class.to_owned(), most.parse().ok()?)))
        .filter(|(class, most)| !class.is_empty() && *most > 0)
        .ok_or_else(|| "expected CLASS=N, for example `servers=10`".to_owned())
}

pub(super) fn scale(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(factor) if (0.01..=1000.0).contains(&factor) => Ok(factor),
        _ => Err("expected a factor from 0.01 to 1000".to_owned()),
    }
}

pub(super) fn percent(text: &str) -> Result<f64, String> {
    match text.trim_end_matches('%').parse() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent),
        _ => Err("expected a percentage from 0 to 100".to_owned()),
    }
}

pub(super) fn loopback(text: &str) -> Result<IpAddr, String> {
    let address: IpAddr = text.parse().map_err(|_| "not an IP address".to_owned())?;
    if address.is_loopback() {
        Ok(address)
    } else {
        Err("use a loopback address (127.0.0.1 or ::1): the embedded cloud accepts known passwords"
            .to_owned())
    }
}
