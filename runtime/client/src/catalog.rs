//! The service catalog: the endpoints of a cloud's services.

use std::fmt;

use serde_json::Value;
use squall_model::service::aliases;

/// The interface of an endpoint.
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
    /// Returns the name in the catalog.
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

/// An endpoint of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The service type as the catalog spells it.
    pub service_type: String,
    /// The service's name.
    pub service_name: String,
    /// The interface.
    pub interface: Interface,
    /// The region; empty or `*` where it serves every region.
    pub region: String,
    /// The URL.
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

    /// Returns every endpoint.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// Whether a service is there, by its type or an alias of it.
    pub fn has(&self, service_type: &str) -> bool {
        aliases(service_type).any(|name| self.endpoints.iter().any(|e| e.service_type == name))
    }

    /// Returns the regions that have endpoints, sorted.
    pub fn regions(&self) -> Vec<&str> {
        let mut regions: Vec<&str> = self
            .endpoints
            .iter()
            .filter(|endpoint| !endpoint.is_everywhere())
            .map(|endpoint| endpoint.region.as_str())
            .collect();
        regions.sort_unstable();
        regions.dedup();
        regions
    }

    /// Finds a service's endpoint.
    ///
    /// - The type is looked for under its official name first, then under its
    ///   aliases in their order.
    /// - An endpoint in the region comes first. One without a region, or with the
    ///   region `*`, serves every region.
    /// - Without a region the service must be at one URL, or in one region.
    ///
    /// # Errors
    /// The catalog has no such endpoint, with what it has instead; or several regions have
    /// one, and no region is selected.
    pub fn find(&self, wanted: &Wanted<'_>) -> Result<&Endpoint, CatalogError> {
        let names: Vec<&str> = aliases(wanted.service_type).collect();
        for name in &names {
            let there = self.endpoints.iter().filter(|endpoint| {
                endpoint.service_type == *name
                    && endpoint.interface == wanted.interface
                    && wanted.service_name.is_none_or(|name| name == endpoint.service_name)
            });
            let there: Vec<&Endpoint> = there.collect();
            let found = if let Some(region) = wanted.region {
                there.iter().find(|endpoint| endpoint.region == region)
            } else {
                let mut regional = there.iter().filter(|endpoint| !endpoint.is_everywhere());
                let first = regional.next();
                let differs = |other: &&Endpoint| {
                    first.is_some_and(|one| one.region != other.region && one.url != other.url)
                };
                if regional.any(differs) {
                    return Err(self.error(wanted, &names, Reason::SeveralRegions));
                }
                first
            };
            let found = found.or_else(|| there.iter().find(|endpoint| endpoint.is_everywhere()));
            if let Some(found) = found {
                return Ok(found);
            }
        }
        let there = self.endpoints.iter().any(|e| names.contains(&e.service_type.as_str()));
        let reason = if there { Reason::Elsewhere } else { Reason::NoService };
        Err(self.error(wanted, &names, reason))
    }

    fn error(&self, wanted: &Wanted<'_>, names: &[&str], reason: Reason) -> CatalogError {
        let mut there: Vec<String> = match reason {
            Reason::SeveralRegions => self.regions().into_iter().map(str::to_owned).collect(),
            Reason::NoService => self.endpoints.iter().map(|e| e.service_type.clone()).collect(),
            Reason::Elsewhere => self
                .endpoints
                .iter()
                .filter(|endpoint| names.contains(&endpoint.service_type.as_str()))
                .map(Endpoint::place)
                .collect(),
        };
        there.sort_unstable();
        there.dedup();
        CatalogError {
            service_type: wanted.service_type.to_owned(),
            interface: wanted.interface,
            region: wanted.region.map(str::to_owned),
            there,
            reason,
        }
    }
}

impl Endpoint {
    /// Whether it serves every region: it names none, or `*`.
    pub fn is_everywhere(&self) -> bool {
        self.region.is_empty() || self.region == "*"
    }

    /// Its interface and region in words.
    pub fn place(&self) -> String {
        match self.region.as_str() {
            "" => format!("{} without a region", self.interface),
            "*" => format!("{} in every region", self.interface),
            region => format!("{} in region {region}", self.interface),
        }
    }
}

/// The endpoint that is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The service type, or an alias of it.
    pub service_type: &'a str,
    /// The service's name in the catalog, where that matters.
    pub service_name: Option<&'a str>,
    /// The interface.
    pub interface: Interface,
    /// The region, where one is chosen.
    pub region: Option<&'a str>,
}

/// Why no endpoint was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    NoService,
    Elsewhere,
    SeveralRegions,
}

/// A service that the catalog does not have, or not where it is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogError {
    /// The service type that was looked for.
    pub service_type: String,
    /// The interface.
    pub interface: Interface,
    /// The region, where one was chosen.
    pub region: Option<String>,
    /// What the catalog has: regions, the service's endpoints, or types of services.
    pub there: Vec<String>,
    reason: Reason,
}

impl CatalogError {
    /// Whether the cloud has no such service at all.
    pub fn is_no_service(&self) -> bool {
        self.reason == Reason::NoService
    }

    /// Whether several regions have the service and no region is selected.
    pub fn is_several_regions(&self) -> bool {
        self.reason == Reason::SeveralRegions
    }
}

impl fmt::Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let there = self.there.join(", ");
        if self.reason == Reason::SeveralRegions {
            return write!(
                f,
                "no region is selected, and the service catalog has several: {there}; set \
                 `region_name` in clouds.yaml, or OS_REGION_NAME, to one of them"
            );
        }
        write!(f, "no {} endpoint of `{}`", self.interface, self.service_type)?;
        if let Some(region) = &self.region {
            write!(f, " in region `{region}`")?;
        }
        f.write_str(" in the service catalog")?;
        match (self.reason, self.there.is_empty()) {
            (Reason::Elsewhere, _) => {
                write!(f, "; it is there as {there}: check `interface` and `region_name`")
            }
            (_, false) => write!(f, ", which has {there}"),
            (_, true) => f.write_str(", which is empty: only a token with a project scope has one"),
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

    fn wanted<'a>(service_type: &'a str, region: Option<&'a str>) -> Wanted<'a> {
        Wanted { service_type, service_name: None, interface: Interface::Public, region }
    }

    /// The path at which a service is found.
    fn found(catalog: &Catalog, service_type: &str, region: Option<&str>) -> String {
        catalog.find(&wanted(service_type, region)).unwrap().url.clone()
    }

    #[test]
    fn an_alias_finds_the_official_type() {
        assert_eq!(found(&catalog(), "block-storage", Some("two")), "http://two/volume/v3/p");
        assert!(catalog().has("block-store"));
    }

    #[test]
    fn several_regions_and_no_choice_is_an_error_that_lists_them() {
        let error = catalog().find(&wanted("volume", None)).unwrap_err();
        assert!(error.is_several_regions());
        assert_eq!(
            error.to_string(),
            "no region is selected, and the service catalog has several: one, two; set \
             `region_name` in clouds.yaml, or OS_REGION_NAME, to one of them"
        );
        assert_eq!(found(&catalog(), "compute", None), "http://one/compute/v2.1");
    }

    #[test]
    fn one_url_in_several_regions_is_no_choice() {
        let endpoint = |region: &str| json!({"interface": "public", "region_id": region, "url": "http://c/identity"});
        let catalog = Catalog::read(&json!([
            {"type": "identity", "name": "keystone", "endpoints": [endpoint("one"), endpoint("two")]},
        ]));
        assert_eq!(found(&catalog, "identity", None), "http://c/identity");
    }

    #[test]
    fn an_endpoint_of_every_region_serves_each_after_an_exact_match() {
        for everywhere in [json!("*"), json!(null), json!("")] {
            let catalog = Catalog::read(&json!([
                {"type": "identity", "name": "keystone", "endpoints": [
                    {"interface": "public", "region_id": everywhere, "region": everywhere, "url": "http://all"},
                ]},
                {"type": "image", "name": "glance", "endpoints": [
                    {"interface": "public", "region_id": everywhere, "region": everywhere, "url": "http://all/image"},
                    {"interface": "public", "region_id": "one", "region": "one", "url": "http://one/image"},
                ]},
            ]));
            assert_eq!(found(&catalog, "identity", Some("one")), "http://all", "{everywhere}");
            assert_eq!(found(&catalog, "identity", None), "http://all", "{everywhere}");
            assert_eq!(found(&catalog, "image", Some("one")), "http://one/image", "{everywhere}");
            assert_eq!(found(&catalog, "image", Some("two")), "http://all/image", "{everywhere}");
            assert_eq!(catalog.regions(), ["one"]);
        }
    }

    #[test]
    fn a_services_name_in_the_catalog_chooses_among_those_of_its_type() {
        let service = |name: &str| {
            json!({"type": "compute", "name": name, "endpoints": [
                {"interface": "public", "region_id": "one", "url": format!("http://{name}")},
            ]})
        };
        let catalog = Catalog::read(&json!([service("nova"), service("cells")]));
        let second = Wanted { service_name: Some("cells"), ..wanted("compute", None) };
        assert_eq!(catalog.find(&second).unwrap().url, "http://cells");
        let third = Wanted { service_name: Some("other"), ..wanted("compute", None) };
        assert!(catalog.find(&third).is_err());
    }

    #[test]
    fn an_error_says_what_is_there_instead() {
        let internal = Wanted { interface: Interface::Internal, ..wanted("block-storage", None) };
        let error = catalog().find(&internal).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no internal endpoint of `block-storage` in the service catalog; it is there as \
             admin in region one, public in region one, public in region two: check `interface` \
             and `region_name`"
        );
        let error = catalog().find(&wanted("image", Some("one"))).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no public endpoint of `image` in region `one` in the service catalog, which has \
             compute, volumev3"
        );
    }
}
