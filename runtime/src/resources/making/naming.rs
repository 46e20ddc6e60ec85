//! Putting the unique name into a creating request.

use serde_json::Value;

use super::guard::any_string;
use crate::client::Call;
use crate::kinds::{self, Find, Id, Kind};
use crate::ledger::SentName;

/// Why a request cannot be given a name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unnamed {
    /// No kind is made by the operation.
    #[error(
        "no kind of resource is made by `{operation}`; declare a `squall::kinds::Kind` that is, and \
         register it with its service by `squall::services::register!`"
    )]
    NoKind {
        /// The operation.
        operation: String,
    },
    /// The name of such a resource does not stand in the body by itself.
    #[error("{why}")]
    NotInBody {
        /// Why not, and what to use instead.
        why: String,
    },
    /// The body has something where the name goes.
    #[error(
        "the body of `{operation}` already has {found} at `{pointer}`, where the unique name of the \
         {kind} goes; leave it out, or use `ctx.create_named` (or `ctx.expect_refusal_named`) for a \
         name that is made from the unique one"
    )]
    Taken {
        /// The operation.
        operation: String,
        /// The kind.
        kind: &'static str,
        /// The JSON pointer.
        pointer: String,
        /// What stands there.
        found: String,
    },
    /// The body has no place for the name.
    #[error("the body of `{operation}` has no object in which the name could stand, at {pointers}")]
    NoPlace {
        /// The operation.
        operation: String,
        /// The JSON pointers at which it may stand.
        pointers: String,
    },
}

/// Returns the kind that a call makes, a new name, and the call with that name in its body.
pub(super) fn named<T>(
    call: Call<T>,
    run: &str,
) -> Result<(&'static Kind, String, Call<T>), Unnamed> {
    let operation = call.operation().id.to_string();
    let Some(kind) = kinds::making(&operation) else { return Err(Unnamed::NoKind { operation }) };
    let name = kinds::unique_name(kind, run);
    let places = places(kind, &operation, call.json_body().unwrap_or(&Value::Null), &name)?;
    let call = places.into_iter().fold(call, |call, (at, name)| call.body_value(&at, name));
    Ok((kind, name, call))
}

/// Returns where in the body which name goes: the name itself, and where the request makes a
/// list of resources, `NAME-1` and so on for those after the first.
fn places(
    kind: &'static Kind,
    operation: &str,
    body: &Value,
    name: &str,
) -> Result<Vec<(String, String)>, Unnamed> {
    if kind.name_at.is_empty() {
        return Err(Unnamed::NotInBody { why: elsewhere(kind) });
    }
    let has_parent = |pointer: &&&str| {
        let parent = pointer.rsplit_once('/').and_then(|(parent, _)| body.pointer(parent));
        parent.is_some_and(Value::is_object)
    };
    let Some(pointer) = deepest(kind.name_at.iter().filter(has_parent)) else {
        let pointers: Vec<String> = kind.name_at.iter().map(|at| format!("`{at}`")).collect();
        let pointers = pointers.join(" or ");
        return Err(Unnamed::NoPlace { operation: operation.to_owned(), pointers });
    };
    let mut places = vec![((*pointer).to_owned(), name.to_owned())];
    if let Some((list, key)) = pointer.split_once("/0/") {
        let items = body.pointer(list).and_then(Value::as_array).map_or(1, Vec::len);
        places.extend((1..items).map(|at| (format!("{list}/{at}/{key}"), format!("{name}-{at}"))));
    }
    for (pointer, _) in &places {
        if let Some(found) = body.pointer(pointer) {
            return Err(Unnamed::Taken {
                operation: operation.to_owned(),
                kind: kind.name,
                pointer: pointer.clone(),
                found: found.to_string(),
            });
        }
    }
    Ok(places)
}

/// Returns the name that a changed request has instead of the unique one; `None` if it has the
/// unique one.
pub(crate) fn another_name<T>(kind: &Kind, name: &str, call: &Call<T>) -> Option<SentName> {
    let is_in_path = call.path_parameters().iter().any(|(_, value)| value == name);
    if kind.id == Id::Coordinates || is_in_path {
        return None;
    }
    let body = call.json_body().unwrap_or(&Value::Null);
    let there = kind.name_at.iter().filter(|at| body.pointer(at).is_some());
    let name = match deepest(there).and_then(|at| body.pointer(at)) {
        Some(Value::String(text)) if text == name => return None,
        Some(value) => kinds::text_of(value),
        None if kind.name_at.is_empty() && any_string(body, &|text| text.contains(name)) => {
            return None;
        }
        None => None,
    };
    Some(SentName { name, before: Vec::new() })
}

/// Returns the pointer that leads deepest, the first of several: the whole body, too, is an
/// object in which a name could stand.
fn deepest<'a>(pointers: impl Iterator<Item = &'a &'static str>) -> Option<&'a &'static str> {
    pointers.min_by_key(|pointer| std::cmp::Reverse(pointer.matches('/').count()))
}

/// Says where the name of such a resource stands, if not in the body by itself.
fn elsewhere(kind: &Kind) -> String {
    let Kind { name, id_param, .. } = kind;
    match (&kind.find, kind.id) {
        (_, Id::Coordinates) => {
            format!("a {name} is a change, which has no name; make it with `ctx.change`")
        }
        (Find::Name, _) => format!(
            "a {name} is addressed by its name, as `{id_param}` in the path; create it with \
             `ctx.create_named`, whose closure gets the name"
        ),
        _ => format!(
            "the name of a {name} is a part of another text of the request; create it with \
             `ctx.create_named`, whose closure gets the name"
        ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::{
        compute::SERVER,
        identity::{ENDPOINT, ROLE_ASSIGNMENT},
        image::IMAGE,
        network::NETWORK,
        object_storage::CONTAINER,
    };

    fn placed(kind: &'static Kind, body: &Value) -> Result<Vec<(String, String)>, Unnamed> {
        places(kind, kind.made_by[0], body, "n")
    }

    fn refused(kind: &'static Kind, body: &Value) -> String {
        placed(kind, body).unwrap_err().to_string()
    }

    #[test]
    fn the_name_goes_to_the_deepest_place_whose_parent_exists() {
        let at = |pointer: &str| Ok(vec![(pointer.to_owned(), "n".to_owned())]);
        assert_eq!(placed(&NETWORK, &json!({"network": {}})), at("/network/name"));
        assert_eq!(placed(&IMAGE, &json!({"createImage": {}})), at("/createImage/name"));
        assert_eq!(placed(&IMAGE, &json!({"disk_format": "raw"})), at("/name"));
    }

    #[test]
    fn each_of_several_gets_a_name_by_which_it_is_found() {
        let placed = placed(&NETWORK, &json!({"networks": [{}, {}]})).unwrap();
        let expected = [("/networks/0/name", "n"), ("/networks/1/name", "n-1")];
        assert_eq!(placed, expected.map(|(at, name)| (at.to_owned(), name.to_owned())));
        let listed = NETWORK.list().unwrap();
        assert!(placed.iter().all(|(_, name)| listed.has_name(name, "n", true)));
    }

    #[test]
    fn a_value_that_is_there_already_is_an_error() {
        let why = refused(&SERVER, &json!({"server": {"name": "mine"}}));
        assert!(why.contains("already has \"mine\" at `/server/name`"), "{why}");
        assert!(why.contains("leave it out"), "{why}");
        let why = refused(&NETWORK, &json!({"networks": [{}, {"name": null}]}));
        assert!(why.contains("`/networks/1/name`"), "{why}");
    }

    #[test]
    fn a_name_that_does_not_stand_in_the_body_is_an_error_that_says_what_to_use() {
        for (kind, words) in [
            (&CONTAINER, "as `container` in the path; create it with `ctx.create_named`"),
            (&ROLE_ASSIGNMENT, "make it with `ctx.change`"),
            (&ENDPOINT, "a part of another text"),
        ] {
            let why = refused(kind, &Value::Null);
            assert!(why.contains(words), "{why}");
        }
        let why = refused(&SERVER, &json!({"Server": {}}));
        assert!(why.contains("no object in which the name could stand"), "{why}");
    }
}
