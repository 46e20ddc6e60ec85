//! Where a session finds a service.

use squall_model::service::aliases;

use super::Session;
use crate::error::Error;
use crate::service::ServiceDescription;

impl Session {
    /// Gives the endpoint of a service, as the configuration or the catalog
    /// says it.
    ///
    /// `<service>_endpoint_override` of the configuration comes first, under
    /// any name that the service goes by; then no token is needed.
    pub async fn endpoint(&self, service: &ServiceDescription) -> Result<String, Error> {
        let overrides = &self.cloud().endpoint_overrides;
        let configured = aliases(&service.service_type)
            .chain([service.name.as_ref()])
            .find_map(|name| overrides.get(&name.replace('-', "_")));
        if let Some(url) = configured {
            return Ok(url.clone());
        }
        let token = self.token().await?;
        let found = token.catalog.find(&service.service_type, self.interface(), self.region())?;
        Ok(found.url.clone())
    }
}
