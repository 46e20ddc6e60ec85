//! Entries for a file of accepted findings, for a person to complete.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::Date;

use super::{Findings, RunFinding, SAID};
use crate::report::outline::truncated;

/// Renders an entry for each finding that is not accepted.
pub(super) fn text(
    findings: &Findings,
    packages: &BTreeMap<String, String>,
    expires: Date,
) -> String {
    let mut text = String::new();
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for finding in findings.findings.iter().filter(|finding| finding.accepted.is_none()) {
        let name = name(finding);
        let number = numbers.entry(name.clone()).or_default();
        *number += 1;
        let id = if *number == 1 { name } else { format!("{name}-{number}") };
        entry(&mut text, &id, finding, packages.get(&finding.service), expires);
    }
    text
}

fn entry(
    text: &mut String,
    id: &str,
    finding: &RunFinding,
    package: Option<&String>,
    expires: Date,
) {
    let (package, version) =
        package.and_then(|package| package.split_once(' ')).unwrap_or_default();
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let says = match &finding.exception {
        Some(exception) => format!("{}: {}", exception.class, exception.message),
        None => {
            [finding.rule.as_str(), &finding.said].join(": ").trim_matches([':', ' ']).to_owned()
        }
    };
    let symbol = finding.exception.as_ref().map_or("", |exception| &exception.symbol);
    // Writing to a string cannot fail.
    let _ =
        writeln!(text, "# {}: {}\n- id: {id}\n  tests:", finding.service, truncated(&says, SAID));
    for test in &finding.tests {
        let _ = writeln!(text, "    - {}", quoted(test));
    }
    let _ = writeln!(
        text,
        "  answer: {}\n  package: {}\n  version: {}\n  symbol: {}\n  cause: \"\"\n  expires: {expires}",
        finding.answered,
        quoted(package),
        quoted(version),
        quoted(symbol),
    );
}

/// Makes a name of the exception or the rule.
fn name(finding: &RunFinding) -> String {
    let words = match &finding.exception {
        Some(exception) => {
            let function = exception.symbol.rsplit('.').next().unwrap_or_default();
            format!("{} {}", exception.class, function)
        }
        None if finding.rule.is_empty() => format!("answer {}", finding.answered),
        None => format!("{} {}", finding.rule, finding.answered),
    };
    let plain = words.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), " ");
    plain.split_whitespace().collect::<Vec<_>>().join("-")
}
