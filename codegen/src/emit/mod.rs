//! The emitters. Each writes one file and reads only the model.
//!
//! The first lines of [`client`], [`types`] and [`table`] list what the generated code uses
//! from `squall-client`.

#![expect(clippy::format_push_string, reason = "text is put together from many small pieces")]

pub mod blob;
pub mod client;
pub mod description;
pub mod docs;
pub mod lock;
mod messages;
pub mod policies;
pub mod requests;
pub mod table;
mod text;
pub mod types;

pub use text::header;

use crate::model::Service;

/// A generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name in the folder of generated code.
    pub name: &'static str,
    /// Its content.
    pub content: Vec<u8>,
}

/// Emits the code of a service: client, types, table and schemas.
pub fn code(service: &Service) -> Vec<File> {
    let blob = blob::emit(service);
    let text = |name, text: String| File { name, content: text.into_bytes() };
    vec![
        text("client.rs", client::emit(service)),
        text("types.rs", types::emit(service)),
        text("table.rs", table::emit(service, &blob)),
        File { name: blob::FILE, content: blob.bytes },
    ]
}
