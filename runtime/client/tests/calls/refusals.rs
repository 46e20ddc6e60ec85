//! How refusals and headers are held against the spec.

use std::sync::Arc;

use serde_json::{Value, json};
use squall_client::exchange::{Checked, Exchange};
use squall_client::model::blob::{SchemaBlob, SchemaSource};
use squall_client::model::{
    BodySchema, ErrorBody, ErrorForm, ErrorSchema, FormSource, HeaderSchema, Merged, Method,
    Microversion, Operation, OperationSchemas, Origins, Provenance, ResponseSchema, SharedSchemas,
    VersionRange,
};
use squall_client::script::Script;
use squall_client::{Error, ErrorKind, ServiceClient, Validation, decode};

use crate::world::{SERVER, World, world};

fn header(name: &str, required: bool, schema: Value) -> HeaderSchema {
    HeaderSchema {
        name: name.to_owned(),
        versions: VersionRange::ALL,
        required,
        omitted: None,
        schema: Merged(schema),
    }
}

/// What the service's operations share: an error as JSON, whose `title` came with 2.90, and a
/// request id in every response.
fn shared() -> SharedSchemas {
    let schema = json!({
        "type": "object",
        "required": ["message"],
        "properties": {
            "message": {"type": "string"},
            "title": {"type": "string", "x-openstack": {"min-ver": "2.90"}},
        },
        "additionalProperties": false,
    });
    let content = [("application/json".to_owned(), Merged(schema))].into();
    let error = ErrorForm {
        body: ErrorBody::Described { content, optional: false },
        headers: vec![header("retry-after", true, json!({"type": "integer"}))],
    };
    SharedSchemas {
        forms: [("Error".to_owned(), error)].into(),
        request_headers: Vec::new(),
        response_headers: vec![header("x-id", true, json!({"type": "string", "pattern": "^req-"}))],
    }
}

/// Shows a server: 404 and, until 2.80, 409 in the service's form, 410 without a body, 413 as a
/// page that may be missing, and a success with a number of bytes.
fn show(method: Method) -> Operation {
    let form = |form: &str| FormSource::Shared(form.to_owned());
    let own = |body| FormSource::Own(ErrorForm { body, headers: Vec::new() });
    let page = [("text/html".to_owned(), Merged(json!({"type": "string", "pattern": "^<html>"})))];
    let page = ErrorBody::Described { content: page.into(), optional: true };
    let error = |status, versions, form| ErrorSchema { status, versions, form };
    let ok = ResponseSchema {
        headers: vec![header("x-bytes", true, json!({"type": "integer"}))],
        ..ResponseSchema::new(200, BodySchema::None)
    };
    let schemas = OperationSchemas {
        request: BodySchema::None,
        responses: vec![ok],
        errors: vec![
            error(404, VersionRange::ALL, form("Error")),
            error(409, VersionRange::new(None, Some(Microversion::new(2, 80))), form("Error")),
            error(410, VersionRange::ALL, own(ErrorBody::None)),
            error(413, VersionRange::ALL, own(page)),
            error(415, VersionRange::ALL, own(ErrorBody::Unknown)),
        ],
        origins: Origins { errors: Provenance::InTree, ..Origins::default() },
        ..OperationSchemas::default()
    };
    let (first, second) =
        (serde_json::to_vec(&shared()).unwrap(), serde_json::to_vec(&schemas).unwrap());
    let (start, len) = (first.len(), second.len());
    let blob = SchemaBlob { bytes: [first, second].concat().leak(), shared: start };
    let mut operation =
        Operation::new("compute.servers.show", method, "/servers/{server_id}", schemas);
    operation.schemas = SchemaSource::Blob { blob, start, len };
    operation
}

struct Answer<'a> {
    status: u16,
    headers: &'a [(&'static str, &'static str)],
    body: &'a str,
}

/// The headers of an error that is as it should be.
const RIGHT: &[(&str, &str)] = &[
    ("openstack-api-version", "compute 2.96"),
    ("x-id", "req-1"),
    ("retry-after", "5"),
    ("content-type", "application/json"),
];
const GONE: &str = r#"{"message": "gone"}"#;

fn answered(method: Method, answer: &Answer<'_>) -> (World, squall_client::Call<()>) {
    let method_name = if method == Method::Head { "HEAD" } else { "GET" };
    let script = Script::new().answer_bytes(
        method_name,
        SERVER,
        answer.status,
        answer.headers,
        answer.body.to_owned(),
    );
    let world = world(script);
    let call = world.compute().call(Arc::new(show(method)), decode::nothing).path("server_id", 42);
    (world, call)
}

/// Returns the findings about an answer, at 2.96, and its exchange.
async fn found(answer: Answer<'_>) -> (Vec<String>, Exchange) {
    let (world, call) = answered(Method::Get, &answer);
    let error = call.send().await.err();
    let findings = error.as_ref().map(Error::violations).unwrap_or_default();
    let found = findings.iter().map(|f| format!("{} {}", f.code, f.message)).collect();
    (found, world.last())
}

async fn refused(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Vec<String> {
    found(Answer { status, headers, body }).await.0
}

#[tokio::test]
async fn a_refusal_as_the_spec_describes_it_is_validated() {
    let (findings, exchange) = found(Answer { status: 404, headers: RIGHT, body: GONE }).await;
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!((exchange.checked, exchange.validated), (Checked::Matches, true));
    let (_, call) = answered(Method::Get, &Answer { status: 404, headers: RIGHT, body: GONE });
    assert!(call.send().await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn an_undeclared_status_is_a_violation() {
    let not_declared = ["status-not-declared the spec declares no status 403 at 2.96, only 404, \
                         410, 413, 415"];
    assert_eq!(refused(403, RIGHT, GONE).await, not_declared);
    let late = refused(409, RIGHT, GONE).await;
    assert!(late[0].contains("no status 409 at 2.96"), "{late:?}");
    // What a service that fails answers is no promise of the spec.
    assert!(refused(500, RIGHT, GONE).await.is_empty());
}

#[tokio::test]
async fn an_operation_whose_errors_are_not_known_may_answer_others() {
    for is_known in [true, false] {
        let world = world(Script::new().answer("GET", SERVER, 403, json!({"other": 1})));
        let mut operation = show(Method::Get);
        if !is_known {
            let mut schemas = OperationSchemas::clone(&operation.schemas.read().unwrap());
            schemas.origins = Origins::default();
            operation.schemas = SchemaSource::Inline(Arc::new(schemas));
        }
        let call = world.compute().call(Arc::new(operation), decode::nothing).path("server_id", 42);
        let error = call.send().await.unwrap_err();
        assert_eq!(error.violations().len(), usize::from(is_known), "{error}");
        let checked = if is_known { Checked::Violates } else { Checked::Unknown };
        assert_eq!(world.last().checked, checked);
    }
}

#[tokio::test]
async fn the_body_of_a_refusal_has_the_form_of_its_status_and_version() {
    let wrong = refused(404, RIGHT, r#"{"fault": "gone"}"#).await;
    assert!(wrong.iter().all(|line| line.starts_with("error-does-not-match ")), "{wrong:?}");
    assert_eq!(wrong.len(), 2, "{wrong:?}");
    assert!(refused(404, RIGHT, r#"{"message": "gone", "title": "Gone"}"#).await.is_empty());
    let (_, call) = answered(
        Method::Get,
        &Answer {
            status: 404,
            headers: &[
                ("openstack-api-version", "compute 2.89"),
                ("x-id", "req-1"),
                ("retry-after", "1"),
            ],
            body: r#"{"message": "gone", "title": "Gone"}"#,
        },
    );
    let error = call.at(Microversion::new(2, 89)).send().await.unwrap_err();
    assert_eq!(error.violations().len(), 1, "{error}");
}

#[tokio::test]
async fn a_page_in_place_of_json_is_a_violation_unless_it_is_declared() {
    let mut headers = RIGHT.to_vec();
    headers[3].1 = "text/html; charset=utf-8";
    let page = refused(404, &headers, "<html>gone</html>").await;
    assert_eq!(page.len(), 1);
    assert!(
        page[0].starts_with("error-does-not-match expected an error as application/json, found ")
    );
    assert_eq!(
        refused(404, RIGHT, "").await,
        ["error-does-not-match expected an error as application/json, found no body"]
    );
    assert!(refused(413, &headers, "<html>much</html>").await.is_empty());
    assert!(refused(413, &headers, "").await.is_empty());
    assert_eq!(refused(413, &headers, "<body>much</body>").await.len(), 1);
    assert_eq!(
        refused(410, RIGHT, GONE).await,
        ["error-does-not-match expected an error without a body, found one"]
    );
    assert!(refused(410, RIGHT, "").await.is_empty());
}

#[tokio::test]
async fn a_refusal_of_head_has_no_body() {
    let (_, call) = answered(Method::Head, &Answer { status: 404, headers: RIGHT, body: "" });
    assert!(call.send().await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn missing_and_wrong_headers_are_violations() {
    let (version, id, retry) = (RIGHT[0], RIGHT[1], RIGHT[2]);
    assert_eq!(
        refused(404, &[version, retry], GONE).await,
        ["header-missing the response lacks the header `x-id`"]
    );
    assert_eq!(
        refused(404, &[version, id], GONE).await,
        ["header-missing the response lacks the header `retry-after`"]
    );
    let wrong = refused(404, &[version, ("x-id", "42"), ("retry-after", "soon")], GONE).await;
    assert_eq!(
        wrong,
        [
            "header-does-not-match the header `retry-after` is \"soon\", expected a number in \
             decimal digits",
            "header-does-not-match the header `x-id` does not match: \"42\" does not match \
             \"^req-\"",
        ]
    );
    // Of a success as well, and of a status whose body is not described.
    assert_eq!(
        refused(200, &[version, id], "").await,
        ["header-missing the response lacks the header `x-bytes`"]
    );
    assert!(refused(200, &[version, id, ("x-bytes", "7")], "").await.is_empty());
    assert_eq!(refused(415, &[version], "?").await.len(), 1);
}

#[tokio::test]
async fn an_expected_refusal_fails_where_it_violates_the_spec() {
    let answer = Answer { status: 404, headers: &RIGHT[..3], body: r#"{"fault": 1}"# };
    let (_, call) = answered(Method::Get, &answer);
    let error = call.expect_error(404).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::WrongRefusal(_)), "{error}");
    assert!(!error.is_not_found());
    assert_eq!(error.refused().unwrap().status, 404);
    let text = error.to_string();
    assert!(
        text.contains("the service refused with 404 as expected, but the answer has 2 violations"),
        "{text}"
    );
    assert!(text.contains("\n  /: "), "{text}");
    let answer = Answer { status: 404, headers: RIGHT, body: GONE };
    answered(Method::Get, &answer).1.expect_error(404).await.unwrap();
    let error = answered(Method::Get, &answer).1.expect_error(410).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::UnexpectedStatus { expected: 410, .. }), "{error}");
}

#[tokio::test]
async fn a_refusal_that_is_only_reported_is_the_expected_one() {
    let answer = Answer { status: 404, headers: &RIGHT[..1], body: GONE };
    let (world, _) = answered(Method::Get, &answer);
    let session = world.session.clone().with_validation(Validation::Report);
    let compute = ServiceClient::new(session, world.compute().service().clone());
    let call = compute.call(Arc::new(show(Method::Get)), decode::nothing).path("server_id", 42);
    call.clone().expect_error(404).await.unwrap();
    assert!(call.send().await.unwrap_err().is_not_found());
    let exchange = world.last();
    assert_eq!((exchange.checked, exchange.violations.len()), (Checked::Violates, 2));
}
