//! Finds the operation that a sample belongs to.

use squall_model::{Method, Operation, ServiceSpec};

use super::Sample;

/// Returns the operations that a sample may belong to, by method, path and action.
///
/// - Parameters are compared by position, because the documentation uses other names.
/// - A literal segment of the sample's path may be a parameter's value if no operation
///   has that segment: nova documents `PUT /os-services/enable`, whose router sees an id.
/// - A sample without an action may belong to any action of its path.
pub(super) fn candidates(service: &ServiceSpec, sample: &Sample) -> Vec<&'static Operation> {
    let Some(method) = Method::from_name(&sample.method) else { return Vec::new() };
    let path = shape(&sample.path);
    let all = service.operations.iter().copied().filter(|operation| {
        operation.method == method
            && (sample.action.is_none() || sample.action.as_deref() == operation.action.as_deref())
    });
    let exact: Vec<_> = all.clone().filter(|operation| shape(&operation.path) == path).collect();
    if exact.is_empty() { all.filter(|operation| takes(operation, &path)).collect() } else { exact }
}

/// Whether a path fits an operation, with literal segments as parameter values.
fn takes(operation: &Operation, path: &[&str]) -> bool {
    let own = shape(&operation.path);
    let fits = |(own, given): (&&str, &&str)| *own == PARAMETER || own == given;
    own.len() == path.len() && own.iter().zip(path).all(fits)
}

const PARAMETER: &str = "{}";

/// Splits a path, without parameter names, query and trailing slash.
fn shape(path: &str) -> Vec<&str> {
    let path = path.split('?').next().unwrap_or_default();
    let parameter = |part: &str| part.starts_with('{') && part.ends_with('}');
    let part = |part| if parameter(part) { PARAMETER } else { part };
    path.split('/').filter(|part| !part.is_empty()).map(part).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::compute::Compute;

    fn found(method: &str, path: &str, action: Option<&str>) -> Vec<&'static str> {
        let sample = Sample {
            service: "compute".to_owned(),
            method: method.to_owned(),
            path: path.to_owned(),
            action: action.map(str::to_owned),
            version: None,
            file: "x.json".to_owned(),
            body: Value::Null,
            broken: None,
        };
        candidates(Compute::SPEC, &sample).into_iter().map(|found| found.id.as_ref()).collect()
    }

    #[test]
    fn parameters_are_compared_by_place_and_literals_by_word() {
        assert_eq!(found("GET", "/servers/{id}?x=1", None), ["compute.servers.show"]);
        assert_eq!(found("get", "/servers/detail/", None), ["compute.servers.list_detail"]);
        assert_eq!(found("PUT", "/os-services/enable", None), ["compute.services.update"]);
        assert!(found("GET", "/servers/{id}/nothing", None).is_empty());
    }

    #[test]
    fn without_an_action_any_will_do() {
        let path = "/servers/{id}/action";
        assert_eq!(found("POST", path, Some("unlock")), ["compute.servers.unlock"]);
        assert!(found("POST", path, None).len() > 20);
        assert!(found("POST", path, Some("nothing")).is_empty());
    }
}
