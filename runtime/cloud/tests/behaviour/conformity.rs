//! Holding a cloud's answers against a spec.

use std::collections::BTreeMap;

use serde_json::Value;
use squall_client::model::ServiceSpec;
use squall_client::model::materialise::Circumstances;
use squall_client::validate::{ResponseParts, Validators};
use squall_client::{Body, OperationRef};

use crate::caller::{Answer, Caller};

/// Everything in which answers do not match, by what is wrong.
pub(crate) struct Conformity {
    spec: &'static ServiceSpec,
    validators: Validators,
    found: BTreeMap<String, Vec<String>>,
}

impl Conformity {
    pub(crate) fn of(spec: &'static ServiceSpec) -> Self {
        Self { spec, validators: Validators::default(), found: BTreeMap::new() }
    }

    /// Asks for an operation and holds the answer against it.
    pub(crate) fn ask(&mut self, caller: &Caller, id: &str, path: &[&str], body: Value) -> Answer {
        let operation = self.spec.operation(id).unwrap_or_else(|| panic!("no operation {id}"));
        let mut url = format!("/{}{}{}", self.spec.name, self.spec.version_path, operation.path);
        for (name, value) in operation.path_parameters().zip(path) {
            url = url.replace(&format!("{{{name}}}"), value);
        }
        let answer = caller.send(operation.method.as_str(), &url, body);
        let version = answer.header("openstack-api-version").rsplit(' ').next().unwrap_or_default();
        let declared = operation.success.iter().any(|success| success.status == answer.status);
        if !declared {
            let body = String::from_utf8_lossy(&answer.bytes);
            self.note(
                id,
                version,
                &format!("status {} is not a status of success: {body}", answer.status),
            );
        }
        let reference = OperationRef::from(operation);
        let body = Body::received(answer.bytes.clone(), Some(answer.header("content-type")));
        let at = Circumstances { version: version.parse().ok(), ..Circumstances::default() };
        let hold = |body: &Body| {
            let parts = ResponseParts { status: answer.status, headers: &answer.headers, body };
            self.validators
                .answer(&reference, &parts, &at)
                .unwrap_or_else(|error| panic!("{id}: {error}"))
        };
        let mut outcome = hold(&body);
        // Where nova's schema says null, nova sends nothing at all.
        if body.is_empty() && !outcome.violations.is_empty() {
            outcome = hold(&Body::from(Value::Null));
        }
        for violation in outcome.violations {
            self.note(id, version, &format!("{}: {}", violation.pointer, violation.message));
        }
        answer
    }

    /// Fails with everything that was found.
    pub(crate) fn verdict(self) {
        let lines: Vec<String> = self
            .found
            .iter()
            .map(|(what, versions)| {
                let (first, last) = (&versions[0], &versions[versions.len() - 1]);
                format!("{what} ({} times, {first} to {last})", versions.len())
            })
            .collect();
        assert!(lines.is_empty(), "{}", lines.join("\n"));
    }

    fn note(&mut self, id: &str, version: &str, what: &str) {
        self.found.entry(format!("{id} {what}")).or_default().push(version.to_owned());
    }
}
