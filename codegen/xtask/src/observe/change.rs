//! What can be changed in a spec so that an answer matches it.

use serde::Serialize;
use serde_json::{Map, Value, json};
use squall_model::schema::type_of;
use squall_records::observed::neutral;

/// A change of one place of a response's description.
///
/// Places are JSON pointers into the body, in which `*` stands for an index or a key of a map.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub(super) enum Change {
    /// The operation answers with this status.
    DeclareStatus,
    /// There is a body where the spec says that there is none.
    DescribeBody,
    /// The value may be null.
    Nullable { at: String },
    /// The value may have another type.
    Type { at: String, found: String },
    /// The list of values lacks one.
    EnumValue { at: String, value: Value },
    /// The object has a property that the spec does not have.
    AddProperty { at: String, name: String, value: Value },
    /// An answer may lack the property.
    Omit { at: String, name: String },
    /// The value is outside of a bound or a form.
    Loosen { at: String, keyword: String },
    /// A response may lack the header.
    HeaderOptional { name: String },
    /// A header has another value.
    HeaderValue { name: String },
    /// The service has to answer at the microversion of the request.
    KeepVersion,
    /// A person has to see what the schema should say.
    Look { at: String, keyword: String },
}

impl Change {
    /// The place that it is about, as it is shown.
    pub(super) fn at(&self) -> String {
        match self {
            Self::Nullable { at }
            | Self::Type { at, .. }
            | Self::EnumValue { at, .. }
            | Self::Loosen { at, .. }
            | Self::Look { at, .. } => at.clone(),
            Self::AddProperty { at, name, .. } | Self::Omit { at, name } => format!("{at}/{name}"),
            Self::HeaderOptional { name } | Self::HeaderValue { name } => format!("header {name}"),
            Self::DeclareStatus | Self::DescribeBody | Self::KeepVersion => String::new(),
        }
    }

    /// What distinguishes it from others. The example of a value does not count.
    pub(super) fn key(&self) -> String {
        match self {
            Self::AddProperty { at, name, .. } => format!("add {at}/{name}"),
            other => format!("{other:?}"),
        }
    }

    /// What to do, in the imperative.
    pub(super) fn words(&self, status: u16) -> String {
        let last =
            |at: &str| at.rsplit('/').find(|part| *part != "*").unwrap_or_default().to_owned();
        let of = |at: &str| match last(at) {
            name if name.is_empty() => "the body".to_owned(),
            name => format!("`{name}`"),
        };
        match self {
            Self::DeclareStatus => format!("declare the status {status}"),
            Self::DescribeBody => "describe the body".to_owned(),
            Self::Nullable { at } => format!("make {} nullable", of(at)),
            Self::Type { at, found } => format!("allow {} to be a value of type {found}", of(at)),
            Self::EnumValue { at, value } => format!("add {value} to the values of {}", of(at)),
            Self::AddProperty { name, .. } => format!("describe the property `{name}`"),
            Self::Omit { name, .. } => format!("do not require `{name}`"),
            Self::Loosen { at, keyword } => format!("loosen `{keyword}` of {}", of(at)),
            Self::HeaderOptional { name } => format!("do not require the header `{name}`"),
            Self::HeaderValue { name } => format!("describe the value of the header `{name}`"),
            Self::KeepVersion => "see why the response has another microversion".to_owned(),
            Self::Look { at, keyword } => {
                format!("see what `{keyword}` of {} should say", of(at))
            }
        }
    }
}

/// Returns a schema of an example, in the spelling of the spec files.
pub(super) fn schema_of(example: &Value) -> Value {
    match example {
        Value::Null => json!({"nullable": true}),
        Value::String(text) if text == neutral::UUID => {
            json!({"type": "string", "format": "uuid"})
        }
        Value::String(text) if neutral::is_time(text) => {
            json!({"type": "string", "format": "date-time"})
        }
        Value::Array(list) => match list.first() {
            Some(first) => json!({"type": "array", "items": schema_of(first)}),
            None => json!({"type": "array"}),
        },
        Value::Object(map) => {
            let properties: Map<String, Value> =
                map.iter().map(|(key, value)| (key.clone(), schema_of(value))).collect();
            json!({"type": "object", "properties": properties})
        }
        other => json!({"type": type_of(other)}),
    }
}
