//! No document makes the generator panic, loop or use unbounded memory.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};
use squall_codegen::emit;
use squall_codegen::generate::{self, Source};

/// Runs the whole pipeline, and returns whether there is a service.
fn run(text: &str) -> bool {
    let source = Source { file: "hostile.yaml", text };
    let outcome = generate::service(source, Some(source));
    assert!(
        outcome.service.is_some() || !outcome.diagnostics.is_empty(),
        "refused without a diagnostic"
    );
    let alone = generate::service(source, None);
    alone.service.is_some_and(|service| {
        emit::code(&service);
        !emit::lock::emit(&service).is_empty() && !emit::docs::emit(&service).is_empty()
    })
}

#[test]
fn references_that_expand_without_bound_are_refused() {
    for version in ["3.0.3", "3.1.0"] {
        let mut schemas = serde_json::Map::new();
        for level in 0..40 {
            let next = json!({"$ref": format!("#/components/schemas/S{}", level + 1)});
            schemas.insert(format!("S{level}"), json!({"allOf": [next.clone(), next]}));
        }
        schemas.insert("S40".to_owned(), json!({"type": "string"}));
        let document = json!({
            "openapi": version, "info": {"title": "Unfolding", "version": "1"},
            "paths": {"/a": {"get": {"operationId": "a.b.c", "responses": {"200": {
                "description": "x", "content": {"application/json": {"schema":
                    {"$ref": "#/components/schemas/S0"}}}}}}}},
            "components": {"schemas": schemas},
        });
        assert!(!run(&document.to_string()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_document_with_anything_anywhere_is_read_or_refused(
        case in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..12_usize), 1..4),
    ) {
        let texts = specs();
        let text: &String = case.get(&texts);
        let mut document: Value = squall_yaml::from_str(text).unwrap_or(Value::Null);
        for (place, kind) in changes {
            let mut places = Vec::new();
            pointers(&document, String::new(), &mut places);
            let place = place.get(&places).clone();
            let root = document.clone();
            if let Some(target) = document.pointer_mut(&place) {
                change(target, kind, &root);
            }
        }
        run(&document.to_string());
    }

    #[test]
    fn a_document_cut_anywhere_is_read_or_refused(
        case in any::<prop::sample::Index>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let texts = specs();
        let text: &String = case.get(&texts);
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        run(&text[..*cut.get(&ends)]);
    }
}

fn change(target: &mut Value, kind: usize, root: &Value) {
    *target = match kind {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1.5),
        3 => json!("{/}~1`\"\\ é"),
        4 => json!([]),
        5 => json!({}),
        6 => json!({"$ref": "#/paths"}),
        7 => json!({"$ref": "#"}),
        8 => json!([target.clone(), target.clone()]),
        9 => json!({"x-openstack": target.clone()}),
        10 => json!({"properties": target.clone(), "type": ["object", "null"]}),
        _ => root.clone(),
    };
}

fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                pointers(inner, squall_model::pointer::join(&at, key), found);
            }
        }
        Value::Array(list) => {
            for (index, inner) in list.iter().enumerate() {
                pointers(inner, format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
    found.push(at);
}

fn specs() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases: Vec<_> =
        fs::read_dir(folder).unwrap().map(|case| case.unwrap().path()).collect();
    cases.sort();
    cases.iter().map(|case| fs::read_to_string(case.join("spec.yaml")).unwrap()).collect()
}
