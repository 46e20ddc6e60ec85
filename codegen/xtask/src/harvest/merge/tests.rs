//! Tests that the merged schema gives back every schema at each of its versions.

use proptest::prelude::*;
use serde_json::{Value, json};
use squall_codegen::diagnostic::Diagnostics;
use squall_codegen::spelling;
use squall_model::{Merged, Microversion, VersionRange, canonical};

use super::cells::Cell;
use super::unite::unite;

/// Creates consecutive cells of three versions each; the last one is open.
fn cells(schemas: &[Option<Value>]) -> Vec<Cell> {
    let version = |minor: usize| Some(Microversion::new(2, u16::try_from(minor).unwrap()));
    let last = schemas.len() - 1;
    let cell = |(at, schema): (usize, &Option<Value>)| Cell {
        versions: VersionRange::new(
            version(at * 3).filter(|_| at > 0),
            version(at * 3 + 2).filter(|_| at < last),
        ),
        schema: schema.as_ref().map(canonical::sorted),
    };
    schemas.iter().enumerate().map(cell).collect()
}

/// Merges, checks every version against its cell, and returns the merged schema.
fn exact(schemas: &[Option<Value>]) -> Option<Value> {
    let cells = cells(schemas);
    let united = unite(&cells)?;
    let mut sink = Diagnostics::new("test");
    let read = spelling::read(&spelling::write(&united), "", &mut sink);
    assert!(sink.iter().next().is_none(), "{:?}", sink.into_sorted());
    for merged in [Merged(united.clone()), Merged(read)] {
        for minor in 0..schemas.len() * 3 + 3 {
            let cell = &cells[(minor / 3).min(cells.len() - 1)];
            let version = Microversion::new(2, u16::try_from(minor).unwrap());
            assert_eq!(
                merged.at(Some(version)).map(|schema| canonical::text(&schema)),
                cell.schema.as_ref().map(canonical::text),
                "at {version} of {united:#}"
            );
        }
    }
    Some(united)
}

#[test]
fn a_schema_that_never_changes_has_no_marks() {
    let schema = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    assert_eq!(exact(&[Some(schema.clone()), Some(schema.clone())]), Some(schema));
}

#[test]
fn a_property_with_a_gap_has_variants() {
    let with = json!({"properties": {"a": {"type": "string"}, "b": true}, "required": ["a", "b"]});
    let without = json!({"properties": {"b": true}, "required": ["b"]});
    let schemas = [Some(with.clone()), Some(without.clone()), Some(with.clone()), Some(without)];
    let a = json!({"variants": [
        {"max-ver": "2.2", "schema": {"type": "string"}},
        {"min-ver": "2.6", "max-ver": "2.8", "schema": {"type": "string"}},
    ]});
    let required = json!([
        {"max-ver": "2.2", "name": "a"},
        {"min-ver": "2.6", "max-ver": "2.8", "name": "a"},
    ]);
    let united = exact(&schemas).unwrap();
    assert_eq!(united["properties"]["a"], json!({"x-openstack": a}));
    assert_eq!(united["required"], json!(["b"]));
    assert_eq!(united["x-openstack"]["required"], required);
}

#[test]
fn variants_are_on_the_smallest_node_that_differs() {
    let at = |id: Value| Some(json!({"type": "object", "properties": {"items": {"items": id}}}));
    let united = exact(&[at(json!({"type": "integer"})), at(json!({"type": "string"}))]).unwrap();
    let place = &united["properties"]["items"]["items"]["x-openstack"]["variants"];
    assert_eq!(place[1], json!({"min-ver": "2.3", "schema": {"type": "string"}}));
}

#[test]
fn a_hole_is_outside_the_range() {
    let schema = json!({"type": "object"});
    let united = exact(&[None, Some(schema), None]).unwrap();
    assert_eq!(united["x-openstack"], json!({"min-ver": "2.3", "max-ver": "2.5"}));
}

#[test]
fn a_new_branch_does_not_change_the_others() {
    let kind = |name: &str| json!({"type": "string", "const": name});
    let choice =
        |names: &[&str]| Some(json!({"oneOf": names.iter().map(|n| kind(n)).collect::<Value>()}));
    let united = exact(&[choice(&["a", "c"]), choice(&["a", "b", "c"])]).unwrap();
    assert_eq!(united["oneOf"][0], kind("a"));
    assert_eq!(united["oneOf"][1]["x-openstack"], json!({"min-ver": "2.3"}));
}

#[test]
fn additional_properties_have_their_own_ranges() {
    let at = |more: Value| Some(json!({"type": "object", "additionalProperties": more}));
    let united = exact(&[at(json!(true)), at(json!(false)), Some(json!({"type": "object"}))]);
    assert_eq!(
        united.unwrap()["x-openstack"]["additional-properties"],
        json!([
            {"max-ver": "2.2", "value": true},
            {"min-ver": "2.3", "max-ver": "2.5", "value": false},
        ])
    );
}

/// Schemas from few parts, so that those of two versions have much in common.
fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => prop::sample::select(vec![
            json!({"type": "string"}),
            json!({"type": ["null", "string"]}),
            json!({"type": "null"}),
            json!({"const": 1}),
            json!({"enum": ["b", "a"], "type": "string"}),
            json!({"enum": ["b"], "type": "string"}),
            json!({"$ref": "#/definitions/a"}),
            json!({"required": []}),
            json!({"required": ["a", "a"], "minimum": 1}),
            json!({}),
        ]),
        1 => any::<bool>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 3, |inner| {
        let map = prop::collection::btree_map("a|b|type|items", inner.clone(), 0..3);
        let list = prop::collection::vec(inner.clone(), 0..4);
        let required = prop::sample::subsequence(vec!["a", "b", "c"], 0..=3);
        (
            prop::option::of(map.clone()),
            prop::option::of(map),
            prop::option::of(inner.clone()),
            prop::option::of(inner),
            prop::option::of(list),
            prop::option::of(required),
            prop::option::weighted(0.8, Just("object")),
        )
            .prop_map(|(properties, patterns, additional, items, one_of, required, of)| {
                let keywords = [
                    ("properties", properties.map(|v| json!(v))),
                    ("patternProperties", patterns.map(|v| json!(v))),
                    ("additionalProperties", additional),
                    ("items", items),
                    ("oneOf", one_of.map(Value::from)),
                    ("required", required.map(|v| json!(v))),
                    ("type", of.map(Value::from)),
                ];
                let present = keywords.into_iter().filter_map(|(k, v)| Some((k.to_owned(), v?)));
                Value::Object(present.collect())
            })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn any_sequence_of_schemas_is_restored(
        schemas in prop::collection::vec(prop::option::weighted(0.9, schema()), 1..6)
    ) {
        exact(&schemas);
    }

    /// Versions of one schema are mostly the same schema.
    #[test]
    fn a_schema_with_small_changes_is_restored(
        base in schema(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), schema()), 1..5)
    ) {
        let mut schemas = vec![Some(base.clone())];
        let mut last = base;
        for (at, change) in changes {
            if let Some(keywords) = last.as_object_mut().filter(|keywords| !keywords.is_empty()) {
                let keys: Vec<String> = keywords.keys().cloned().collect();
                let key = &keys[at.index(keys.len())];
                match change.get(key) {
                    Some(value) => drop(keywords.insert(key.clone(), value.clone())),
                    None => drop(keywords.remove(key)),
                }
            }
            schemas.push(Some(last.clone()));
        }
        exact(&schemas);
    }
}
