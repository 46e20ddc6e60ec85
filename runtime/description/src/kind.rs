//! From a resource to its kind: how it is made, found again, undone, and seen to be gone.

use squall_model::Kind;
use squall_model::kind::{Find, Id, Listed, Naming};

use crate::gone::{gone, sweep};
use crate::item::rooted;
use crate::leak;
use crate::problem::Problems;
use crate::resource::{Draft, DraftOrigin, full};
use crate::source::Source;
use crate::undo::{braces, freed_by, params, undo};

/// Returns the kind of a resource.
pub(crate) fn kind(source: &Source<'_, '_, '_>, problems: &mut Problems) -> &'static Kind {
    let Source { draft, table, .. } = *source;
    let fields = &draft.fields;
    let makers = makers(source, problems);
    let naming = fields.get("named").and_then(|item| item.word(&NAMINGS, problems));
    let mut kind = Kind {
        summary: leak::text(draft.summary),
        owner: draft.owner,
        naming: naming.unwrap_or(Naming::Dashed),
        state: draft.state,
        id_param: leak::text(draft.param.unwrap_or_default()),
        id: id(draft, &makers),
        made_by: leak::list(makers.iter().map(|maker| leak::text(&maker.operation))),
        private: fields.flag("private", problems).unwrap_or_default(),
        within_ours: fields.flag("unnamed", problems).unwrap_or_default(),
        several: leak::list(
            fields.texts("several", problems).iter().map(|(text, _)| leak::text(&rooted(text))),
        ),
        stands_on: stands_on(source, problems),
        ..Kind::new(leak::text(&draft.kind))
    };
    if !draft.is_tracked() {
        for key in UNDOING {
            if let Some(item) = fields.get(key) {
                let message = format!("`{key}` has no effect: nothing undoes this resource");
                problems.at(item, message, format!("remove `{key}`, `within` or `existing`"));
            }
        }
        kind.name_at = name_at(draft, "/name", &makers);
        return Box::leak(Box::new(kind));
    }
    kind.body_params = params(draft, problems);
    kind.undo = undo(draft, table, problems);
    kind.freed_by = freed_by(draft, table, problems);
    find(source, &makers, &mut kind, problems);
    kind.gone = gone(draft, kind.undo.last().map(|step| step.operation), table, problems);
    kind.sweep = leak::list(
        fields.list("sweep", problems).iter().filter_map(|item| sweep(source, item, problems)),
    );
    kind.shown_by = fields.get("shown_by").and_then(|item| {
        let fields = item.fields("`shown_by`", &["operation", "at"], problems);
        let operation = fields.required("operation", "name the operation to call", problems)?;
        let operation = table.own(operation, item, problems)?;
        let at = fields.required("at", "name the object whose keys are ids", problems)?;
        Some((leak::text(operation.id), leak::text(&rooted(at))))
    });
    Box::leak(Box::new(kind))
}

/// The keys that are only about what a run makes and undoes.
const UNDOING: [&str; 10] = [
    "undo", "found", "gone", "freed_by", "params", "sweep", "before", "shown_by", "several",
    "unnamed",
];

/// The keys of `found`.
pub(crate) const FOUND_KEYS: [&str; 9] =
    ["query", "everywhere", "left_out", "by", "id", "inside", "by_offset", "in", "census"];

const NAMINGS: [(&str, Naming); 2] = [("dashed", Naming::Dashed), ("custom", Naming::Custom)];

/// An operation that makes one.
struct Maker {
    operation: String,
    /// Where its answer has the id, and its body the name, as far as that is known.
    id: Option<String>,
    name: Option<String>,
}

fn makers(source: &Source<'_, '_, '_>, problems: &mut Problems) -> Vec<Maker> {
    let Source { draft, calls, table, .. } = *source;
    let mut found = Vec::new();
    if let Some(making) = draft.making() {
        let id = Some(format!("{}{}", draft.object, draft.id));
        found.push(Maker { operation: making.info.id.to_owned(), id, name: None });
    }
    for item in draft.fields.list("made_by", problems) {
        let (operation, id, name) = if item.node.map().is_some() {
            let fields = item.fields("an operation", &["operation", "id", "name"], problems);
            let operation = fields.required("operation", "name the operation", problems);
            let [id, name] = ["id", "name"].map(|key| fields.text(key, problems).map(rooted));
            (operation, id, name)
        } else {
            (item.text(problems), None, None)
        };
        let Some(operation) = operation.and_then(|text| table.any(text, &item, problems)) else {
            continue;
        };
        if found.iter().any(|maker: &Maker| maker.operation == operation) {
            problems.at(&item, format!("`{operation}` is named twice"), "remove one of them");
            continue;
        }
        // What makes many takes a list of what makes one.
        let many = operation.ends_with(".create_bulk").then(|| format!("{}/0", draft.collection));
        let id = id.or_else(|| Some(format!("{}{}", many.as_ref()?, draft.id)));
        let name = name.or_else(|| {
            let call = calls.iter().find(|call| call.request.info.id == operation);
            call?.request.name_pointers().into_iter().next()
        });
        let name = name.or_else(|| {
            let single = draft.making()?.name_pointers().into_iter().next()?;
            Some(format!("{}{}", many?, single.strip_prefix(&draft.object)?))
        });
        found.push(Maker { operation, id, name });
    }
    found
}

fn id(draft: &Draft<'_, '_>, makers: &[Maker]) -> Id {
    match &draft.origin {
        DraftOrigin::Changed(_) => Id::Coordinates,
        _ if draft.is_addressed_by_name() => Id::Name,
        DraftOrigin::Existing { .. } => {
            Id::Answer(leak::list([leak::text(&format!("{}{}", draft.object, draft.id))]))
        }
        DraftOrigin::Created(_) => {
            let mut pointers: Vec<&str> = makers.iter().filter_map(|m| m.id.as_deref()).collect();
            pointers.dedup();
            Id::Answer(leak::list(pointers.into_iter().map(leak::text)))
        }
    }
}

/// Returns where requests that make one have its name. `by` is where it is in the object.
fn name_at(draft: &Draft<'_, '_>, by: &str, makers: &[Maker]) -> &'static [&'static str] {
    let DraftOrigin::Created(create) = &draft.origin else { return &[] };
    let pointers = create.name_pointers();
    let likeliest = format!("{}{by}", draft.object);
    let own = pointers.iter().find(|pointer| **pointer == likeliest).or(pointers.first());
    let mut found: Vec<&str> = own.into_iter().map(String::as_str).collect();
    for name in makers.iter().filter_map(|maker| maker.name.as_deref()) {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    leak::list(found.into_iter().map(leak::text))
}

/// Sets how one is found again, and where its name is.
fn find(source: &Source<'_, '_, '_>, makers: &[Maker], kind: &mut Kind, problems: &mut Problems) {
    let Source { draft, table, .. } = *source;
    let place = draft.fields.get("found").unwrap_or(&draft.fields.item);
    let found = match draft.fields.get("found") {
        Some(item) => item.fields("`found`", &FOUND_KEYS, problems),
        None => draft.fields.item.without_keys(),
    };
    let DraftOrigin::Created(create) = &draft.origin else {
        if draft.fields.get("found").is_some() {
            let help = "a change is addressed by the parameters of its request: remove `found`";
            problems.at(place, "`found` has no effect for a change", help);
        }
        return;
    };
    let is_named = draft.is_addressed_by_name();
    let counted = found.flag("census", problems).unwrap_or_default();
    if is_named && !counted && draft.fields.get("found").is_some() {
        let help = "remove `found`, or add `census: true` to count all of them in the list";
        problems.at(place, "`found` has no effect: one is addressed by its name", help);
    }
    if let Some(item) = found.get("census").filter(|_| !is_named) {
        let help = "remove it: what is found in a list is counted in it";
        problems.at(item, "`census` has no effect: one is not addressed by its name", help);
    }
    if !create.has_name() {
        problems.at(
            &create.item,
            "the request has no `${name}`, by which the resource could be found again",
            "write it where the service keeps it: in a name, a description, or the path. Write \
             `change` for what has no name and no id, `within` for a part of another resource",
        );
    }
    kind.name_at = name_at(draft, "/name", makers);
    if is_named {
        kind.find = Find::Name;
        if !counted {
            return;
        }
    }
    let default = ["list", "list_detail"].into_iter().find_map(|verb| draft.of_group(verb, table));
    let list = match found.get("in") {
        Some(item) => item.text(problems).and_then(|text| {
            draft.of_group(text, table).or_else(|| table.own(text, item, problems))
        }),
        None => default,
    };
    let Some(list) = list else {
        if found.get("in").is_none() {
            problems.at(
                place,
                "no operation lists these resources, so that one cannot be found again",
                "name the operation in `found.in`",
            );
        }
        return;
    };
    let parameters: Vec<&str> = create.info.parameters().chain(list.parameters()).collect();
    let mut query = |key: &str| {
        let pairs: Vec<(&str, String)> = found
            .pairs(key, problems)
            .into_iter()
            .map(|(name, text, item)| {
                (name, braces(text, &item, kind.id_param, &parameters, problems))
            })
            .collect();
        leak::pairs(&pairs)
    };
    let (query, everywhere, left_out) = (query("query"), query("everywhere"), query("left_out"));
    let by = found.text("by", problems).map(rooted);
    let id = found.text("id", problems).map(rooted);
    let inside = found.flag("inside", problems).unwrap_or_default();
    let by_default = if is_named { draft.id.as_str() } else { "/name" };
    if !is_named && create.has_name() {
        check_name(draft, by.as_deref(), inside, problems);
    }
    let by = by.unwrap_or_else(|| by_default.to_owned());
    // Where the name is a part of a longer text, only the author of a request can write it.
    kind.name_at = if inside { &[] } else { name_at(draft, &by, makers) };
    let listed = Listed {
        query,
        everywhere,
        left_out,
        inside,
        id: leak::text(&id.unwrap_or_else(|| if is_named { by.clone() } else { draft.id.clone() })),
        by: leak::text(&by),
        by_offset: found.flag("by_offset", problems).unwrap_or_default(),
        ..Listed::new(leak::text(list.id), leak::text(&draft.collection))
    };
    if is_named {
        kind.census = Some(listed);
    } else {
        kind.find = Find::Listed(listed);
    }
}

/// Reports a name that would be looked for where it is not.
fn check_name(draft: &Draft<'_, '_>, by: Option<&str>, inside: bool, problems: &mut Problems) {
    let Some(create) = draft.making() else { return };
    let pointers = create.name_pointers();
    let place = draft.fields.get("found").unwrap_or(&draft.fields.item);
    if pointers.is_empty() {
        if !inside {
            problems.at(
                place,
                "the name is inside a longer text, and is looked for as the whole of one",
                "add `inside: true` to `found`, and in `by` the field that has the text",
            );
        }
        return;
    }
    let expected = format!("{}/name", draft.object);
    if by.is_none() && !pointers.contains(&expected) {
        let at = pointers[0].strip_prefix(&draft.object).unwrap_or(&pointers[0]);
        let at = at.trim_start_matches('/');
        problems.at(
            place,
            format!("the name is in `{at}` of the request, and is looked for in `name`"),
            format!("write `found: {{by: {at}}}`, or put the name into `name`"),
        );
    }
}

/// Returns the kinds that a resource needs while it exists.
fn stands_on(source: &Source<'_, '_, '_>, problems: &mut Problems) -> &'static [&'static str] {
    let Source { draft, drafts, table, .. } = *source;
    let mut found: Vec<String> = Vec::new();
    let mut add = |kind: &str| {
        let mut next = Some(kind.to_owned());
        // A part goes with its whole, which is what the ledger has.
        while let Some(kind) =
            next.take().filter(|kind| *kind != draft.kind && !found.contains(kind))
        {
            let known = drafts.iter().find(|other| other.kind == kind);
            next = known.and_then(|other| other.within.clone());
            let exists =
                known.is_some_and(|other| matches!(other.origin, DraftOrigin::Existing { .. }));
            if !exists {
                found.push(kind);
            }
        }
    };
    for (kind, _) in draft.making().iter().flat_map(|made| &made.references) {
        add(kind);
    }
    if let Some(whole) = &draft.within {
        add(whole);
    }
    for (text, _) in draft.fields.texts("before", problems) {
        add(&full(text, table));
    }
    found.sort();
    leak::list(found.iter().map(|kind| leak::text(kind)))
}
