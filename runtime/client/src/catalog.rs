//! The service catalog: which service is where.

use std::fmt;

use serde_json::Value;
use squall_model::service::aliases;

/// Which of an endpoint's interfaces is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Interface {
    /// For everyone.
    #[default]
    Public,
    /// For the cloud's own services.
    Internal,
    /// For administrators.
    Admin,
}

impl Interface {
    /// Gives the name in the catalog.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Admin => "admin",
        }
    }

    /// Reads a name, the old `publicURL` included.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.strip_suffix("URL").unwrap_or(name);
        [Self::Public, Self::Internal, Self::Admin].into_iter().find(|i| i.as_str() == name)
    }
}

impl fmt::Display for Interface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One place at which a service is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The service type as the catalog spells it.
    pub service_type: String,
    /// The service's name.
    pub service_name: String,
    /// Who it is for.
    pub interface: Interface,
    /// The region.
    pub region: String,
    /// Where.
    pub url: String,
}

/// The endpoints that a token came with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalog {
    endpoints: Vec<Endpoint>,
}

impl Catalog {
    /// Reads the `catalog` of a token; entries without URL or with an unknown
    /// interface are left out.
    pub fn read(catalog: &Value) -> Self {
        let mut endpoints = Vec::new();
        for service in catalog.as_array().into_iter().flatten() {
            let text = |value: &Value, key: &str| {
                value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
            };
            for endpoint in service.get("endpoints").and_then(Value::as_array).into_iter().flatten()
            {
                let Some(interface) = Interface::from_name(&text(endpoint, "interface")) else {
                    continue;
                };
                let url = text(endpoint, "url");
                let mut region = text(endpoint, "region_id");
                if region.is_empty() {
                    region = text(endpoint, "region");
                }
                if !url.is_empty() {
                    endpoints.push(Endpoint {
                        service_type: text(service, "type"),
                        service_name: text(service, "name"),
                        interface,
                        region,
                        url,
                    });
                }
            }
        }
        Self { endpoints }
    }

    /// Gives every endpoint.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// Tells whether a service is there, by its type or an alias of it.
    pub fn has(&self, service_type: &str) -> bool {
        aliases(service_type).any(|name| self.endpoints.iter().any(|e| e.service_type == name))
    }

    /// Finds a service's endpoint.
    ///
    /// - The type is looked for under its official name first, then under its
    ///   aliases in their order.
    /// - Without a region the first endpoint of the interface is taken.
    ///
    /// # Errors
    /// None there: the error tells what the catalog has instead.
    pub fn find(
        &self,
        service_type: &str,
        interface: Interface,
        region: Option<&str>,
    ) -> Result<&Endpoint, CatalogError> {
        let names: Vec<&str> = aliases(service_type).collect();
        names
            .iter()
            .flat_map(|name| self.endpoints.iter().filter(move |e| e.service_type == *name))
            .find(|e| e.interface == interface && region.is_none_or(|region| e.region == region))
            .ok_or_else(|| self.missing(service_type, &names, interface, region))
    }

    fn missing(
        &self,
        service_type: &str,
        names: &[&str],
        interface: Interface,
        region: Option<&str>,
    ) -> CatalogError {
        let same = self.endpoints.iter().filter(|e| names.contains(&e.service_type.as_str()));
        let mut there: Vec<String> =
            same.map(|e| format!("{} in region {}", e.interface, e.region)).collect();
        let wrong_place = !there.is_empty();
        if !wrong_place {
            there = self.endpoints.iter().map(|e| e.service_type.clone()).collect();
        }
        there.sort_unstable();
        there.dedup();
        CatalogError {
            service_type: service_type.to_owned(),
            interface,
            region: region.map(str::to_owned),
            there,
            wrong_place,
        }
    }
}

/// A service that the catalog does not have, or not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogError {
    /// The official type that was looked for.
    pub service_type: String,
    /// The interface.
    pub interface: Interface,
    /// The region, where one was named.
    pub region: Option<String>,
    /// What the catalog has: the service's endpoints, or the types of services.
    pub there: Vec<String>,
    wrong_place: bool,
}

impl CatalogError {
    /// Tells whether the cloud has no such service at all.
    pub fn is_no_service(&self) -> bool {
        !self.wrong_place
    }
}

impl fmt::Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no {} endpoint of `{}`", self.interface, self.service_type)?;
        if let Some(region) = &self.region {
            write!(f, " in region `{region}`")?;
        }
        f.write_str(" in the service catalog")?;
        let there = self.there.join(", ");
        match (self.wrong_place, self.there.is_empty()) {
            (true, _) => write!(f, "; it is there as {there}: see `interface` and `region_name`"),
            (false, false) => write!(f, ", which has {there}"),
            (false, true) => {
                f.write_str(", which is empty: only a token with a project scope has one")
            }
        }
    }
}

impl std::error::Error for CatalogError {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn catalog() -> Catalog {
        let endpoint = |interface: &str, region: &str, url: &str| json!({"interface": interface, "region_id": region, "region": region, "url": url});
        Catalog::read(&json!([
            {"type": "volumev3", "name": "cinder", "endpoints": [
                endpoint("public", "one", "http://one/volume/v3/p"),
                endpoint("admin", "one", "http://one:1/volume/v3/p"),
                endpoint("public", "two", "http://two/volume/v3/p"),
            ]},
            {"type": "compute", "name": "nova", "endpoints": [endpoint("public", "one", "http://one/compute/v2.1")]},
        ]))
    }

    #[test]
    fn an_alias_finds_the_official_type() {
        let found =
            catalog().find("block-storage", Interface::Public, Some("two")).unwrap().url.clone();
        assert_eq!(found, "http://two/volume/v3/p");
        assert!(catalog().has("block-store"));
    }

    #[test]
    fn without_a_region_the_first_is_taken() {
        let found = catalog().find("volume", Interface::Public, None).unwrap().region.clone();
        assert_eq!(found, "one");
    }

    #[test]
    fn what_is_there_instead_is_told() {
        let error = catalog().find("block-storage", Interface::Internal, None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no internal endpoint of `block-storage` in the service catalog; it is there as \
             admin in region one, public in region one, public in region two: see `interface` \
             and `region_name`"
        );
        let error = catalog().find("image", Interface::Public, Some("one")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no public endpoint of `image` in region `one` in the service catalog, which has \
             compute, volumev3"
        );
    }
}
