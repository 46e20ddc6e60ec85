//! Connecting a worker to the cloud of its assignment.

use std::sync::Arc;

use super::plan::Observe;
use super::protocol::{Assignment, Lent, Target};
use crate::clouds;
use crate::credentials::Account;
use crate::environment::{Environment, Identities};
use crate::journal::Sink;
use crate::observed::{AnswerKeeper, AnswerStore};

/// Authenticates and discovers what the cloud offers. On failure, returns the cause as
/// lines of text.
pub(super) async fn connect(
    assignment: &Assignment,
    sink: &Sink,
) -> Result<Environment, Vec<String>> {
    let config = match &assignment.cloud {
        Target::Embedded(access) => access.config(),
        Target::Named(name) => {
            clouds::find(name).map_err(|error| vec![error.to_string(), error.help()])?
        }
    };
    let identities = match &assignment.accounts {
        None => Identities::Made,
        Some(Lent { file, holds }) => match Account::read(file) {
            Ok(accounts) => Identities::Lent(accounts, holds.clone()),
            Err(error) => return Err(vec![error.to_string()]),
        },
    };
    let observations = assignment.observe.as_ref().map(|Observe { dir, cloud }| {
        Arc::new(AnswerKeeper::new(AnswerStore::open(dir), cloud.clone()))
    });
    let Assignment { run, run_dir, .. } = assignment;
    Environment::connect(config, identities, run, run_dir, sink, observations)
        .await
        .map_err(|error| error.lines())
}
