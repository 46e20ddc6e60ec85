//! Single packets of subunit v2: a test's status, or a piece of a file.

use std::io;

use jiff::Timestamp;
use subunit::types::event::Event;
use subunit::types::file::File;
use subunit::types::number::SubunitNumber;
use subunit::types::teststatus::TestStatus;
use subunit::types::timestamp;

/// How many bytes of a file a packet carries; readers accept up to 4 MiB.
pub(super) const CHUNK: usize = 64 * 1024;

/// The type of text, with the charset in the spelling that readers expect.
pub(super) const TEXT: &str = "text/plain;charset=utf8";

/// The type of JSON.
pub(super) const JSON: &str = "application/json";

/// Returns the packet with a test's status.
pub(super) fn status(
    test: &str,
    status: TestStatus,
    at: Timestamp,
    tags: Vec<String>,
) -> io::Result<Vec<u8>> {
    let tags = if tags.is_empty() { None } else { Some(tags) };
    bytes(&Event { tags, ..event(test, status, at)? })
}

/// Returns the packets of a test's file.
pub(super) fn file(
    test: &str,
    at: Timestamp,
    name: &str,
    mime_type: &str,
    content: &str,
) -> io::Result<Vec<u8>> {
    let mut packets = Vec::new();
    let mut rest = content;
    loop {
        let (chunk, after) = rest.split_at(boundary(rest, CHUNK));
        let file = File {
            mime_type: Some(mime_type.to_owned()),
            file: Some((name.to_owned(), chunk.as_bytes().to_vec())),
            eof: after.is_empty(),
        };
        packets.extend(bytes(&Event { file, ..event(test, TestStatus::Undefined, at)? })?);
        if after.is_empty() {
            return Ok(packets);
        }
        rest = after;
    }
}

/// Returns the last character boundary not beyond `most`.
fn boundary(text: &str, most: usize) -> usize {
    (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

fn event(test: &str, status: TestStatus, at: Timestamp) -> io::Result<Event> {
    // Python's times have microseconds, so finer ones would not round-trip.
    let nanos = u32::try_from(at.subsec_microsecond()).map_err(io::Error::other)? * 1000;
    Ok(Event {
        status,
        test_id: Some(test.to_owned()),
        timestamp: Some(timestamp::Timestamp {
            seconds: u32::try_from(at.as_second()).map_err(io::Error::other)?,
            nanoseconds: SubunitNumber::new(nanos).map_err(refused)?,
        }),
        file: File::default(),
        route_code: None,
        tags: None,
        runnable: true,
    })
}

fn bytes(event: &Event) -> io::Result<Vec<u8>> {
    event.to_vec().map_err(refused)
}

#[expect(clippy::needless_pass_by_value, reason = "used with `map_err`")]
fn refused(error: Box<dyn std::error::Error>) -> io::Error {
    io::Error::other(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_is_split() {
        assert_eq!(boundary("aé", 2), 1);
        assert_eq!(boundary("aé", 3), 3);
        assert_eq!(boundary("aé", 9), 3);
    }
}
