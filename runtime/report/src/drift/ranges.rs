//! Compares the microversions of a cloud's services with those of the specs.

use std::fmt;

use serde::Serialize;
use squall_model::{Finding, ServiceSpec, Severity, VersionRange};

use super::inputs::LiveService;

/// One service's microversions, by the spec and by the cloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RangeRow {
    /// Squall's name.
    pub service: String,
    /// The release the spec was harvested from.
    pub source: String,
    /// The spec's microversions; unbounded if the service has none.
    pub spec: VersionRange,
    /// The cloud's microversions, if it has the service.
    pub live: Option<VersionRange>,
    /// How the two compare.
    pub verdict: RangeVerdict,
}

/// How a cloud's microversions compare with a spec's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RangeVerdict {
    /// They are the same.
    Agrees,
    /// The cloud's end earlier.
    Older,
    /// The cloud's end later.
    Newer,
    /// They end at the same version and begin at different ones.
    Differs,
    /// The cloud has no such service.
    Absent,
}

impl fmt::Display for RangeVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Agrees => "agrees",
            Self::Older => "cloud is older",
            Self::Newer => "cloud is newer",
            Self::Differs => "cloud begins at another version",
            Self::Absent => "absent",
        })
    }
}

/// Compares one service with its spec.
pub(super) fn row(spec: &ServiceSpec, live: LiveService) -> RangeRow {
    let live = match live {
        LiveService::Absent => None,
        LiveService::At(range) => Some(range),
    };
    RangeRow {
        service: spec.name.to_owned(),
        source: spec.source.to_owned(),
        spec: spec.versions,
        live,
        verdict: live.map_or(RangeVerdict::Absent, |live| verdict(spec.versions, live)),
    }
}

/// Compares the ends, then the beginnings. A service without microversions is older than one
/// with them.
fn verdict(spec: VersionRange, live: VersionRange) -> RangeVerdict {
    match (live.max, spec.max) {
        (live, spec) if live < spec => RangeVerdict::Older,
        (live, spec) if live > spec => RangeVerdict::Newer,
        _ if live.min != spec.min => RangeVerdict::Differs,
        _ => RangeVerdict::Agrees,
    }
}

/// Returns the finding for a row that does not agree.
pub(super) fn finding(row: &RangeRow) -> Option<Finding> {
    let live = row.live.map(written).unwrap_or_default();
    let (what, help) = match row.verdict {
        RangeVerdict::Agrees => return None,
        RangeVerdict::Absent => {
            let message = "the cloud's catalog has no endpoint for it";
            let finding = Finding::warning("service-absent", row.service.as_str(), message);
            return Some(Finding { severity: Severity::Note, ..finding });
        }
        RangeVerdict::Older => {
            ("is older", "operations and versions that it lacks are left out of the counts")
        }
        RangeVerdict::Newer => {
            ("is newer", "update the spec to its release; newer operations are not in this report")
        }
        RangeVerdict::Differs => {
            ("begins at another version", "check which release it runs, and update the spec to it")
        }
    };
    let message = format!("the cloud {what}: it offers {live}, the spec {}", written(row.spec));
    Some(Finding::warning("version-ranges-differ", row.service.as_str(), message).with_help(help))
}

/// Formats a range.
pub(super) fn written(range: VersionRange) -> String {
    if range == VersionRange::ALL { "no microversions".to_owned() } else { range.to_string() }
}

#[cfg(test)]
mod tests {
    use squall_model::Microversion;

    use super::*;

    fn range(min: u16, max: u16) -> VersionRange {
        VersionRange::new(Some(Microversion::new(2, min)), Some(Microversion::new(2, max)))
    }

    #[test]
    fn the_end_decides_and_then_the_beginning() {
        for (live, expected) in [
            (range(1, 104), RangeVerdict::Agrees),
            (range(1, 103), RangeVerdict::Older),
            (range(1, 105), RangeVerdict::Newer),
            (range(50, 105), RangeVerdict::Newer),
            (range(50, 104), RangeVerdict::Differs),
            (VersionRange::ALL, RangeVerdict::Older),
        ] {
            assert_eq!(verdict(range(1, 104), live), expected, "{live}");
        }
        assert_eq!(verdict(VersionRange::ALL, VersionRange::ALL), RangeVerdict::Agrees);
        assert_eq!(verdict(VersionRange::ALL, range(1, 2)), RangeVerdict::Newer);
    }

    #[test]
    fn what_agrees_is_no_finding_and_what_does_not_says_both_ranges() {
        let row = |live| RangeRow {
            service: "compute".to_owned(),
            source: "nova 0".to_owned(),
            spec: range(1, 104),
            live: Some(live),
            verdict: verdict(range(1, 104), live),
        };
        assert!(finding(&row(range(1, 104))).is_none());
        let said = finding(&row(range(1, 96))).unwrap().message;
        assert!(
            said.contains("older") && said.contains("2.96") && said.contains("2.104"),
            "{said}"
        );
    }
}
