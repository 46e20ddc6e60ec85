//! Vendor profiles: what is public about a cloud, by the vendor's name.

use std::collections::BTreeMap;

use super::error::{ConfigError, ConfigErrorKind};
use super::tree::{Kind, Node};

/// The profiles that openstacksdk carries.
const VENDORS: &str = include_str!("vendors.yaml");

/// A profile's keys, and a remark about it.
pub(super) type Profile = (BTreeMap<String, Node>, Option<String>);

/// Finds a profile: of the user's own (`public`) or of those that openstacksdk carries.
///
/// # Errors
/// An unknown name, an address in place of a profile, a cloud that no longer exists.
pub(super) fn find(named: &Node, public: &BTreeMap<String, Node>) -> Result<Profile, ConfigError> {
    let name = named.text("profile")?;
    let error = |kind| ConfigError { file: named.path(), line: named.known_line(), kind };
    if let Some(own) = public.get(name) {
        return Ok((own.clone().with_underscores().map(name)?, None));
    }
    let vendors = vendors();
    let Some(profile) = vendors.get(name) else {
        if name.contains("://") {
            return Err(error(ConfigErrorKind::RemoteProfile {
                name: name.to_owned(),
                address: name.to_owned(),
            }));
        }
        let known = public.keys().chain(vendors.keys()).cloned().collect();
        return Err(error(ConfigErrorKind::UnknownProfile { name: name.to_owned(), known }));
    };
    let mut keys = profile.map(name)?;
    let mut text = |key: &str| match keys.remove(key).map(|node| node.kind) {
        Some(Kind::Text(text)) => Some(text),
        _ => None,
    };
    let (address, status, message) = (text("profile"), text("status"), text("message"));
    if let Some(address) = address {
        let name = name.to_owned();
        return Err(error(ConfigErrorKind::RemoteProfile { name, address }));
    }
    let message = message.unwrap_or_default();
    match status.as_deref() {
        Some("shutdown") => {
            Err(error(ConfigErrorKind::ShutDown { name: name.to_owned(), message }))
        }
        Some("deprecated") => {
            Ok((keys, Some(format!("the profile `{name}` is deprecated: {message}"))))
        }
        _ => Ok((keys, None)),
    }
}

fn vendors() -> BTreeMap<String, Node> {
    Node::embedded(VENDORS).ok().and_then(|root| root.map("vendors").ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Result<Profile, String> {
        find(&Node::variable(name), &BTreeMap::new()).map_err(|error| error.to_string())
    }

    #[test]
    fn every_profile_of_openstacksdk_is_there_or_says_why_not() {
        assert_eq!(vendors().len(), 25);
        for (name, _) in vendors() {
            match named(&name) {
                Ok((keys, _)) => assert!(!keys.is_empty(), "{name}"),
                Err(error) => assert!(
                    error.contains("no longer exists") || error.contains("an address"),
                    "{error}"
                ),
            }
        }
        let (ovh, _) = named("ovh").unwrap();
        assert_eq!(
            ovh["auth"].map("auth").unwrap()["auth_url"].text("").unwrap(),
            "https://auth.cloud.ovh.net/"
        );
    }

    #[test]
    fn a_users_own_profile_comes_first() {
        let own = Node::embedded("ovh: {region_name: mine}").unwrap().map("own").unwrap();
        let (keys, _) = find(&Node::variable("ovh"), &own).unwrap();
        assert_eq!(keys.len(), 1);
    }

    #[test]
    fn a_profile_that_is_an_address_is_not_fetched() {
        for name in ["vexxhost", "https://vexxhost.com"] {
            let error = named(name).err().unwrap();
            assert!(error.contains("https://vexxhost.com"), "{error}");
            assert!(error.contains("clouds-public.yaml"), "{error}");
        }
        assert!(named("internap").err().unwrap().contains("no longer exists"));
        assert!(named("fuga").unwrap().1.unwrap().contains("deprecated"));
    }
}
