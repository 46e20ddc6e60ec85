//! The two directions against each other, and against the crate `openapiv3`.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use squall_model::canonical;
use squall_model::materialise::VERSIONS_KEY;

use super::{read, write};
use crate::diagnostic::Diagnostics;

/// Spells a schema, checks that it reads back, and returns the spelling.
fn through(schema: &Value) -> Value {
    let spelled = write(schema);
    let mut sink = Diagnostics::new("test");
    let back = read(&spelled, "", &mut sink);
    assert!(sink.iter().next().is_none(), "{:#?}\n{spelled:#}", sink.into_sorted());
    assert_eq!(canonical::text(&back), canonical::text(schema), "{spelled:#}");
    spelled
}

#[test]
fn every_row_of_the_table() {
    let rows = [
        (json!({"type": ["string", "null"]}), json!({"type": "string", "nullable": true})),
        (
            json!({"type": ["null", "string"], "enum": ["a", null]}),
            json!({"type": "string", "nullable": true, "enum": ["a", null]}),
        ),
        (
            json!({"type": ["integer", "object", "null"], "maximum": 9}),
            json!({
                "anyOf": [{"type": "integer"}, {"type": "object"}], "maximum": 9,
                "nullable": true, "x-openstack": {"type-list": true}
            }),
        ),
        (
            json!({"type": "null"}),
            json!({"enum": [null], "nullable": true, "x-openstack": {"null-type": true}}),
        ),
        (json!({"const": 7}), json!({"enum": [7], "x-openstack": {"const": true}})),
        (
            json!({"oneOf": [{"type": "null"}, {"type": "string", "format": "ipv4"}]}),
            json!({
                "oneOf": [{"type": "string", "format": "ipv4"}], "nullable": true,
                "x-openstack": {"null-branch": 0}
            }),
        ),
        (json!({"exclusiveMinimum": 0}), json!({"minimum": 0, "exclusiveMinimum": true})),
        (
            json!({"patternProperties": {"^a$": {"type": ["string", "null"]}}}),
            json!({"x-openstack": {
                "pattern-properties": {"^a$": {"type": "string", "nullable": true}}
            }}),
        ),
        (
            json!({"$ref": "#/components/schemas/A", "x-openstack": {"min-ver": "2.9"}}),
            json!({
                "allOf": [{"$ref": "#/components/schemas/A"}],
                "x-openstack": {"min-ver": "2.9", "ref": "first"}
            }),
        ),
        (json!({"$ref": "#/definitions/a"}), json!({"x-openstack": {"ref": "#/definitions/a"}})),
        (
            json!({"type": ["boolean", "string"], "enum": [true, "True"]}),
            json!({
                "anyOf": [{"type": "boolean"}, {"type": "string"}], "enum": [true, "True"],
                "x-openstack": {"type-list": true, "lenient": "boolean"}
            }),
        ),
        (
            json!({"type": "string", "format": "quota_set"}),
            json!({"type": "string", "x-openstack": {"format": "quota_set"}}),
        ),
        (
            json!({"properties": {"a": true, "b": false}, "additionalProperties": false}),
            json!({
                "properties": {
                    "a": {"x-openstack": {"verbatim": true}},
                    "b": {"not": {}, "x-openstack": {"verbatim": false}}
                },
                "additionalProperties": false
            }),
        ),
        (
            json!({"default": null, "nullable": true}),
            json!({"x-openstack": {"keywords": {"default": null, "nullable": true}}}),
        ),
    ];
    for (schema, spelled) in rows {
        assert_eq!(through(&schema), spelled);
    }
}

#[test]
fn a_property_may_be_called_like_a_keyword() {
    let schema = json!({"properties": {
        "type": {"type": ["string", "null"]}, "items": {"const": 1}, "properties": {"type": "null"},
        "$ref": {"$ref": "#/components/schemas/A"}, "format": {"format": "quota_set"},
    }});
    let spelled = through(&schema);
    assert_eq!(spelled["properties"]["type"], json!({"type": "string", "nullable": true}));
}

#[test]
fn schemas_within_version_marks_are_spelled_too() {
    let schema = json!({"x-openstack": {
        "variants": [{"max-ver": "2.9", "schema": {"const": 1}}],
        "additional-properties": [{"value": false}, {"value": {"type": ["null", "string"]}}],
    }});
    let spelled = through(&schema);
    let marks = &spelled[VERSIONS_KEY];
    assert_eq!(marks["variants"][0]["schema"]["enum"], json!([1]));
    assert_eq!(marks["additional-properties"][1]["value"]["nullable"], json!(true));
}

#[test]
fn what_3_0_has_no_word_for_is_refused_with_its_place() {
    let schema = json!({"properties": {"a": {
        "type": ["string"], "patternProperties": {}, "$ref": "#/x", "x-openstack": {"min_ver": "2.1"}
    }}});
    let mut sink = Diagnostics::new("test");
    read(&schema, "", &mut sink);
    let places: Vec<String> = sink.into_sorted().into_iter().map(|d| d.pointer).collect();
    let below = ["$ref", "patternProperties", "type", "x-openstack/min_ver"];
    assert_eq!(places, below.map(|end| format!("/properties/a/{end}")));
}

#[test]
fn nullable_beside_a_choice_is_one_more_branch() {
    let mut sink = Diagnostics::new("test");
    let schema = json!({"nullable": true, "allOf": [{"type": "object"}], "example": 1});
    assert_eq!(
        read(&schema, "", &mut sink),
        json!({"anyOf": [{"allOf": [{"type": "object"}]}, {"type": "null"}]})
    );
}

/// Any JSON value, small.
fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3i32..1000).prop_map(Value::from),
        "[a-c]{0,2}".prop_map(Value::from),
        Just(json!([1, null])),
        Just(json!({"type": "a", "x-openstack": 1})),
    ]
}

fn type_name() -> impl Strategy<Value = Value> {
    let names = ["array", "boolean", "integer", "null", "number", "object", "string"];
    prop::sample::select(names.map(Value::from).to_vec())
}

/// Keywords that hold no subschema.
fn plain() -> impl Strategy<Value = (String, Value)> {
    let of = |name: &'static str| move |value| (name.to_owned(), value);
    let bound = || prop::sample::select(vec!["minimum", "maximum", "exclusiveMinimum"]);
    prop_oneof![
        type_name().prop_map(of("type")),
        // Sorted, as the merge leaves them: the order within version marks counts.
        prop::collection::vec(type_name(), 0..4)
            .prop_map(|list| canonical::sorted(&json!({ "type": list }))["type"].take())
            .prop_map(of("type")),
        value().prop_map(of("const")),
        prop::collection::vec(value(), 0..3).prop_map(Value::from).prop_map(of("enum")),
        (bound(), -9i32..9).prop_map(|(key, n)| (key.to_owned(), json!(n))),
        any::<bool>().prop_map(Value::from).prop_map(of("exclusiveMaximum")),
        (0u8..9).prop_map(Value::from).prop_map(of("maxLength")),
        prop::collection::vec("[a-c]", 0..3).prop_map(|l| json!(l)).prop_map(of("required")),
        prop::sample::select(vec!["uuid", "quota_set"])
            .prop_map(Value::from)
            .prop_map(of("format")),
        prop::sample::select(vec!["#/components/schemas/A", "#/definitions/a"])
            .prop_map(Value::from)
            .prop_map(of("$ref")),
        value().prop_map(of("default")),
        value().prop_map(of("nullable")),
        value().prop_map(of("properties")),
        value().prop_map(of("allOf")),
        value().prop_map(of("x-other")),
        Just(json!({"a": ["b"]})).prop_map(of("dependencies")),
    ]
}

/// Merged schemas in which any keyword may meet any other.
fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        8 => prop::collection::vec(plain(), 0..4)
            .prop_map(|all| Value::Object(all.into_iter().collect())),
        1 => any::<bool>().prop_map(Value::from),
        2 => Just(json!({"type": "null"})),
    ];
    leaf.prop_recursive(4, 48, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from);
        let map = prop::collection::btree_map("[a-c]|type|items|properties", inner.clone(), 0..3)
            .prop_map(|map| json!(map));
        let holding = prop_oneof![
            (prop::sample::select(vec!["properties", "patternProperties", "$defs"]), map),
            (prop::sample::select(vec!["oneOf", "anyOf", "allOf", "prefixItems", "items"]), list),
            (
                prop::sample::select(vec![
                    "items",
                    "additionalProperties",
                    "not",
                    "if",
                    "contains"
                ]),
                inner.clone()
            ),
        ]
        .prop_map(|(key, value)| (key.to_owned(), value));
        let marks = prop_oneof![
            3 => Just(None),
            1 => Just(Some(json!({"min-ver": "2.3", "max-ver": "2.10"}))),
            1 => inner.prop_map(|schema| Some(json!({
                "variants": [{"max-ver": "2.9", "schema": schema.clone()}],
                "additional-properties": [{"value": schema}],
                "required": [{"name": "a", "min-ver": "2.2"}],
            }))),
        ];
        let keywords = prop::collection::vec(prop_oneof![plain(), holding], 0..5);
        (keywords, marks).prop_map(|(keywords, marks)| {
            let mut map: Map<String, Value> = keywords.into_iter().collect();
            map.extend(marks.map(|marks| (VERSIONS_KEY.to_owned(), marks)));
            Value::Object(map)
        })
    })
}

/// What `openapiv3` is known to drop: defaults that are false, and lists without an entry.
fn without_defaults(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, value)| (key.clone(), without_defaults(value)))
                .filter(|(key, value)| match key.as_str() {
                    "required" | "enum" | "oneOf" | "anyOf" | "allOf" => *value != json!([]),
                    "properties" => *value != json!({}),
                    "nullable" | "exclusiveMinimum" | "exclusiveMaximum" | "uniqueItems" => {
                        *value != json!(false)
                    }
                    _ => true,
                })
                .collect(),
        ),
        Value::Array(list) => list.iter().map(without_defaults).collect(),
        Value::Number(number) => json!(number.as_f64()),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn reading_gives_back_what_was_written(schema in schema()) {
        through(&schema);
    }

    #[test]
    fn openapiv3_keeps_what_is_written(schema in schema()) {
        let spelled = write(&schema);
        let parsed: openapiv3::ReferenceOr<openapiv3::Schema> =
            serde_json::from_value(spelled.clone()).unwrap();
        let kept = serde_json::to_value(parsed).unwrap();
        prop_assert_eq!(without_defaults(&kept), without_defaults(&spelled));
    }
}
