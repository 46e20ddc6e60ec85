//! Comparing two censuses.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Census, Unlisted};
use crate::kinds;

/// The difference between two censuses of a cloud.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Difference {
    /// New resources with a name that Squall gave: left by a run.
    pub left: Vec<Thing>,
    /// Other new resources: made by other users or by a service itself.
    pub new: Vec<Thing>,
    /// Resources that no longer exist.
    pub gone: Vec<Thing>,
    /// The kinds that one of the two could not list, and why.
    pub unlisted: BTreeMap<String, Unlisted>,
}

/// A resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Thing {
    /// Its kind, for example `compute.server`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// The text that its name would be in.
    pub name: String,
}

impl Difference {
    /// Compares two censuses; kinds that one of them could not list are left out.
    pub fn of(before: &Census, now: &Census) -> Self {
        let mut difference = Self::default();
        difference.unlisted.extend(before.unlisted.clone());
        difference.unlisted.extend(now.unlisted.clone());
        for (kind, now) in &now.kinds {
            let Some(before) = before.kinds.get(kind) else { continue };
            for thing in only_in(kind, now, before) {
                let ours = is_ours(&thing.name);
                (if ours { &mut difference.left } else { &mut difference.new }).push(thing);
            }
            difference.gone.extend(only_in(kind, before, now));
        }
        difference
    }

    /// Whether a run left something.
    pub fn is_leak(&self) -> bool {
        !self.left.is_empty()
    }

    /// Whether something may be left that could not be listed.
    pub fn is_incomplete(&self) -> bool {
        self.unlisted.values().any(|why| !why.is_absent())
    }

    /// Whether nothing changed.
    pub fn is_none(&self) -> bool {
        self.left.is_empty() && self.new.is_empty() && self.gone.is_empty()
    }
}

fn only_in<'a>(
    kind: &'a str,
    one: &'a BTreeMap<String, String>,
    other: &'a BTreeMap<String, String>,
) -> impl Iterator<Item = Thing> {
    one.iter().filter(|(id, _)| !other.contains_key(*id)).map(|(id, name)| Thing {
        kind: kind.to_owned(),
        id: id.clone(),
        name: name.clone(),
    })
}

/// Whether Squall gave this name.
fn is_ours(name: &str) -> bool {
    kinds::words_of(name).any(kinds::is_unique_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn census(things: &[(&str, &str, &str)]) -> Census {
        let mut census = Census::default();
        for (kind, id, name) in things {
            let kind = census.kinds.entry((*kind).to_owned()).or_default();
            kind.insert((*id).to_owned(), (*name).to_owned());
        }
        census
    }

    #[test]
    fn what_a_run_left_is_told_from_what_others_did() {
        let before = census(&[("compute.server", "1", "theirs"), ("image.image", "2", "a")]);
        let mut now = census(&[
            ("compute.server", "3", "squall-3c9e8b77-server-1f0c2a9d"),
            ("compute.server", "4", "new"),
            ("volume.volume", "5", "squall-3c9e8b77-volume-1f0c2a9d"),
        ]);
        now.unlisted.insert("image.image".to_owned(), Unlisted::Refused("answered 503".to_owned()));
        let difference = Difference::of(&before, &now);
        let ids = |things: &[Thing]| things.iter().map(|t| t.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&difference.left), ["3"], "volumes were not listed before");
        assert_eq!(ids(&difference.new), ["4"]);
        assert_eq!(ids(&difference.gone), ["1"], "images were not listed now");
        assert!(difference.is_leak() && difference.is_incomplete());
        assert!(Difference::of(&before, &before).is_none());
    }
}
