//! Sends a changed request, and says what came.

use serde_json::Value;
use squall_derived::{Change, ConstraintPlace, apply, apply_to_query};
use squall_model::Operation;
use squall_model::description::DescribedRequest;
use squall_model::kind::{Find, OwnedBy, text_of};

use crate::actor::Actor;
use crate::cleanup::by_another_name;
use crate::client::by_id::SessionApi;
use crate::client::{Call, Error, ErrorResponse, Response};
use crate::described::{Filled, FilledBody, PutBack, no_behaviour, sender};
use crate::kinds::{Kind, is_unique_name};
use crate::ledger::SentName;
use crate::making::marks::Altered;
use crate::making::{Attempt, MakeError, another_name, params};
use crate::{Context, Failure, Result, kinds, services};

/// What came of a request.
pub(super) struct Sent {
    pub(super) answer: Answer,
    /// The request as a `curl` line.
    pub(super) curl: String,
    /// Its body, if it is JSON.
    pub(super) body: Option<Value>,
}

pub(super) enum Answer {
    /// It was accepted.
    Accepted(Box<Response<Value>>),
    /// It was accepted, but the answer is not as described.
    Wrong(Error),
    /// It was refused.
    Refused(Box<ErrorResponse>),
    /// No answer came.
    Nothing(Error),
}

/// Returns a request with a change.
pub(super) fn altered(mut filled: Filled, place: ConstraintPlace, change: &Change) -> Filled {
    match place {
        ConstraintPlace::Query => filled.query = apply_to_query(&filled.query, change),
        ConstraintPlace::Body => {
            let body = match &filled.body {
                FilledBody::Json(body) => apply(body, change),
                FilledBody::None | FilledBody::Text(..) => apply(&Value::Null, change),
            };
            filled.body = body.map_or(FilledBody::None, FilledBody::Json);
        }
    }
    filled
}

/// A request to send.
#[derive(Clone, Copy)]
pub(super) struct Sending<'a> {
    pub(super) operation: &'static Operation,
    pub(super) request: &'static DescribedRequest,
    /// How what it changes is put back, if that is not the run's.
    pub(super) put_back: Option<&'a PutBack>,
    /// The kind of the resource that it acts on.
    pub(super) on: Option<&'static Kind>,
    /// The name that the values of the change were derived with.
    pub(super) derived_with: &'a str,
    /// Whether it is to be accepted.
    pub(super) is_valid: bool,
}

/// Sends a request, one that may create something through the ledger.
///
/// # Errors
/// It could not be sent, or the embedded cloud has no behaviour for it, which skips the test. So
/// is a valid request that would leave something which cleanup does not find.
pub(super) async fn send(
    ctx: &Context,
    sending: Sending<'_>,
    filled: impl Fn(&str) -> Filled,
) -> Result<Sent> {
    let Sending { operation, request, put_back, .. } = sending;
    let (spec, _) = services::operation(&operation.id).ok_or_else(|| {
        Failure::new(format!("no registered service has the operation `{}`", operation.id))
    })?;
    let actor = sender(ctx, request.by)?;
    let client = actor.service(spec);
    let mut body = None;
    let mut call = |filled: Filled| {
        if let FilledBody::Json(json) = &filled.body {
            body = Some(json.clone());
        }
        filled.call(&client).extension(Altered)
    };
    let mut sent: Option<Call<Value>> = None;
    let mut restoring = None;
    let result = if let Some(kind) = kinds::making(&operation.id) {
        let resource = services::resource(kind.name).ok();
        let addressed_by = |response: &Response<Value>| {
            let at = resource.map(|one| format!("{}{}", one.object, one.id))?;
            text_of(response.value.pointer(&at)?)
        };
        let name = ctx.unique_name(kind);
        let filled = with_own_name(filled(&name), kind, &name, sending.derived_with);
        let call = sent.insert(call(filled)).clone();
        let named = named_as(ctx, actor, kind, &name, &call, sending.is_valid).await?;
        let attempt = Attempt { name, sent: named, call };
        match ctx.attempt(kind, attempt, addressed_by).await {
            Ok(response) => Ok(response),
            Err(MakeError::Call(error)) => Err(error),
            // Its parameters name nothing of this run, or the test is over.
            Err(MakeError::NotOurs { .. } | MakeError::Over) => {
                return Err(Failure::skip("it cannot be sent: nothing would undo it"));
            }
            Err(other) => return Err(Failure::from(other)),
        }
    } else {
        let filled = match sending.on {
            Some(kind) => {
                let name = ctx.unique_name(kind);
                let filled = filled(&name);
                let filled = with_own_name(filled, kind, &name, sending.derived_with);
                keeps_its_name(ctx, actor, kind, &filled, sending.is_valid)?;
                filled
            }
            None => filled("squall-unknown"),
        };
        if let Some(put_back) = put_back {
            restoring = Some(put_back.record(ctx, &filled).await?);
        }
        sent.insert(call(filled)).clone().send().await
    };
    if let (Some(seq), Err(error)) = (restoring, &result)
        && error.status().is_some_and(|status| (400..500).contains(&status))
    {
        ctx.maker().unchanged(seq, "refused");
    }
    let curl = match sent {
        Some(call) => call.curl().await.unwrap_or_else(|error| error.to_string()),
        None => String::new(),
    };
    let answer = match result {
        Ok(response) => Answer::Accepted(Box::new(response)),
        Err(error) => match (no_behaviour(&error), error.refused().cloned()) {
            (Some(reason), _) => return Err(Failure::skip(reason)),
            (None, Some(refusal)) => Answer::Refused(Box::new(refusal)),
            (None, None) if error.status().is_some() => Answer::Wrong(error),
            (None, None) if error.request().is_some_and(|sent| sent.attempts > 0) => {
                Answer::Nothing(error)
            }
            // Nothing was sent: the request could not be built, or the guard stopped it.
            (None, None) => return Err(Failure::skip(format!("it cannot be sent: {error}"))),
        },
    };
    Ok(Sent { answer, curl, body })
}

/// Puts the name of this request where the change has the one that its values were derived with,
/// or a word that stands for any: a name at its bound is a longer name of the run.
pub(super) fn with_own_name(mut filled: Filled, kind: &Kind, name: &str, with: &str) -> Filled {
    let FilledBody::Json(body) = &mut filled.body else { return filled };
    if with != STAND_IN {
        // Unique names of one kind are equally long.
        each_text_mut(body, &mut |text| *text = text.replace(with, name));
    }
    for at in kind.name_at {
        if let Some(Value::String(text)) = body.pointer_mut(at)
            && let Some(longer) = own_name(text, name)
        {
            *text = longer;
        }
    }
    filled
}

fn each_text_mut(value: &mut Value, change: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => change(text),
        Value::Array(items) => items.iter_mut().for_each(|item| each_text_mut(item, change)),
        Value::Object(fields) => {
            fields.values_mut().for_each(|value| each_text_mut(value, change));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Returns a text as long as this one, and with its last characters, that begins with the name
/// instead of the word that stands for any. A text that is too short for that has no place for it.
fn own_name(text: &str, name: &str) -> Option<String> {
    if text.starts_with(name) || !text.starts_with(STAND_IN) || is_unique_name(text) {
        return None;
    }
    let last = text.chars().next_back()?;
    let (length, of_name) = (text.chars().count(), name.chars().count());
    if text == STAND_IN {
        return Some(name.to_owned());
    }
    match length.checked_sub(of_name) {
        Some(more) => {
            let tail: String = text.chars().skip(of_name).take(more).collect();
            Some(format!("{name}{tail}"))
        }
        None if last.is_ascii() => None,
        None => Some(format!("{name}{last}")),
    }
}

/// The word that stands for a text where the valid request has none (`squall_derived`).
const STAND_IN: &str = "squall";

/// Returns what the ledger has to know of a creating request that lacks the unique name: by
/// which other one what it creates is found.
///
/// # Errors
/// A valid request creates something that nothing tells from what others create: only in a
/// project of the run all is the run's.
async fn named_as(
    ctx: &Context,
    actor: &Actor,
    kind: &'static Kind,
    name: &str,
    call: &Call<Value>,
    is_valid: bool,
) -> Result<Option<SentName>> {
    let Some(mut other) = another_name(kind, name, call) else { return Ok(None) };
    if other.name.as_ref().is_some_and(|other| other.starts_with(name)) {
        return Ok(Some(other));
    }
    let listed = match kind.find {
        Find::Listed(listed) => Some(listed),
        Find::Name | Find::Coordinates => None,
    };
    if is_valid && (listed.is_none() || !is_in_project_of_run(ctx, actor, kind)) {
        return Err(Failure::skip(UNFINDABLE));
    }
    let Some(listed) = listed else { return Ok(Some(other)) };
    let api = SessionApi::new(actor.session().clone());
    let params = params(kind, call);
    let items = by_another_name(&api, &listed, &params, other.name.as_deref()).await;
    other.before = items.unwrap_or_default().iter().filter_map(|item| listed.id_of(item)).collect();
    Ok(Some(other))
}

/// Requires that a valid request leaves a resource a name of the run, by which cleanup knows it.
fn keeps_its_name(
    ctx: &Context,
    actor: &Actor,
    kind: &'static Kind,
    filled: &Filled,
    is_valid: bool,
) -> Result<()> {
    let FilledBody::Json(body) = &filled.body else { return Ok(()) };
    let is_safe = filled.operation.method.is_safe();
    let mut names = kind.name_at.iter().filter_map(|at| body.pointer(at));
    let is_renamed = names.any(|name| !text_of(name).is_some_and(|name| ctx.is_of_run(&name)));
    if is_valid && !is_safe && is_renamed && !is_in_project_of_run(ctx, actor, kind) {
        return Err(Failure::skip(UNFINDABLE));
    }
    Ok(())
}

/// Why a valid request is not sent.
const UNFINDABLE: &str = "it cannot be sent: what it creates or changes is of the whole cloud and \
                          would have no name of the run, by which cleanup finds it";

/// Whether a resource lies in a project that the run created.
fn is_in_project_of_run(ctx: &Context, actor: &Actor, kind: &Kind) -> bool {
    kind.owner == OwnedBy::Project && actor.project_id().is_some_and(|id| ctx.has_made(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "squall-3c9e8b77-role-1f0c2a9d";

    #[test]
    fn a_name_at_its_bound_begins_with_that_of_its_resource() {
        let long = format!("{STAND_IN}{}", "l".repeat(249));
        let own = own_name(&long, NAME).unwrap();
        assert_eq!(own.chars().count(), 255);
        assert!(own.starts_with(NAME) && own.ends_with("lll"), "{own}");
        assert_eq!(own_name(STAND_IN, NAME).as_deref(), Some(NAME));
        assert_eq!(own_name("squall\u{1F991}", NAME), Some(format!("{NAME}\u{1F991}")));
    }

    #[test]
    fn a_name_that_has_no_place_for_it_stays() {
        for text in ["s", "", "mine", "squalll", NAME, "squall-3c9e8b77-role-00000000"] {
            assert_eq!(own_name(text, NAME), None, "{text}");
        }
    }
}
