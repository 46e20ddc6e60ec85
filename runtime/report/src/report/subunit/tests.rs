//! Written packets are read back with the crate's own reader.

use subunit::io::sync::iter_stream;
use subunit::types::event::Event as Packet;
use subunit::types::stream::ScannedItem;
use subunit::types::teststatus::TestStatus;

use super::super::fixture::{self, SAMPLE};
use super::*;

fn packets(entries: &[Entry]) -> Vec<Packet> {
    let mut out = Vec::new();
    let mut subunit = Subunit::new(&mut out);
    subunit.see_all(entries);
    subunit.close().unwrap();
    iter_stream(out.as_slice())
        .map(|item| match item.unwrap() {
            ScannedItem::Event(packet) => packet,
            other => panic!("{other:?}"),
        })
        .collect()
}

fn text(packets: &[Packet], test: &str, name: &str) -> String {
    let of_test = packets.iter().filter(|packet| packet.test_id.as_deref() == Some(test));
    let pieces = of_test.filter_map(|packet| packet.file.file.clone());
    let bytes: Vec<u8> =
        pieces.filter(|(known, _)| known == name).flat_map(|(_, piece)| piece).collect();
    String::from_utf8(bytes).unwrap()
}

/// Describes packets as text.
fn described(packets: &[Packet]) -> String {
    let line = |packet: &Packet| {
        let at = packet.timestamp.as_ref().unwrap();
        let tags = packet.tags.clone().unwrap_or_default().join(",");
        let file = packet.file.file.as_ref().map(|(name, piece)| {
            let mime = packet.file.mime_type.as_deref().unwrap_or_default();
            format!(" {name} ({mime}) {} bytes, eof {}", piece.len(), packet.file.eof)
        });
        let at = at.seconds % 100;
        let test = packet.test_id.as_deref().unwrap_or_default();
        format!("{at:02} {test} {:?} [{tags}]{}\n", packet.status, file.unwrap_or_default())
    };
    packets.iter().map(line).collect()
}

#[test]
fn each_verdict_has_its_status_and_its_files() {
    insta::assert_snapshot!(described(&packets(&fixture::entries(SAMPLE))));
}

#[test]
fn an_incomplete_journal_has_a_status_for_every_test() {
    let mut entries = fixture::entries(SAMPLE);
    entries.truncate(8);
    insta::assert_snapshot!(described(&packets(&entries)));
}

#[test]
fn a_long_file_is_cut_into_packets_and_comes_back_whole() {
    let reason = "é".repeat(100_000);
    let at = jiff::Timestamp::UNIX_EPOCH;
    let bytes = packet::file("a", at, "reason", packet::TEXT, &reason).unwrap();
    let packets: Vec<Packet> = iter_stream(bytes.as_slice())
        .filter_map(|item| match item.unwrap() {
            ScannedItem::Event(packet) => Some(packet),
            _ => None,
        })
        .collect();
    assert_eq!(packets.len(), 4);
    let ends: Vec<bool> = packets.iter().map(|packet| packet.file.eof).collect();
    assert_eq!(ends, [false, false, false, true]);
    assert!(packets.iter().all(|p| p.file.file.as_ref().unwrap().1.len() <= packet::CHUNK));
    assert_eq!(text(&packets, "a", "reason"), reason);
}

#[test]
fn times_have_microseconds() {
    let at: jiff::Timestamp = "2026-01-02T03:04:05.123456789Z".parse().unwrap();
    let bytes = packet::status("a", TestStatus::Success, at, Vec::new()).unwrap();
    let Some(Ok(ScannedItem::Event(packet))) = iter_stream(bytes.as_slice()).next() else {
        panic!("no packet");
    };
    assert_eq!(packet.timestamp.unwrap().nanoseconds.as_u32(), 123_456_000);
    assert_eq!(packet.tags, None);
}

#[test]
fn exchanges_come_back_as_they_are_in_the_journal() {
    let entries = fixture::entries(SAMPLE);
    let kept: Vec<crate::client::Exchange> =
        serde_json::from_str(&text(&packets(&entries), "acme.boot", "exchanges")).unwrap();
    let sent: Vec<crate::client::Exchange> = entries
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::Exchange { test: Some(test), exchange } if test == "acme.boot" => {
                Some((**exchange).clone())
            }
            _ => None,
        })
        .collect();
    // One of a lost attempt, two of the last attempt, one of its cleanup.
    assert_eq!(sent.len(), 4);
    assert_eq!(kept, sent[1..3]);
}
