//! A range of microversions: inclusive, and unbounded at an end that is not set.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Microversion;

/// The versions from `min` to `max`, both inclusive; `None` is unbounded.
///
/// A service without microversions only has [`VersionRange::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct VersionRange {
    /// The first version.
    #[serde(default, rename = "min-ver", skip_serializing_if = "Option::is_none")]
    pub min: Option<Microversion>,
    /// The last version.
    #[serde(default, rename = "max-ver", skip_serializing_if = "Option::is_none")]
    pub max: Option<Microversion>,
}

impl VersionRange {
    /// Every version, including none.
    pub const ALL: Self = Self { min: None, max: None };

    /// Creates a range.
    pub const fn new(min: Option<Microversion>, max: Option<Microversion>) -> Self {
        Self { min, max }
    }

    /// Creates the range from `min` on.
    pub const fn since(min: Microversion) -> Self {
        Self::new(Some(min), None)
    }

    /// Creates the range of exactly one version.
    pub const fn only(version: Microversion) -> Self {
        Self::new(Some(version), Some(version))
    }

    /// Returns the version at which it begins, and the one at which it no longer holds.
    pub fn ends(&self) -> impl Iterator<Item = Microversion> + use<> {
        self.min.into_iter().chain(self.max.map(Microversion::next))
    }

    /// Whether the range is every version.
    pub fn is_all(&self) -> bool {
        *self == Self::ALL
    }

    /// Whether the range contains a version.
    ///
    /// `None` (the service has no microversions, or the call uses the service's default) is
    /// contained only if `min` is not set.
    pub fn contains(&self, version: Option<Microversion>) -> bool {
        match version {
            Some(v) => self.min.is_none_or(|min| min <= v) && self.max.is_none_or(|max| v <= max),
            None => self.min.is_none(),
        }
    }

    /// Returns the versions in both ranges; `None` if they do not overlap.
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        let min = match (self.min, other.min) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        };
        let max = match (self.max, other.max) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        match (min, max) {
            (Some(min), Some(max)) if min > max => None,
            _ => Some(Self { min, max }),
        }
    }

    /// Whether every version of `other` is in this range.
    pub fn covers(&self, other: &Self) -> bool {
        let starts = match (self.min, other.min) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(mine), Some(theirs)) => mine <= theirs,
        };
        let ends = match (self.max, other.max) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(mine), Some(theirs)) => mine >= theirs,
        };
        starts && ends
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.min, self.max) {
            (None, None) => f.write_str("every version"),
            (Some(min), None) => write!(f, "{min} and later"),
            (None, Some(max)) => write!(f, "up to {max}"),
            (Some(min), Some(max)) if min == max => write!(f, "{min} only"),
            (Some(min), Some(max)) => write!(f, "{min} to {max}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(min: Option<u16>, max: Option<u16>) -> VersionRange {
        let v = |minor| Microversion::new(2, minor);
        VersionRange::new(min.map(v), max.map(v))
    }

    #[test]
    fn both_ends_are_inclusive() {
        let r = range(Some(3), Some(8));
        let inside = |minor| r.contains(Some(Microversion::new(2, minor)));
        assert_eq!([2, 3, 8, 9].map(inside), [false, true, true, false]);
    }

    #[test]
    fn ranges_that_do_not_overlap_have_no_intersection() {
        assert_eq!(range(Some(1), Some(3)).intersect(&range(Some(4), None)), None);
        assert_eq!(
            range(Some(1), Some(5)).intersect(&range(Some(4), None)),
            Some(range(Some(4), Some(5)))
        );
    }

    #[test]
    fn no_version_is_only_in_a_range_without_a_minimum() {
        assert!(VersionRange::ALL.contains(None));
        assert!(!range(Some(1), None).contains(None));
    }
}
