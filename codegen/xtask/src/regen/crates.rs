//! The crates of the generated clients, and the one that gathers them.
//!
//! A crate's code is generated when it is built, so its committed files differ from those of
//! the next only by the service's names. The runtime and the embedded cloud depend on
//! `squall-services` alone and ask it for all services, so that none of them names a service
//! that is new.

#![expect(clippy::format_push_string, reason = "text is put together from many small pieces")]

use std::collections::BTreeSet;

use squall_codegen::model::Service;
use squall_codegen::name;

/// The folder of the crate that gathers the others.
const GATHERED: &str = "services";

/// A generated file: its path below the root, and its content.
pub(super) type CrateFile = (String, String);

/// The names of one service.
pub(super) struct Client {
    /// The folder of its specs and of its crate.
    folder: String,
    /// Its module and the first part of its operations' ids.
    name: String,
    /// Its client.
    type_name: String,
    /// Its name in a sentence.
    words: String,
}

impl Client {
    pub(super) fn new(folder: &str, service: &Service) -> Self {
        Self {
            folder: folder.to_owned(),
            name: service.name.clone(),
            type_name: name::pascal(&service.name),
            words: name::words(&service.name).join(" "),
        }
    }

    /// Returns the name of its crate in Rust.
    fn krate(&self) -> String {
        format!("squall_{}", self.folder.replace('-', "_"))
    }
}

/// Returns the folders below `generated/` that belong to these services.
pub(super) fn folders(clients: &[Client]) -> BTreeSet<&str> {
    clients.iter().map(|client| client.folder.as_str()).chain([GATHERED, "api"]).collect()
}

/// Returns the committed files of a service's crate.
pub(super) fn client(client: &Client) -> Vec<CrateFile> {
    let Client { folder, words, .. } = client;
    let file = |name: &str, content: String| (format!("generated/{folder}/{name}"), content);
    let manifest = format!(
        "{}\n[dependencies]\nsquall-client.workspace = true\n\n\
         [build-dependencies]\nsquall-codegen.workspace = true\n",
        package(
            folder,
            &format!(
                "The OpenStack {words} API: client, types, operations and schemas, generated from \
                 api-specs/{folder}."
            )
        )
    );
    let build = format!(
        "{}//! Generates the code of this crate from its spec.\n\n\
         fn main() {{\n    squall_codegen::build::run({folder:?});\n}}\n",
        header("//")
    );
    let library = format!(
        r#"{}//! The OpenStack {words} API: a client, its types, and its operations as data.
//!
//! All of it is made from `api-specs/{folder}` when this crate is built.

#![allow(
    clippy::doc_markdown,
    clippy::unreadable_literal,
    reason = "generated: the docs name upstream's words, and the blob's places are no quantities"
)]

mod client {{
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}}

pub use client::*;

/// The service's operations as data.
pub mod table {{
    include!(concat!(env!("OUT_DIR"), "/table.rs"));
}}

/// What the service's resources are, and how its operations are called.
pub mod description {{
    include!(concat!(env!("OUT_DIR"), "/description.rs"));
}}

/// The service's default policy rules.
pub mod policies {{
    include!(concat!(env!("OUT_DIR"), "/policies.rs"));
}}

/// What the operations take and answer.
pub mod types {{
    include!(concat!(env!("OUT_DIR"), "/types.rs"));
}}
"#,
        header("//")
    );
    vec![file("Cargo.toml", manifest), file("build.rs", build), file("src/lib.rs", library)]
}

/// Returns the files of the crate that gathers the clients, which are sorted by name.
pub(super) fn gathered(clients: &[Client]) -> Vec<CrateFile> {
    let each = |line: &dyn Fn(&Client) -> String| clients.iter().map(line).collect::<String>();
    let mut manifest = package(GATHERED, "The generated clients of all services.");
    manifest.push_str("\n[dependencies]\nsquall-model.workspace = true\n");
    manifest.push_str(&each(&|Client { folder, .. }| {
        format!("squall-{folder} = {{ path = \"../{folder}\", version = \"0.1.0\" }}\n")
    }));
    let library = format!(
        "{}//! The generated clients of all services.

use squall_model::{{Description, PolicyRule, ServiceSpec}};

/// Every service, sorted by name.
pub static ALL: [&ServiceSpec; {count}] = [
{}];

/// What the resources of each service are, in the order of [`ALL`].
pub static DESCRIPTIONS: [&Description; {count}] = [
{}];

/// The default policy rules of each service, in the order of [`ALL`].
pub static POLICY_RULES: [&[PolicyRule]; {count}] = [
{}];

/// The kinds of resources of each service that a run may create.
pub mod kinds {{
{}}}

/// The crate of each service: its client, types, and operations.
pub mod clients {{
{}}}

/// The description of each service.
pub mod spec {{
    use squall_model::ServiceSpec;
{}}}

/// Calls a macro with one row for each service, sorted by name: its module in [`clients`], its
/// client, and its name in a sentence.
///
/// ```
/// macro_rules! count {{
///     ($($name:ident, $client:ident, $words:literal;)+) => {{ [$($words),+].len() }};
/// }}
/// assert_eq!(squall_services::each_service!(count), squall_services::ALL.len());
/// ```
#[macro_export]
macro_rules! each_service {{
    ($callback:ident) => {{
        $callback! {{
{}        }}
    }};
}}
",
        header("//"),
        each(&|client| format!("    &clients::{}::table::SPEC,\n", client.name)),
        each(&|client| format!("    &clients::{}::description::DESCRIPTION,\n", client.name)),
        each(&|client| format!("    clients::{}::policies::RULES,\n", client.name)),
        each(&|client| {
            format!("    pub use {}::description::kinds as {};\n", client.krate(), client.name)
        }),
        each(&|client| format!("    pub use {} as {};\n", client.krate(), client.name)),
        each(&|Client { name, words, .. }| format!(
            "\n    /// Returns the description of {words}.\n    pub fn {name}() -> &'static \
             ServiceSpec {{\n        &super::clients::{name}::table::SPEC\n    }}\n"
        )),
        each(&|Client { name, type_name, words, .. }| format!(
            "            {name}, {type_name}, {words:?};\n"
        )),
        count = clients.len(),
    );
    let file = |name: &str, content| (format!("generated/{GATHERED}/{name}"), content);
    vec![file("Cargo.toml", manifest), file("src/lib.rs", library)]
}

fn package(folder: &str, description: &str) -> String {
    let mut out = format!(
        "{}\n[package]\nname = \"squall-{folder}\"\ndescription = {description:?}\n",
        header("#")
    );
    for key in ["version", "edition", "rust-version", "license", "publish"] {
        out.push_str(&format!("{key}.workspace = true\n"));
    }
    out + "\n[lints]\nworkspace = true\n"
}

fn header(comment: &str) -> String {
    format!("{comment} Written by `cargo xtask regen` from the folders of `api-specs`.\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_folder_and_the_service() {
        let store = Client {
            folder: "object-storage".to_owned(),
            name: "object_storage".to_owned(),
            type_name: "ObjectStorage".to_owned(),
            words: "object storage".to_owned(),
        };
        let [(manifest, _), (library, text)] = &gathered(&[store])[..] else { unreachable!() };
        assert_eq!(manifest, "generated/services/Cargo.toml");
        assert_eq!(library, "generated/services/src/lib.rs");
        for line in [
            "pub static ALL: [&ServiceSpec; 1] = [",
            "    &clients::object_storage::description::DESCRIPTION,",
            "    clients::object_storage::policies::RULES,",
            "    pub use squall_object_storage::description::kinds as object_storage;",
            "    pub use squall_object_storage as object_storage;",
            "            object_storage, ObjectStorage, \"object storage\";",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }
}
