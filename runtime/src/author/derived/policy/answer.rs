//! What an answer says of a persona's rights.

use serde_json::Value;
use squall_model::kind::text_of;
use squall_records::Access;

use crate::client::ErrorResponse;
use crate::derived::outcome::Answer;

/// What is to be known of a request to read its answer.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Asked<'a> {
    /// Whether the rules allow it.
    pub(super) is_allowed: bool,
    /// Whether the service looks for the resource among the persona's own alone, so that one of
    /// another is not found whatever the rules say.
    pub(super) among_own: bool,
    /// Of a list, the pointer to it and the id of the item that it is about.
    pub(super) item: Option<(&'static str, &'a str)>,
    /// What it means that the list lacks the item; `None` if every list has everything.
    pub(super) unlisted: Option<Unlisted>,
    /// The fields that are left out for who may not see them.
    pub(super) shows: &'static [&'static str],
}

/// What it means that a list lacks an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unlisted {
    /// The caller may not see the item.
    LeftOut,
    /// The caller may not see what the items are in.
    InHidden,
}

impl Unlisted {
    fn access(self) -> Access {
        match self {
            Self::LeftOut => Access::SoftlyDenied,
            Self::InHidden => Access::Hidden,
        }
    }
}

/// Returns what an answer says of a persona's rights, and its status.
pub(super) fn read(answer: &Answer, asked: Asked<'_>) -> (Access, Option<u16>) {
    match answer {
        Answer::Accepted { status, body, .. } => (accepted(body, asked), *status),
        Answer::Refused(refusal) => (refused(refusal, asked), Some(refusal.status)),
    }
}

fn accepted(body: &Value, asked: Asked<'_>) -> Access {
    let Asked { item, unlisted, shows, .. } = asked;
    let mut shown = body;
    if let Some((at, id)) = item.filter(|_| unlisted.is_some() || !shows.is_empty()) {
        let Some(items) = body.pointer(at).and_then(Value::as_array) else {
            return Access::Undecided("the answer has no list".to_owned());
        };
        match (items.iter().find(|item| contains(item, id)), unlisted) {
            (Some(item), _) => shown = item,
            (None, Some(unlisted)) if shows.is_empty() => return unlisted.access(),
            (None, _) => {
                return Access::Undecided("the list does not have the resource".to_owned());
            }
        }
    }
    // Nothing is known that it should have: it has nothing for who may see nothing.
    if let (Some(unlisted), None) = (unlisted, item) {
        let lists = body.as_object().into_iter().flat_map(|map| map.values());
        let is_empty = lists.filter_map(Value::as_array).all(Vec::is_empty);
        return match (is_empty, asked.is_allowed) {
            (true, true) => Access::Undecided("the list is empty".to_owned()),
            (true, false) => unlisted.access(),
            (false, _) => Access::Allowed,
        };
    }
    if shows.is_empty() {
        return Access::Allowed;
    }
    if shown.is_null() {
        return Access::Undecided("the answer cannot be read".to_owned());
    }
    let sees = shows.iter().all(|field| has_field(shown, field));
    if sees { Access::Allowed } else { Access::SoftlyDenied }
}

/// Whether a value has a field of this name, wherever it is.
fn has_field(value: &Value, name: &str) -> bool {
    match value {
        Value::Object(map) => {
            map.contains_key(name) || map.values().any(|value| has_field(value, name))
        }
        Value::Array(items) => items.iter().any(|item| has_field(item, name)),
        _ => false,
    }
}

/// Whether an item has an id, wherever it has it: items may be wrapped, or be ids.
fn contains(item: &Value, id: &str) -> bool {
    match item {
        Value::Object(map) => map.values().any(|value| contains(value, id)),
        other => text_of(other).as_deref() == Some(id),
    }
}

fn refused(refusal: &ErrorResponse, asked: Asked<'_>) -> Access {
    let undecided = |why: &str| Access::Undecided(format!("{why}: {}", said(refusal)));
    match refusal.status {
        // Nova and cinder refuse with 403 and 413 what is beyond a quota.
        403 | 413 if is_of_quota(refusal) => undecided("a quota was met"),
        403 if is_of_scope(refusal) => Access::ScopeRefused,
        403 => Access::Denied,
        404 if asked.is_allowed && asked.among_own => {
            undecided("the service looks for it among what the persona has")
        }
        404 | 410 => Access::Hidden,
        500.. if asked.is_allowed => undecided("the service failed"),
        401 | 500.. => Access::OtherRefusal,
        // It may come before the check, and after it.
        status => undecided(&format!("refused with {status} for another reason")),
    }
}

fn is_of_quota(refusal: &ErrorResponse) -> bool {
    let message = refusal.message().unwrap_or_default().to_ascii_lowercase();
    message.contains("quota") && message.contains("exceed")
}

/// Whether the service names the scope: oslo.policy does (`InvalidScope`), and keystone hands its
/// words on.
fn is_of_scope(refusal: &ErrorResponse) -> bool {
    let message = refusal.message().unwrap_or_default();
    message.contains("requires a scope of") || message.contains("Failed scope check")
}

fn said(refusal: &ErrorResponse) -> String {
    refusal.to_string().lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use serde_json::json;

    use super::*;
    use crate::client::body::Body;

    fn refusal(status: u16, message: &str) -> Answer {
        let body = json!({"forbidden": {"message": message}}).to_string();
        Answer::Refused(Box::new(ErrorResponse {
            status,
            headers: HeaderMap::new(),
            version: None,
            request_id: None,
            body: Body::received(body.into_bytes().into(), Some("application/json")),
            violations: Vec::new(),
        }))
    }

    const ALLOWED: Asked<'_> =
        Asked { is_allowed: true, among_own: false, item: None, unlisted: None, shows: &[] };
    const DENIED: Asked<'_> = Asked { is_allowed: false, ..ALLOWED };

    #[test]
    fn a_refusal_is_about_rights_or_is_not() {
        let access = |status, asked| read(&refusal(status, "no"), asked).0;
        assert_eq!(access(403, DENIED), Access::Denied);
        assert_eq!(access(404, DENIED), Access::Hidden);
        assert_eq!(access(404, ALLOWED), Access::Hidden);
        assert_eq!(access(401, DENIED), Access::OtherRefusal);
        assert_eq!(access(500, DENIED), Access::OtherRefusal);
        for status in [400, 409, 500] {
            let access = access(status, ALLOWED);
            assert!(matches!(access, Access::Undecided(_)), "{status}: {access:?}");
        }
        let among_own = Asked { among_own: true, ..ALLOWED };
        assert!(matches!(access(404, among_own), Access::Undecided(_)));
    }

    #[test]
    fn a_quota_that_is_met_says_nothing_of_rights() {
        let (access, status) = read(&refusal(403, "Quota exceeded for cores"), ALLOWED);
        assert!(matches!(access, Access::Undecided(_)), "{access:?}");
        assert_eq!(status, Some(403));
    }

    #[test]
    fn a_list_without_the_item_is_a_soft_denial() {
        let body = json!({"networks": [{"id": "a"}]});
        let answer = Answer::Accepted { status: Some(200), body, request_id: None };
        let listed = |id| {
            let listed = |unlisted| {
                let item = Some(("/networks", id));
                read(&answer, Asked { item, unlisted: Some(unlisted), ..ALLOWED }).0
            };
            [listed(Unlisted::LeftOut), listed(Unlisted::InHidden)]
        };
        assert_eq!(listed("a"), [Access::Allowed, Access::Allowed]);
        assert_eq!(listed("b"), [Access::SoftlyDenied, Access::Hidden]);
    }

    #[test]
    fn a_body_without_the_field_is_a_soft_denial() {
        let body = json!({"ports": [{"id": "a", "host": null}, {"id": "b"}]});
        let answer = Answer::Accepted { status: Some(200), body, request_id: None };
        let seen = |id| {
            let asked = Asked { item: Some(("/ports", id)), shows: &["host"], ..ALLOWED };
            read(&answer, asked).0
        };
        assert_eq!(seen("a"), Access::Allowed);
        assert_eq!(seen("b"), Access::SoftlyDenied);
        assert!(matches!(seen("c"), Access::Undecided(_)));
    }
}
