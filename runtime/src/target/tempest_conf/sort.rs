//! Decides what each option becomes.

use super::table::{CHOICES, ENTRANCE, FEATURES, PROBED, SERVICES, why_none};
use super::{Fate, Setting, Taken};
use crate::features::is_probed;

/// Tempest's default `build_timeout`, in seconds.
const BUILD_TIMEOUT: f64 = 300.0;

/// Returns each option and what it becomes.
pub(super) fn sort(settings: Vec<Setting>) -> Vec<(Setting, Fate)> {
    let fates: Vec<Fate> = settings
        .iter()
        .enumerate()
        .map(|(at, setting)| match again(setting, &settings[at + 1..]) {
            Some(line) => Fate::None { why: format!("overridden at line {line}") },
            None => fate(setting),
        })
        .collect();
    settings.into_iter().zip(fates).collect()
}

fn again(setting: &Setting, later: &[Setting]) -> Option<usize> {
    let is_same = |other: &&Setting| other.group == setting.group && other.option == setting.option;
    later.iter().rfind(is_same).map(|other| other.line)
}

fn fate(setting: &Setting) -> Fate {
    let Setting { group, option, value, unresolved, .. } = setting;
    let (group, option) = (group.as_str(), option.as_str());
    let of = |(its_group, its_option, _): &&(&str, &str, &'static str)| {
        (*its_group == group || *its_group == "*") && *its_option == option
    };
    if let Some(name) = unresolved {
        let why = format!(
            "refers to `${name}`, which this file does not set; write `$$` for a dollar sign"
        );
        return Fate::None { why };
    }
    if value.is_empty() {
        return Fate::None { why: "empty".to_owned() };
    }
    if let Some((_, _, key)) = CHOICES.iter().find(of) {
        return Fate::Taken { setting: Taken::Choice(key, value.clone()) };
    }
    if let Some((_, _, feature)) = FEATURES.iter().find(of) {
        return flag(feature, value);
    }
    if group == "service_available" {
        return service(option, value);
    }
    if let Some((_, _, key)) = ENTRANCE.iter().find(of) {
        if *key == "verify" && truth(value).is_none() {
            return Fate::None { why: "neither true nor false".to_owned() };
        }
        return Fate::Entrance { key };
    }
    if let Some((_, _, asks)) = PROBED.iter().find(of) {
        return Fate::Probed { asks: (*asks).to_owned() };
    }
    match (group, option) {
        ("auth", "test_accounts_file") => Fate::RunOption { option: format!("--accounts {value}") },
        ("auth", "use_dynamic_credentials") => match truth(value) {
            Some(true) => {
                Fate::None { why: "the default: a run creates its users itself".to_owned() }
            }
            _ => Fate::RunOption { option: "--accounts FILE".to_owned() },
        },
        (_, "build_timeout") => timeout(value),
        _ => why_none(group, option),
    }
}

/// What can be probed is left to the probe, unless it is switched off.
fn flag(feature: &'static str, value: &str) -> Fate {
    match truth(value) {
        None => Fate::None { why: "neither true nor false".to_owned() },
        Some(true) if is_probed(feature) => Fate::Probed { asks: format!("feature {feature}") },
        Some(set) => Fate::Taken { setting: Taken::Feature(feature, set) },
    }
}

fn service(name: &str, value: &str) -> Fate {
    let known = SERVICES.iter().find(|(theirs, _)| *theirs == name);
    match (known, truth(value)) {
        (_, None) => Fate::None { why: "neither true nor false".to_owned() },
        (Some(_), Some(true)) => Fate::Probed { asks: "catalog".to_owned() },
        (Some((_, ours)), Some(false)) => {
            Fate::Taken { setting: Taken::Service((*ours).to_owned(), false) }
        }
        (None, Some(_)) => Fate::None { why: "there are no tests for that service".to_owned() },
    }
}

fn timeout(value: &str) -> Fate {
    match value.parse::<f64>() {
        Ok(seconds) if seconds > BUILD_TIMEOUT => {
            Fate::RunOption { option: format!("--timeout-scale {:.1}", seconds / BUILD_TIMEOUT) }
        }
        Ok(_) => {
            Fate::None { why: "tests set their own deadlines, which are no shorter".to_owned() }
        }
        Err(_) => Fate::None { why: "not a number".to_owned() },
    }
}

/// Reads a boolean as `oslo.config` does.
pub(super) fn truth(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::is_known;

    #[test]
    fn every_feature_that_is_taken_over_is_one_here() {
        assert!(FEATURES.iter().all(|(_, _, feature)| is_known(feature)));
        assert!(FEATURES.is_sorted());
    }

    #[test]
    fn flags_are_read_as_tempest_reads_them() {
        assert_eq!(
            ["True", "1", "yes", "on", "maybe"].map(truth),
            [Some(true), Some(true), Some(true), Some(true), None]
        );
        assert_eq!(["FALSE", "0", "no", "off"].map(truth), [Some(false); 4]);
        let probed = flag("volume.backup", "true");
        assert!(matches!(probed, Fate::Probed { .. }));
        let off = Fate::Taken { setting: Taken::Feature("volume.backup", false) };
        assert_eq!(flag("volume.backup", "false"), off);
    }

    #[test]
    fn a_longer_patience_becomes_a_scale() {
        let scale = Fate::RunOption { option: "--timeout-scale 2.0".to_owned() };
        assert_eq!(timeout("600"), scale);
        assert!(matches!(timeout("196"), Fate::None { .. }));
    }
}
