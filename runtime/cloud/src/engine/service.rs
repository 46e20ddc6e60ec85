//! A service as it is handed to the cloud: its operations, its description, and what the
//! description does not say.

use squall_model::description::Description;
use squall_model::{PolicyRule, ServiceSpec};

use super::dialect::Dialect;
use super::request::Handler;
use super::store::ItemStore;

/// What the embedded cloud needs to know of a service beside its description. It can be
/// created in a `static`.
#[derive(Debug, Clone, Copy, Default)]
pub struct EmbeddedService {
    /// The handlers, by operation id.
    pub handlers: &'static [(&'static str, Handler)],
    /// What the service does in its own way; `None` if it does as most do.
    pub dialect: Option<Dialect>,
    /// Adds what a new cloud has from the start.
    pub beginning: Option<fn(&mut ItemStore)>,
}

/// A service that the embedded cloud serves from its description.
#[derive(Debug, Clone, Copy)]
pub struct DescribedService {
    /// Its operations.
    pub spec: &'static ServiceSpec,
    /// What its resources are.
    pub description: &'static Description,
    /// The rest.
    pub embedded: EmbeddedService,
    /// Its policy rules; none if it enforces no rules.
    pub policy_rules: &'static [PolicyRule],
}

impl EmbeddedService {
    /// Starts from a service that its description suffices for.
    pub const fn new() -> Self {
        Self { handlers: &[], dialect: None, beginning: None }
    }

    /// Sets the handlers, each with the id of its operation.
    #[must_use]
    pub const fn with_handlers(mut self, handlers: &'static [(&'static str, Handler)]) -> Self {
        self.handlers = handlers;
        self
    }

    /// Sets the habits of the service.
    #[must_use]
    pub const fn with_dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = Some(dialect);
        self
    }

    /// Sets what adds the resources that a new cloud has from the start.
    #[must_use]
    pub const fn beginning_with(mut self, beginning: fn(&mut ItemStore)) -> Self {
        self.beginning = Some(beginning);
        self
    }
}

impl DescribedService {
    /// Returns the habits of the service.
    pub(super) fn dialect(&self) -> Dialect {
        let fault = self.spec.profile().fault;
        self.embedded.dialect.unwrap_or(Dialect { fault, ..Dialect::USUAL })
    }
}
