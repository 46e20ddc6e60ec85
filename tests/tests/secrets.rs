//! No secret stands in anything that a run leaves: every password, token and key that went
//! over the wire in a full run is looked for in all its artifacts.
#![expect(clippy::unwrap_used, reason = "what is shared by tests fails as they do")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::Value;
use squall_cloud::{Cloud, Options};

/// The headers whose values are secret.
const HEADERS: [&str; 6] = [
    "x-auth-token",
    "x-subject-token",
    "x-account-meta-temp-url-key",
    "x-account-meta-temp-url-key-2",
    "x-container-meta-temp-url-key",
    "x-container-meta-temp-url-key-2",
];

/// The keys of JSON bodies whose values are secret, wherever they stand.
const KEYS: [&str; 6] =
    ["password", "original_password", "adminPass", "secret", "private_key", "auth_key"];

/// Shorter ones are words that may stand anywhere.
const SHORTEST: usize = 12;

/// What went over the wire and is secret, each with where it was seen.
type Seen = Arc<Mutex<BTreeMap<String, &'static str>>>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_of_a_full_run_stands_in_an_artifact() {
    let seen = Seen::default();
    let cloud = Cloud::new(Options::default());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(answer).with_state((cloud.clone(), Arc::clone(&seen)));
    tokio::spawn(async move { axum::serve(listener, router).await });

    let dir = tempfile::tempdir().unwrap();
    let clouds = cloud.admin().clouds_yaml("watched", address);
    fs::write(dir.path().join("clouds.yaml"), clouds).unwrap();
    let home = dir.path().to_owned();
    let told = tokio::task::spawn_blocking(move || artifacts(&home)).await.unwrap();

    let secrets = seen.lock().unwrap().clone();
    let kinds: Vec<_> = secrets.values().copied().collect();
    for kind in ["x-auth-token", "password", "adminPass", "temp_url_sig"] {
        assert!(kinds.contains(&kind), "no {kind} was seen: nothing would be looked for");
    }
    for (what, bytes) in told.into_iter().chain(files(&dir.path().join(".squall"))) {
        let text = String::from_utf8_lossy(&bytes);
        for (secret, kind) in &secrets {
            let at = text.find(secret.as_str());
            let around = at.map(|at| text[at.saturating_sub(120)..at].to_owned());
            assert!(around.is_none(), "{kind} `{secret}` stands in {what}, after: {around:?}");
        }
    }
}

/// Runs everything and makes every report; gives what was written to the terminal.
fn artifacts(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut told = Vec::new();
    let mut tell = |what: &str, output: Output| {
        told.push((format!("the output of {what}"), output.stdout));
        told.push((format!("the errors of {what}"), output.stderr));
    };
    let run = squall(dir, &["run", "--cloud", "watched", "--show-output"]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stdout));
    tell("run", run);
    for format in ["terminal", "json", "summary", "subunit", "junit", "html"] {
        let report = squall(dir, &["report", "last", "--format", format]);
        assert_eq!(report.status.code(), Some(0), "{format}");
        assert!(report.stdout.len() > 50, "{format}");
        tell(format, report);
    }
    tell("cleanup", squall(dir, &["cleanup", "last"]));
    told
}

fn squall(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_squall"))
        .args(arguments)
        .current_dir(dir)
        .env_remove("SQUALL_CLOUD")
        .env("SQUALL_LOG", "debug")
        .output()
        .unwrap()
}

/// Gives every file below a directory.
fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push((path.display().to_string(), fs::read(&path).unwrap()));
            }
        }
    }
    assert!(found.len() >= 2, "a journal and a ledger at least: {found:?}");
    found
}

/// Answers as the cloud does, and notes what is secret on the way.
async fn answer(State((cloud, seen)): State<(Cloud, Seen)>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    note(&seen, &parts.headers, &body);
    // Whoever has the signature has the object, for as long as it holds.
    let query = parts.uri.query().unwrap_or_default().split('&');
    let signatures = query.filter_map(|pair| pair.strip_prefix("temp_url_sig="));
    seen.lock().unwrap().extend(signatures.map(|sig| (sig.to_owned(), "temp_url_sig")));
    let response = cloud.answer(Request::from_parts(parts, body));
    note(&seen, response.headers(), response.body());
    response.map(Body::from)
}

fn note(seen: &Seen, headers: &axum::http::HeaderMap, body: &[u8]) {
    let mut seen = seen.lock().unwrap();
    let mut add = |secret: &str, kind: &'static str| {
        if secret.len() >= SHORTEST {
            seen.insert(secret.to_owned(), kind);
        }
    };
    for name in HEADERS {
        headers.get_all(name).iter().filter_map(|v| v.to_str().ok()).for_each(|v| add(v, name));
    }
    if let Ok(body) = serde_json::from_slice::<Value>(body) {
        inside(&body, &mut add);
    }
}

fn inside(value: &Value, add: &mut impl FnMut(&str, &'static str)) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match (KEYS.iter().find(|known| *known == key), value) {
                    (Some(kind), Value::String(secret)) => add(secret, kind),
                    _ => inside(value, add),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| inside(item, add)),
        _ => {}
    }
}
