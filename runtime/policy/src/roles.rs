//! Implied roles: who has one role has others as well.

use std::collections::BTreeMap;

/// The roles that keystone's bootstrap creates, and what each implies (keystone 30.0.0,
/// `keystone.cmd.bootstrap.Bootstrapper`).
pub const BOOTSTRAP: &[(&str, &str)] =
    &[("admin", "manager"), ("manager", "member"), ("member", "reader")];

/// Adds the roles that roles imply, also through others. Each role is there once, those given
/// first.
///
/// ```
/// use squall_policy::roles::{BOOTSTRAP, implied};
/// assert_eq!(implied(["manager"], BOOTSTRAP.iter().copied()), ["manager", "member", "reader"]);
/// ```
pub fn implied<'r>(
    roles: impl IntoIterator<Item = &'r str>,
    rules: impl IntoIterator<Item = (&'r str, &'r str)>,
) -> Vec<String> {
    let mut by_prior: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (prior, implied) in rules {
        by_prior.entry(prior).or_default().push(implied);
    }
    let mut out: Vec<String> = Vec::new();
    let mut open: Vec<&str> = roles.into_iter().collect();
    open.reverse();
    while let Some(role) = open.pop() {
        if out.iter().any(|known| known == role) {
            continue;
        }
        out.push(role.to_owned());
        open.splice(0..0, by_prior.get(role).into_iter().flatten().copied());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_imply_roles_once_and_in_circles() {
        let rules = [("a", "b"), ("b", "c"), ("c", "a"), ("x", "y")];
        assert_eq!(implied(["b"], rules), ["b", "c", "a"]);
        assert_eq!(implied(["foo", "a"], rules), ["foo", "a", "b", "c"]);
    }
}
