//! Unwraps envelopes: the content of `{"server": {…}}` is a server.
//!
//! - The envelope of an action is the action's key.
//! - The envelope of a collection is the key that its paging names.
//! - Otherwise it is the only key, if it holds an object or a list. Links and other paging
//!   keys do not count.
//! - If there are other keys, it is the one named like the resource, provided that the others
//!   are optional (`os:scheduler_hints` beside `server`).

use squall_model::paging;

use crate::model::{Content, Field, Operation, Service, Type, TypeId, Types};
use crate::name;

/// Unwraps the envelopes of all operations.
pub(super) fn run(service: &mut Service) {
    let types = &mut service.types;
    for operation in &mut service.operations {
        let request = request(operation, types);
        let response = response(operation, types);
        put(&mut operation.request, request);
        put(&mut operation.response, response);
    }
}

fn put(content: &mut Content, found: Option<Found>) {
    if let (Content::Json { ty, envelope, beside, .. }, Some(found)) = (content, found) {
        *ty = found.ty;
        *envelope = Some(found.key);
        *beside = found.beside;
    }
}

struct Found {
    key: String,
    ty: TypeId,
    beside: Vec<String>,
}

impl Found {
    fn of(field: &Field, fields: &[Field]) -> Self {
        let beside = fields.iter().map(|f| f.key.clone()).filter(|key| *key != field.key);
        Self { key: field.key.clone(), ty: field.ty, beside: beside.collect() }
    }
}

fn request(operation: &Operation, types: &Types) -> Option<Found> {
    let fields = &types.record(operation.request.ty()?)?.fields;
    if let Some(action) = &operation.action {
        let field = fields.iter().find(|field| field.key == *action)?;
        return Some(Found::of(field, fields));
    }
    if let [only] = &fields[..] {
        return holds(types, only.ty).then(|| Found::of(only, fields));
    }
    named_like_resource(operation, fields, types).map(|field| Found::of(field, fields))
}

/// Finds the key named like the resource, unless another key is required too.
fn named_like_resource<'f>(
    operation: &Operation,
    fields: &'f [Field],
    types: &Types,
) -> Option<&'f Field> {
    let resource = name::singular(operation.resource());
    let field = fields.iter().find(|field| name::snake(&field.key) == resource)?;
    let others_optional = fields.iter().all(|other| other.key == field.key || !other.required);
    (holds(types, field.ty) && others_optional).then_some(field)
}

fn response(operation: &Operation, types: &mut Types) -> Option<Found> {
    let whole = operation.response.ty()?;
    let (inner, optional) = match types.get(whole) {
        Type::Optional(inner) => (*inner, true),
        _ => (whole, false),
    };
    let fields = types.record(inner)?.fields.clone();
    let paged = match &operation.paging {
        Some(paging) => {
            fields.iter().find(|field| paging::pointer(&field.key) == paging.collection())
        }
        None => None,
    };
    let telling: Vec<&Field> = fields.iter().filter(|f| !is_page_mark(&f.key)).collect();
    let field = match (paged, &telling[..]) {
        (Some(field), _) => field,
        (None, [only]) if holds(types, only.ty) => only,
        _ => named_like_resource(operation, &fields, types)?,
    };
    let mut found = Found::of(field, &fields);
    if optional && !matches!(types.get(found.ty), Type::Any) {
        let null = types.add(Type::Null);
        found.ty = types.join(found.ty, null);
    }
    Some(found)
}

/// Whether a type can be the content of an envelope.
fn holds(types: &Types, id: TypeId) -> bool {
    match types.get(id) {
        Type::Record(_) | Type::List(_) | Type::Map(_) => true,
        Type::Optional(inner) => holds(types, *inner),
        _ => false,
    }
}

fn is_page_mark(key: &str) -> bool {
    const MARKS: [&str; 8] =
        ["links", "next", "previous", "first", "last", "self", "schema", "truncated"];
    MARKS.contains(&key) || key.ends_with("_links")
}
