//! Network's resources as the policy rules see them.

use squall_policy::{Target, Value};

use super::State;
use crate::document::Document;
use crate::request::RequestContext;

/// A resource as the rules see it: as it is, or as the body would make it.
pub(crate) struct ResourceTarget<'a> {
    pub(crate) state: &'a State,
    pub(crate) body: Option<&'a Document>,
    pub(crate) resource: Option<&'a Document>,
    /// The project of what a body that names none would make.
    pub(crate) project: &'a str,
}

impl Target for ResourceTarget<'_> {
    fn get(&self, name: &str) -> Option<Value<'_>> {
        let given = |name: &str| self.body.and_then(|body| body.get(name));
        let found = given(name).or_else(|| self.resource?.get(name)).map(Value::from);
        match name {
            "project_id" => found.or_else(|| given("tenant_id").map(Value::from)),
            "tenant_id" => found.or_else(|| given("project_id").map(Value::from)),
            _ => return found,
        }
        .or_else(|| self.resource.is_none().then_some(self.project.into()))
    }

    fn parent(&self, resource: &str, id: &str, field: &str) -> Option<Value<'_>> {
        let table = match resource {
            "network" => &self.state.networks,
            "security_group" => &self.state.security_groups,
            "floatingip" => &self.state.floating_ips,
            "router" => &self.state.routers,
            _ => return None,
        };
        table.get(id)?.get(field).map(Value::from)
    }
}

/// Returns a resource as the rules see it.
pub(crate) fn target<'a>(
    state: &'a State,
    body: Option<&'a Document>,
    resource: Option<&'a Document>,
    context: &'a RequestContext,
) -> ResourceTarget<'a> {
    ResourceTarget { state, body, resource, project: context.project() }
}

/// Returns the rule of an action on a resource.
pub(crate) fn rule(action: &str, singular: &str) -> String {
    format!("{action}_{singular}")
}
