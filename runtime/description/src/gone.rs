//! How a resource is seen to be gone, and what a service leaves inside it.

use squall_model::kind::{Gone, Listed, Sweep};
use squall_model::pointer::join;
use squall_model::suggest::or_known;

use crate::item::{Item, rooted};
use crate::leak;
use crate::operations::{Table, singular};
use crate::problem::Problems;
use crate::resource::{Draft, DraftOrigin};
use crate::source::Source;
use crate::undo::braces;

/// Returns how one is seen to be gone; `last` is the last operation that undoes it.
pub(crate) fn gone(
    draft: &Draft<'_, '_>,
    last: Option<&str>,
    table: &Table<'_>,
    problems: &mut Problems,
) -> Gone {
    // What is addressed by its name is not looked at to see whose it is, so that a request
    // without a body is enough, as of an object.
    let verbs = if draft.is_addressed_by_name() { ["check", "show"] } else { ["show", "check"] };
    let show = verbs.into_iter().find_map(|verb| draft.of_group(verb, table));
    let show = show.map(|info| leak::text(info.id));
    let Some(item) = draft.fields.get("gone") else {
        let last = last.and_then(|id| table.get(id));
        // What ends a change of something else says nothing about whether that can be shown.
        let ends = last.filter(|info| {
            matches!(draft.origin, DraftOrigin::Created(_))
                || Some(info.group()) == draft.group && matches!(info.verb(), "delete" | "remove")
        });
        return match (ends, show) {
            (Some(info), Some(show)) if info.success.iter().any(|s| s.status == 202) => {
                Gone::NotFound(show)
            }
            (Some(_), Some(show)) => Gone::Deleted(show),
            _ => Gone::Accepted,
        };
    };
    let words = [("watched", 0), ("deleted", 1), ("accepted", 2)];
    let kept = item.node.map().is_some().then(|| {
        let fields = item.fields("`gone`", &["at", "is"], problems);
        let at = fields.required("at", "name the field that has the word", problems)?;
        let is = fields.required("is", "write the word that stands for a deleted one", problems)?;
        Some((format!("{}{}", draft.object, rooted(at)), is))
    });
    let word = if kept.is_none() { item.word(&words, problems) } else { None };
    match (word, kept.flatten(), show) {
        (Some(2), ..) | (None, None, Some(_)) => Gone::Accepted,
        (Some(0), _, Some(show)) => Gone::NotFound(show),
        (Some(_), _, Some(show)) => Gone::Deleted(show),
        (None, Some((at, is)), Some(show)) => {
            Gone::NotFoundOr(show, leak::text(&at), leak::text(is))
        }
        (.., None) => {
            let help = "write `gone: accepted`, or name the group that has `show` in `operations`";
            problems.at(item, "no operation shows one, so that it cannot be seen to be gone", help);
            Gone::Accepted
        }
    }
}

/// Reads what a service puts into a resource by itself and leaves behind.
pub(crate) fn sweep(
    source: &Source<'_, '_, '_>,
    item: &Item<'_>,
    problems: &mut Problems,
) -> Option<Sweep> {
    let Source { draft, drafts, table, .. } = *source;
    let fields = item.fields("`sweep`", &SWEEP_KEYS, problems);
    let list = fields.required("list", "name the operation that lists what is inside", problems)?;
    let delete = fields.required("delete", "name the operation that deletes one", problems)?;
    let list = table.any(list, item, problems)?;
    let delete = table.any(delete, item, problems)?;
    let of_list = list.split('.').nth(1).unwrap_or_default();
    let known = draft.known();
    let own = draft.param.unwrap_or_default();
    let mut query = Vec::new();
    for (key, text, item) in fields.pairs("query", problems) {
        query.push((key, braces(text, &item, own, &known, problems)));
    }
    let mut pairs = fields.pairs("of", problems).into_iter();
    let of = pairs.next().map(|(at, parameter, item)| {
        let parameter = parameter.trim_start_matches("${").trim_end_matches('}');
        if parameter != own && !known.contains(&parameter) {
            let message = format!("`{parameter}` is not known when the resource is undone");
            let names = known.iter().copied().chain([own]).filter(|name| !name.is_empty());
            problems.at(&item, message, or_known(parameter, names));
        }
        (leak::text(&rooted(at)), leak::text(parameter))
    });
    if let Some((_, _, item)) = pairs.next() {
        problems.at(&item, "`of` compares one field", "remove the others");
    }
    // Without a table of the other service its parameter is what its group is called.
    let param = fields.text("param", problems).map(str::to_owned).or_else(|| {
        let own = table.get(&delete).and_then(|info| info.parameters().last());
        own.map(str::to_owned)
    });
    let param = param.unwrap_or_else(|| format!("{}_id", singular(of_list)));
    let listed = table.get(&list).map(|info| info.group());
    let listed = drafts.iter().find(|other| listed.is_some() && other.group == listed);
    let collection = match (fields.text("collection", problems), listed) {
        (Some(text), _) => rooted(text),
        (None, Some(listed)) => listed.collection.clone(),
        (None, None) => join("", of_list),
    };
    let delete_query: Vec<(&str, String)> = fields
        .pairs("delete_query", problems)
        .into_iter()
        .map(|(key, at, _)| (key, rooted(at)))
        .collect();
    let text = |key: &str, default: &str, problems: &mut Problems| {
        leak::text(&fields.text(key, problems).map_or_else(|| default.to_owned(), rooted))
    };
    Some(Sweep {
        listed: Listed {
            query: leak::pairs(&query),
            by: text("by", "/name", problems),
            id: text("id", "/id", problems),
            ..Listed::new(leak::text(&list), leak::text(&collection))
        },
        of,
        delete: leak::text(&delete),
        id_param: leak::text(&param),
        delete_query: leak::pairs(&delete_query),
        until_empty: fields.flag("until_empty", problems).unwrap_or_default(),
    })
}

/// The keys of a sweep.
pub(crate) const SWEEP_KEYS: [&str; 10] = [
    "list",
    "query",
    "of",
    "delete",
    "collection",
    "by",
    "id",
    "param",
    "delete_query",
    "until_empty",
];
