//! What undoes a resource: steps with the parameters that a ledger has.
//!
//! A description writes `${name}`, `${id}` and `${parameter}`; the runtime's steps and queries
//! have `{name}` and `{parameter}`.

use serde_json::Value;
use squall_model::kind::Step;
use squall_model::suggest::or_known;

use crate::item::{Item, rooted};
use crate::leak;
use crate::operations::Table;
use crate::problem::Problems;
use crate::resource::{Draft, DraftOrigin};

/// Replaces placeholders by what the runtime has in braces.
///
/// `id` is the parameter that `${id}` stands for, `known` the others.
pub(crate) fn braces(
    text: &str,
    item: &Item<'_>,
    id: &str,
    known: &[&str],
    problems: &mut Problems,
) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let Some((inner, after)) = after.split_once('}') else {
            let message = format!("the placeholder in `{text}` is not closed");
            problems.at(item, message, "add the `}`");
            return out;
        };
        let parameter = match inner {
            "id" if !id.is_empty() => id,
            inner => inner,
        };
        if parameter != "name" && parameter != id && !known.contains(&parameter) {
            let names = ["name", "id"].into_iter().chain(known.iter().copied());
            problems.at(
                item,
                format!("`${{{inner}}}` is not known when the resource is found or undone"),
                or_known(inner, names),
            );
        }
        out.push('{');
        out.push_str(parameter);
        out.push('}');
        rest = after;
    }
    out + rest
}

/// Returns the parameters that undoing needs and the request's body has.
pub(crate) fn params(
    draft: &Draft<'_, '_>,
    problems: &mut Problems,
) -> &'static [(&'static str, &'static str)] {
    let pairs = draft.fields.pairs("params", problems);
    let pairs: Vec<(&str, String)> =
        pairs.into_iter().map(|(name, at, _)| (name, rooted(at))).collect();
    leak::pairs(&pairs)
}

/// Returns the steps that undo one.
pub(crate) fn undo(
    draft: &Draft<'_, '_>,
    table: &Table<'_>,
    problems: &mut Problems,
) -> &'static [Step] {
    if draft.fields.get("undo").is_some() {
        return steps("undo", draft, table, problems);
    }
    let verbs: &[&str] = if matches!(draft.origin, DraftOrigin::Changed(_)) {
        &["delete", "remove"]
    } else {
        &["delete"]
    };
    let delete = verbs.iter().find_map(|verb| draft.of_group(verb, table));
    let Some(delete) = delete else {
        problems.at(
            &draft.fields.item,
            "nothing undoes this resource: its group has no `delete`",
            "name the operations in `undo`, or write `within` if it goes with another resource",
        );
        return &[];
    };
    leak::list([Step::of(leak::text(delete.id))])
}

/// Returns the steps that let go of one.
pub(crate) fn freed_by(
    draft: &Draft<'_, '_>,
    table: &Table<'_>,
    problems: &mut Problems,
) -> &'static [Step] {
    steps("freed_by", draft, table, problems)
}

fn steps(
    key: &str,
    draft: &Draft<'_, '_>,
    table: &Table<'_>,
    problems: &mut Problems,
) -> &'static [Step] {
    let known = draft.known();
    let id = draft.param.unwrap_or_default();
    let mut found = Vec::new();
    for item in draft.fields.list(key, problems) {
        let fields = item.fields("a step", &["operation", "body"], problems);
        let operation = fields.required("operation", "name the operation of the step", problems);
        let place = fields.get("operation").unwrap_or(&item);
        let Some(operation) = operation.and_then(|text| table.any(text, place, problems)) else {
            continue;
        };
        let parameters = table.get(&operation).into_iter().flat_map(|info| info.parameters());
        for parameter in parameters {
            if parameter != id && !known.contains(&parameter) {
                let message =
                    format!("the path of `{operation}` needs `{parameter}`, which is not known");
                let help = "name it in `params`, with the place in the request's body that has it";
                problems.at(place, message, help);
            }
        }
        let body = fields.get("body").map(|item| {
            let body = translated(item.node.value(), item, id, &known, problems);
            leak::text(&body.to_string())
        });
        found.push(Step { operation: leak::text(&operation), body });
    }
    leak::list(found)
}

fn translated(
    value: Value,
    item: &Item<'_>,
    id: &str,
    known: &[&str],
    problems: &mut Problems,
) -> Value {
    match value {
        Value::String(text) => Value::String(braces(&text, item, id, known, problems)),
        Value::Array(items) => {
            items.into_iter().map(|inner| translated(inner, item, id, known, problems)).collect()
        }
        Value::Object(fields) => fields
            .into_iter()
            .map(|(key, inner)| {
                let key = braces(&key, item, id, known, problems);
                (key, translated(inner, item, id, known, problems))
            })
            .collect(),
        other => other,
    }
}
