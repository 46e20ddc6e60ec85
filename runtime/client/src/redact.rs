//! Redaction of secrets.
//!
//! The lists are of names, so that a secret is hidden wherever it turns up: in
//! a request, in a response, in `Debug`.

use std::collections::BTreeMap;

use http::HeaderMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// What stands for a secret.
pub const HIDDEN: &str = "***";

/// The headers whose value is secret.
const HEADERS: [&str; 13] = [
    "authorization",
    "cookie",
    "openstack-auth-receipt",
    "proxy-authorization",
    "set-cookie",
    "x-account-meta-temp-url-key",
    "x-account-meta-temp-url-key-2",
    "x-auth-key",
    "x-auth-token",
    "x-container-meta-temp-url-key",
    "x-service-token",
    "x-storage-token",
    "x-subject-token",
];

/// The keys whose value is secret, in lower case without `_`, `-` and `.`.
const KEYS: [&str; 19] = [
    "accesskey",
    "adminpass",
    "adminpassword",
    "authkey",
    "authpassword",
    "blob",
    "chappassword",
    "clientsecret",
    "encryptionkey",
    "newpass",
    "oauthtokensecret",
    "originalpassword",
    "passcode",
    "password",
    "privatekey",
    "rescuepass",
    "secret",
    "secretkey",
    "userdata",
];

/// The parameters of a URL whose value is secret.
const PARAMETERS: [&str; 4] = ["signature", "temp_url_sig", "token", "x-amz-signature"];

/// How long the longest of the keys is.
const LONGEST: usize = 16;

/// Whether the value under a key is secret.
pub fn is_secret(key: &str) -> bool {
    let mut plain = [0; LONGEST];
    let mut length = 0;
    for byte in key.bytes().filter(|byte| !matches!(byte, b'_' | b'-' | b'.')) {
        if length == LONGEST {
            return false;
        }
        plain[length] = byte.to_ascii_lowercase();
        length += 1;
    }
    KEYS.iter().any(|known| known.as_bytes() == &plain[..length])
}

/// Hides the secrets in a JSON value.
///
/// Besides the keys that are secret wherever they stand, that is the `id` of a
/// `token` in a request for another token.
pub fn json(value: &Value) -> Value {
    serde_json::to_value(Redacted(value)).unwrap_or_else(|_| hidden())
}

/// A JSON value that is written without its secrets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Redacted<'a>(pub(crate) &'a Value);

impl Serialize for Redacted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(map) => serializer.collect_map(map.iter().map(|(k, v)| (k, of(k, v)))),
            Value::Array(list) => serializer.collect_seq(list.iter().map(Redacted)),
            other => other.serialize(serializer),
        }
    }
}

/// What stands under a key, as it is written.
enum Part<'a> {
    Hidden,
    /// A token, whose id is hidden.
    Token(&'a Map<String, Value>),
    Other(Redacted<'a>),
}

fn of<'a>(key: &str, value: &'a Value) -> Part<'a> {
    match value {
        // A schema or an object called like a secret is looked into.
        Value::String(_) | Value::Number(_) if is_secret(key) => Part::Hidden,
        Value::Object(token) if key == "token" && token.contains_key("id") => Part::Token(token),
        Value::String(_) if key == "token" => Part::Hidden,
        other => Part::Other(Redacted(other)),
    }
}

impl Serialize for Part<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Hidden => serializer.serialize_str(HIDDEN),
            Self::Token(token) => serializer.collect_map(token.iter().map(|(key, value)| {
                (key, if key == "id" { Part::Hidden } else { of(key, value) })
            })),
            Self::Other(other) => other.serialize(serializer),
        }
    }
}

fn hidden() -> Value {
    Value::from(HIDDEN)
}

/// Marks the secret ones of headers, so that `Debug` does not show them.
pub(crate) fn mark(headers: &mut HeaderMap) {
    for (name, value) in headers.iter_mut() {
        if HEADERS.contains(&name.as_str()) {
            value.set_sensitive(true);
        }
    }
}

/// Returns headers as text, with the secret ones hidden.
pub fn headers(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut out = BTreeMap::<String, String>::new();
    for (name, value) in headers {
        let text = if HEADERS.contains(&name.as_str()) {
            HIDDEN.to_owned()
        } else {
            String::from_utf8_lossy(value.as_bytes()).into_owned()
        };
        out.entry(name.to_string())
            .and_modify(|held| {
                held.push_str(", ");
                held.push_str(&text);
            })
            .or_insert(text);
    }
    out
}

/// Hides a password and secret parameters in a URL.
pub fn url(text: &str) -> String {
    let (head, query) = text.split_once('?').map_or((text, None), |(h, q)| (h, Some(q)));
    let mut out =
        match head.split_once("://").and_then(|(s, rest)| Some((s, rest.split_once('@')?))) {
            Some((scheme, (user, host))) if !user.contains('/') => {
                format!("{scheme}://{HIDDEN}@{host}")
            }
            _ => head.to_owned(),
        };
    if let Some(query) = query {
        out.push('?');
        let pairs: Vec<String> = query
            .split('&')
            .map(|pair| match pair.split_once('=') {
                Some((name, _)) if PARAMETERS.contains(&name.to_ascii_lowercase().as_str()) => {
                    format!("{name}={HIDDEN}")
                }
                _ => pair.to_owned(),
            })
            .collect();
        out.push_str(&pairs.join("&"));
    }
    out
}

/// Hides what stands in double quotes: the values that serde's errors cite.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut inside, mut escaped) = (false, false);
    for c in text.chars() {
        match c {
            '"' if !escaped => {
                if inside {
                    out.push_str(HIDDEN);
                }
                out.push('"');
                inside = !inside;
            }
            c if !inside => out.push(c),
            _ => {}
        }
        escaped = inside && c == '\\' && !escaped;
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_hidden_however_their_key_is_spelled() {
        for key in ["adminPass", "password", "original_password", "private_key", "secret"] {
            assert_eq!(json(&json!({ key: "hunter2" })), json!({ key: HIDDEN }), "{key}");
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        let body = json!({"key_name": "k", "tokens": 3, "server": {"id": "42"},
            "password": {"user": {"name": "n"}}, "passwords_expire": null});
        assert_eq!(json(&body), body);
    }

    #[test]
    fn a_token_in_a_request_for_a_token_is_hidden() {
        let body = json!({"auth": {"identity": {"methods": ["token"], "token": {"id": "gAAA"}}}});
        assert!(!json(&body).to_string().contains("gAAA"));
    }

    #[test]
    fn urls_lose_passwords_and_signatures_only() {
        assert_eq!(
            url("https://u:p@host/v1/a?limit=1&temp_url_sig=abc&marker=x"),
            "https://***@host/v1/a?limit=1&temp_url_sig=***&marker=x"
        );
        assert_eq!(url("http://host/mail/a@b"), "http://host/mail/a@b");
    }

    #[test]
    fn quoted_values_are_hidden() {
        assert_eq!(
            quoted("invalid type: string \"hunter2\", expected u32"),
            "invalid type: string \"***\", expected u32"
        );
        assert_eq!(quoted(r#"found "a\"b" here"#), r#"found "***" here"#);
    }
}
