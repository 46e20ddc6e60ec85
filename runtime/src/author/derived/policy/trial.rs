//! One rule, tried by one operation: every persona sends its request.

use serde_json::Value;
use squall_model::Method;
use squall_model::description::{DescribedRequest, Resource};
use squall_model::kind::text_of;
use squall_records::{Access, ExpectedAccess, PolicyCell, TargetOwner};

use super::answer::{self, Asked};
use super::expect::{self, Expectation};
use super::judge::{self, Tried};
use super::matrix::Matrix;
use super::persona::{Acting, MAKER};
use super::plan::PolicyCase;
use super::target::Subject;
use crate::client::Response;
use crate::derived::outcome::{Accepted, Outcome, without};
use crate::described::{
    How, Instance, Obtain as _, Purpose, Ready, comes_after, perform_before, prepare,
};
use crate::making::{Attempt, MakeError};
use crate::{Context, Failure, Result, kinds, services};
use squall_model::description::After;

/// Has every persona send the request of a case, and holds what it is answered against what the
/// rules say.
///
/// # Errors
/// A persona may do what the rules deny, may not do what they allow, or is refused with a wrong
/// status. Where the resource cannot be made that the request is about, the test is skipped.
pub async fn check(ctx: &Context, matrix: &Matrix, case: &PolicyCase) -> Result {
    ctx.undo_by_kind();
    let trial = Trial { ctx, matrix, case };
    let mut loaded = match trial.load().await {
        Ok(loaded) => loaded,
        Err(failure) => {
            ctx.policy_cell(trial.untried(&failure));
            return Err(failure);
        }
    };
    let maker = matrix.maker()?;
    let mut personas: Vec<(&Acting, Expectation)> = Vec::new();
    for persona in matrix.personas() {
        let subject = loaded.subject(case, maker);
        personas.push((persona, expect::of(matrix.policies(), case, &subject, persona)?));
    }
    // Who is refused leaves the resource to the next.
    personas.sort_by_key(|(_, expectation)| expectation.is_allowed());
    let mut tried = Vec::new();
    for (persona, expectation) in personas {
        let (cell, sent) = match &expectation.unknown {
            Some(why) => {
                (trial.cell(persona, &expectation, Access::Undecided(why.clone())), Sent::default())
            }
            None => trial.persona(&mut loaded, persona, &expectation).await?,
        };
        tried.push(Tried { cell, curl: sent.curl, said: sent.said });
    }
    if !case.shows.is_empty() {
        judge::unless_seen(&mut tried, case.shows);
    }
    for one in &tried {
        ctx.policy_cell(one.cell.clone());
    }
    judge::hold(&tried, matrix.missing())
}

/// What a test tries.
struct Trial<'a> {
    ctx: &'a Context,
    matrix: &'a Matrix,
    case: &'a PolicyCase,
}

/// A request that can be sent, and the resource that it is about.
struct Loaded {
    target: Option<Instance>,
    ready: Ready,
    /// What became of it.
    wear: Wear,
}

/// What became of a resource that a persona was allowed to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wear {
    /// Nothing: the request only reads, or no one was allowed to send it.
    New,
    /// It was changed, and can probably be changed again.
    Used,
    /// It was used up.
    Spent,
}

impl Loaded {
    /// Returns what the rules are asked about.
    fn subject<'a>(&'a self, case: &'a PolicyCase, maker: &'a Acting) -> Subject<'a> {
        Subject::new(case, self.target.as_ref(), &self.ready, maker)
    }
}

/// What was sent, for a failure.
#[derive(Default)]
struct Sent {
    curl: String,
    said: String,
}

impl Trial<'_> {
    /// Makes the resource that the request is about, and the request.
    async fn load(&self) -> Result<Loaded> {
        let Self { ctx, matrix, case } = *self;
        let pool = matrix.pool();
        let (target, own) = match case.how {
            How::Creates(resource) => (None, resource.fresh),
            How::Standard(resource, _) => {
                let changes = !case.operation.method.is_safe();
                let kind = case.on.unwrap_or(resource.kind.name);
                (self.target(kind, changes).await?, false)
            }
            How::Called(call) => {
                let target = match case.on.or(call.on) {
                    Some(kind) => self.target(kind, call.own).await?,
                    None => None,
                };
                for before in call.before {
                    perform_before(ctx, pool, before, target.as_ref(), None)
                        .await
                        .map_err(without)?;
                }
                (target, call.own)
            }
        };
        let purpose = Purpose { ctx, pool, target: target.as_ref(), own, version: None };
        let ready = self.prepare(case.request, purpose).await?;
        if let How::Called(call) = case.how
            && let Some(undoing) = call.undone_by
        {
            // Registered first: the call may take effect and fail all the same.
            let undo = self.prepare(undoing, purpose).await?.call("");
            ctx.defer(async move { undo.send().await.map(|_| ()).map_err(Failure::from) });
        }
        Ok(Loaded { target, ready, wear: Wear::New })
    }

    async fn target(&self, kind: &str, own: bool) -> Result<Option<Instance>> {
        let pool = self.matrix.pool();
        pool.obtain(self.ctx, kind, "", own, None).await.map(Some).map_err(without)
    }

    async fn prepare(
        &self,
        request: &'static DescribedRequest,
        purpose: Purpose<'_>,
    ) -> Result<Ready> {
        prepare(request, purpose).await.map_err(without)
    }

    /// Has a persona send the request, on a new resource if the one before is used up.
    async fn persona(
        &self,
        loaded: &mut Loaded,
        persona: &Acting,
        expectation: &Expectation,
    ) -> Result<(PolicyCell, Sent)> {
        if loaded.wear == Wear::Spent {
            *loaded = self.load().await?;
        }
        let was_used = loaded.wear == Wear::Used;
        let (cell, sent) = self.try_persona(loaded, persona, expectation).await?;
        // What one persona changed may be in the way of the next.
        if was_used && expectation.is_allowed() && cell.observed != Access::Allowed {
            *loaded = self.load().await?;
            return self.try_persona(loaded, persona, expectation).await;
        }
        Ok((cell, sent))
    }

    async fn try_persona(
        &self,
        loaded: &mut Loaded,
        persona: &Acting,
        expectation: &Expectation,
    ) -> Result<(PolicyCell, Sent)> {
        loaded.ready.set_sender(&persona.in_test(self.ctx));
        let subject = loaded.subject(self.case, self.matrix.maker()?);
        let item = subject.item();
        let asked = Asked {
            is_allowed: expectation.is_allowed(),
            among_own: expectation.among_own,
            item: item.as_ref().map(|(at, id)| (*at, id.as_str())),
            unlisted: subject.unlisted(),
            shows: self.case.shows,
        };
        let (observed, status, request_id, sent) = match self.send(&loaded.ready).await {
            Ok(outcome) => {
                let (observed, status) = answer::read(&outcome.answer, asked);
                let (said, request_id) = outcome.said();
                (observed, status, request_id, Sent { curl: outcome.curl, said })
            }
            Err(failure) if failure.is_skip() => return Err(failure),
            Err(failure) => {
                let why = Access::Undecided(failure.to_string());
                (why, None, None, Sent { curl: String::new(), said: String::new() })
            }
        };
        if observed == Access::Allowed {
            self.used(loaded).await;
        }
        let cell = self.cell(persona, expectation, observed);
        Ok((PolicyCell { status, request_id, ..cell }, sent))
    }

    fn cell(&self, persona: &Acting, expectation: &Expectation, observed: Access) -> PolicyCell {
        PolicyCell {
            rule: self.case.rule.to_owned(),
            operation: self.case.operation.id.to_string(),
            persona: persona.persona.name.to_owned(),
            target: expectation.owner,
            expected: expectation.access,
            why: expectation.why.clone(),
            observed,
            status: None,
            request_id: None,
        }
    }

    /// Returns the cell of a rule that cannot be tried, for the reason.
    fn untried(&self, failure: &Failure) -> PolicyCell {
        PolicyCell {
            rule: self.case.rule.to_owned(),
            operation: self.case.operation.id.to_string(),
            persona: MAKER.to_owned(),
            target: TargetOwner::Own,
            expected: ExpectedAccess::Allowed,
            why: String::new(),
            observed: Access::Undecided(failure.message().to_owned()),
            status: None,
            request_id: None,
        }
    }

    /// Sends the request; what creates something goes through the ledger, since the service may do
    /// it.
    async fn send(&self, ready: &Ready) -> Result<Outcome> {
        let (ctx, operation) = (self.ctx, self.case.operation);
        let making = kinds::making(&operation.id);
        let is_tracked =
            |kind: &&kinds::Kind| services::resource(kind.name).is_ok_and(Resource::is_tracked);
        let Some(kind) = making.filter(is_tracked) else {
            let name = making.or_else(|| self.case.kind());
            let name = name.map_or_else(String::new, |kind| ctx.unique_name(kind));
            let call = ready.call(&name);
            let answer = call.clone().send().await.map(Accepted::from);
            return Outcome::of(Some(&call), answer).await;
        };
        let mut sent = None;
        let resource = services::resource(kind.name).ok();
        let addressed_by = |response: &Response<Value>| {
            let at = resource.map(|one| format!("{}{}", one.object, one.id))?;
            text_of(response.value.pointer(&at)?)
        };
        let name = ctx.unique_name(kind);
        let call = sent.insert(ready.call(&name)).clone();
        let made = match ctx.attempt(kind, Attempt::named(name, call), addressed_by).await {
            Ok(response) => Ok(Accepted::from(response)),
            Err(MakeError::Call(error)) => Err(error),
            Err(other) => return Err(Failure::from(other)),
        };
        Outcome::of(sent.as_ref(), made).await
    }

    /// Waits for what comes after a request that was allowed, so that it can be undone, and has
    /// the next persona get a resource of its own if this one was changed.
    async fn used(&self, loaded: &mut Loaded) {
        let (ctx, pool) = (self.ctx, self.matrix.pool());
        let makes = kinds::making(&self.case.operation.id).is_some();
        if self.case.operation.method.is_safe() {
            return;
        }
        let (after, wear) = match self.case.how {
            How::Creates(_) => {
                loaded.wear = Wear::Spent;
                return;
            }
            How::Standard(..) if self.case.operation.verb() == "delete" => {
                (After::Gone, Wear::Spent)
            }
            How::Standard(..) => (After::Ready, Wear::Used),
            How::Called(call) if self.case.operation.method == Method::Delete => {
                (call.after, Wear::Spent)
            }
            How::Called(call) if !call.own && !makes => return,
            How::Called(call) => {
                let stays = matches!(call.after, After::Ready | After::Nothing);
                let is_as_before = stays && call.before.is_empty() && !makes;
                (call.after, if is_as_before { Wear::Used } else { Wear::Spent })
            }
        };
        loaded.wear = wear;
        // What is being deleted can be found gone by cleanup.
        if let (Some(target), true) = (&loaded.target, after != After::Gone)
            && let Err(failure) = comes_after(ctx, pool, target, after).await
        {
            tracing::info!(%failure, "allowed, and not ready afterwards");
        }
    }
}
