//! Checks references to operations, as registrations make them: by id, with the names of
//! path parameters.

use std::fmt;

use super::ServiceSpec;
use crate::blob::SchemaSource;
use crate::suggest::did_you_mean;
use crate::{Operation, Paging};

/// A reference that does not match a service's operations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReferenceError {
    /// The service has no such operation.
    UnknownOperation {
        /// The service's name.
        service: String,
        /// The id in the reference.
        id: String,
        /// The question whether a similar id was meant, if there is one.
        meant: Option<String>,
    },
    /// The operation's path has no such parameter.
    UnknownParameter {
        /// The operation's id.
        id: String,
        /// The operation's path.
        path: String,
        /// The parameter in the reference.
        parameter: String,
        /// The question whether a similar parameter was meant, if there is one.
        meant: Option<String>,
    },
    /// The reference does not give a value for a parameter of the path.
    MissingParameter {
        /// The operation's id.
        id: String,
        /// The operation's path.
        path: String,
        /// The parameter of the path.
        parameter: String,
    },
}

impl fmt::Display for ReferenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let meant = match self {
            Self::UnknownOperation { service, id, meant } => {
                write!(f, "the service `{service}` has no operation `{id}`")?;
                meant
            }
            Self::UnknownParameter { id, path, parameter, meant } => {
                write!(f, "the path of `{id}`, {path}, has no parameter `{parameter}`")?;
                meant
            }
            Self::MissingParameter { id, path, parameter } => {
                write!(f, "the path of `{id}`, {path}, needs the parameter `{parameter}`")?;
                &None
            }
        };
        meant.as_ref().map_or(Ok(()), |meant| write!(f, "; {meant}"))
    }
}

impl std::error::Error for ReferenceError {}

impl ServiceSpec {
    /// Returns the operation with an id.
    ///
    /// # Errors
    /// There is none; a similar id is suggested.
    pub fn find(&self, id: &str) -> Result<&'static Operation, ReferenceError> {
        self.operation(id).ok_or_else(|| ReferenceError::UnknownOperation {
            service: self.name.to_owned(),
            id: id.to_owned(),
            meant: did_you_mean(id, self.operations.iter().map(|op| op.id.as_ref())),
        })
    }

    /// Returns the operation with an id, after checking that `parameters` are exactly those of
    /// its path.
    ///
    /// # Errors
    /// All that is wrong with the reference.
    pub fn find_with(
        &self,
        id: &str,
        parameters: &[&str],
    ) -> Result<&'static Operation, Vec<ReferenceError>> {
        let operation = self.find(id).map_err(|error| vec![error])?;
        let known: Vec<&str> = operation.path_parameters().collect();
        let (id, path) = (operation.id.to_string(), operation.path.to_string());
        let unknown = parameters.iter().filter(|parameter| !known.contains(parameter));
        let mut errors: Vec<ReferenceError> = unknown
            .map(|parameter| ReferenceError::UnknownParameter {
                id: id.clone(),
                path: path.clone(),
                parameter: (*parameter).to_owned(),
                meant: did_you_mean(parameter, known.iter().copied()),
            })
            .collect();
        let missing = known.iter().filter(|parameter| !parameters.contains(parameter));
        errors.extend(missing.map(|parameter| ReferenceError::MissingParameter {
            id: id.clone(),
            path: path.clone(),
            parameter: (*parameter).to_owned(),
        }));
        if errors.is_empty() { Ok(operation) } else { Err(errors) }
    }

    /// Returns what is wrong with the service's own operations: ids of another service, and
    /// markers of pages that the items do not have. Each message names its operation.
    ///
    /// The schemas of generated clients are checked when they are generated, and not again
    /// here: this is for clients that are declared by types.
    pub fn faults(&self) -> Vec<String> {
        let mut found = Vec::new();
        for operation in self.operations {
            let id = &operation.id;
            if operation.service() != self.name {
                found.push(format!("`{id}` is not an operation of the service `{}`", self.name));
            }
            let Some(paging @ Paging::Marker { .. }) = &operation.paging else { continue };
            let SchemaSource::Inline(schemas) = &operation.schemas else { continue };
            let success = schemas.responses.iter().filter(|response| response.status < 400);
            let mut schemas = success.filter_map(|response| response.body.schema());
            if let Some(fault) = schemas.find_map(|schema| paging.fault(&schema.0)) {
                found.push(format!("`{id}` cannot be paged: {fault}"));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use serde_json::json;

    use super::*;
    use crate::{BodySchema, Merged, Method, OperationSchemas, ResponseSchema, VersionRange};

    fn list(id: &'static str, marker: &'static str) -> Operation {
        let schema = json!({"type": "object", "properties": {"secrets": {
            "type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}},
        }}});
        let body = BodySchema::Described {
            media_type: "application/json".to_owned(),
            schema: Merged(schema),
        };
        let response = ResponseSchema::new(200, body);
        let schemas = OperationSchemas { responses: vec![response], ..Default::default() };
        let mut operation = Operation::new(id, Method::Get, "/secrets/{store_id}", schemas);
        let markers = vec![marker.into()].into();
        operation.paging = Some(Paging::Marker { collection: "/secrets".into(), markers });
        operation
    }

    static LIST: LazyLock<Operation> = LazyLock::new(|| list("keys.secrets.list", "/name"));
    static WRONG: LazyLock<Operation> = LazyLock::new(|| list("key.secrets.list_all", "/id"));

    fn spec() -> ServiceSpec {
        let operations: Vec<&'static Operation> = vec![&WRONG, &LIST];
        ServiceSpec {
            service_type: "key-manager",
            name: "keys",
            version_path: "",
            versions: VersionRange::ALL,
            source: "",
            history: &[],
            operations: operations.leak(),
        }
    }

    #[test]
    fn a_misspelt_operation_is_an_error_with_a_suggestion() {
        assert!(spec().find("keys.secrets.list").is_ok());
        assert_eq!(
            spec().find("keys.secrets.lst").unwrap_err().to_string(),
            "the service `keys` has no operation `keys.secrets.lst`; \
             did you mean `keys.secrets.list`?"
        );
    }

    #[test]
    fn parameters_are_those_of_the_path() {
        assert!(spec().find_with("keys.secrets.list", &["store_id"]).is_ok());
        let errors = spec().find_with("keys.secrets.list", &["store_ids"]).unwrap_err();
        let messages: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            messages,
            [
                "the path of `keys.secrets.list`, /secrets/{store_id}, has no parameter \
                 `store_ids`; did you mean `store_id`?",
                "the path of `keys.secrets.list`, /secrets/{store_id}, needs the parameter \
                 `store_id`",
            ]
        );
    }

    #[test]
    fn a_client_without_its_own_ids_or_markers_is_faulty() {
        assert_eq!(
            spec().faults(),
            [
                "`key.secrets.list_all` is not an operation of the service `keys`",
                "`key.secrets.list_all` cannot be paged: the items of the collection have no \
                 string or number at `/id`",
            ]
        );
    }
}
