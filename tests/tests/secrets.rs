//! No secret stands in anything that a run leaves: every password, token and key that went
//! over the wire in a full run is looked for in all its artifacts.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use http::HeaderMap;
use serde_json::Value;

use crate::support::{Output, Sandbox, ServedCloud, Started, effect};

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

#[test]
fn no_secret_of_a_full_run_stands_in_an_artifact() {
    let seen = Seen::default();
    let cloud = ServedCloud::start();
    let notes = Arc::clone(&seen);
    let look = effect::alter(move |request, response| {
        note(&notes, request.headers(), request.body());
        // Whoever has the signature has the object, for as long as it holds.
        let query = request.uri().query().unwrap_or_default().split('&');
        let signatures = query.filter_map(|pair| pair.strip_prefix("temp_url_sig="));
        notes.lock().unwrap().extend(signatures.map(|sig| (sig.to_owned(), "temp_url_sig")));
        note(&notes, response.headers(), response.body());
    });
    cloud.on("* /", look);
    let sandbox = Sandbox::with_cloud(&cloud, "watched");
    let written = artifacts(&sandbox, 0);

    let secrets = seen.lock().unwrap().clone();
    let kinds: Vec<_> = secrets.values().copied().collect();
    for kind in ["x-auth-token", "password", "adminPass", "temp_url_sig"] {
        assert!(kinds.contains(&kind), "no {kind} was seen: nothing would be looked for");
    }
    for (what, text) in written.into_iter().chain(files(&sandbox.path().join(".squall"))) {
        for (secret, kind) in &secrets {
            let at = text.find(secret.as_str());
            let around = at.map(|at| text[at.saturating_sub(120)..at].to_owned());
            assert!(around.is_none(), "{kind} `{secret}` stands in {what}, after: {around:?}");
        }
    }
}

/// Runs everything, expects the exit code and makes every report; returns what was written
/// to the terminal.
pub(crate) fn artifacts(sandbox: &Sandbox, code: i32) -> Vec<(String, String)> {
    let mut written = Vec::new();
    let mut keep = |what: &str, output: Output| {
        written.push((format!("the output of {what}"), output.stdout));
        written.push((format!("the errors of {what}"), output.stderr));
    };
    keep("run", logged(sandbox, &["run", "--cloud", "watched", "--show-output"]).expect_code(code));
    for format in ["terminal", "json", "summary", "subunit", "junit", "html"] {
        let report = logged(sandbox, &["report", "last", "--format", format]).expect_code(0);
        assert!(report.stdout.len() > 50, "{format}");
        keep(format, report);
    }
    keep("cleanup", logged(sandbox, &["cleanup", "last"]));
    written
}

fn logged(sandbox: &Sandbox, arguments: &[&str]) -> Output {
    Started::spawn(sandbox.command(arguments).env("SQUALL_LOG", "debug")).wait()
}

/// Returns every file below a directory.
pub(crate) fn files(dir: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
                found.push((path.display().to_string(), text));
            }
        }
    }
    assert!(found.len() >= 2, "a journal and a ledger at least: {found:?}");
    found
}

fn note(seen: &Seen, headers: &HeaderMap, body: &[u8]) {
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
