//! The actions that a server's state, or its lock, forbids: a table of 409s.
//!
//! One server for each state is made when the first case needs it, and serves all of them: a
//! refusal changes nothing, which each case looks after.

use serde_json::{Value, json};
use squall::client::ErrorResponse;
use squall::scenario::servers::{self, boot};
use squall::{Case, Context, Result, ensure, ensure_eq, kinds};
use tokio::sync::OnceCell;

use super::actions::{ACTIONS, Action, By, References, State};
use super::{shown, text};

/// Servers that refuse what their state forbids.
#[squall::suite(id = "compute.states.refusals", tags(negative), fixture = in_every_state)]
pub(crate) struct Refusals;

/// A server in each state, and a locked one.
struct InEveryState {
    /// What the servers belong to.
    ctx: Context,
    servers: Vec<(State, OnceCell<String>)>,
    locked: OnceCell<String>,
    references: References,
}

async fn in_every_state(ctx: &Context) -> Result<InEveryState> {
    Ok(InEveryState {
        ctx: ctx.clone(),
        servers: State::ALL.iter().map(|(state, ..)| (*state, OnceCell::new())).collect(),
        locked: OnceCell::new(),
        references: References {
            image: servers::public_image(ctx).await?,
            flavor: servers::another_flavor(ctx).await?,
        },
    })
}

impl InEveryState {
    async fn server(&self, wanted: State) -> Result<&str> {
        let make = || async {
            let id = boot(&self.ctx, json!({})).await?.id;
            wanted.reach(&self.ctx, &id, &self.references.flavor).await?;
            Ok::<_, squall::Failure>(id)
        };
        match self.servers.iter().find(|(state, _)| *state == wanted) {
            Some((_, server)) => Ok(server.get_or_try_init(make).await?),
            None => Err(squall::Failure::new(format!("no server is to be {wanted:?}"))),
        }
    }

    async fn locked(&self) -> Result<&str> {
        let lock = || async {
            let server = boot(&self.ctx, json!({})).await?;
            self.ctx.compute().servers().lock(&server.id, json!({})).send().await?;
            Ok::<_, squall::Failure>(server.id)
        };
        Ok(self.locked.get_or_try_init(lock).await?)
    }
}

/// An action is refused in a state that forbids it, and changes nothing.
#[squall::test(id = "compute.states.refused", cases = forbidden)]
async fn a_state_forbids_it(ctx: &Context, case: &(State, &'static Action)) -> Result {
    let (state, action) = *case;
    let all = ctx.fixture::<InEveryState>()?;
    let id = all.server(state).await?;
    let before = shown(ctx, id).await?;
    let refused = refuse(ctx, id, action, &all.references).await?;
    let message = refused.message().unwrap_or_default();
    let known = State::ALL.iter().find(|(known, ..)| *known == state);
    let (word, status) = known.map(|(_, _, word, status, _)| (*word, *status)).unwrap_or_default();
    let names_both = message.contains(&format!("'{}'", action.word))
        && message.contains(&format!("vm_state {word}"));
    // What needs a host asks for that first (`nova.compute.api.check_instance_host`).
    let names_no_host = state == State::Offloaded && message.ends_with("is not ready");
    ensure!(
        names_both || names_no_host,
        "the refusal of `{}` in vm_state {word} says: {message}",
        action.word
    );
    ensure_eq!(text(&before, "/status"), status);
    ensure_eq!(shown(ctx, id).await?, before);
    Ok(())
}

/// Its owner can do nothing to a locked server, which stays as it is.
#[squall::test(id = "compute.states.locked", cases = lockable)]
async fn a_lock_forbids_it(ctx: &Context, action: &&'static Action) -> Result {
    let all = ctx.fixture::<InEveryState>()?;
    let id = all.locked().await?;
    let before = shown(ctx, id).await?;
    let refused = refuse(ctx, id, action, &all.references).await?;
    let message = refused.message().unwrap_or_default();
    // Some of nova's controllers take a lock for a state that they have no word for.
    let wordless = format!("is in an invalid state for '{}'", action.word);
    ensure!(
        message.ends_with("is locked") || message.ends_with(&wordless),
        "the refusal of `{}` says: {message}",
        action.word
    );
    ensure_eq!(before.get("locked"), Some(&Value::Bool(true)));
    ensure_eq!(shown(ctx, id).await?, before);
    Ok(())
}

/// Sends what is to be refused; what it would create is in the ledger.
async fn refuse(
    ctx: &Context,
    id: &str,
    action: &Action,
    references: &References,
) -> Result<ErrorResponse> {
    let actor = if action.by == By::Admin { ctx.admin() } else { ctx.actor() };
    let call = (action.call)(actor.compute(), id, references);
    Ok(match action.id {
        "create-image" | "create-backup" => ctx.expect_refusal(409, call).await?,
        "attach-volume" => {
            let kind = &kinds::compute::VOLUME_ATTACHMENT;
            ctx.expect_refusal_named(kind, 409, |_| call).await?
        }
        _ => call.expect_error(409).await?,
    })
}

/// Returns a case for each state and each action that it forbids, as in `paused.start`.
fn forbidden() -> Vec<Case<(State, &'static Action)>> {
    let mut cases = Vec::new();
    for (state, name, word, _, feature) in State::ALL {
        for action in ACTIONS.iter().filter(|action| !action.taken_in.contains(&state)) {
            let case = Case::new(format!("{name}.{}", action.id), (state, action))
                .with_summary(format!("`{}` is refused while a server is {word}.", action.word));
            cases.push(match feature {
                Some(feature) => case.with_feature(feature),
                None => case,
            });
        }
    }
    cases
}

/// Returns a case for each action that a lock forbids a server's owner.
fn lockable() -> Vec<Case<&'static Action>> {
    let own = ACTIONS.iter().filter(|action| action.by == By::Owner);
    own.map(|action| {
        Case::new(action.id, action)
            .with_summary(format!("`{}` is refused while a server is locked.", action.word))
    })
    .collect()
}
