//! Holds the cells of a test against what is expected, and says what differs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use squall_policy::personas::Persona;
use squall_records::{Access, AccessDeviation, PolicyCell};

use crate::{Answered, Failure, Result, UnexpectedAnswer};

/// A cell, and what a failure says of it beside.
pub(super) struct Tried {
    pub(super) cell: PolicyCell,
    /// The request as a `curl` line.
    pub(super) curl: String,
    /// What the service said.
    pub(super) said: String,
}

/// Makes cells undecided that say of no one that fields are shown: the resource may not have them.
pub(super) fn unless_seen(tried: &mut [Tried], fields: &[&str]) {
    if tried.iter().any(|one| one.cell.observed == Access::Allowed) {
        return;
    }
    for one in tried.iter_mut().filter(|one| one.cell.observed == Access::SoftlyDenied) {
        let why = format!("no persona sees `{}` in the answer", fields.join("` and `"));
        one.cell.observed = Access::Undecided(why);
    }
}

/// Fails if a cell is not as expected. Where nothing is decided of any persona, the test is skipped
/// with the reason.
pub(super) fn hold(tried: &[Tried], missing: &[(Persona, String)]) -> Result {
    if let Some(failure) = deviations(tried) {
        return Err(failure);
    }
    if tried.iter().any(|one| one.cell.is_decided()) {
        return Ok(());
    }
    let why = tried.iter().find_map(|one| match &one.cell.observed {
        Access::Undecided(why) => Some(why.clone()),
        _ => None,
    });
    let missing =
        || missing.first().map(|(persona, why)| format!("without {}: {why}", persona.name));
    let why = why.or_else(missing).unwrap_or_else(|| "no persona can act".to_owned());
    Err(Failure::skip(format!("nothing is decided of any persona: {why}")))
}

/// Returns the failure that names every deviation: first all of them in one line, by which a
/// failure is accepted, then each with what was expected and why.
fn deviations(tried: &[Tried]) -> Option<Failure> {
    let mut found: BTreeMap<AccessDeviation, Vec<&Tried>> = BTreeMap::new();
    for one in tried {
        if let Some(deviation) = one.cell.deviation() {
            found.entry(deviation).or_default().push(one);
        }
    }
    let (deviation, first) =
        found.first_key_value().map(|(deviation, all)| (*deviation, all[0]))?;
    let summary = summary(&found);
    let PolicyCell { rule, operation, .. } = &first.cell;
    let mut message = format!("`{rule}`, tried by `{operation}`: {summary}");
    for (deviation, all) in &found {
        for one in all {
            let PolicyCell { persona, target, expected, why, observed, status, request_id, .. } =
                &one.cell;
            let status = status.map(|status| format!(" with {status}")).unwrap_or_default();
            let id = request_id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
            let _ = write!(
                message,
                "\n{deviation}: {persona} on {target} target: expected {expected}, since {why}; \
                 {observed}{status}{id}"
            );
            if !one.said.is_empty() {
                let _ = write!(message, ": {}", one.said);
            }
        }
    }
    let _ = write!(message, "\nagain:    {}", first.curl);
    let answered = match (deviation, first.cell.status) {
        (AccessDeviation::OverPermission, _) => Answered::Accepted,
        (_, status) => Answered::of(status),
    };
    let answer = UnexpectedAnswer {
        operation: operation.clone(),
        answered,
        said: summary,
        rule: format!("policy rule {rule}"),
        curl: first.curl.clone(),
    };
    let request_id = first.cell.request_id.clone();
    Some(Failure::new(message).with_request_id(request_id).with_answer(answer))
}

/// Writes all deviations in one line, as in `over-permission of project-foo, service`.
fn summary(found: &BTreeMap<AccessDeviation, Vec<&Tried>>) -> String {
    let mut parts = Vec::new();
    for (deviation, all) in found {
        let mut personas: Vec<&str> = all.iter().map(|one| one.cell.persona.as_str()).collect();
        personas.sort_unstable();
        parts.push(format!("{deviation} of {}", personas.join(", ")));
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use squall_records::{ExpectedAccess, TargetOwner};

    use super::*;

    fn tried(persona: &str, expected: ExpectedAccess, observed: Access, status: u16) -> Tried {
        let cell = PolicyCell {
            rule: "toys:get".to_owned(),
            operation: "toys.toys.show".to_owned(),
            persona: persona.to_owned(),
            target: TargetOwner::Own,
            expected,
            why: "role:member does not hold".to_owned(),
            observed,
            status: Some(status),
            request_id: Some(format!("req-{persona}")),
        };
        Tried { cell, curl: "curl …".to_owned(), said: String::new() }
    }

    #[test]
    fn a_failure_names_every_deviation_and_its_first_line_all_of_them() {
        use {Access as A, ExpectedAccess as E};
        let failure = hold(
            &[
                tried("service", E::Denied, A::Allowed, 200),
                tried("foo", E::Denied, A::Allowed, 200),
                tried("member", E::Allowed, A::Denied, 403),
                tried("reader", E::Denied, A::Denied, 403),
            ],
            &[],
        )
        .unwrap_err();
        let message = failure.message();
        let first = "`toys:get`, tried by `toys.toys.show`: over-permission of foo, service; \
                     under-permission of member";
        assert!(message.starts_with(first), "{message}");
        for part in ["req-service", "req-foo", "req-member", "since role:member does not hold"] {
            assert!(message.contains(part), "{part}: {message}");
        }
        assert!(!message.contains("reader"), "{message}");
        let answer = failure.answer().unwrap();
        assert_eq!(answer.answered, Answered::Accepted);
        assert_eq!(answer.rule, "policy rule toys:get");
    }

    #[test]
    fn a_test_in_which_nothing_is_decided_is_skipped_with_the_reason() {
        let undecided = Access::Undecided("the service failed".to_owned());
        let one = tried("member", ExpectedAccess::Allowed, undecided, 500);
        let failure = hold(&[one], &[]).unwrap_err();
        assert!(failure.is_skip());
        assert!(failure.message().contains("the service failed"), "{failure}");
        assert!(hold(&[], &[]).unwrap_err().is_skip());
    }

    #[test]
    fn a_field_that_nobody_sees_decides_nothing() {
        use {Access as A, ExpectedAccess as E};
        let left_out = || tried("reader", E::SoftlyDenied, A::SoftlyDenied, 200);
        let mut nobody = [left_out(), tried("admin", E::Allowed, A::SoftlyDenied, 200)];
        unless_seen(&mut nobody, &["host"]);
        assert!(nobody.iter().all(|one| !one.cell.is_decided()));
        let mut somebody = [left_out(), tried("admin", E::Allowed, A::Allowed, 200)];
        unless_seen(&mut somebody, &["host"]);
        assert!(somebody.iter().all(|one| one.cell.is_decided()));
    }
}
