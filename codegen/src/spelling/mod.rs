//! Converts JSON Schema 2020-12 to its spelling in an OpenAPI 3.0 document, and back.
//!
//! OpenAPI 3.0 cannot express everything that OpenStack's schemas use. Each such feature has
//! one spelling, and [`read`] returns exactly what was passed to [`write`](fn@write), except
//! for the order of a type list. Both walk by schema position, never by key: a property may
//! be called `type`, `items` or `properties`.
//!
//! | JSON Schema | spelled as |
//! | --- | --- |
//! | `type: [T, "null"]` | `type: T`, `nullable: true` |
//! | `type: [A, B]` | `anyOf` with one branch for each type, and `type-list: true` |
//! | `type: "null"` | `enum: [null]`, `nullable: true` and `null-type: true` |
//! | `const` | `enum` with one value, and `const: true` |
//! | a `oneOf`/`anyOf` branch `{type: null}` | the other branches, `nullable: true` and `null-branch: n` |
//! | numeric `exclusiveMinimum`/`Maximum` | the boolean form |
//! | `patternProperties`, `if`, … | `pattern-properties`, `if`, …, spelled like any other subschema |
//! | `$ref` to a component, with anything beside it | `allOf` with the `$ref` first and `ref: first` |
//! | `$ref` within the schema | `ref: "#/…"`, counted from the schema's own root |
//! | a private format of OpenStack | `format` |
//! | a subschema that is `true` or `false` | `verbatim: true`; unchanged under `additionalProperties` |
//! | a list of types and strings that stands for a boolean or an integer | `lenient: boolean`, the strings kept |
//! | whatever else 3.0 cannot express | `keywords: {…}`, unchanged |
//!
//! All marks are under `x-openstack`, beside the version marks of
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
