//! Parsers for the values of options.

use std::net::IpAddr;

pub(super) fn jobs(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(jobs @ 1..=256) => Ok(jobs),
        _ => Err("expected a number from 1 to 256".to_owned()),
    }
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

pub(super) fn loopback(text: &str) -> Result<IpAddr, String> {
    let address: IpAddr = text.parse().map_err(|_| "not an IP address".to_owned())?;
    if address.is_loopback() {
        Ok(address)
    } else {
        Err("use a loopback address (127.0.0.1 or ::1): the embedded cloud accepts known passwords"
            .to_owned())
    }
}
