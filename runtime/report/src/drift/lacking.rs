//! Compares the versions of another suite's schemas with those that change an answer.

use std::collections::{BTreeMap, BTreeSet};

use squall_model::service::ServiceProfile;
use squall_model::{Microversion, ServiceSpec};

use super::report::{Lacking, LackingRow, Report};

/// The versions of which another suite has schemas: a line for each service, its name and then
/// the versions; `#` begins a comment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SuiteVersions(BTreeMap<String, BTreeSet<Microversion>>);

/// A line that is not a service and its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuiteVersionsError {
    /// The number of the line.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

impl SuiteVersions {
    /// Reads a list.
    ///
    /// # Errors
    /// Every line that is wrong.
    pub fn parse(text: &str, known: &[&ServiceSpec]) -> Result<Self, Vec<SuiteVersionsError>> {
        let (mut found, mut wrong) = (Self::default(), Vec::new());
        for (index, line) in text.lines().enumerate() {
            let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
            let Some(name) = words.next() else { continue };
            let mut refuse =
                |what: String| wrong.push(SuiteVersionsError { line: index + 1, what });
            let ours = ServiceProfile::named(name).map_or(name, |profile| profile.name);
            if !known.iter().any(|spec| spec.name == ours) {
                let names: Vec<&str> = known.iter().map(|spec| spec.name).collect();
                refuse(format!("no spec of a service `{name}`; there are {}", names.join(", ")));
                continue;
            }
            let versions = found.0.entry(ours.to_owned()).or_default();
            for word in words {
                match word.parse() {
                    Ok(version) => drop(versions.insert(version)),
                    Err(error) => refuse(format!("{error}")),
                }
            }
        }
        if wrong.is_empty() { Ok(found) } else { Err(wrong) }
    }

    /// Returns the versions that change an answer, by a report, and that are not listed.
    pub fn lacking(&self, report: &Report) -> Lacking {
        let listed = report.services.iter().filter_map(|service| {
            let versions = self.0.get(&service.service)?;
            let missing = service
                .versions
                .iter()
                .filter(|row| !row.answers.is_empty() && !versions.contains(&row.version))
                .map(|row| (row.version, row.answers.clone()))
                .collect();
            Some(LackingRow { service: service.service.clone(), versions: missing })
        });
        Lacking { services: listed.collect() }
    }
}
