//! Which services have rules, and the files that change them.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use squall_model::PolicyRule;

use super::{PolicyFile, ServiceRules};
use crate::engine::DescribedService;

/// What is wrong with the policy files of a cloud.
#[derive(Debug, thiserror::Error)]
pub enum PolicyFileError {
    /// No service of that name has rules.
    #[error("no service `{service}` with policy rules; known: {known}")]
    UnknownService {
        /// The name that was given.
        service: String,
        /// The services that have rules.
        known: String,
    },
    /// A file cannot be used.
    #[error(transparent)]
    Invalid(#[from] squall_policy::Invalid),
}

/// The rules of a cloud's services, by the names of these.
type Rules = HashMap<String, Arc<ServiceRules>>;

/// Returns the default rules of the cloud's services and of those described.
pub(crate) fn defaults(services: &[DescribedService]) -> Rules {
    let described = services.iter().filter_map(|service| {
        let rules = ServiceRules::defaults(service.spec.name, own_rules(service)?);
        Some((service.spec.name.to_owned(), Arc::new(rules)))
    });
    OWN.iter().map(|(name, rules)| (name.clone(), rules.clone())).chain(described).collect()
}

/// Returns the rules of the services as files change them.
pub(crate) fn with_files(
    services: &[DescribedService],
    files: &[PolicyFile],
) -> Result<Rules, PolicyFileError> {
    let mut rules = defaults(services);
    for file in files {
        if !rules.contains_key(&file.service) {
            let mut known: Vec<&str> = rules.keys().map(String::as_str).collect();
            known.sort_unstable();
            let (service, known) = (file.service.clone(), known.join(", "));
            return Err(PolicyFileError::UnknownService { service, known });
        }
    }
    for (service, rules) in &mut rules {
        let own: Vec<&PolicyFile> = files.iter().filter(|file| file.service == *service).collect();
        if !own.is_empty() {
            let described = services.iter().find(|other| other.spec.name == service);
            let defaults = match described {
                Some(described) => own_rules(described),
                None => default_rules(service),
            };
            let changed = ServiceRules::new(service, defaults.unwrap_or_default(), &own)?;
            *rules = Arc::new(changed);
        }
    }
    Ok(rules)
}

/// The rules of the cloud's own services, compiled once for all clouds of a process.
static OWN: LazyLock<Rules> = LazyLock::new(|| {
    let all = squall_services::ALL.iter().filter_map(|spec| {
        let rules = ServiceRules::defaults(spec.name, default_rules(spec.name)?);
        Some((spec.name.to_owned(), Arc::new(rules)))
    });
    all.collect()
});

/// Returns the default rules of a service; `None` for one that has none.
fn default_rules(service: &str) -> Option<&'static [PolicyRule]> {
    let mut all = squall_services::ALL.iter().zip(squall_services::POLICY_RULES);
    let (_, rules) = all.find(|(spec, _)| spec.name == service)?;
    Some(rules).filter(|rules| !rules.is_empty())
}

/// Returns the rules that a described service brings.
fn own_rules(service: &DescribedService) -> Option<&'static [PolicyRule]> {
    Some(service.policy_rules).filter(|rules| !rules.is_empty())
}
