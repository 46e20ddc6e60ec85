//! Finding a service's endpoint.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::Session;
use crate::auth::Token;
use crate::catalog::{Catalog, CatalogError, Endpoint, Wanted};
use crate::endpoint;
use crate::error::Error;
use crate::service::description::ServiceDescription;

/// The endpoints that were looked up, by the service's name.
#[derive(Default)]
pub(super) struct Endpoints(RwLock<HashMap<String, Found>>);

/// An endpoint, and what it was looked up by.
struct Found {
    service: Arc<ServiceDescription>,
    /// The token whose catalog has it; none where the configuration says it.
    token: Option<Arc<Token>>,
    place: Arc<Place>,
}

/// Where a service is.
#[derive(Debug)]
pub(crate) struct Place {
    /// The endpoint as the configuration or the catalog has it.
    pub(crate) endpoint: String,
    /// The URL that the paths of operations are put below.
    pub(crate) root: String,
}

impl Session {
    /// Returns the endpoint of a service, from the configuration or the catalog.
    ///
    /// The configuration's `<service>_endpoint_override` comes first, under any
    /// name or alias of the service; it needs no token unless it names the project, as
    /// in `http://c/volume/v3/%(project_id)s`.
    pub async fn endpoint(&self, service: &ServiceDescription) -> Result<String, Error> {
        if let Some(url) = self.configured(service) {
            return Ok(url);
        }
        let token = self.token().await?;
        self.listed(&token, service)
    }

    /// Returns where a service is, and the token that the catalog came with, if that
    /// was needed. It is looked up once for a token.
    pub(crate) async fn locate(
        &self,
        service: &Arc<ServiceDescription>,
    ) -> Result<(Arc<Place>, Option<Arc<Token>>), Error> {
        let endpoints = &self.shared.endpoints.0;
        let held = {
            let held = endpoints.read().unwrap_or_else(PoisonError::into_inner);
            held.get(service.name.as_ref())
                .filter(|found| Arc::ptr_eq(&found.service, service) || found.service == *service)
                .map(|found| (Arc::clone(&found.place), found.token.clone()))
        };
        let token = match &held {
            Some((place, None)) => return Ok((Arc::clone(place), None)),
            None if self.configured(service).is_some() => None,
            _ => Some(self.token().await?),
        };
        if let (Some((place, Some(of))), Some(token)) = (&held, &token)
            && Arc::ptr_eq(of, token)
        {
            return Ok((Arc::clone(place), Some(Arc::clone(token))));
        }
        let endpoint = match &token {
            Some(token) => self.listed(token, service)?,
            None => self.configured(service).unwrap_or_default(),
        };
        let root = endpoint::root(&endpoint, &service.version_path);
        let place = Arc::new(Place { endpoint, root });
        let found =
            Found { service: Arc::clone(service), token: token.clone(), place: Arc::clone(&place) };
        let mut held = endpoints.write().unwrap_or_else(PoisonError::into_inner);
        held.insert(service.name.to_string(), found);
        Ok((place, token))
    }

    /// Returns the URL that the configuration has for a service, unless it names the
    /// project or the user, which takes a token.
    fn configured(&self, service: &ServiceDescription) -> Option<String> {
        let url = self.cloud().for_service(service).endpoint?;
        (!url.contains("%(") && !url.contains("$(")).then_some(url)
    }

    fn listed(&self, token: &Token, service: &ServiceDescription) -> Result<String, Error> {
        if let Some(url) = self.cloud().for_service(service).endpoint {
            return Ok(filled(&url, token));
        }
        Ok(self.find_endpoint(&token.catalog, service)?.url.clone())
    }

    /// Finds the endpoint of a service in a catalog: at the interface and in the region
    /// that the configuration has for it.
    ///
    /// # Errors
    /// The catalog has no such endpoint, or has it in several regions and no region is selected.
    pub fn find_endpoint<'c>(
        &self,
        catalog: &'c Catalog,
        service: &ServiceDescription,
    ) -> Result<&'c Endpoint, CatalogError> {
        let own = self.cloud().for_service(service);
        catalog.find(&Wanted {
            service_type: own.service_type.as_deref().unwrap_or(&service.service_type),
            service_name: own.service_name.as_deref(),
            interface: own.interface.unwrap_or(self.interface()),
            region: own.region.as_deref().or(self.region()),
        })
    }
}

/// Fills in what keystoneauth does in an endpoint of the configuration.
fn filled(url: &str, token: &Token) -> String {
    let project = token.project.as_ref().map_or("", |project| project.id.as_str());
    let mut out = url.to_owned();
    for (name, value) in
        [("project_id", project), ("tenant_id", project), ("user_id", token.user.id.as_str())]
    {
        out = out.replace(&format!("%({name})s"), value).replace(&format!("$({name})s"), value);
    }
    out
}
