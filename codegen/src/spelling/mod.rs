//! How a JSON Schema 2020-12 is spelled in an OpenAPI 3.0 document, both ways.
//!
//! 3.0 cannot say some things that OpenStack's schemas say. Each has one
//! spelling, and [`read`] gives back exactly what [`write`](fn@write) was given, up to the
//! order of a type list. Both walk by schema position, never by the name of a
//! key: a property may be called `type`, `items` or `properties`.
//!
//! | JSON Schema | spelled as |
//! | --- | --- |
//! | `type: [T, "null"]` | `type: T`, `nullable: true` |
//! | `type: [A, B]` | `anyOf`, one branch a type, and `type-list: true` |
//! | `type: "null"` | `enum: [null]`, `nullable: true` and `null-type: true` |
//! | `const` | `enum` of one and `const: true` |
//! | a `oneOf`/`anyOf` branch `{type: null}` | the other branches, `nullable: true` and `null-branch: n` |
//! | numeric `exclusiveMinimum`/`Maximum` | the boolean form |
//! | `patternProperties`, `if`, … | `pattern-properties`, `if`, …, spelled like any other subschema |
//! | `$ref` to a component, with anything beside it | `allOf` with the `$ref` first and `ref: first` |
//! | `$ref` within the schema | `ref: "#/…"`, counted from the schema's own root |
//! | a format that is OpenStack's own | `format` |
//! | a subschema that is `true` or `false` | `verbatim: true`; as it is under `additionalProperties` |
//! | a list of types and spellings that means a boolean or an integer | `lenient: boolean`, the spellings kept |
//! | whatever else 3.0 has no word for | `keywords: {…}`, as it stands |
//!
//! All marks stand under `x-openstack`, beside the versions of
//! [`squall_model::materialise`].

mod lenient;
mod read;
mod words;
mod write;

#[cfg(test)]
mod tests;

pub use lenient::{Lenient, lenient};
pub use read::read;
pub use write::write;
