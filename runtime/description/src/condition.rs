//! What makes a service ask a policy rule that it does not ask for every request.

use squall_model::Gate;
use squall_model::VersionRange;
use squall_model::description::{Condition, DescribedBody, DescribedRequest, How, Variant};
use squall_model::suggest::or_known;
use squall_model::{Description, PolicyRef};

use crate::item::{Fields, Item};
use crate::leak;
use crate::operations::{OperationInfo, Table};
use crate::problem::Problems;
use crate::request::{self, Body, Defaults, Request};
use crate::resource::full;

/// The keys of a condition.
pub(crate) const KEYS: [&str; 9] =
    ["rule", "operations", "on", "path", "query", "headers", "body", "shows", "needs"];

/// A condition as it was read, for one operation.
pub(crate) struct ConditionDraft<'n, 'o> {
    rule: &'o str,
    /// What is added to the request that the operation is described with.
    pub(crate) added: Request<'n, 'o>,
    pub(crate) on: Option<(String, Item<'n>)>,
    shows: Vec<&'n str>,
}

/// Reads a condition: one for each of its operations.
pub(crate) fn read<'n, 'o>(
    item: &Item<'n>,
    table: &Table<'o>,
    problems: &mut Problems,
) -> Vec<ConditionDraft<'n, 'o>> {
    let fields = item.fields("a condition", &KEYS, problems);
    let rule = fields.required("rule", "name the policy rule that is asked", problems);
    if fields.get("operations").is_none() {
        let help = "list the operations that ask the rule, as in `operations: [servers.show]`";
        problems.at(item, "`operations` is missing", help);
    }
    let Some(rule) = rule else { return Vec::new() };
    let operations = fields.texts("operations", problems);
    operations
        .into_iter()
        .filter_map(|(text, place)| {
            let info = table.own(text, &place, problems)?;
            let rule = asked(rule, &info, &fields, problems)?;
            let defaults = Defaults { operation: Some(info.id), envelope: "" };
            let added = request::read(&fields, defaults, table, problems)?;
            let on = fields
                .get("on")
                .and_then(|item| Some((full(item.text(problems)?, table), item.clone())));
            let shows = fields.texts("shows", problems).into_iter().map(|(text, _)| text);
            Some(ConditionDraft { rule, added, on, shows: shows.collect() })
        })
        .collect()
}

/// Returns the rule as the operation has it; reports one that it does not ask under a condition.
fn asked<'o>(
    rule: &str,
    info: &OperationInfo<'o>,
    fields: &Fields<'_>,
    problems: &mut Problems,
) -> Option<&'o str> {
    let conditional =
        || info.policies.iter().filter(|policy| policy.gate == Gate::Conditional).map(name);
    let found = conditional().find(|known| *known == rule);
    if found.is_none() {
        let place = fields.get("rule").unwrap_or(&fields.item);
        let is_gate = info.policies.iter().any(|policy| policy.rule == rule);
        let (message, help) = if is_gate {
            let message = format!("`{}` asks `{rule}` for every request", info.id);
            (message, "remove the operation here".to_owned())
        } else {
            let message = format!("`{rule}` is no conditional rule of `{}`", info.id);
            (message, or_known(rule, conditional()))
        };
        problems.at(place, message, help);
    }
    found
}

fn name(policy: &PolicyRef) -> &str {
    policy.rule.as_ref()
}

impl ConditionDraft<'_, '_> {
    /// Returns the condition of the model, with the whole request.
    pub(crate) fn finish(
        &self,
        description: &Description,
        problems: &mut Problems,
    ) -> Option<Condition> {
        let id = self.added.info.id;
        let base = match description.how(id) {
            Some(How::Creates(resource)) => resource.creating().copied(),
            Some(How::Standard(_, request)) => Some(*request),
            Some(How::Called(call)) => Some(call.request),
            None => None,
        };
        let Some(base) = base else {
            let help =
                "describe it by a resource or under `calls`; a condition adds to its request";
            problems.at(&self.added.item, format!("`{id}` is not described"), help);
            return None;
        };
        if matches!((base.body, &self.added.body), (DescribedBody::Text { .. }, Body::Json(_))) {
            let help = "remove `body`: only a body of JSON can be added to";
            problems.at(&self.added.item, format!("the body of `{id}` is a text"), help);
        }
        Some(Condition {
            rule: leak::text(self.rule),
            on: self.on.as_ref().map(|(kind, _)| leak::text(kind)),
            request: whole(base, &self.added.finish(base.by, &[])),
            shows: leak::list(self.shows.iter().map(|text| leak::text(text))),
        })
    }
}

/// Returns a request with what a condition adds to it at every version.
fn whole(base: DescribedRequest, added: &DescribedRequest) -> DescribedRequest {
    let patch = match added.body {
        DescribedBody::Json(text) => Some(text),
        DescribedBody::None | DescribedBody::Text { .. } => None,
    };
    let adds = patch.is_some() || !added.path.is_empty() || !added.query.is_empty();
    let last = adds.then_some(Variant {
        versions: VersionRange::ALL,
        patch,
        path: added.path,
        query: added.query,
        answers: None,
    });
    let is_replaced = |name: &str| added.headers.iter().any(|(other, _)| *other == name);
    let kept = base.headers.iter().filter(|(name, _)| !is_replaced(name));
    let mut features = [base.features, added.features].concat();
    features.sort_unstable();
    features.dedup();
    DescribedRequest {
        headers: leak::list(kept.chain(added.headers).copied()),
        // A patch has no effect on a request without a body.
        body: match base.body {
            DescribedBody::None if patch.is_some() => DescribedBody::Json("{}"),
            body => body,
        },
        variants: leak::list(base.variants.iter().copied().chain(last)),
        features: leak::list(features),
        ..base
    }
}
