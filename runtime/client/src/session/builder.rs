//! Building a session.

use std::sync::Arc;

use super::{BodyLimits, Session, Settings, Shared};
use crate::clock::{Clock, SystemClock};
use crate::config::CloudConfig;
use crate::deliver::Sender;
use crate::error::Error;
use crate::observer::Observer;
use crate::retry::RetryPolicy;
use crate::transport::{Transport, Wire};
use crate::validate::{Validation, Validators};

/// Builds a [`Session`]; only the cloud is required.
#[must_use = "a builder does nothing until `build` is called"]
pub struct SessionBuilder {
    cloud: CloudConfig,
    transport: Option<Arc<dyn Transport>>,
    clock: Arc<dyn Clock>,
    observer: Option<Arc<dyn Observer>>,
    label: Option<Arc<str>>,
    retry: RetryPolicy,
    limits: BodyLimits,
    validation: Validation,
    validators: Option<Arc<Validators>>,
}

impl SessionBuilder {
    pub(super) fn new(cloud: CloudConfig) -> Self {
        Self {
            cloud,
            transport: None,
            clock: Arc::new(SystemClock),
            observer: None,
            label: None,
            retry: RetryPolicy::default(),
            limits: BodyLimits::default(),
            validation: Validation::default(),
            validators: None,
        }
    }

    /// Sends requests through this transport instead of HTTP over the network.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Uses this clock.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Reports calls to this observer.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Names the identity in exchanges.
    pub fn label(mut self, label: &str) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Sets the retry policy.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Sets the largest bodies that responses may have.
    pub fn body_limits(mut self, limits: BodyLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets what violations of a spec do.
    pub fn validation(mut self, validation: Validation) -> Self {
        self.validation = validation;
        self
    }

    /// Shares compiled schemas with other sessions.
    pub fn validators(mut self, validators: Arc<Validators>) -> Self {
        self.validators = Some(validators);
        self
    }

    /// Builds the session; nothing is sent yet.
    ///
    /// # Errors
    /// The HTTP client cannot be set up: for example, a certificate cannot be read.
    pub fn build(self) -> Result<Session, Error> {
        self.cloud.credential.learn_secret();
        let transport = match self.transport {
            Some(transport) => transport,
            None => Arc::new(Wire::new(&self.cloud.tls, self.cloud.timeout)?),
        };
        Ok(Session {
            shared: Arc::new(Shared::of(self.cloud)),
            settings: Settings {
                sender: Sender {
                    transport,
                    clock: self.clock,
                    observer: self.observer,
                    label: self.label,
                    retry: self.retry,
                },
                limits: self.limits,
                validation: self.validation,
                validators: self.validators.unwrap_or_default(),
                discovered: Arc::default(),
            },
        })
    }
}
