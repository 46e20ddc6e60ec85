//! Names types, fields, methods and arguments.
//!
//! - A resource's type was named when its responses were joined. A request is named after its
//!   resource and verb, a nested type after its owner and field, or after the field alone if
//!   several owners share it.
//! - A field loses its extension prefix (`OS-EXT-STS:vm_state` is `vm_state`), unless two
//!   fields of a record would then have the same name.
//! - A name that is taken gets a number.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Field, Operation, Role, Service, Type, TypeId, Types};
use crate::name;

/// Names everything.
pub(super) fn run(service: &mut Service) {
    name_operations(service);
    name_types(service);
    let roots = service.operations.iter().flat_map(|o| [o.request.ty(), o.response.ty()]);
    for id in service.types.reachable(roots.flatten()) {
        if let Some(record) = service.types.record_mut(id) {
            name_fields(&mut record.fields);
        }
    }
}

fn name_operations(service: &mut Service) {
    let mut constants: BTreeSet<String> = TABLE.iter().map(|name| (*name).to_owned()).collect();
    let mut groups: BTreeSet<String> = CLIENT.iter().map(|name| (*name).to_owned()).collect();
    groups.insert(name::pascal(&service.name));
    let mut group_of: BTreeMap<String, String> = BTreeMap::new();
    for operation in &mut service.operations {
        let resource = name::snake(operation.resource());
        let verb = name::snake(operation.verb());
        let group = group_of.entry(resource.clone()).or_insert_with(|| {
            let wanted = name::pascal(&resource);
            let wanted = if groups.contains(&wanted) { format!("{wanted}Group") } else { wanted };
            free(&wanted, &mut groups)
        });
        operation.names.group.clone_from(group);
        operation.names.constant =
            free(&format!("{resource}_{verb}").to_uppercase(), &mut constants);
        operation.names.method = method(&verb);
        operation.names.accessor = accessor(&resource);
        operation.names.arguments = arguments(operation);
    }
}

/// Names that the table and the client use for something else.
const TABLE: [&str; 4] = ["SPEC", "HISTORY", "OPERATIONS", "SCHEMAS"];
const CLIENT: [&str; 14] = [
    "Self",
    "BTreeMap",
    "Bytes",
    "Call",
    "Clone",
    "Copy",
    "Debug",
    "Display",
    "Encode",
    "Into",
    "Json",
    "Option",
    "ServiceClient",
    "ServiceSpec",
];

fn arguments(operation: &Operation) -> Vec<String> {
    let mut taken = BTreeSet::from(["body".to_owned(), "self".to_owned()]);
    operation
        .path_parameters()
        .map(|parameter| free(&name::identifier(&name::snake(parameter)), &mut taken))
        .collect()
}

/// Avoids the name of a method that every group has.
fn method(verb: &str) -> String {
    if verb == "clone" { "clone_".to_owned() } else { name::identifier(verb) }
}

/// Avoids the names of the client's own methods.
fn accessor(resource: &str) -> String {
    match resource {
        "new" | "client" | "clone" => format!("{resource}_"),
        _ => name::identifier(resource),
    }
}

fn name_types(service: &mut Service) {
    let mut taken: BTreeSet<String> = reserved();
    let mut doc: BTreeMap<TypeId, Vec<String>> = BTreeMap::new();
    let mut roots: Vec<(TypeId, String)> = Vec::new();
    for operation in &service.operations {
        let contents = [(&operation.response, Role::Response), (&operation.request, Role::Request)];
        for (content, role) in contents {
            let record = content.ty().and_then(|ty| service.types.innermost_record(ty));
            let Some(id) = record else { continue };
            let wanted = match role {
                Role::Response => {
                    service.types.record(id).map(|r| r.name.clone()).unwrap_or_default()
                }
                Role::Request => {
                    let resource = name::singular(operation.resource());
                    name::pascal(&format!("{resource}_{}", operation.verb()))
                }
            };
            doc.entry(id).or_default().push(operation.id.clone());
            roots.push((id, wanted));
        }
    }
    for (id, wanted) in &mut roots {
        let operations = doc.get(id).map(Vec::as_slice).unwrap_or_default();
        if let Some(resource) = resource_of_all(operations).filter(|_| operations.len() > 1) {
            let whole = name::pascal(&name::singular(resource));
            // A type that every response of a resource has is the resource itself.
            if wanted.ends_with("Response") && !has_name(&service.types, &doc, &whole) {
                *wanted = whole;
            }
        }
    }
    roots.sort_by(|a, b| (a.1.len(), &a.1).cmp(&(b.1.len(), &b.1)));
    let mut named: BTreeSet<TypeId> = BTreeSet::new();
    for (id, wanted) in &roots {
        if named.insert(*id) {
            let operations = doc.remove(id).unwrap_or_default();
            set(&mut service.types, *id, free(wanted, &mut taken), |record_role| {
                root_doc(record_role, &operations)
            });
        }
    }
    let mut ids: Vec<TypeId> = roots.into_iter().map(|(id, _)| id).collect();
    ids.sort_by_key(|id| service.types.record(*id).map(|r| r.name.clone()));
    name_parts(&mut service.types, &ids, &mut named, &mut taken);
}

fn has_name(types: &Types, roots: &BTreeMap<TypeId, Vec<String>>, name: &str) -> bool {
    roots.keys().any(|id| types.record(*id).is_some_and(|record| record.name == name))
}

/// Returns the resource, if all operations are on the same one.
fn resource_of_all(operations: &[String]) -> Option<&str> {
    let resource = |id: &'_ String| id.split('.').nth(1).map(str::to_owned);
    let first = operations.first()?;
    let all = operations.iter().all(|id| resource(id) == resource(first));
    first.split('.').nth(1).filter(|_| all)
}

/// Names the types nested in named records, owners first.
fn name_parts(
    types: &mut Types,
    roots: &[TypeId],
    named: &mut BTreeSet<TypeId>,
    taken: &mut BTreeSet<String>,
) {
    let owners = owners(types, roots);
    let mut next: std::collections::VecDeque<TypeId> = roots.iter().copied().collect();
    let mut seen: BTreeSet<TypeId> = BTreeSet::new();
    while let Some(owner) = next.pop_front() {
        if !seen.insert(owner) {
            continue;
        }
        let Some(record) = types.record(owner).cloned() else { continue };
        for field in &record.fields {
            let Some(part) = types.innermost_record(field.ty) else { continue };
            if named.insert(part) {
                let short = name::singular(&plain(&field.key));
                let general = owners.get(&part).is_some_and(|o| {
                    o.owners > 1 && o.keys.len() == 1 && !taken.contains(&name::pascal(&short))
                });
                let wanted = if general {
                    name::pascal(&short)
                } else {
                    format!("{}{}", record.name, name::pascal(&short))
                };
                let text = if general {
                    format!("`{}` of several types.", field.key)
                } else {
                    format!("`{}` of [`{}`].", field.key, record.name)
                };
                set(types, part, free(&wanted, taken), |_| text);
            }
            next.push_back(part);
        }
    }
}

/// How many records contain a record, and under which keys.
#[derive(Default)]
struct Owners {
    owners: usize,
    keys: BTreeSet<String>,
}

fn owners(types: &Types, roots: &[TypeId]) -> BTreeMap<TypeId, Owners> {
    let mut found: BTreeMap<TypeId, Owners> = BTreeMap::new();
    for id in types.reachable(roots.iter().copied()) {
        if let Type::Record(record) = types.get(id) {
            for field in &record.fields {
                if let Some(part) = types.innermost_record(field.ty) {
                    let entry = found.entry(part).or_default();
                    entry.owners += 1;
                    entry.keys.insert(plain(&field.key));
                }
            }
        }
    }
    found
}

fn set(types: &mut Types, id: TypeId, name: String, doc: impl FnOnce(Role) -> String) {
    if let Some(record) = types.record_mut(id) {
        record.name = name;
        record.doc = doc(record.role);
    }
}

fn root_doc(role: Role, operations: &[String]) -> String {
    let mut shown: Vec<String> = operations.iter().take(3).map(|id| format!("`{id}`")).collect();
    if operations.len() > shown.len() {
        shown.push(format!("{} more", operations.len() - shown.len()));
    }
    let (last, rest) = match shown.split_last() {
        Some((last, rest)) => (last.clone(), rest.join(", ")),
        None => (String::new(), String::new()),
    };
    let list = if rest.is_empty() { last } else { format!("{rest} and {last}") };
    match role {
        Role::Response => format!("The response of {list}."),
        Role::Request => format!("The request body of {list}."),
    }
}

/// Names that the types' module uses for something else.
fn reserved() -> BTreeSet<String> {
    let used = ["String", "Option", "Vec", "BTreeMap", "Json", "Self", "Some", "None", "Default"];
    used.iter().map(|name| (*name).to_owned()).collect()
}

fn free(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let mut name = if wanted.is_empty() { "Part".to_owned() } else { wanted.to_owned() };
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{wanted}{number}");
        number += 1;
    }
    name
}

fn name_fields(fields: &mut [Field]) {
    let mut short: BTreeMap<String, usize> = BTreeMap::new();
    for field in fields.iter() {
        *short.entry(plain(&field.key)).or_default() += 1;
    }
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for field in fields {
        let plain = plain(&field.key);
        let alone = short.get(&plain) == Some(&1) || !field.key.contains(':');
        let wanted = if alone { plain } else { name::snake(&field.key) };
        field.name = name::identifier(&free(&wanted, &mut taken));
    }
}

/// Returns a key without the prefix before its last colon.
fn plain(key: &str) -> String {
    let short = key.rsplit(':').find(|part| !part.is_empty()).unwrap_or(key);
    name::snake(short)
}
