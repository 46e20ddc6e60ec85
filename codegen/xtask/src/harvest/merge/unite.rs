//! Merges the schemas of many versions into one, from which `squall_model::Merged::at` returns
//! each of them.
//!
//! Parts that are equal at all versions are written once without marks. Where schemas differ,
//! they are merged keyword by keyword as far as possible, so that `variants` are on the
//! smallest node that differs.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use squall_model::materialise::VERSIONS_KEY;

use super::align::align;
use super::cells::{Cell, bounds, runs};
use super::forms::{Forms, Kind, kind, shape};

/// Merges the schemas of consecutive cells; `None` if no cell has one.
pub(super) fn unite(cells: &[Cell]) -> Option<Value> {
    let forms: Forms =
        cells.iter().enumerate().filter_map(|(at, c)| Some((at, c.schema.as_ref()?))).collect();
    let domain: Vec<usize> = (0..cells.len()).collect();
    (!forms.is_empty()).then(|| node(cells, &domain, &forms))
}

/// Merges the forms of a node within the cells that have its parent.
fn node(axis: &[Cell], domain: &[usize], forms: &[(usize, &Value)]) -> Value {
    let mut stretches = runs(domain.len(), |at| shape_at(domain[at], forms));
    if let [(first, last, _)] = stretches[..] {
        let marks = bounds(axis, domain, first, last);
        let whole = structure(axis, forms);
        if let Some(marked) = mark(whole, marks) {
            return marked;
        }
    }
    let variants = stretches.drain(..).map(|(first, last, _)| {
        let mut entry = bounds(axis, domain, first, last);
        let cells = &domain[first..=last];
        let forms: Forms = forms.iter().filter(|(cell, _)| cells.contains(cell)).copied().collect();
        entry.insert("schema".to_owned(), structure(axis, &forms));
        Value::Object(entry)
    });
    json!({VERSIONS_KEY: {"variants": variants.collect::<Vec<_>>()}})
}

fn shape_at(cell: usize, forms: &[(usize, &Value)]) -> Option<Value> {
    forms.iter().find(|(at, _)| *at == cell).map(|(_, form)| shape(form))
}

/// Adds marks to a schema; `None` for a boolean schema, which cannot have any.
fn mark(schema: Value, marks: Map<String, Value>) -> Option<Value> {
    match schema {
        schema if marks.is_empty() => Some(schema),
        Value::Object(mut keywords) => {
            let entry = keywords.entry(VERSIONS_KEY).or_insert_with(|| json!({}));
            entry.as_object_mut()?.extend(marks);
            Some(Value::Object(keywords))
        }
        _ => None,
    }
}

/// Merges forms of the same shape, keyword by keyword.
fn structure(axis: &[Cell], forms: &[(usize, &Value)]) -> Value {
    let Some((_, first)) = forms.first() else { return json!({}) };
    if !first.is_object() || forms.iter().all(|(_, form)| form == first) {
        return (*first).clone();
    }
    let domain: Vec<usize> = forms.iter().map(|(cell, _)| *cell).collect();
    let mut out = Map::new();
    let mut marks = Map::new();
    let keywords: BTreeSet<&String> =
        forms.iter().filter_map(|(_, form)| form.as_object()).flat_map(Map::keys).collect();
    for keyword in keywords {
        let values: Forms =
            forms.iter().filter_map(|(cell, form)| Some((*cell, form.get(keyword)?))).collect();
        match kind(keyword, values[0].1) {
            Kind::Plain => {
                out.insert(keyword.clone(), values[0].1.clone());
            }
            Kind::Single => {
                out.insert(keyword.clone(), node(axis, &domain, &values));
            }
            Kind::Map => {
                out.insert(keyword.clone(), map(axis, &domain, &values));
            }
            Kind::List => {
                let united = align(&values).iter().map(|slot| node(axis, &domain, slot)).collect();
                out.insert(keyword.clone(), united);
            }
            Kind::Names => names(axis, &domain, &values, &mut out, &mut marks),
            Kind::Additional => additional(axis, &domain, &values, &mut out, &mut marks),
        }
    }
    if !marks.is_empty() {
        out.insert(VERSIONS_KEY.to_owned(), Value::Object(marks));
    }
    Value::Object(out)
}

fn map(axis: &[Cell], domain: &[usize], values: &Forms) -> Value {
    let names: BTreeSet<&String> =
        values.iter().filter_map(|(_, value)| value.as_object()).flat_map(Map::keys).collect();
    let united = names.into_iter().map(|name| {
        let forms: Forms =
            values.iter().filter_map(|(cell, map)| Some((*cell, map.get(name)?))).collect();
        (name.clone(), node(axis, domain, &forms))
    });
    Value::Object(united.collect())
}

fn names(
    axis: &[Cell],
    domain: &[usize],
    values: &Forms,
    out: &mut Map<String, Value>,
    marks: &mut Map<String, Value>,
) {
    let has = |cell: usize, name: &Value| {
        let list = values.iter().find(|(at, _)| *at == cell).and_then(|(_, list)| list.as_array());
        list.is_some_and(|list| list.contains(name)).then_some(())
    };
    let all: BTreeSet<&str> = values
        .iter()
        .filter_map(|(_, list)| list.as_array())
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let (mut always, mut sometimes) = (Vec::new(), Vec::new());
    for name in all.into_iter().map(Value::from) {
        let found = runs(domain.len(), |at| has(domain[at], &name));
        if found.len() == 1 && found[0].1 - found[0].0 + 1 == domain.len() {
            always.push(name);
            continue;
        }
        for (first, last, ()) in found {
            let mut entry = bounds(axis, domain, first, last);
            entry.insert("name".to_owned(), name.clone());
            sometimes.push(Value::Object(entry));
        }
    }
    if !always.is_empty() {
        out.insert("required".to_owned(), Value::Array(always));
    }
    if !sometimes.is_empty() {
        marks.insert("required".to_owned(), Value::Array(sometimes));
    }
}

fn additional(
    axis: &[Cell],
    domain: &[usize],
    values: &Forms,
    out: &mut Map<String, Value>,
    marks: &mut Map<String, Value>,
) {
    let schemas = values.iter().all(|(_, value)| value.is_object());
    let equal = values.len() == domain.len() && values.iter().all(|(_, v)| *v == values[0].1);
    if schemas || equal {
        out.insert("additionalProperties".to_owned(), node(axis, domain, values));
        return;
    }
    let at = |cell: usize| values.iter().find(|(at, _)| *at == cell).map(|(_, value)| *value);
    let entries = runs(domain.len(), |position| at(domain[position]));
    let entries = entries.into_iter().map(|(first, last, value)| {
        let mut entry = bounds(axis, domain, first, last);
        entry.insert("value".to_owned(), value.clone());
        Value::Object(entry)
    });
    marks.insert("additional-properties".to_owned(), entries.collect());
}
