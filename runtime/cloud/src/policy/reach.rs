//! How far a service lets a caller see, which some of its rules decide.

use super::Owner;
use crate::request::{Reach, RequestContext};
use crate::world::identity::token::Access;

impl RequestContext {
    /// Works out how far the caller sees. Network goes by more rules than the others (neutron-lib
    /// 5.0.1, `neutron_lib.db.utils.model_query_scope_is_project`). Compute and volume look for a
    /// caller without a project in all of them (nova 34.0.0, `nova.context.is_user_context`).
    pub(crate) fn with_reach(mut self) -> Self {
        let by_role = self.access.as_ref().is_some_and(Access::is_admin);
        self.reach = Reach { is_admin: by_role, sees_all: by_role };
        if let (Some(rules), Some(credentials)) = (&self.rules, &self.credentials) {
            let own = Owner::caller(&self);
            let holds = |rule: &str| rules.holds(rule, credentials, &own);
            let is_admin =
                if rules.has("context_is_admin") { holds("context_is_admin") } else { by_role };
            let wider = ["service_api", "context_is_advsvc", "context_with_global_access"];
            let sees_all = is_admin
                || match self.operation.service() {
                    "network" => wider.into_iter().any(holds),
                    "compute" | "volume" => self.project().is_empty(),
                    _ => false,
                };
            self.reach = Reach { is_admin, sees_all };
        }
        self
    }
}
