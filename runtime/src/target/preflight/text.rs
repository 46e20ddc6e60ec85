//! The preflight report as text.

use std::fmt::Write as _;

use super::{Fact, Report, Topic};

/// The width at which long lists are wrapped.
const WIDTH: usize = 100;

/// Writes the report: a heading per topic, a line per fact, the source below the facts that
/// share it, and the problems last.
pub fn text(report: &Report) -> String {
    let mut out = format!("cloud {}\n", report.cloud);
    let mut rest = report.facts.as_slice();
    while let Some(first) = rest.first() {
        let count = rest.iter().take_while(|fact| fact.topic == first.topic).count();
        let (topic, after) = rest.split_at(count);
        rest = after;
        let _ = writeln!(out, "\n{}", heading(first.topic));
        facts(topic, &mut out);
    }
    let problems = &report.problems;
    let _ = match problems.len() {
        0 => writeln!(out, "\nno problems"),
        1 => writeln!(out, "\n1 problem"),
        many => writeln!(out, "\n{many} problems"),
    };
    for problem in problems {
        let _ = writeln!(out, "  {}\n    {}", problem.what, problem.help);
    }
    out
}

fn facts(facts: &[Fact], out: &mut String) {
    let width = facts.iter().map(|fact| fact.name.chars().count()).max().unwrap_or_default();
    for (at, fact) in facts.iter().enumerate() {
        let mut name = fact.name.as_str();
        for line in wrapped(&fact.text) {
            let _ = writeln!(out, "{}", format!("  {name:width$}  {line}").trim_end());
            name = "";
        }
        let is_last = facts.get(at + 1).is_none_or(|next| next.source != fact.source);
        if is_last {
            let _ = writeln!(out, "  {:width$}    ({})", "", fact.source);
        }
    }
}

/// Wraps a long list at its commas.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_inclusive(", ") {
        let last = lines.last().map_or(0, |line| line.chars().count());
        if last > 0 && last + word.chars().count() > WIDTH {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(word);
        }
    }
    lines
}

fn heading(topic: Topic) -> &'static str {
    match topic {
        Topic::Identity => "identity",
        Topic::Services => "services",
        Topic::Hosts => "hosts and processes",
        Topic::Flavors => "public flavors",
        Topic::Images => "public images",
        Topic::ExternalNetworks => "external networks",
        Topic::VolumeTypes => "volume types",
        Topic::Quotas => "quotas",
        Topic::Features => "features",
        Topic::Choices => "settings",
    }
}
