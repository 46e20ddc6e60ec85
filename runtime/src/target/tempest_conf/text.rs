//! Writes an imported file: squall.toml, clouds.yaml and the report.

use std::fmt::Write as _;

use super::sort::truth;
use super::table::BOTH_DOMAINS;
use super::{Fate, Import, Setting, Taken};

/// What is shown in place of a secret.
const HIDDEN: &str = "…";

/// Writes the settings, each below the line that it comes from.
pub fn squall_toml(import: &Import) -> String {
    let Import { file, cloud, .. } = import;
    let cloud = quoted(cloud);
    let mut out = format!("# Imported from {file} by `squall import`.\n\n[cloud.{cloud}]\n");
    let mut part = |heading: &str, wanted: &dyn Fn(&Taken) -> Option<(String, String)>| {
        let mut is_first = true;
        for (setting, fate) in &import.settings {
            let Fate::Taken { setting: taken } = fate else { continue };
            let Some((key, value)) = wanted(taken) else { continue };
            if is_first && !heading.is_empty() {
                let _ = writeln!(out, "\n[cloud.{cloud}.{heading}]");
            }
            is_first = false;
            let Setting { group, option, line, .. } = setting;
            let _ = writeln!(out, "# {file}:{line} [{group}] {option}\n{key} = {value}");
        }
    };
    part("", &|taken| match taken {
        Taken::Choice(key, value) => Some(((*key).to_owned(), quoted(value))),
        _ => None,
    });
    part("services", &|taken| match taken {
        Taken::Service(name, set) => Some((quoted(name), set.to_string())),
        _ => None,
    });
    part("features", &|taken| match taken {
        Taken::Feature(name, set) => Some((quoted(name), set.to_string())),
        _ => None,
    });
    out
}

/// Writes the cloud's entry for `clouds.yaml`, with the password only on request. Empty if
/// the file has neither credential nor endpoint.
pub fn clouds_yaml(import: &Import, with_secrets: bool) -> String {
    let entrance = |(setting, fate): &(Setting, Fate)| match fate {
        Fate::Entrance { key } => Some((*key, setting.value.clone(), setting.line)),
        _ => None,
    };
    let mut keys: Vec<_> = import.settings.iter().filter_map(entrance).collect();
    if keys.is_empty() {
        return String::new();
    }
    if let Some(at) = keys.iter().position(|(key, _, _)| *key == BOTH_DOMAINS) {
        let (_, value, line) = keys.remove(at);
        for (key, of) in [
            ("auth.user_domain_name", "auth.username"),
            ("auth.project_domain_name", "auth.project_name"),
        ] {
            let has = |wanted: &str| keys.iter().any(|(key, _, _)| *key == wanted);
            if !has(key) && has(of) {
                keys.push((key, value.clone(), line));
            }
        }
    }
    keys.sort_by_key(|(key, _, _)| *key);
    let mut out = format!("clouds:\n  {}:\n", quoted(&import.cloud));
    let below = keys
        .iter()
        .filter_map(|(key, value, line)| Some((key.strip_prefix("auth.")?, value, line)));
    let below: Vec<_> = below.collect();
    if !below.is_empty() {
        out.push_str("    auth:\n");
    }
    for (key, value, line) in below {
        let (value, remark) = match key {
            "password" if !with_secrets => {
                (quoted(HIDDEN), format!("  # {}:{line}; `--with-secrets` writes it", import.file))
            }
            _ => (quoted(value), String::new()),
        };
        let _ = writeln!(out, "      {key}: {value}{remark}");
    }
    for (key, value, _) in keys.iter().filter(|(key, _, _)| !key.starts_with("auth.")) {
        let value = match *key {
            // The option disables what the key enables.
            "verify" => (truth(value) != Some(true)).to_string(),
            "interface" => quoted(value.trim_end_matches("URL")),
            _ => quoted(value),
        };
        let _ = writeln!(out, "    {key}: {value}");
    }
    out
}

/// Lists what every option became, by kind and in the order of the lines. `asked` are the
/// features that tests ask for; others have no effect.
pub fn report(import: &Import, asked: &[&str], with_secrets: bool) -> String {
    let mut out = String::new();
    for (heading, is_of) in PARTS {
        let of: Vec<_> = import.settings.iter().filter(|(_, fate)| is_of(fate)).collect();
        if of.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{heading}: {}", of.len());
        let width = of.iter().map(|(s, _)| s.group.len() + s.option.len()).max();
        let width = width.unwrap_or_default() + 3;
        for (Setting { group, option, line, .. }, fate) in of {
            let name = format!("[{group}] {option}");
            let _ = writeln!(out, "{line:>4}  {name:width$}  {}", describe(fate, asked));
        }
        out.push('\n');
    }
    let clouds = clouds_yaml(import, with_secrets);
    if !clouds.is_empty() {
        let _ = writeln!(out, "entry for clouds.yaml:\n\n{clouds}");
    }
    out
}

type Part = (&'static str, fn(&Fate) -> bool);

const PARTS: [Part; 5] = [
    ("written to squall.toml", |fate| matches!(fate, Fate::Taken { .. })),
    ("belong to clouds.yaml", |fate| matches!(fate, Fate::Entrance { .. })),
    ("options of `squall run`", |fate| matches!(fate, Fate::RunOption { .. })),
    ("determined from the cloud instead", |fate| matches!(fate, Fate::Probed { .. })),
    ("without a counterpart", |fate| matches!(fate, Fate::None { .. })),
];

fn describe(fate: &Fate, asked: &[&str]) -> String {
    match fate {
        Fate::Taken { setting: Taken::Choice(key, value) } => format!("{key} = {value}"),
        Fate::Taken { setting: Taken::Service(name, set) } => format!("service {name} = {set}"),
        Fate::Taken { setting: Taken::Feature(name, set) } => {
            let idle = if asked.contains(name) { "" } else { ", which no test uses" };
            format!("feature {name} = {set}{idle}")
        }
        Fate::Entrance { key } => (*key).to_owned(),
        Fate::RunOption { option } => option.clone(),
        Fate::Probed { asks } => asks.clone(),
        Fate::None { why } => why.clone(),
    }
}

/// Quotes a text as both TOML and YAML read it: as JSON does.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
