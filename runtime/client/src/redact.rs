//! Redaction of secrets.
//!
//! A secret is found in three ways: by the name it stands under ([`is_secret`]), by
//! its place ([`json`] knows tokens and trusts in requests, lists and pairs), and by
//! its value: what was found once, and what a session authenticates with, is hidden
//! wherever it appears ([`learn`], [`mask`]).
//!
//! Request and response are redacted when they become evidence. The mask runs again
//! over each line that leaves the process.

mod known;
mod names;
mod scan;

use std::borrow::Cow;
use std::collections::BTreeMap;

use http::HeaderMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use names::Secrecy;

pub(crate) use known::learn_if_random;
pub use known::{learn, mask, mask_json, on_learned};

/// What stands for a secret.
pub const HIDDEN: &str = "***";

/// Whether the value under a name is secret: a JSON key, a header, a parameter.
///
/// ```
/// use squall_client::redact::is_secret;
/// assert!(is_secret("adminPass") && is_secret("OS-EXT-SRV-ATTR:user_data"));
/// assert!(!is_secret("key_name") && !is_secret("password_expires_at"));
/// ```
pub fn is_secret(name: &str) -> bool {
    names::secrecy(name).is_some()
}

/// Returns a JSON value without its secrets.
pub fn json(value: &Value) -> Value {
    serde_json::to_value(Redacted(value)).unwrap_or_else(|_| hidden())
}

/// Returns a text without secrets: those that the text itself shows to be some, and
/// those that are known.
///
/// ```
/// use squall_client::redact::text;
/// assert_eq!(text("amqp://nova:hunter2@host/?limit=1"), "amqp://***@host/?limit=1");
/// ```
pub fn text(text: &str) -> Cow<'_, str> {
    let found = scan::secrets(text);
    for range in &found {
        // A header's proof stands behind its scheme.
        text[range.clone()].split_whitespace().for_each(learn_if_random);
    }
    match known::replace(text, &found) {
        Cow::Borrowed(text) => mask(text),
        Cow::Owned(text) => match mask(&text) {
            Cow::Borrowed(_) => Cow::Owned(text),
            Cow::Owned(text) => Cow::Owned(text),
        },
    }
}

/// Returns a URL without its user, password and secret parameters.
pub fn url(url: &str) -> String {
    text(url).into_owned()
}

/// A JSON value that is serialized without its secrets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Redacted<'a>(pub(crate) &'a Value);

impl Serialize for Redacted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(map) => {
                let pair = is_secret_pair(map);
                serializer.collect_map(map.iter().map(|(key, value)| {
                    let hidden = pair && matches!(key.as_str(), "value" | "output_value");
                    (key, if hidden { hide(value, Secrecy::Content) } else { of(key, value) })
                }))
            }
            Value::Array(list) => serializer.collect_seq(list.iter().map(Redacted)),
            Value::String(string) => {
                serializer.serialize_str(&known::replace(string, &scan::secrets(string)))
            }
            other => other.serialize(serializer),
        }
    }
}

/// What stands under a key, as it is serialized.
enum Part<'a> {
    Hidden,
    /// A list whose texts and numbers are hidden.
    List(&'a [Value], Secrecy),
    /// An object whose id is a secret.
    Holder(&'a Map<String, Value>),
    Other(Redacted<'a>),
}

fn of<'a>(key: &str, value: &'a Value) -> Part<'a> {
    match value {
        Value::String(_) | Value::Number(_) | Value::Array(_) => match names::secrecy(key) {
            // `tokens: 3` is a number of them.
            Some(_) if value.is_number() && key.ends_with('s') => Part::Other(Redacted(value)),
            Some(secrecy) => hide(value, secrecy),
            None => Part::Other(Redacted(value)),
        },
        // A schema or an object named like a secret is looked into.
        Value::Object(holder) if is_holder(key) && holder.contains_key("id") => {
            Part::Holder(holder)
        }
        other => Part::Other(Redacted(other)),
    }
}

/// Hides a value, and remembers it where it may appear elsewhere.
fn hide(value: &Value, secrecy: Secrecy) -> Part<'_> {
    match value {
        Value::String(text) => {
            match secrecy {
                // An id in the place of a secret is an id elsewhere.
                Secrecy::Credential if known::is_uuid(text) => {}
                Secrecy::Credential => learn(text),
                Secrecy::Content | Secrecy::Weak => learn_if_random(text),
            }
            Part::Hidden
        }
        Value::Number(_) => Part::Hidden,
        Value::Array(list) => Part::List(list, secrecy),
        other => Part::Other(Redacted(other)),
    }
}

/// Whether the id of the object under a key is as good as a credential.
fn is_holder(key: &str) -> bool {
    matches!(key, "token" | "trust" | "OS-TRUST:trust")
}

/// Whether an object is a pair of a secret's name and its value, as in the parameters
/// and outputs of stacks and in the environment of containers.
fn is_secret_pair(map: &Map<String, Value>) -> bool {
    (map.contains_key("value") || map.contains_key("output_value"))
        && ["name", "key", "output_key", "parameter_key"]
            .iter()
            .filter_map(|key| map.get(*key)?.as_str())
            .any(is_secret)
}

impl Serialize for Part<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Hidden => serializer.serialize_str(HIDDEN),
            Self::List(list, secrecy) => {
                serializer.collect_seq(list.iter().map(|item| hide(item, *secrecy)))
            }
            Self::Holder(holder) => serializer.collect_map(holder.iter().map(|(key, value)| {
                let part =
                    if key == "id" { hide(value, Secrecy::Credential) } else { of(key, value) };
                (key, part)
            })),
            Self::Other(other) => other.serialize(serializer),
        }
    }
}

fn hidden() -> Value {
    Value::from(HIDDEN)
}

/// Marks secret headers, so that `Debug` does not show them.
pub(crate) fn mark(headers: &mut HeaderMap) {
    for (name, value) in headers.iter_mut() {
        if is_secret_header(name.as_str()) {
            value.set_sensitive(true);
        }
    }
}

/// Returns headers as text, without secrets.
pub fn headers(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut out = BTreeMap::<String, String>::new();
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        let shown = if is_secret_header(name.as_str()) {
            learn_header(&value);
            HIDDEN.to_owned()
        } else {
            text(&value).into_owned()
        };
        out.entry(name.to_string())
            .and_modify(|held| {
                held.push_str(", ");
                held.push_str(&shown);
            })
            .or_insert(shown);
    }
    out
}

/// `WWW-Authenticate` is a challenge; only the part that names a scheme and its place
/// is of use to a reader, and what else a service puts there is its own affair.
fn is_secret_header(name: &str) -> bool {
    names::secrecy(name).is_some()
        || names::is_secret_metadata(name)
        || matches!(name, "www-authenticate" | "authentication-info")
}

/// Remembers what a header proves: a scheme before it is no part of it.
fn learn_header(value: &str) {
    if value.contains([' ', ';']) {
        value.split([' ', ';', ',', '=']).for_each(learn_if_random);
    } else {
        learn(value);
    }
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
            "password": {"user": {"name": "n"}}, "passwords_expire": null,
            "name": "n", "value": "v", "links": [{"rel": "self", "href": "http://h/v2/x"}]});
        assert_eq!(json(&body), body);
    }

    #[test]
    fn secrets_are_hidden_by_their_place() {
        for body in [
            json!({"auth": {"identity": {"methods": ["token"], "token": {"id": "PLANTED"}}}}),
            json!({"auth": {"scope": {"OS-TRUST:trust": {"id": "PLANTED"}}}}),
            json!({"trust": {"id": "PLANTED", "roles": []}}),
            json!({"passwords": ["PLANTED", "PLANTED"]}),
            json!({"parameters": [{"name": "db_password", "value": "PLANTED"}]}),
            json!({"outputs": [{"output_key": "admin_password", "output_value": "PLANTED"}]}),
            json!({"console": {"url": "http://h:6083/?token=PLANTED"}}),
            json!({"locations": [{"url": "swift+https://glance:PLANTED@h/c/o"}]}),
            json!({"error": {"message": "login failed: password='PLANTED'"}}),
            json!({"environment": ["DB_PASSWORD=PLANTED"]}),
        ] {
            let shown = json(&body).to_string();
            assert!(!shown.contains("PLANTED"), "{shown}");
        }
    }

    #[test]
    fn a_number_under_a_secrets_name_is_hidden_and_a_count_is_not() {
        let body = json!({"passcode": 123_456, "passcodes": 2});
        assert_eq!(json(&body), json!({"passcode": HIDDEN, "passcodes": 2}));
    }

    #[test]
    fn what_was_hidden_once_is_hidden_everywhere() {
        json(&json!({"adminPass": "learned-from-a-body"}));
        assert_eq!(text("echo learned-from-a-body"), "echo ***");
        text("login failed: password=0learned1from2a3text");
        assert_eq!(text("echo 0learned1from2a3text"), "echo ***");
    }

    #[test]
    fn an_id_under_a_secrets_name_is_not_hidden_elsewhere() {
        let id = "0f8fad5b-d9cb-469f-a165-70867728950e";
        assert_eq!(json(&json!({ "secret_uuid": id })), json!({ "secret_uuid": HIDDEN }));
        assert_eq!(text(id), id);
    }

    #[test]
    fn what_a_cookie_proves_is_hidden_elsewhere() {
        let mut map = HeaderMap::new();
        let cookie = "session=c00kie-of-a-dashboard; Path=/".parse().expect("a header value");
        map.insert("set-cookie", cookie);
        headers(&map);
        assert_eq!(text("the session c00kie-of-a-dashboard"), "the session ***");
    }

    #[test]
    fn secret_headers_are_hidden_and_the_others_lose_their_secrets() {
        let mut map = HeaderMap::new();
        for (name, value) in [
            ("x-container-meta-temp-url-key-2", "PLANTED"),
            ("x-container-sync-key", "PLANTED"),
            ("x-container-meta-backup-key", "PLANTED"),
            ("www-authenticate", "Custom realm PLANTED"),
            ("authentication-info", "PLANTED"),
            ("location", "https://u:PLANTED@h/x?temp_url_sig=PLANTED&X-Amz-Signature=PLANTED"),
            ("x-openstack-request-id", "req-1"),
        ] {
            map.insert(name, value.parse().expect("a header value"));
        }
        let shown = headers(&map);
        assert!(!format!("{shown:?}").contains("PLANTED"), "{shown:?}");
        assert_eq!(shown["x-openstack-request-id"], "req-1");
        mark(&mut map);
        assert!(!format!("{:?}", map.get("x-container-sync-key")).contains("PLANTED"));
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
