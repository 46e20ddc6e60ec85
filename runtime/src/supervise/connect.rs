//! Getting to work: from an assignment to a cloud that lets us in.

use super::protocol::{Assignment, Target};
use crate::clouds;
use crate::environment::Environment;
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
    Environment::connect(config, &assignment.run, &assignment.run_dir, sink)
        .await
        .map_err(|error| error.lines())
}
