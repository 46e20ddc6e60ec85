//! Thresholds for CI: the exercised percentage below which drift fails.

use std::fmt;
use std::str::FromStr;

use squall_model::service::ServiceProfile;

use super::report::Report;

/// A threshold: `60` for all cells together, `compute=75` for one service.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// The service; `None` for all services together.
    pub service: Option<String>,
    /// The required percentage of exercised cells.
    pub percent: f64,
}

impl FromStr for Threshold {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (service, number) = match text.split_once('=') {
            Some((service, number)) => (Some(service.to_owned()), number),
            None => (None, text),
        };
        let refusal = || {
            format!(
                "invalid threshold `{text}`: use a percentage (`60`) or one for a service (`compute=75`)"
            )
        };
        let percent: f64 = number.trim_end_matches('%').parse().map_err(|_| refusal())?;
        if !(0.0..=100.0).contains(&percent) || service.as_deref() == Some("") {
            return Err(refusal());
        }
        Ok(Self { service, percent })
    }
}

/// A threshold that was not reached or does not apply.
#[derive(Debug, Clone, PartialEq)]
pub enum Missed {
    /// The report includes no run.
    NoRun,
    /// No service of that name is in the report.
    NoSuchService(String),
    /// Too little was exercised.
    Below {
        /// The service, or all of them.
        service: Option<String>,
        /// The exercised percentage.
        reached: f64,
        /// The required percentage.
        wanted: f64,
    },
}

impl fmt::Display for Missed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRun => f.write_str(
                "there is no run to check the threshold against; run the tests, or name a run \
                 with --run",
            ),
            Self::NoSuchService(name) => {
                write!(f, "--fail-under names `{name}`, which is not a service in the report")
            }
            Self::Below { service, reached, wanted } => {
                let of = service.as_deref().unwrap_or("all services");
                write!(f, "{of}: {reached:.1} % of the cells exercised, {wanted:.1} % required")
            }
        }
    }
}

impl Threshold {
    /// Checks the report against the threshold.
    pub fn missed_by(&self, report: &Report) -> Option<Missed> {
        if !report.has_run() {
            return Some(Missed::NoRun);
        }
        let counts = match &self.service {
            None => report.total(),
            Some(name) => match report.services.iter().find(|s| s.service == our_name(name)) {
                Some(service) => service.counts,
                None => return Some(Missed::NoSuchService(name.clone())),
            },
        };
        let reached = counts.percent();
        (reached < self.percent).then(|| Missed::Below {
            service: self.service.clone(),
            reached,
            wanted: self.percent,
        })
    }
}

/// Returns our name of a service with a client of ours; otherwise the name as it is.
fn our_name(name: &str) -> &str {
    let row = ServiceProfile::named(name).filter(|row| !row.name.is_empty());
    row.map_or(name, |row| row.name)
}

#[cfg(test)]
mod tests {
    use super::super::{Inputs, assess};
    use super::*;

    #[test]
    fn what_is_not_a_percentage_is_refused() {
        for text in ["", "most", "101", "-1", "=50", "compute=", "compute=x"] {
            assert!(text.parse::<Threshold>().is_err(), "{text}");
        }
        let read: Threshold = "compute=75%".parse().unwrap();
        assert!((read.percent - 75.0).abs() < f64::EPSILON);
    }

    #[test]
    fn no_run_never_meets_a_threshold() {
        let report = assess(&Inputs::default());
        assert_eq!("0".parse::<Threshold>().unwrap().missed_by(&report), Some(Missed::NoRun));
    }
}
