//! Getting to work: from an assignment to a cloud that lets us in.

use super::protocol::{Assignment, Lent, Target};
use crate::clouds;
use crate::credentials::Account;
use crate::environment::{Environment, Identities};
use crate::journal::Sink;

/// Authenticates once and looks around; gives the cause, a line each, where that
/// is not possible.
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
    Environment::connect(config, identities, &assignment.run, &assignment.run_dir, sink)
        .await
        .map_err(|error| error.lines())
}
