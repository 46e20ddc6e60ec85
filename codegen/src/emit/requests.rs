//! Emits the list of requests: for each operation with a described JSON body, how its method is
//! called with a body of its type.
//!
//! Only the tests of `codegen/requests` compile it. They define `Request` and `read`, and have
//! the module `clients` in scope.

use super::client::takes_body;
use super::types;
use crate::model::{Content, Operation, Service};
use crate::name;

/// The beginning of the list.
pub const BEGIN: &str = "/// Every operation whose request has a described JSON body.\n\
    static REQUESTS: &[Request] = &[\n";
/// Its end.
pub const END: &str = "];\n";

/// Emits the entries of a service.
pub fn emit(service: &Service) -> String {
    let operations = service.operations.iter();
    operations.filter_map(|operation| entry(service, operation)).collect()
}

fn entry(service: &Service, operation: &Operation) -> Option<String> {
    let Content::Json { ty, envelope, .. } = &operation.request else { return None };
    let module = format!("clients::{}", service.name);
    let names = &operation.names;
    let ty = types::rust(&service.types, *ty, &format!("{module}::types::"));
    let takes_body = takes_body(operation, &service.types);
    let mut arguments: Vec<String> = names.arguments.iter().map(|_| "\"a\"".to_owned()).collect();
    if takes_body {
        arguments.push(format!("read::<{ty}>(body)?"));
    }
    let body = if takes_body { "body" } else { "_" };
    let mut out = "    Request {\n".to_owned();
    out.push_str(&format!("        operation: &{module}::table::{},\n", names.constant));
    out.push_str(&format!("        spec: &{module}::table::SPEC,\n"));
    out.push_str(&format!("        envelope: {envelope:?},\n"));
    out.push_str(&format!("        call: |client, {body}| {{\n"));
    out.push_str(&format!(
        "            let client = {module}::{}::new(client);\n",
        name::pascal(&service.name)
    ));
    out.push_str(&format!(
        "            Ok(client.{}().{}({}).decoded_by(nothing))\n",
        names.accessor,
        names.method,
        arguments.join(", ")
    ));
    out.push_str("        },\n    },\n");
    Some(out)
}
