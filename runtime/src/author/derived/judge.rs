//! What is said of an answer that is not as expected: all that a developer needs to see it
//! again and to find the place of the check.

use serde_json::Value;
use squall_derived::{Constraint, ConstraintPlace};
use squall_model::Operation;
use squall_model::pointer;

use super::send::{Answer, Sent};
use crate::client::{ErrorResponse, redact};
use crate::{Answered, Failure, UnexpectedAnswer};

/// Statuses of a service that refuses a request for its form, beside 400: too large, the wrong
/// media type, what cannot be processed.
const OF_FORM: [u16; 3] = [413, 415, 422];

/// What services say where their own schemas refuse a request: nova, cinder and keystone
/// (`api.validation.validators`), neutron (`neutron_lib.api.attributes`), placement
/// (`placement.util.extract_json`) and glance (`glance.schema.Schema.validate`).
const SAID_OF_FORM: [&str; 3] =
    ["Invalid input for ", "JSON does not validate", "Provided object does not match schema"];

fn is_of_form(refusal: &ErrorResponse) -> bool {
    let message = refusal.message().unwrap_or_default();
    // `neutron_lib.exceptions.InvalidInput` is raised behind the check of form.
    let is_of_meaning = message.contains("Invalid input for operation");
    !is_of_meaning && SAID_OF_FORM.iter().any(|said| message.contains(said))
}

/// Judges the answer to a request that breaks a constraint.
///
/// - 400 with the service's own error body is expected, as is another status for a wrong form
///   that the spec documents for the operation.
/// - A 5xx is a finding, whatever the request was; so is an answer that accepts it, or none.
/// - Any other refusal came before the check: whether the constraint holds is not known, and the
///   test is skipped.
pub(super) fn refused(
    operation: &Operation,
    constraint: &Constraint,
    sent: &Sent,
) -> Result<(), Failure> {
    let finding = |came: &str| Err(finding(operation, constraint, sent, came));
    match &sent.answer {
        Answer::Refused(refusal) => {
            let documents = |status| operation.errors.iter().any(|one| one.status == status);
            match refusal.status {
                500.. => finding(&refusal.to_string()),
                _ if !refusal.violations.is_empty() => finding(&refusal.to_string()),
                400 => Ok(()),
                status if OF_FORM.contains(&status) && documents(status) => Ok(()),
                status if OF_FORM.contains(&status) => finding(&refusal.to_string()),
                _ => Err(Failure::skip(format!(
                    "the constraint was not reached: {refusal}, and the valid request had succeeded"
                ))),
            }
        }
        Answer::Accepted(response) => {
            finding(&format!("the service accepted it with {}", response.status))
        }
        Answer::Wrong(error) => finding(&format!("the service accepted it: {error}")),
        Answer::Nothing(error) => finding(&error.to_string()),
    }
}

/// Judges the answer to a request that keeps a constraint: it has to be accepted, and what was
/// set has to come back as sent, where the answer has a value of that name.
///
/// What a value means is no part of a schema: a refusal says something about the bound only if
/// it comes from the service's own check of form, and is about a value that the valid request
/// has as well, not one that is `invented`. Any other refusal skips the test.
pub(super) fn accepted(
    operation: &Operation,
    constraint: &Constraint,
    sent: &Sent,
    value: Option<&Value>,
    invented: bool,
) -> Result<(), Failure> {
    let finding = |came: &str| Err(finding(operation, constraint, sent, came));
    let response = match &sent.answer {
        Answer::Accepted(response) => response,
        Answer::Refused(refusal)
            if (400..500).contains(&refusal.status) && (invented || !is_of_form(refusal)) =>
        {
            return Err(Failure::skip(format!(
                "valid in form, and refused for its meaning: {refusal}"
            )));
        }
        Answer::Refused(refusal) => return finding(&refusal.to_string()),
        Answer::Wrong(error) | Answer::Nothing(error) => return finding(&error.to_string()),
    };
    let (ConstraintPlace::Body, Some(value)) = (constraint.place, value) else { return Ok(()) };
    match response.body.at(&constraint.pointer) {
        Some(came) if !same(value, came) => finding(&format!(
            "the answer has {} where {} was sent",
            shown(&constraint.pointer, came),
            shown(&constraint.pointer, value)
        )),
        _ => Ok(()),
    }
}

/// Whether a value came back as sent: of an object all that was sent, in any order of a list;
/// a number and its text are the same, and so are yes or no and the words for them.
fn same(sent: &Value, came: &Value) -> bool {
    match (sent, came) {
        (Value::Object(sent), Value::Object(came)) => {
            sent.iter().all(|(name, value)| came.get(name).is_none_or(|other| same(value, other)))
        }
        (Value::Array(sent), Value::Array(came)) => {
            sent.len() == came.len()
                && sent.iter().all(|value| came.iter().any(|other| same(value, other)))
        }
        // Null leaves a value to the service.
        (Value::Null, _) => true,
        (Value::String(word), Value::Bool(yes)) => is_word_for(word, *yes),
        (Value::Number(sent), Value::Number(came)) => sent.as_f64() == came.as_f64(),
        (Value::String(text), other) | (other, Value::String(text)) if !other.is_string() => {
            text.eq_ignore_ascii_case(&other.to_string()) || text.is_empty() && other.is_null()
        }
        _ => sent == came,
    }
}

/// Whether a text is a word for yes or no, as `oslo_utils.strutils.bool_from_string` reads it.
fn is_word_for(word: &str, yes: bool) -> bool {
    let words = if yes {
        ["1", "t", "true", "on", "y", "yes"]
    } else {
        ["0", "f", "false", "off", "n", "no"]
    };
    words.contains(&word.trim().to_ascii_lowercase().as_str())
}

fn shown(at: &str, value: &Value) -> String {
    let name = pointer::keys(at).next_back().unwrap_or_default();
    let text = if redact::is_secret(&name) {
        "a secret".to_owned()
    } else {
        redact::json(value).to_string()
    };
    match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}… ({} characters)", &text[..end], text.chars().count()),
        None => text,
    }
}

/// Says what was sent, what was expected and why, and what came.
fn finding(operation: &Operation, constraint: &Constraint, sent: &Sent, came: &str) -> Failure {
    let Constraint { place, pointer, keyword, says, valid, .. } = constraint;
    let at = if pointer.is_empty() { String::new() } else { format!(" at `{pointer}`") };
    let said = match says {
        Value::Null => format!("`{keyword}`"),
        says => format!("`{keyword}: {}`", shown("", says)),
    };
    let (expected, does) = match valid {
        true => ("success", "keeps"),
        false => ("400 with the service's own error", "breaks"),
    };
    let message = format!(
        "{}: {came}\n\
         expected: {expected}, because the request {does} {said} of the {place}{at} in the spec\n\
         again:    {}",
        operation.id, sent.curl
    );
    let (answered, request_id, said) = match &sent.answer {
        Answer::Accepted(response) => (Answered::Accepted, response.request_id.clone(), ""),
        Answer::Refused(refusal) => {
            (Answered::Refused(refusal.status), refusal.request_id.clone(), came)
        }
        Answer::Wrong(error) | Answer::Nothing(error) => {
            (Answered::of(error.status()), error.request_id().map(str::to_owned), came)
        }
    };
    let answer = UnexpectedAnswer {
        operation: operation.id.to_string(),
        answered,
        said: said.lines().next().unwrap_or_default().to_owned(),
        rule: rule(constraint),
        curl: sent.curl.clone(),
    };
    Failure::new(message).with_request_id(request_id).with_answer(answer)
}

/// Names a constraint by its keyword and the last name on the way to it: one that several
/// operations have in common has the same name in all of them.
fn rule(constraint: &Constraint) -> String {
    let Constraint { place, pointer, keyword, .. } = constraint;
    let is_name = |key: &String| key.parse::<usize>().is_err();
    match pointer::keys(pointer).rfind(is_name) {
        Some(name) => format!("`{keyword}` of `{name}` in the {place}"),
        None => format!("`{keyword}` of the {place}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_comes_back_may_have_more_and_spell_numbers_as_text() {
        assert!(same(&json!({"a": "1"}), &json!({"a": 1, "b": 2})));
        assert!(same(&json!(["x", "y"]), &json!(["y", "x"])));
        assert!(same(&json!("True"), &json!(true)));
        assert!(same(&json!("Off"), &json!(false)) && !same(&json!("no"), &json!(true)));
        assert!(same(&json!(1), &json!(1.0)) && !same(&json!(1), &json!(2)));
        assert!(same(&json!(null), &json!({})));
        assert!(!same(&json!({"a": 1}), &json!({"a": 2})));
        assert!(!same(&json!(["x"]), &json!(["x", "y"])));
        assert!(!same(&json!("a"), &json!("b")));
    }
}
