//! Finding a service's endpoint.

use squall_model::service::aliases;

use super::Session;
use crate::error::Error;
use crate::service::ServiceDescription;

impl Session {
    /// Returns the endpoint of a service, from the configuration or the catalog.
    ///
    /// The configuration's `<service>_endpoint_override` comes first, under any
    /// name or alias of the service; it needs no token.
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
