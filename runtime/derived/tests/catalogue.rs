//! The catalogue: one toy schema for each kind of constraint, and what breaks and keeps it.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use serde_json::{Value, json};
use squall_client::validate::Schema;
use squall_derived::{Change, Constraint, body};

fn of(schema: &Value, sent: &Value) -> Vec<Constraint> {
    body(schema, &Schema::compile(schema).unwrap(), sent)
}

/// Returns the ids of what breaks, or keeps, the schema of the property `a`.
fn of_property(schema: &Value, sent: &Value, valid: bool) -> Vec<(String, Value)> {
    let whole = json!({"type": "object", "properties": {"a": schema}, "required": ["a"]});
    let found = of(&whole, &json!({"a": sent})).into_iter();
    let found = found.filter(|one| one.valid == valid && one.pointer.starts_with("/a"));
    let value = |change: &Change| match change {
        Change::Set { value, .. } => value.clone(),
        _ => Value::Null,
    };
    found.map(|one| (one.id().replace("body.a.", ""), value(&one.change))).collect()
}

#[test]
fn each_keyword_about_a_value_is_broken() {
    let table = [
        ("type-null", json!({"type": "string"}), json!("x"), json!(null)),
        ("type-object", json!({"type": "string"}), json!("x"), json!({})),
        ("type-string", json!({"type": "integer"}), json!(1), json!("squall")),
        ("enum", json!({"enum": ["x", "y"]}), json!("x"), json!("squall")),
        ("const", json!({"const": "x"}), json!("x"), json!("squall")),
        ("pattern", json!({"type": "string", "pattern": "^x"}), json!("x"), json!("squall!")),
        (
            "format",
            json!({"type": "string", "format": "ipv4"}),
            json!("192.0.2.1"),
            json!("squall!"),
        ),
        ("maxlength", json!({"type": "string", "maxLength": 2}), json!("x"), json!("xxx")),
        ("minlength", json!({"type": "string", "minLength": 1}), json!("x"), json!("")),
        ("minimum", json!({"type": "integer", "minimum": 1}), json!(1), json!(0)),
        ("maximum", json!({"type": "integer", "maximum": 1}), json!(1), json!(2)),
        ("exclusiveminimum", json!({"type": "integer", "exclusiveMinimum": 0}), json!(1), json!(0)),
        ("exclusivemaximum", json!({"type": "integer", "exclusiveMaximum": 2}), json!(1), json!(2)),
        ("multipleof", json!({"type": "integer", "multipleOf": 5}), json!(5), json!(6)),
        ("minitems", json!({"type": "array", "minItems": 1}), json!(["x"]), json!([])),
        (
            "maxitems",
            json!({"type": "array", "maxItems": 1, "items": {"type": "string"}}),
            json!([]),
            json!(["squall", "squall1"]),
        ),
        (
            "uniqueitems",
            json!({"type": "array", "uniqueItems": true}),
            json!(["x"]),
            json!(["x", "x"]),
        ),
        (
            "minproperties",
            json!({"type": "object", "minProperties": 1}),
            json!({"x": 1}),
            json!({}),
        ),
        ("not", json!({"type": "string", "not": {"enum": ["y"]}}), json!("x"), json!("y")),
        ("anyof-null", json!({"anyOf": [{"type": "string"}]}), json!("x"), json!(null)),
        (
            "oneof-object",
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
            json!("x"),
            json!({}),
        ),
        ("maxlength", json!({"allOf": [{"maxLength": 2}]}), json!("x"), json!("xxx")),
    ];
    for (id, schema, sent, expected) in table {
        let found = of_property(&schema, &sent, false);
        let value = found.iter().find(|(found, _)| found == id).map(|(_, value)| value);
        assert_eq!(value, Some(&expected), "{id} of {schema}: {found:?}");
    }
}

#[test]
fn each_bound_is_kept() {
    let table = [
        ("maxlength", json!({"type": "string", "maxLength": 2}), json!("x"), json!("xx")),
        ("minlength", json!({"type": "string", "minLength": 2}), json!("xxx"), json!("xx")),
        ("minimum", json!({"type": "integer", "minimum": 1}), json!(5), json!(1)),
        ("maximum", json!({"type": "integer", "maximum": 9}), json!(5), json!(9)),
        ("enum-y", json!({"enum": ["x", "y"]}), json!("x"), json!("y")),
        ("type-null", json!({"type": ["string", "null"]}), json!("x"), json!(null)),
        ("type-false", json!({"type": "boolean"}), json!(true), json!(false)),
        ("minitems", json!({"type": "array"}), json!(["x"]), json!([])),
    ];
    for (id, schema, sent, expected) in table {
        let found = of_property(&schema, &sent, true);
        let value = found.iter().find(|(found, _)| found == id).map(|(_, value)| value);
        assert_eq!(value, Some(&expected), "{id} of {schema}: {found:?}");
    }
}

#[test]
fn the_structure_of_an_object_is_broken_and_kept() {
    let schema = json!({
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string"},
            "size": {"type": "integer", "minimum": 1},
            "list": {"type": "array", "items": {"type": "object", "required": ["id"]}},
        },
        "patternProperties": {"^x-": {"type": "string", "maxLength": 2}},
        "additionalProperties": false,
    });
    let found = of(&schema, &json!({"name": "a"}));
    let change = |id: &str| {
        let one = found.iter().find(|one| one.id() == id);
        one.map_or_else(|| panic!("{id} of {found:#?}"), |one| one.change.clone())
    };
    let set = |pointer: &str, value| Change::Set { pointer: pointer.to_owned(), value };
    assert_eq!(change("body.body-missing"), Change::NoBody);
    assert_eq!(change("body.type-null"), set("", Value::Null));
    assert_eq!(change("body.required-name"), Change::Remove { pointer: "/name".to_owned() });
    assert_eq!(change("body.additionalproperties"), set("/squall_unknown", json!("squall")));
    assert_eq!(change("body.propertynames-empty"), set("/", json!("1")));
    // What is not there is put in, whole, with one thing in it broken.
    assert_eq!(change("body.size.minimum"), set("/size", json!(0)));
    assert_eq!(change("body.list.0.required-id"), set("/list", json!([{}])));
    assert_eq!(change("body.size.present"), set("/size", json!(1)));
    assert!(found.iter().any(|one| one.id() == "body.present-all" && one.valid));
}

/// A body that breaks its schema itself has no constraints that could be told apart.
#[test]
fn of_a_body_that_is_not_valid_nothing_is_derived() {
    assert_eq!(of(&json!({"type": "object"}), &json!([])), []);
}
