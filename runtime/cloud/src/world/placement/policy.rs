//! Which of placement's rules a request has to pass: those of its operation, before anything is
//! looked at (placement 16.0.0, `placement.handlers`).

use crate::fault::Fault;
use crate::policy::Owner;
use crate::request::RequestContext;

/// Asks the rules of a request.
pub(crate) fn ask(context: &RequestContext) -> Result<(), Fault> {
    if context.operation.id == "placement.usages.list" {
        let project = context.query.get("project_id").unwrap_or_default();
        return context.ask_gates(&Owner::project(project));
    }
    context.ask_gates(&Owner::caller(context))
}
