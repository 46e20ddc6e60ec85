//! Joins the responses of one resource into one type.
//!
//! Two responses belong together if their envelopes have the same name apart from singular
//! and plural, or if neither has one and both are from `create`, `show` or `update`. Responses
//! stay separate if a field has different kinds in them, or if they have no field in common.

use std::collections::BTreeMap;

use crate::model::{Content, Field, Operation, Service, Type, TypeId, Types};
use crate::name;

/// Joins the responses and names the joined types.
pub(super) fn run(service: &mut Service) {
    let mut groups: BTreeMap<(String, String), Vec<Group>> = BTreeMap::new();
    let mut order: Vec<usize> = (0..service.operations.len()).collect();
    order.sort_by_key(|at| rank(service.operations[*at].verb()));
    for at in order {
        let operation = &service.operations[at];
        let Some(own) = operation.response.ty().and_then(|ty| service.types.innermost_record(ty))
        else {
            continue;
        };
        let key = group_key(operation);
        let resource = operation.resource().to_owned();
        let known = groups.entry((resource, key)).or_default();
        match known.iter_mut().find(|group| agree(&service.types, group.ty, own)) {
            Some(group) => {
                group.ty = service.types.join(group.ty, own);
                group.members.push(at);
            }
            None => known.push(Group { ty: own, members: vec![at] }),
        }
    }
    let mut keys: BTreeMap<String, usize> = BTreeMap::new();
    for (resource, _) in groups.keys() {
        *keys.entry(resource.clone()).or_default() += 1;
    }
    for ((resource, key), groups) in groups {
        // The only type of a resource needs no further name.
        let alone = keys.get(&resource) == Some(&1) && !key.starts_with('.');
        let key = if alone { String::new() } else { key };
        for (index, group) in groups.into_iter().enumerate() {
            let lead = &service.operations[group.members[0]];
            let name = match (index, key.as_str()) {
                (0, key) => type_name(&resource, key, lead),
                _ => answer_name(lead),
            };
            if let Some(record) = service.types.record_mut(group.ty) {
                record.name = name;
            }
            for member in group.members {
                let content = &mut service.operations[member].response;
                if let Content::Json { ty, .. } = content {
                    *ty = replaced(&mut service.types, *ty, group.ty);
                }
            }
        }
    }
}

struct Group {
    ty: TypeId,
    members: Vec<usize>,
}

/// Ranks the verbs whose responses describe a resource best.
fn rank(verb: &str) -> usize {
    ["show", "list_detail", "list", "create", "update"]
        .iter()
        .position(|known| *known == verb)
        .unwrap_or(5)
}

/// Returns what a response is about; the empty key is the resource itself.
fn group_key(operation: &Operation) -> String {
    let resource = name::singular(operation.resource());
    let Content::Json { envelope, .. } = &operation.response else { return String::new() };
    match envelope {
        Some(key) => {
            let key = name::singular(&name::snake(key));
            let about = key == resource || resource.ends_with(&format!("_{key}"));
            if about { String::new() } else { key }
        }
        None if rank(operation.verb()) < 5 => String::new(),
        None => format!(".{}", operation.verb()),
    }
}

fn type_name(resource: &str, key: &str, lead: &Operation) -> String {
    let resource = name::singular(resource);
    match key {
        "" => name::pascal(&resource),
        _ if key.starts_with('.') => answer_name(lead),
        _ if key.starts_with(&resource) => name::pascal(key),
        _ => {
            let last = resource.rsplit('_').next().unwrap_or_default();
            let rest = key.strip_prefix(last).unwrap_or(key).trim_start_matches('_');
            name::pascal(&format!("{resource}_{rest}"))
        }
    }
}

fn answer_name(operation: &Operation) -> String {
    let resource = name::singular(operation.resource());
    name::pascal(&format!("{resource}_{}_response", operation.verb()))
}

/// Whether joining two records keeps the kind of every field.
fn agree(types: &Types, a: TypeId, b: TypeId) -> bool {
    match (types.get(a), types.get(b)) {
        (Type::Any | Type::Null, _)
        | (_, Type::Any | Type::Null)
        | (Type::Integer, Type::Number)
        | (Type::Number, Type::Integer) => true,
        (Type::Optional(a), _) => agree(types, *a, b),
        (_, Type::Optional(b)) => agree(types, a, *b),
        (Type::List(a), Type::List(b)) | (Type::Map(a), Type::Map(b)) => agree(types, *a, *b),
        (Type::Record(a), Type::Record(b)) => {
            let both = |mine: &Field| b.fields.iter().find(|f| f.key == mine.key).map(|f| f.ty);
            let mut common = a.fields.iter().filter_map(|f| Some((f.ty, both(f)?))).peekable();
            let apart = common.peek().is_none() && !a.fields.is_empty() && !b.fields.is_empty();
            !apart && common.all(|(mine, theirs)| agree(types, mine, theirs))
        }
        (a, b) => a == b,
    }
}

/// Replaces the innermost record of a type.
fn replaced(types: &mut Types, id: TypeId, record: TypeId) -> TypeId {
    let wrapped = match types.get(id) {
        Type::Optional(inner) => (*inner, Type::Optional as fn(TypeId) -> Type),
        Type::List(inner) => (*inner, Type::List as fn(TypeId) -> Type),
        Type::Map(inner) => (*inner, Type::Map as fn(TypeId) -> Type),
        _ => return record,
    };
    let inner = replaced(types, wrapped.0, record);
    types.add(wrapped.1(inner))
}
