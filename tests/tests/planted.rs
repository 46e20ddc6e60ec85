//! No artifact of a run that fails in every service holds a planted secret: some 400, made
//! from the shapes that OpenStack's services give to secrets and the places they put them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use serde_json::{Map, Value, json};

use crate::secrets::{artifacts, files};
use crate::support::{Rule, Sandbox, ServedCloud, effect};

/// How many secrets one answer holds: what is kept of a body is bounded.
const AT_ONCE: usize = 40;

/// A secret, and how an answer holds it.
struct Plant {
    /// The part of the secret that is searched for; it is in no other text.
    mark: String,
    /// What holds it, for the message of a failure.
    shape: String,
    place: Place,
}

enum Place {
    /// Somewhere in the body.
    Body(Value),
    /// A header.
    Header(String, String),
    /// A body of text.
    Text(String),
}

/// Keys of JSON objects, as services and drivers spell them.
const KEYS: &[&str] = &[
    "password",
    "adminPass",
    "admin_password",
    "original_password",
    "auth_password",
    "discovery_auth_password",
    "db_password",
    "os_password",
    "root_password",
    "ipmi_password",
    "redfish_password",
    "snmp_auth_protocol_password",
    "rescue_pass",
    "user_data",
    "OS-EXT-SRV-ATTR:user_data",
    "private_key",
    "ca_private_key",
    "client-key-data",
    "secret",
    "chap_secret",
    "client_secret",
    "oauth_token_secret",
    "agent_secret_token",
    "secret_uuid",
    "secret_key",
    "secret_access_key",
    "access_key",
    "access",
    "keyring",
    "rbd_keyring",
    "encryption_key",
    "key",
    "psk",
    "pre_shared_key",
    "passphrase",
    "passcode",
    "payload",
    "blob",
    "contents",
    "configdrive",
    "kubeconfig",
    "api_key",
    "auth_key",
    "x-auth-token",
    "authorization",
    "token",
    "access_token",
    "refresh_token",
    "id_token",
    "signature",
    "temp_url_key",
    "sync_key",
    "tsig_key",
    "rndc_key",
    "password_hash",
    "oauth_verifier",
];

/// Headers of requests and responses.
const HEADERS: &[&str] = &[
    "x-auth-key",
    "x-subject-token",
    "x-service-token",
    "x-storage-token",
    "x-amz-security-token",
    "x-api-key",
    "x-account-meta-temp-url-key",
    "x-account-meta-temp-url-key-2",
    "x-container-meta-temp-url-key",
    "x-container-meta-temp-url-key-2",
    "x-container-sync-key",
    "x-container-meta-backup-key",
    "openstack-auth-receipt",
    "set-cookie",
    "proxy-authorization",
    "www-authenticate",
];

/// Parameters of URLs.
const PARAMETERS: &[&str] = &[
    "token",
    "temp_url_sig",
    "Signature",
    "X-Amz-Signature",
    "X-Amz-Security-Token",
    "X-Amz-Credential",
    "password",
    "access_token",
    "AWSAccessKeyId",
    "oauth_signature",
    "sig",
];

/// Texts with a secret at `%`, as logs and messages have them.
const TEXTS: &[&str] = &[
    "login failed: password=%",
    "bad password % for user nova",
    "'adminPass': '%'",
    "u'auth_password': u'%', 'x': 1",
    "{\"private_key\": \"%\"}",
    "{\\\"chap_secret\\\": \\\"%\\\"}",
    "X-Auth-Token: %",
    "X-Subject-Token: %\nX-Other: 1",
    "Authorization: Bearer %",
    "Cookie: session=%; a=b",
    "OS_PASSWORD=%",
    "openstack --os-password % server list",
    "the token % is not valid",
    "amqp://nova:%@10.0.0.1:5672//",
    "mysql+pymysql://nova:%@db/nova?charset=utf8",
    "swift+https://glance:%@10.0.0.1/images/1",
    "http://10.0.0.1:6083/?token=%",
    "http://10.0.0.1/vnc_auto.html?path=%3Ftoken%3D%",
    "<adminPass>%</adminPass>",
    "[client.cinder]\n\tsecret = %",
];

/// Makes a secret with its mark inside, in the form that a place calls for.
fn secret(number: usize, form: usize) -> (String, String) {
    let mark = format!("PLANTED{number:04}");
    let tail = format!("{:016x}", (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let secret = match form % 6 {
        0 => format!("aA1-{mark}{tail}"),
        1 => format!("gAAAAABn{tail}{tail}{tail}{mark}{tail}=="),
        2 => format!("{tail}{mark}"),
        3 => format!("AQB{mark}{tail}=="),
        4 => format!("eyJhbGciOiJSUzI1NiJ9.eyJ{mark}.{tail}"),
        _ => format!("{mark}/{tail}+0"),
    };
    (mark, secret)
}

fn plants() -> Vec<Plant> {
    let mut all: Vec<Plant> = Vec::new();
    let mut add = |shape: String, make: &dyn Fn(&str) -> Place| {
        let number = all.len();
        let (mark, secret) = secret(number, number);
        all.push(Plant { mark, shape, place: make(&secret) });
    };
    for key in KEYS {
        let at = |shape: &str| format!("{key} {shape}");
        add(at("in the body"), &|secret| Place::Body(json!({ *key: secret })));
        add(at("in a list of objects"), &|secret| {
            Place::Body(json!({ "data": [{ "inner": { *key: secret } }] }))
        });
        add(at("as a list"), &|secret| Place::Body(json!({ *key: [secret] })));
        add(at("of a pair"), &|secret| {
            Place::Body(json!({ "env": [{ "name": key, "value": secret }] }))
        });
        // The same value again, where no name says what it is.
        add(at("and its echo"), &|secret| {
            Place::Body(json!({ *key: secret, "message": format!("you sent {secret}, sorry") }))
        });
    }
    for name in HEADERS {
        add(format!("header {name}"), &|secret| {
            Place::Header((*name).to_owned(), secret.to_owned())
        });
    }
    for name in PARAMETERS {
        let link = |secret: &str| format!("https://10.0.0.1/v1/a?limit=1&{name}={secret}&x=1");
        add(format!("{name} in Location"), &|secret| {
            Place::Header("location".to_owned(), link(secret))
        });
        add(format!("{name} in a link"), &|secret| {
            Place::Body(json!({ "links": [{ "rel": "self", "href": link(secret) }] }))
        });
    }
    for text in TEXTS {
        let filled = |secret: &str| {
            let at = text.rfind('%').unwrap_or_default();
            format!("{}{secret}{}", &text[..at], &text[at + 1..])
        };
        add(format!("message `{text}`"), &|secret| {
            Place::Body(json!({ "error": { "code": 500, "message": filled(secret) } }))
        });
        add(format!("text `{text}`"), &|secret| Place::Text(filled(secret)));
    }
    for kind in ["", "RSA ", "EC ", "OPENSSH "] {
        add(format!("{kind}PRIVATE KEY"), &|secret| {
            let key = format!(
                "-----BEGIN {kind}PRIVATE KEY-----\n{secret}\n-----END {kind}PRIVATE KEY-----\n"
            );
            Place::Body(json!({ "pem": key }))
        });
    }
    for holder in ["token", "trust", "OS-TRUST:trust"] {
        add(format!("id of {holder}"), &|secret| {
            Place::Body(json!({ "auth": { holder: { "id": secret } } }))
        });
    }
    all
}

/// The answers that hold all plants between them.
fn answers(plants: &[Plant]) -> Vec<Response<Bytes>> {
    let mut answers = Vec::new();
    for some in plants.chunks(AT_ONCE) {
        let mut body = Map::new();
        let mut headers = Vec::new();
        for (index, plant) in some.iter().enumerate() {
            match &plant.place {
                Place::Body(value) => drop(body.insert(format!("item{index}"), value.clone())),
                Place::Header(name, value) => headers.push((name, value)),
                Place::Text(text) => answers.push(answer("text/plain", text.clone(), &[])),
            }
        }
        let fault = json!({ "code": 500, "message": "forced" });
        body.insert("computeFault".to_owned(), fault);
        answers.push(answer("application/json", Value::Object(body).to_string(), &headers));
    }
    answers
}

fn answer(media_type: &str, body: String, headers: &[(&String, &String)]) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response.headers_mut().insert("content-type", HeaderValue::from_str(media_type).unwrap());
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        response.headers_mut().append(name, HeaderValue::from_str(value).unwrap());
    }
    response
}

/// Whether a request may fail without keeping the run from starting or cleaning up.
fn may_fail(request: &Request<Bytes>) -> bool {
    let path = request.uri().path();
    let is_entrance = ["/auth/tokens", "/roles", "/users", "/projects", "/domains"];
    request.method() != Method::DELETE
        && path.matches('/').count() > 2
        && !is_entrance.iter().any(|part| path.contains(part))
}

/// What a service was asked and answered so far.
#[derive(Default)]
struct Asked {
    /// Requests that may fail.
    requests: usize,
    /// Planted answers.
    sent: usize,
}

#[test]
fn no_planted_secret_stands_in_an_artifact_of_a_run_that_fails_everywhere() {
    let plants = plants();
    assert!(plants.len() >= 300, "{}", plants.len());
    let answers = answers(&plants);
    let whole = answers.len();
    let services: Arc<Mutex<BTreeMap<String, Asked>>> = Arc::default();
    let service = |request: &Request<Bytes>| {
        match request.uri().path().split('/').nth(1).unwrap_or_default() {
            // Object storage is at the root.
            "" | "v1" | "info" => "object-store".to_owned(),
            service => service.to_owned(),
        }
    };
    // Each service fails a third of the time until it has sent every plant: tests come far
    // enough to use them all, and what was made is cleaned up.
    let due = {
        let services = Arc::clone(&services);
        move |request: &Request<Bytes>| {
            let mut services = services.lock().unwrap();
            let asked = services.entry(service(request)).or_default();
            asked.requests += usize::from(may_fail(request));
            may_fail(request) && asked.requests.is_multiple_of(3) && asked.sent < whole
        }
    };
    let planted = {
        let services = Arc::clone(&services);
        effect::alter(move |request, response| {
            let mut services = services.lock().unwrap();
            let asked = services.entry(service(request)).or_default();
            *response = answers[asked.sent % whole].clone();
            asked.sent += 1;
        })
    };
    let cloud = ServedCloud::start();
    cloud.add(Rule::when(due, planted));
    let sandbox = Sandbox::with_cloud(&cloud, "watched");
    let written = artifacts(&sandbox, 1);

    let services = services.lock().unwrap();
    let sent: Vec<(&String, usize)> = services.iter().map(|(name, a)| (name, a.sent)).collect();
    assert!(sent.len() >= 7 && sent.iter().all(|(_, sent)| *sent > 0), "{sent:?}");
    assert!(sent.iter().any(|(_, sent)| *sent >= whole), "no service sent all {whole}: {sent:?}");
    let mut found = Vec::new();
    for (what, text) in written.into_iter().chain(files(&sandbox.path().join(".squall"))) {
        for plant in &plants {
            if let Some(at) = text.find(&plant.mark) {
                let from = (0..=at.saturating_sub(80)).rev().find(|i| text.is_char_boundary(*i));
                let around = text[from.unwrap_or(0)..at].to_owned();
                found.push(format!("{} is in {what}, after {around:?}", plant.shape));
            }
        }
    }
    assert!(found.is_empty(), "{} times:\n{}", found.len(), found.join("\n"));
}
