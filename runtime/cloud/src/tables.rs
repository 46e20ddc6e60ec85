//! What is known of all services together: where each is mounted, and every behaviour.

use std::collections::HashMap;

use squall_model::ServiceSpec;

use crate::behaviour::Handler;
use crate::mount::Mount;
use crate::world::SERVICES;

/// Mounts every service.
pub(crate) fn mounts() -> Vec<Mount> {
    SERVICES.iter().filter_map(|(spec, _)| Mount::new(spec())).collect()
}

/// Returns the services that the cloud has by itself.
pub(crate) fn specs() -> Vec<&'static ServiceSpec> {
    SERVICES.iter().map(|(spec, _)| spec()).collect()
}

/// Every behaviour by operation id.
pub(crate) fn behaviours() -> HashMap<&'static str, Handler> {
    let parts = SERVICES.iter().flat_map(|(_, parts)| parts.iter());
    parts.flat_map(|part| part.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_is_mounted_at_a_prefix_of_its_own() {
        let mounts = mounts();
        assert_eq!(mounts.len(), SERVICES.len());
        let mut prefixes: Vec<&str> = mounts.iter().map(|mount| mount.path.prefix).collect();
        prefixes.sort_unstable();
        prefixes.dedup();
        assert_eq!(prefixes.len(), SERVICES.len());
    }

    #[test]
    fn every_behaviour_is_that_of_an_operation_and_no_operation_has_two() {
        let count: usize =
            SERVICES.iter().flat_map(|(_, parts)| *parts).map(|part| part.len()).sum();
        let table = behaviours();
        assert_eq!(table.len(), count);
        let known = |id: &str| SERVICES.iter().any(|(spec, _)| spec().operation(id).is_some());
        let unknown: Vec<&str> = table.into_keys().filter(|id| !known(id)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}
