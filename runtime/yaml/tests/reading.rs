//! What the reader keeps, what it refuses, and that it never panics.

#![expect(clippy::unwrap_used, reason = "a failing step of a test is its failure")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::json;
use squall_yaml::{DuplicateKeys, Kind, Node, Options, Style, from_str, read};

fn node(text: &str) -> Node {
    read(text, &Options::default()).unwrap()
}

fn refused(text: &str) -> String {
    read(text, &Options::default()).unwrap_err().to_string()
}

#[test]
fn a_scalar_is_the_text_that_stands_in_the_document() {
    for text in [
        "0001",
        "00000000000000000000000000001234",
        "1234567e8",
        "1.10",
        "2.90",
        "0x1f",
        "1_000",
        "1e400",
        ".inf",
        "n",
        "yes",
        "on",
        "true",
        "2026-11-29",
        "12:30",
    ] {
        assert_eq!(node(&format!("key: {text}")).get("key").unwrap().text(), Some(text));
        assert_eq!(node(&format!("[{text}]")).list().unwrap()[0].text(), Some(text));
    }
    for nothing in ["~", "null", ""] {
        assert!(node(&format!("key: {nothing}")).get("key").unwrap().is_null(), "{nothing}");
        assert_eq!(node(&format!("key: '{nothing}'")).get("key").unwrap().text(), Some(nothing));
    }
}

#[test]
fn quoted_scalars_blocks_and_text_tags_are_texts_in_json() {
    let text = "a: '1'\nb: \"true\"\nc: |\n  1\nd: !!str 2.90\ne: 1\nf: ! 3\n";
    assert_eq!(
        node(text).into_value(),
        json!({"a": "1", "b": "true", "c": "1\n", "d": "2.90", "e": 1, "f": "3"})
    );
}

#[test]
fn keys_are_texts_and_know_their_places() {
    let root = node("200: ok\n1.10:\n  no: x\n");
    assert_eq!(root.get("200").unwrap().text(), Some("ok"));
    let located = root.locate("/1.10/no");
    assert_eq!((located.key.line, located.key.column), (3, 3));
    assert_eq!((located.value.line, located.value.column), (3, 7));
    assert_eq!(root.locate("/1.10/no/deeper").value.line, 3);
}

#[test]
fn merge_keys_come_after_a_mappings_own_and_in_their_order() {
    let text = "
base: &base {url: one, user: base}
more: &more {user: more, domain: more}
single: {<<: *base, user: own}
several:
  <<: [*more, *base]
quoted: {'<<': kept}
";
    assert_eq!(
        node(text).into_value(),
        json!({
            "base": {"url": "one", "user": "base"},
            "more": {"user": "more", "domain": "more"},
            "single": {"url": "one", "user": "own"},
            "several": {"user": "more", "domain": "more", "url": "one"},
            "quoted": {"<<": "kept"},
        })
    );
    assert_eq!(
        refused("a: {<<: 1}"),
        "line 1 column 5: `<<` takes a mapping, or a list of mappings"
    );
}

#[test]
fn an_alias_stands_where_it_is_used() {
    let root = node("a: &a\n  x: 1\nb: *a\n");
    assert_eq!(root.get("b").unwrap().position.line, 3);
    assert_eq!(root.get("b").unwrap().get("x").unwrap().text(), Some("1"));
}

#[test]
fn what_is_no_single_document_is_refused_with_its_place() {
    for (text, expected) in [
        ("a: 1\na: 2\n", "line 2 column 1: this key is in the mapping twice"),
        ("a: 1\n---\nb: 2\n", "line 2 column 1: a second document begins here"),
        ("a: !vault x\n", "line 1 column 11: this tag is none of YAML's core schema"),
        ("? [a]\n: 1\n", "line 1 column 3: a key has to be a text"),
        ("a: &a [*a]\n", "line 1 column 8: an alias refers to what it stands in"),
    ] {
        assert_eq!(refused(text), expected, "{text}");
    }
    assert!(refused("a: [1\n").starts_with("line 1 column 4: unclosed"), "{}", refused("a: [1\n"));
    let kept = Options::default().with_duplicate_keys(DuplicateKeys::Keep);
    let root = read("a: 1\nb: {c: 1, c: 2}\na: 3\n", &kept).unwrap();
    let lines: Vec<_> = root.repeated().iter().map(|(key, at)| (*key, at.line)).collect();
    assert_eq!(lines, [("c", 2), ("a", 3)]);
    assert_eq!(root.get("a").unwrap().text(), Some("3"), "the last counts");
    let merged = read("a: {<<: {b: 1}, b: 2}", &kept).unwrap();
    assert_eq!(merged.repeated(), [], "a key that a mapping has itself is not merged into it");
}

#[test]
fn an_error_shows_nothing_of_the_document() {
    for text in
        ["a: \"hunter2\n", "a: 'hunter2\nb: hunter2", "a: {hunter2", "hunter2: 1\nhunter2: 2"]
    {
        assert!(!refused(text).contains("hunter2"), "{}", refused(text));
    }
    assert!(!format!("{:?}", node("password: hunter2")).contains("hunter2"));
}

#[test]
fn an_empty_text_and_a_byte_order_mark_are_no_mistakes() {
    for text in ["", "# nothing\n", "---\n", "\u{feff}"] {
        assert!(node(text).is_null(), "{text:?}");
    }
    assert_eq!(node("\u{feff}a: 1\r\nb: 2\r\n").get("b").unwrap().text(), Some("2"));
}

#[test]
fn copies_depth_and_length_are_limited() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(bomb, "a{level}: &a{level} [{aliases}]").unwrap();
    }
    assert!(refused(&bomb).contains("copy more than 100000 values"), "{}", refused(&bomb));
    let mut anchors = String::new();
    for level in 0..90 {
        write!(anchors, "&a{level} [").unwrap();
    }
    anchors.push_str(&"x, ".repeat(5_000));
    assert!(read(&format!("{anchors}{}", "]".repeat(90)), &Options::default()).is_err());
    for open in ["[", "{a: ", "- ", "? "] {
        assert!(read(&open.repeat(20_000), &Options::default()).is_err(), "{open}");
    }
    let small = Options { max_nodes: 3, ..Options::default() };
    assert!(read("[1, 2]", &small).is_ok());
    assert!(read("[1, 2, 3]", &small).unwrap_err().what.contains("more than 3 values"));
    let short = Options { max_bytes: 3, ..Options::default() };
    assert!(read("abcd", &short).unwrap_err().what.contains("4 bytes"));
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Typed {
    release: String,
    #[serde(default)]
    count: u8,
    #[serde(default)]
    way: Option<Way>,
    #[serde(default)]
    on: BTreeMap<String, bool>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Way {
    Plain,
    With { speed: f64 },
}

#[test]
fn a_type_gets_texts_as_they_stand_and_numbers_as_numbers() {
    let typed: Typed =
        from_str("release: 2026.10\ncount: 0x10\nway: {with: {speed: 1}}\non: {a: true}\n")
            .unwrap();
    assert_eq!(typed.release, "2026.10");
    assert_eq!((typed.count, typed.on["a"]), (16, true));
    assert_eq!(typed.way, Some(Way::With { speed: 1.0 }));
    assert_eq!(from_str::<Typed>("{release: x, way: plain}").unwrap().way, Some(Way::Plain));
    for (text, expected) in [
        ("release: x\ncuont: 1\n", "line 2 column 1: unknown field `cuont`"),
        ("release: x\ncount: 256\n", "line 2 column 8: invalid value: integer `256`"),
        ("count: 1\n", "line 1 column 1: missing field `release`"),
        ("release:\ncount: 1\n", "line 1 column 1: invalid type: unit value"),
        ("release: x\nway: {other: 1}\n", "line 2 column 7: unknown variant `other`"),
    ] {
        let error = from_str::<Typed>(text).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

/// A JSON document and a place for it in YAML's block form.
fn document() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|value| json!(value)),
        any::<i64>().prop_map(|value| json!(value)),
        any::<u64>().prop_map(|value| json!(value)),
        "[a-z0-9.~_ ]{0,6}".prop_map(|value| json!(value)),
        any::<String>().prop_map(|value| json!(value)),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|items| json!(items)),
            prop::collection::btree_map("[a-z0-9.]{1,6}", inner, 0..5).prop_map(|map| json!(map)),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn json_is_read_as_it_is(document in document()) {
        let text = document.to_string();
        prop_assert_eq!(node(&text).into_value(), document);
    }

    #[test]
    fn a_plain_scalars_text_survives(text in "[a-zA-Z0-9.+~][a-zA-Z0-9.+~_-]{0,20}") {
        let root = node(&format!("key: {text}\n"));
        let held = &root.get("key").unwrap().kind;
        prop_assert!(*held == Kind::Scalar(text.clone(), Style::Plain), "{text}");
    }

    #[test]
    fn nothing_makes_the_reader_panic(text in any::<String>()) {
        let _ = read(&text, &Options::default()).map(Node::into_value);
    }

    #[test]
    fn no_mixture_of_yamls_own_signs_makes_the_reader_panic(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "a", ": ", "- ", "? ", "&a ", "*a", "<<: ", "[", "]", "{", "}", ",", "\n", "  ",
                "|", ">", "'", "\"", "!!str ", "!x ", "#", "---\n", "...\n", "%TAG ! x\n", "~",
                "\t", "\u{feff}", "\u{0}", "é", "0x", "1e9",
            ]),
            0..60,
        ),
    ) {
        let text: String = parts.concat();
        let options = Options::default().with_duplicate_keys(DuplicateKeys::Keep);
        if let Ok(node) = read(&text, &options) {
            let _ = node.repeated();
            let _ = node.locate("/a/0/a");
            let _ = from_str::<Typed>(&text);
            let _ = node.into_value();
        }
    }
}
