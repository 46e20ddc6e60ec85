//! Values in the place of placeholders, so that a described request can be held against its
//! schema before there is a cloud.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use squall_client::validate::Schema;
use squall_description::placeholder::{
    Piece, Placeholder, PlaceholderError, each_text, fill, fill_all, pieces,
};
use squall_model::pointer;

const NAME: &str = "squall-3c9e8b77-toy-1f0c2a9d";
const UUID: &str = "8f2b9c1e-4d53-4c1a-9b7e-0d6a5f3e2c11";
const HEX: &str = "8f2b9c1e4d534c1a9b7e0d6a5f3e2c11";

/// The most combinations that are tried.
const TRIES: usize = 400;

/// Returns a body with a value in the place of each placeholder, such that it is valid; `None`
/// if there are none that fit.
pub fn stand_ins(body: &Value, schema: &Schema) -> Option<Value> {
    let mut chosen: BTreeMap<String, (Vec<Value>, usize)> = BTreeMap::new();
    each_text(body, &mut |text| {
        for piece in pieces(text).unwrap_or_default() {
            if let Piece::Placeholder(placeholder) = piece {
                let written = placeholder.to_string();
                chosen.entry(written).or_insert_with(|| (values(placeholder), 0));
            }
        }
    });
    for _ in 0..TRIES {
        let filled = filled(body, &chosen);
        let wrong = match &filled {
            Ok(filled) => {
                let violations = schema.violations(filled);
                if violations.is_empty() {
                    return Some(filled.clone());
                }
                // The placeholders of the values that are wrong; of a key, all.
                let at = violations.iter().filter_map(|one| body.pointer(&one.pointer));
                let mut wrong: Vec<String> = at.flat_map(placeholders).collect();
                if wrong.is_empty() {
                    wrong = chosen.keys().cloned().collect();
                }
                wrong
            }
            // A value of this type cannot stand inside of a longer text.
            Err(_) => chosen.keys().cloned().collect(),
        };
        if !advance(&mut chosen, &wrong) {
            return None;
        }
    }
    None
}

/// Returns a text of a query with values in the place of its placeholders, the likeliest first.
pub(crate) fn texts_of(text: &str) -> Vec<String> {
    let all = placeholders(&json!(text));
    let Some(first) = all.first() else { return vec![text.to_owned()] };
    let count = pieces(first).ok().and_then(|pieces| match pieces[..] {
        [Piece::Placeholder(placeholder)] => Some(values(placeholder).len()),
        _ => None,
    });
    let filled = (0..count.unwrap_or(0)).filter_map(|at| {
        let mut value_of = |placeholder: Placeholder<'_>| {
            let values = values(placeholder);
            Ok::<_, PlaceholderError>(
                values.get(at).or(values.first()).cloned().unwrap_or_default(),
            )
        };
        match fill(text, &mut value_of).ok()? {
            Value::String(text) => Some(text),
            value @ (Value::Number(_) | Value::Bool(_)) => Some(value.to_string()),
            _ => None,
        }
    });
    filled.collect()
}

fn filled(
    body: &Value,
    chosen: &BTreeMap<String, (Vec<Value>, usize)>,
) -> Result<Value, PlaceholderError> {
    fill_all(body, &mut |placeholder: Placeholder<'_>| {
        let value = chosen.get(&placeholder.to_string()).and_then(|(all, at)| all.get(*at));
        Ok(value.cloned().unwrap_or_default())
    })
}

/// Goes on to the next combination of some placeholders, as an odometer counts.
fn advance(chosen: &mut BTreeMap<String, (Vec<Value>, usize)>, names: &[String]) -> bool {
    for name in names {
        let Some((values, at)) = chosen.get_mut(name) else { continue };
        if *at + 1 < values.len() {
            *at += 1;
            return true;
        }
        *at = 0;
    }
    false
}

/// Returns the placeholders in a value, as they are written.
fn placeholders(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    each_text(value, &mut |text| {
        for piece in pieces(text).unwrap_or_default() {
            if let Piece::Placeholder(placeholder) = piece {
                found.push(placeholder.to_string());
            }
        }
    });
    found
}

/// Returns values that a placeholder may stand for, the likeliest first.
fn values(placeholder: Placeholder<'_>) -> Vec<Value> {
    let Placeholder::Word(word) = placeholder else {
        let (Placeholder::Target(at)
        | Placeholder::Field(squall_description::placeholder::Reference {
            pointer: at, ..
        })) = placeholder
        else {
            return Vec::new();
        };
        return of_field(at);
    };
    match word {
        "name" => vec![json!(NAME), json!("CUSTOM_SQUALL_3C9E8B77_TOY_1F0C2A9D")],
        "mac" => vec![json!("fa:16:3e:12:34:56")],
        "now" | "later" => vec![json!("2026-11-29T22:00:00Z")],
        "timestamp" => vec![json!("1795993200"), json!(1_795_993_200)],
        "endpoint" => vec![json!("http://127.0.0.1:8774/v2.1")],
        "uuid" | "image" | "external_network" => vec![json!(UUID)],
        "flavor" | "other_flavor" => vec![json!(UUID), json!("1")],
        "domain" => vec![json!("default"), json!(HEX)],
        "region" | "user_name" | "project_name" | "password" | "secret" | "token"
        | "other_token" => vec![json!("RegionOne")],
        _ => vec![json!(HEX)],
    }
}

/// Returns values of a field of which only the name is known.
fn of_field(at: &str) -> Vec<Value> {
    let name = pointer::keys(at).next_back().unwrap_or_default();
    let texts = [UUID, HEX, NAME, "192.0.2.7", "10.0.0.0/24", "fa:16:3e:12:34:56", "CUSTOM_SQUALL"];
    let texts = texts.iter().map(|text| json!(text));
    let others = [json!(1), json!(true), json!([]), json!({})];
    let (address, rest): (Vec<_>, Vec<_>) = texts.partition(|text| {
        name.contains("ip") && text == "192.0.2.7" || name.contains("cidr") && text == "10.0.0.0/24"
    });
    address.into_iter().chain(rest).chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_placeholder_gets_a_value_that_fits() {
        let schema = Schema::compile(&json!({
            "properties": {
                "id": {"type": "string", "format": "uuid"},
                "name": {"type": "string"},
                "size": {"type": "integer"},
            },
            "additionalProperties": false,
        }))
        .unwrap();
        let body = json!({"id": "${a.b/id}", "name": "is-${name}", "size": "${a.b/size}"});
        assert_eq!(
            stand_ins(&body, &schema),
            Some(json!({"id": UUID, "name": format!("is-{NAME}"), "size": 1}))
        );
        assert_eq!(stand_ins(&json!({"size": "${region}"}), &schema), None);
    }
}
