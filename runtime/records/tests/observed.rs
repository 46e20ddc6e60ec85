//! Answers on their way from a call to a file, from a scripted cloud.

#![expect(clippy::unwrap_used, reason = "a failed check fails the test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use squall_client::model::service::EMBEDDED_SERVER;
use squall_client::model::{
    BodySchema, ErrorBody, ErrorForm, ErrorSchema, FormSource, HeaderSchema, Merged, Method,
    Microversion, Operation, OperationSchemas, ResponseSchema, VersionRange,
};
use squall_client::script::Script;
use squall_client::{AnswerInfo, Observer, ServiceDescription, Validation, VersionChoice, decode};
use squall_records::observed::{
    AnswerKeeper, AnswerStore, CloudUnderObservation, KeptAnswer, KeptBody, read,
};

const ID: &str = "5d1f3d1e-0b0f-4a36-9c3e-8d6f1a2b3c4d";
const PLACEHOLDER: &str = "00000000-0000-4000-8000-000000000000";

/// Keeps answers, as the observer of a run does.
struct Keeper(AnswerKeeper);

impl Observer for Keeper {
    fn answered(&self, answer: &AnswerInfo<'_>) {
        self.0.see(answer).unwrap();
    }
}

/// Shows a server; its answers have a `location`, and a 404 says why.
fn show() -> Operation {
    let schema = json!({
        "type": "object",
        "properties": {"server": {
            "type": "object",
            "properties": {
                "id": {"type": "string", "format": "uuid"},
                "name": {"type": "string"},
                "status": {"enum": ["ACTIVE", "ERROR"]},
                "adminPass": {"type": "string", "pattern": "^[a-z0-9]+$"},
                "created": {"type": "string", "format": "date-time"},
            },
            "required": ["id"],
            "additionalProperties": false,
        }},
    });
    let described = |schema| BodySchema::Described {
        media_type: "application/json".to_owned(),
        schema: Merged(schema),
    };
    let location = HeaderSchema {
        name: "location".to_owned(),
        versions: VersionRange::ALL,
        required: false,
        omitted: None,
        schema: Merged(json!({"type": "string", "format": "uri"})),
    };
    let form = ErrorForm {
        body: ErrorBody::Described {
            content: [("application/json".to_owned(), Merged(json!({"type": "object"})))].into(),
            optional: false,
        },
        headers: Vec::new(),
    };
    let response =
        ResponseSchema { headers: vec![location], ..ResponseSchema::new(200, described(schema)) };
    let error =
        ErrorSchema { status: 404, versions: VersionRange::ALL, form: FormSource::Own(form) };
    let schemas = OperationSchemas {
        request: BodySchema::None,
        responses: vec![response],
        errors: vec![error],
        ..OperationSchemas::default()
    };
    Operation::new("a.servers.show", Method::Get, "/servers/{server_id}", schemas)
}

/// Lets a worker with a process of its own call the operation once for each answer.
async fn observe(dir: &Path, answers: &[(u16, Value)], server: &'static str) {
    observe_at(None, dir, answers, server).await;
}

/// The same at a microversion, of a cloud that answers at 1.9.
async fn observe_at(
    version: Option<Microversion>,
    dir: &Path,
    answers: &[(u16, Value)],
    server: &'static str,
) {
    let cloud = CloudUnderObservation {
        embedded: false,
        packages: BTreeMap::from([("a".to_owned(), "a 2.0.0".to_owned())]),
    };
    let store = AnswerStore::create(dir).unwrap();
    let keeper = Arc::new(Keeper(AnswerKeeper::new(store, cloud)));
    let operation = Arc::new(show());
    for (status, body) in answers {
        let headers = [
            ("location", "http://10.0.0.7:8774/servers/1"),
            ("server", server),
            ("x-hidden", "not described"),
            ("openstack-api-version", "a 1.9"),
        ];
        let script = Script::new().signed_in(&[("a", "http://cloud.test")]).answer_with(
            "GET",
            "/servers/1",
            *status,
            &headers,
            body.clone(),
        );
        let session =
            script.builder().observer(keeper.clone()).validation(Validation::Report).build();
        let service = session.unwrap().service(ServiceDescription {
            name: "a".into(),
            service_type: "a".into(),
            version_path: "".into(),
            versions: VersionRange::ALL,
        });
        let call = service.call(Arc::clone(&operation), decode::json::<Value>);
        let call = match version {
            Some(version) => call.version(VersionChoice::Forced(version)),
            None => call,
        };
        let _ = call.path("server_id", 1).send().await;
    }
}

fn server(name: &str, status: &str) -> Value {
    json!({"server": {
        "id": ID, "name": name, "status": status, "adminPass": "hunter2hunter2",
        "created": "2026-11-29T22:41:03Z",
    }})
}

fn kept(dir: &Path) -> Vec<KeptAnswer> {
    let (answers, errors) = read(dir).unwrap();
    assert!(errors.is_empty(), "{errors:?}");
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// Returns the names and contents of all files.
fn files(dir: &Path) -> BTreeMap<String, String> {
    let (answers, _) = read(dir).unwrap();
    let text = |file: &Path| fs::read_to_string(file).unwrap();
    let name = |file: &Path| file.strip_prefix(dir).unwrap().display().to_string();
    answers.iter().map(|(file, _)| (name(file), text(file))).collect()
}

#[tokio::test]
async fn an_answer_is_kept_without_what_belongs_to_its_cloud() {
    let dir = tempfile::tempdir().unwrap();
    observe(dir.path(), &[(200, server("ada's server", "ACTIVE"))], "Apache").await;
    let [answer] = &kept(dir.path())[..] else { panic!("{:?}", kept(dir.path())) };
    assert_eq!((answer.operation.as_str(), answer.status), ("a.servers.show", 200));
    assert_eq!((answer.embedded, answer.package.as_deref()), (false, Some("a 2.0.0")));
    assert_eq!(
        answer.body,
        Some(KeptBody::Json(json!({"server": {
            "id": PLACEHOLDER, "name": "text", "status": "ACTIVE", "adminPass": "text",
            "created": "2026-01-01T00:00:00Z",
        }})))
    );
    let names: Vec<&str> = answer.headers.keys().map(String::as_str).collect();
    assert_eq!(names, ["content-type", "location"]);
    assert_eq!(answer.headers["location"], ["http://cloud.example/text"]);
    assert!(answer.altered.is_empty());
}

#[tokio::test]
async fn what_differs_is_kept_as_it_differs() {
    let dir = tempfile::tempdir().unwrap();
    let mut odd = server("b", "REBOOT");
    odd["server"]["owner"] = json!("ada");
    odd["server"]["created"] = json!("today");
    observe(dir.path(), &[(200, odd), (404, json!("gone")), (409, json!({}))], "Apache").await;
    let [odd, gone, conflict] = &kept(dir.path())[..] else { panic!("{:?}", kept(dir.path())) };
    let Some(KeptBody::Json(body)) = &odd.body else { panic!("{odd:?}") };
    assert_eq!(body["server"]["status"], "REBOOT", "a new word has to be seen");
    assert_eq!(body["server"]["owner"], "text", "a new key has to be seen, its value has not");
    assert_eq!(body["server"]["created"], "text");
    assert_eq!(gone.body, Some(KeptBody::Json(json!("text"))));
    assert_eq!(conflict.status, 409);
    let all: String = files(dir.path()).into_values().collect();
    for secret in ["ada", "hunter2", ID, "10.0.0.7", "today"] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
}

#[tokio::test]
async fn runs_and_workers_give_the_same_files() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let answers: Vec<(u16, Value)> = (0..6)
        .map(|n| (200, server(&format!("squall-{n}"), if n % 2 == 0 { "ACTIVE" } else { "ERROR" })))
        .chain([(404, json!({"error": "no such server 4711"}))])
        .collect();
    observe(one.path(), &answers, "Apache").await;
    let reversed: Vec<_> = answers.iter().rev().cloned().collect();
    tokio::join!(observe(two.path(), &answers, "Apache"), observe(two.path(), &reversed, "Apache"),);
    let files = files(one.path());
    assert_eq!(files.len(), 3, "one for each status of a server, and one error: {files:?}");
    assert_eq!(self::files(two.path()), files);
}

#[tokio::test]
async fn the_embedded_cloud_is_known_by_its_answers_under_any_name() {
    let dir = tempfile::tempdir().unwrap();
    observe(dir.path(), &[(200, server("a", "ACTIVE"))], EMBEDDED_SERVER).await;
    assert!(kept(dir.path())[0].embedded);
    assert!(dir.path().join("embedded/a/servers.show").is_dir());
}

#[tokio::test]
async fn a_second_new_value_of_a_list_is_kept_beside_the_first() {
    let dir = tempfile::tempdir().unwrap();
    let words = ["REBOOT", "RESCUE", "REBOOT"];
    let answers = words.map(|status| (200, server("a", status)));
    observe(dir.path(), &answers, "Apache").await;
    let kept = kept(dir.path());
    let mut found: Vec<&str> = kept
        .iter()
        .map(|answer| match &answer.body {
            Some(KeptBody::Json(body)) => body["server"]["status"].as_str().unwrap(),
            other => panic!("{other:?}"),
        })
        .collect();
    found.sort_unstable();
    assert_eq!(found, ["REBOOT", "RESCUE"]);
}

#[tokio::test]
async fn a_success_at_another_microversion_is_kept_as_a_difference() {
    let dir = tempfile::tempdir().unwrap();
    let answers = [(200, server("a", "ACTIVE"))];
    observe_at(Some(Microversion::new(1, 9)), dir.path(), &answers, "Apache").await;
    observe_at(Some(Microversion::new(1, 5)), dir.path(), &answers, "Apache").await;
    let problems: BTreeMap<_, _> = kept(dir.path())
        .into_iter()
        .map(|answer| (answer.version.unwrap(), answer.version_problem))
        .collect();
    let problem = "expected microversion 1.5, the response has 1.9";
    assert_eq!(
        problems,
        BTreeMap::from([
            (Microversion::new(1, 5), Some(problem.to_owned())),
            (Microversion::new(1, 9), None)
        ])
    );
    let file = files(dir.path()).into_keys().find(|file| file.contains("/1.5_")).unwrap();
    assert!(file.contains("_differs_"), "{file}");
}
