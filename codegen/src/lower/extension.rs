//! The contents of `x-openstack`, typed. Unknown keys are errors.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error as _};
use serde_json::{Map, Value};
use squall_model::{Gate, Microversion, Origins, Paging, Provenance, VersionRange, paging};

use super::coverage::Hole;
use crate::diagnostic::Diagnostics;
use crate::model::Part;

/// `x-openstack` of the document.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct DocumentExtension {
    pub(super) service: String,
    pub(super) service_type: Option<String>,
    pub(super) min_ver: Option<Microversion>,
    pub(super) max_ver: Option<Microversion>,
    #[serde(default)]
    pub(super) source: Vec<String>,
    /// Operations left out of the document, with reasons; only for readers.
    #[serde(default, rename = "left-out")]
    _left_out: Vec<Value>,
    /// The headers that every request may have, and those that every response has.
    #[serde(default)]
    pub(super) request_headers: Map<String, Value>,
    #[serde(default)]
    pub(super) response_headers: Map<String, Value>,
}

/// `x-openstack` of an operation.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct OperationExtension {
    pub(super) min_ver: Option<Microversion>,
    pub(super) max_ver: Option<Microversion>,
    pub(super) body: Option<BodyMark>,
    pub(super) query: Option<QueryMark>,
    #[serde(default)]
    pub(super) policies: Policies,
    #[serde(default)]
    pub(super) unenforced: bool,
    pub(super) extension: Option<String>,
    pub(super) paging: Option<PagingMark>,
    #[serde(default)]
    pub(super) provenance: Provenances,
    #[serde(default)]
    pub(super) actions: BTreeMap<String, Value>,
    /// Versions for which upstream has no schema, with reasons.
    #[serde(default)]
    pub(super) holes: Vec<Hole>,
    /// The parts that are not described, with reasons.
    #[serde(default)]
    pub(super) unknown: BTreeMap<Part, String>,
}

impl OperationExtension {
    pub(super) fn versions(&self) -> VersionRange {
        VersionRange::new(self.min_ver, self.max_ver)
    }
}

/// `x-openstack` of a response.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct ResponseExtension {
    pub(super) min_ver: Option<Microversion>,
    pub(super) max_ver: Option<Microversion>,
    pub(super) body: Option<BodyMark>,
}

/// `x-openstack` beside the `$ref` of an error response.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct ReferenceExtension {
    pub(super) min_ver: Option<Microversion>,
    pub(super) max_ver: Option<Microversion>,
    /// Why the operation answers so; only for readers.
    #[serde(rename = "reason")]
    _reason: Option<String>,
}

/// `x-openstack` of a header.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct HeaderExtension {
    pub(super) min_ver: Option<Microversion>,
    pub(super) max_ver: Option<Microversion>,
    pub(super) omitted: Option<String>,
}

/// `x-openstack` of a parameter.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct ParameterExtension {
    pub(super) min_ver: Option<Microversion>,
    pub(super) max_ver: Option<Microversion>,
}

/// The states of a body without a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum BodyMark {
    None,
    Unknown,
    /// The body is described, and may be absent (errors only).
    Optional,
}

/// The query: one object schema, or the word `none` if the service reads no parameter.
#[derive(Debug)]
pub(super) enum QueryMark {
    None,
    Schema(Value),
}

impl<'de> Deserialize<'de> for QueryMark {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(word) if word == "none" => Ok(Self::None),
            schema @ Value::Object(_) => Ok(Self::Schema(schema)),
            other => Err(D::Error::custom(format!(
                "`query` is an object schema or the word `none`, not {other}"
            ))),
        }
    }
}

/// The rules that guard an operation, or the word `unknown`.
#[derive(Debug, Default)]
pub(super) struct Policies(pub(super) Vec<Policy>);

impl<'de> Deserialize<'de> for Policies {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(word) if word == "unknown" => Ok(Self::default()),
            list => Vec::<Policy>::deserialize(list).map(Self).map_err(D::Error::custom),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Policy {
    pub(super) rule: String,
    #[serde(default = "always")]
    pub(super) gate: Gate,
}

fn always() -> Gate {
    Gate::Gate
}

/// How a collection is paged: by a field of its items (or one of several), or by a
/// link to the next page. Each is a key or a JSON pointer.
#[derive(Debug, Deserialize)]
#[serde(try_from = "PagingWords")]
pub(super) struct PagingMark(pub(super) Paging);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct PagingWords {
    #[serde(default)]
    collection: String,
    field: Option<Value>,
    next: Option<String>,
}

impl TryFrom<PagingWords> for PagingMark {
    type Error = String;

    fn try_from(words: PagingWords) -> Result<Self, String> {
        let collection = paging::pointer(&words.collection).into();
        match (words.field, words.next) {
            (Some(field), None) => {
                let markers = match field {
                    Value::String(one) => vec![one],
                    list => Vec::deserialize(list).map_err(|error| format!("`field`: {error}"))?,
                };
                if markers.is_empty() {
                    return Err("`field` names at least one field of an item".to_owned());
                }
                let markers = markers.iter().map(|marker| paging::pointer(marker).into()).collect();
                Ok(Self(Paging::Marker { collection, markers }))
            }
            (None, Some(next)) => {
                Ok(Self(Paging::Link { collection, next: paging::pointer(&next).into() }))
            }
            _ => Err("`paging` needs either `field` or `next`".to_owned()),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Provenances {
    pub(super) request: Option<Provenance>,
    pub(super) query: Option<Provenance>,
    pub(super) response: Option<Provenance>,
    pub(super) errors: Option<Provenance>,
    pub(super) headers: Option<Provenance>,
}

impl Provenances {
    pub(super) fn origins(&self) -> Origins {
        let or_unknown = |found: Option<Provenance>| found.unwrap_or(Provenance::Unknown);
        Origins {
            request: or_unknown(self.request),
            query: or_unknown(self.query),
            response: or_unknown(self.response),
            errors: or_unknown(self.errors),
            headers: or_unknown(self.headers),
        }
    }
}

/// Reads an `x-openstack`. A missing or invalid one has only defaults.
pub(super) fn read<T: DeserializeOwned + Default>(
    value: Option<&Value>,
    at: &str,
    sink: &mut Diagnostics,
) -> T {
    let Some(value) = value else { return T::default() };
    T::deserialize(value).unwrap_or_else(|error| {
        // A wrong version mark has been reported where it is.
        if sink.has_error_below(at) {
            return T::default();
        }
        let help = if error.to_string().contains("floating point") {
            "quote versions: an unquoted `2.10` is the number 2.1 in YAML"
        } else {
            "see docs/src/spec-format.md for the keys that are allowed here"
        };
        sink.error(at, format!("invalid `x-openstack`: {error}"), help);
        T::default()
    })
}
