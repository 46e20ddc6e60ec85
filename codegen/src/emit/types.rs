//! Emits `types.rs`: the records of requests and responses, one line for each field.
//!
//! The code uses the types `Json` and `Nullable` of `squall-client`, and its macro `record!`,
//! in which the text after `=` is a field's key in JSON. The macro documents a field by its
//! key; the comments emitted here add its versions.
//!
//! ```text
//! record! {
//!     /// The response of `compute.servers.show`.
//!     pub struct Server {
//!         pub id: String = "id",
//!         /// Since 2.19.
//!         pub description: Option<String> = "description",
//!     }
//! }
//! ```

use super::text;
use crate::model::{Field, Record, Role, Service, Type, TypeId, Types};

/// Emits the file.
pub fn emit(service: &Service) -> String {
    let roots = service.operations.iter().flat_map(|o| [o.request.ty(), o.response.ty()]);
    let mut records: Vec<&Record> = service
        .types
        .reachable(roots.flatten())
        .into_iter()
        .filter_map(|id| service.types.record(id))
        .collect();
    records.sort_by(|a, b| a.name.cmp(&b.name));
    let body: String = records.iter().map(|record| one(service, record)).collect();
    let mut out = text::header(&service.name);
    let mut uses = Vec::new();
    if body.contains("BTreeMap<") {
        uses.push("use std::collections::BTreeMap;\n\n".to_owned());
    }
    if !records.is_empty() {
        let mut names = Vec::new();
        names.extend(body.contains("Json").then_some("Json"));
        names.extend(body.contains("Nullable<").then_some("codec::Nullable"));
        names.push("record");
        uses.push(match &names[..] {
            [only] => format!("use squall_client::{only};\n"),
            names => format!("use squall_client::{{{}}};\n", names.join(", ")),
        });
    }
    if !uses.is_empty() {
        out.push('\n');
        out.push_str(&uses.concat());
    }
    out + &body
}

/// Returns a type in Rust; `path` is a prefix for records.
pub(super) fn rust(types: &Types, id: TypeId, path: &str) -> String {
    match types.get(id) {
        Type::Any | Type::Null => "Json".to_owned(),
        Type::Boolean => "bool".to_owned(),
        Type::Integer => "i64".to_owned(),
        Type::Number => "f64".to_owned(),
        Type::Text => "String".to_owned(),
        Type::Optional(inner) => format!("Option<{}>", rust(types, *inner, path)),
        Type::List(inner) => format!("Vec<{}>", rust(types, *inner, path)),
        Type::Map(inner) => format!("BTreeMap<String, {}>", rust(types, *inner, path)),
        Type::Record(record) => format!("{path}{}", record.name),
    }
}

/// Returns a field's type in Rust. A field that may be missing is an `Option`; requests
/// distinguish null from missing.
pub(super) fn field_type(types: &Types, field: &Field, role: Role) -> String {
    let (inner, nullable) = match types.get(field.ty) {
        Type::Optional(inner) => (*inner, true),
        _ => (field.ty, false),
    };
    let plain = rust(types, inner, "");
    match (role, nullable, field.required) {
        (_, false, true) => plain,
        (_, false, false) | (Role::Response, true, _) => format!("Option<{plain}>"),
        (Role::Request, true, true) => format!("Nullable<{plain}>"),
        (Role::Request, true, false) => format!("Option<Nullable<{plain}>>"),
    }
}

fn one(service: &Service, record: &Record) -> String {
    let mut out = "\nrecord! {\n".to_owned();
    text::doc(&mut out, 4, &record.doc);
    if record.fields.is_empty() {
        out.push_str(&format!("    pub struct {} {{}}\n}}\n", record.name));
        return out;
    }
    out.push_str(&format!("    pub struct {} {{\n", record.name));
    for field in &record.fields {
        let mut said = text::since(service.notable(field.versions));
        if let Some(extension) = &field.extension {
            said.push_str(&format!(" With the extension `{extension}`."));
        }
        text::doc(&mut out, 8, said.trim_start());
        let ty = field_type(&service.types, field, record.role);
        out.push_str(&format!("        pub {}: {ty} = {:?},\n", field.name, field.key));
    }
    out.push_str("    }\n}\n");
    out
}
