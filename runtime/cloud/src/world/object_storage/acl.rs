//! The access lists of a container, as swift's `common.middleware.acl` reads them.
//!
//! It says whom a list lets in; which list counts is [`super::access`]'s.

/// A list, read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Acl<'a> {
    referrers: Vec<&'a str>,
    groups: Vec<&'a str>,
}

/// The beginnings that make an element one of referrers.
const REFERRER: [&str; 4] = [".r:", ".ref:", ".referer:", ".referrer:"];

impl<'a> Acl<'a> {
    /// Reads a list.
    pub(crate) fn parse(text: &'a str) -> Self {
        let mut acl = Self::default();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match REFERRER.iter().find_map(|prefix| part.strip_prefix(prefix)) {
                Some(referrer) => acl.referrers.push(referrer),
                None => acl.groups.push(part),
            }
        }
        acl
    }

    /// Whether requests that come from this page are let in; the last
    /// element that fits decides.
    pub(crate) fn allows_referrer(&self, from: &str) -> bool {
        let host = host(from);
        self.referrers.iter().fold(false, |allowed, element| {
            let (deny, pattern) = match element.strip_prefix('-') {
                Some(rest) => (true, rest),
                None => (false, *element),
            };
            let fits = pattern == "*"
                || pattern == host
                || (pattern.starts_with('.') && host.ends_with(pattern));
            if fits { !deny } else { allowed }
        })
    }

    /// Whether who may read objects without a name may list them too.
    pub(crate) fn allows_listings(&self) -> bool {
        self.groups.contains(&".rlistings")
    }

    /// Whether a user of a project, with these roles, is let in.
    pub(crate) fn allows_user(&self, project: &str, user: &str, roles: &[&str]) -> bool {
        self.groups.iter().any(|group| match group.split_once(':') {
            Some((of, who)) => (of == "*" || of == project) && (who == "*" || who == user),
            None => roles.contains(group),
        })
    }
}

/// Tells what is wrong with a list that a container is to be given.
pub(crate) fn fault(text: &str, writing: bool) -> Option<String> {
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let referrer = REFERRER.iter().find_map(|prefix| part.strip_prefix(prefix));
        match referrer {
            Some(_) if writing => {
                return Some(format!("Referrers not allowed in write ACL: {part}"));
            }
            Some("" | "-") => {
                return Some(format!(
                    "No host/domain value after referrer designation in ACL: {part}"
                ));
            }
            None if part.starts_with('.') && part != ".rlistings" => {
                return Some(format!("Unknown designator in ACL: {part}"));
            }
            _ => {}
        }
    }
    None
}

fn host(from: &str) -> &str {
    let rest = from.split_once("://").map_or("", |(_, rest)| rest);
    let end = rest.find(['/', ':', '?']).unwrap_or(rest.len());
    match &rest[..end] {
        "" => "unknown",
        host => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_referrer_that_fits_decides() {
        let acl = Acl::parse(".r:*,.r:-.evil.test,.rlistings");
        assert!(acl.allows_referrer("http://good.test/page"));
        assert!(acl.allows_referrer(""));
        assert!(!acl.allows_referrer("http://www.evil.test/page"));
        assert!(acl.allows_listings());
    }

    #[test]
    fn a_user_is_let_in_by_project_by_name_or_by_role() {
        for (text, allowed) in [
            ("p:u", true),
            ("p:*", true),
            ("*:u", true),
            ("*:*", true),
            ("p:other", false),
            ("q:*", false),
            ("reader", true),
            ("writer", false),
            (".r:*", false),
        ] {
            assert_eq!(Acl::parse(text).allows_user("p", "u", &["reader"]), allowed, "{text}");
        }
    }

    #[test]
    fn what_is_no_list_is_told() {
        assert_eq!(fault(".r:*,p:u", false), None);
        assert!(fault(".r:*", true).is_some());
        assert!(fault(".r:", false).is_some());
        assert!(fault(".nonsense", false).is_some());
    }
}
