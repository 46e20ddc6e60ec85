//! Reads settings. Every mistake is reported with its line, and nothing is ignored.

use std::collections::{BTreeMap, btree_map};
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::mistake::{Mistake, Text};
use super::{ByHand, CloudSettings};
use crate::features::{FAMILIES, KNOWN, is_known};
use crate::{program, services};
use squall_model::suggest::{alternatives, similar};

/// What may stand below a cloud.
const KEYS: [&str; 8] = [
    "image",
    "flavor",
    "external-network",
    "unknown-keys",
    "accepted-findings",
    "policy-files",
    "features",
    "services",
];

/// Returns the settings for each cloud, or every mistake.
pub(super) fn read(
    name: &str,
    text: &str,
    asked: &[&str],
) -> Result<BTreeMap<String, CloudSettings>, Vec<Mistake>> {
    let mut reader = Reader { text: Text::new(name, text), asked, mistakes: Vec::new() };
    let clouds = match DeTable::parse(text) {
        Ok(table) => reader.root(table.get_ref()),
        Err(error) => {
            let span = error.span().unwrap_or_default();
            reader.wrong(span, error.message(), "the file must be TOML, see https://toml.io");
            BTreeMap::new()
        }
    };
    reader.mistakes.sort_by_key(Mistake::line);
    if reader.mistakes.is_empty() { Ok(clouds) } else { Err(reader.mistakes) }
}

struct Reader<'a> {
    text: Text<'a>,
    asked: &'a [&'a str],
    mistakes: Vec<Mistake>,
}

type Key<'i> = Spanned<std::borrow::Cow<'i, str>>;
type Entry<'i> = Spanned<DeValue<'i>>;

impl Reader<'_> {
    fn root(&mut self, table: &DeTable<'_>) -> BTreeMap<String, CloudSettings> {
        let mut clouds = BTreeMap::new();
        for (key, value) in table {
            if key.get_ref() != "cloud" {
                self.unknown(key, &["cloud"], "a cloud is set as `[cloud.NAME]`");
                continue;
            }
            for (name, cloud) in self.table(value) {
                let settings = self.cloud(cloud);
                clouds.insert(name.get_ref().to_string(), settings);
            }
        }
        clouds
    }

    fn cloud(&mut self, value: &Entry<'_>) -> CloudSettings {
        let mut settings = CloudSettings::default();
        for (key, value) in self.table(value) {
            match key.get_ref().as_ref() {
                "image" => settings.image = self.name(key, value),
                "flavor" => settings.flavor = self.name(key, value),
                "external-network" => settings.external_network = self.name(key, value),
                "unknown-keys" => settings.warn_of_unknown_keys = self.is_warn(key, value),
                "accepted-findings" => settings.accepted_findings = self.name(key, value),
                "policy-files" => {
                    for (service, path) in self.table(value) {
                        let ours = services::our_name(service.get_ref()).to_owned();
                        let known = self.is_service(&ours, service.span());
                        if let Some(path) = self.name(service, path).filter(|_| known) {
                            settings.policy_files.insert(ours, path);
                        }
                    }
                }
                "features" => {
                    for (name, at, set) in self.flags(value) {
                        if self.is_feature(&name, at) {
                            settings.features.insert(name, set);
                        }
                    }
                }
                "services" => {
                    for (name, at, set) in self.flags(value) {
                        let ours = services::our_name(&name).to_owned();
                        match settings.services.entry(ours) {
                            btree_map::Entry::Occupied(entry) => {
                                let ours = entry.key();
                                let what = format!(
                                    "`{name}` is the service `{ours}`, which is set already"
                                );
                                self.wrong(at, &what, "remove one of the two");
                            }
                            btree_map::Entry::Vacant(entry) => {
                                if self.is_service(entry.key(), at) {
                                    entry.insert(set);
                                }
                            }
                        }
                    }
                }
                _ => self.unknown(key, &KEYS, ""),
            }
        }
        settings
    }

    /// Reads booleans under dotted names, which are nested tables in TOML unless they
    /// are quoted.
    fn flags(&mut self, value: &Entry<'_>) -> Vec<(String, Range<usize>, ByHand<bool>)> {
        let mut flags = Vec::new();
        for (key, value) in self.table(value) {
            let name = key.get_ref().to_string();
            match value.get_ref() {
                DeValue::Boolean(set) => {
                    let at = self.text.place(key.span().start);
                    flags.push((name, key.span(), ByHand { value: *set, at }));
                }
                DeValue::Table(_) => {
                    let below = self.flags(value).into_iter();
                    flags.extend(below.map(|(last, at, set)| (format!("{name}.{last}"), at, set)));
                }
                other => {
                    let what = format!("`{name}` is {}, not true or false", kind(other));
                    self.wrong(value.span(), &what, "write `= true` or `= false`");
                }
            }
        }
        flags
    }

    fn is_feature(&mut self, name: &str, at: Range<usize>) -> bool {
        if is_known(name) || self.asked.contains(&name) {
            return true;
        }
        let names = KNOWN.iter().map(|known| known.name);
        let near = similar(name, names.chain(self.asked.iter().copied()));
        let help = if near.is_empty() {
            let families: Vec<_> = FAMILIES.iter().map(|(_, what)| *what).collect();
            format!(
                "use a feature that a test asks for, one that `{} preflight` lists, or {}",
                program::name(),
                families.join("; ")
            )
        } else {
            format!("did you mean {}?", alternatives(near))
        };
        self.wrong(at, &format!("unknown feature `{name}`"), &help);
        false
    }

    fn is_service(&mut self, name: &str, at: Range<usize>) -> bool {
        let ours: Vec<&str> = services::all().iter().map(|service| service.name).collect();
        // A service that is not registered is named by its type; there is no list of those.
        let near = similar(name, ours.iter().copied());
        if ours.contains(&name) || near.is_empty() {
            return true;
        }
        let help = format!("did you mean {}?", alternatives(near));
        self.wrong(at, &format!("unknown service `{name}`"), &help);
        false
    }

    fn name(&mut self, key: &Key<'_>, value: &Entry<'_>) -> Option<ByHand<String>> {
        let at = self.text.place(key.span().start);
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => {
                Some(ByHand { value: text.to_string(), at })
            }
            other => {
                let what = format!("`{}` is {}, not a name", key.get_ref(), kind(other));
                let help = match key.get_ref().as_ref() {
                    "image" | "flavor" | "external-network" => "write a name or an id, in quotes",
                    _ => "write the name of a file, in quotes",
                };
                self.wrong(value.span(), &what, help);
                None
            }
        }
    }

    /// Reads what unknown keys are: `"warn"` or `"refuse"`.
    fn is_warn(&mut self, key: &Key<'_>, value: &Entry<'_>) -> Option<ByHand<bool>> {
        let at = self.text.place(key.span().start);
        let word = match value.get_ref() {
            DeValue::String(text) => text.as_ref(),
            _ => "",
        };
        match word {
            "warn" => Some(ByHand { value: true, at }),
            "refuse" => Some(ByHand { value: false, at }),
            _ => {
                let what = format!("`{}` is neither \"warn\" nor \"refuse\"", key.get_ref());
                self.wrong(value.span(), &what, "\"warn\" is for clouds with vendor extensions");
                None
            }
        }
    }

    fn table<'t, 'i>(&mut self, value: &'t Entry<'i>) -> Vec<(&'t Key<'i>, &'t Entry<'i>)> {
        if let DeValue::Table(table) = value.get_ref() {
            return table.iter().collect();
        }
        let what = format!("this is {}, not a table", kind(value.get_ref()));
        self.wrong(value.span(), &what, "a cloud is set as `[cloud.NAME]`");
        Vec::new()
    }

    fn unknown(&mut self, key: &Key<'_>, known: &[&str], help: &str) {
        let near = similar(key.get_ref(), known.iter().copied());
        let help = match (near.is_empty(), help) {
            (false, _) => format!("did you mean {}?", alternatives(near)),
            (true, "") => format!("known: {}", alternatives(known.iter().copied())),
            (true, help) => help.to_owned(),
        };
        self.wrong(key.span(), &format!("unknown key `{}`", key.get_ref()), &help);
    }

    fn wrong(&mut self, span: Range<usize>, what: &str, help: &str) {
        self.mistakes.push(self.text.mistake(span, what.to_owned(), help.to_owned()));
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
[cloud.staging]
image = "cirros-0.6"
external-network = "public"
unknown-keys = "warn"
accepted-findings = "staging.yaml"
policy-files.block-storage = "policy.yaml"

[cloud.staging.features]
network.extension.trunk = false
"object_storage.tempurl" = true
acme.turbo = true

[cloud.staging.services]
volume = false
"#;

    #[test]
    fn every_setting_keeps_its_line() {
        let clouds = read("squall.toml", GOOD, &["acme.turbo"]).unwrap();
        let CloudSettings {
            image,
            flavor,
            external_network,
            warn_of_unknown_keys,
            accepted_findings,
            policy_files,
            services,
            features,
        } = &clouds["staging"];
        let warn = warn_of_unknown_keys.as_ref().unwrap();
        assert_eq!((warn.value, warn.at.line), (true, 5));
        let image = image.as_ref().unwrap();
        assert_eq!((image.value.as_str(), image.at.line), ("cirros-0.6", 3));
        assert_eq!((flavor.is_none(), external_network.as_ref().unwrap().at.line), (true, 4));
        assert_eq!(accepted_findings.as_ref().unwrap().value, "staging.yaml");
        assert_eq!(policy_files["volume"].value, "policy.yaml");
        let flag = |name: &str| (features[name].value, features[name].at.to_string());
        assert_eq!(flag("network.extension.trunk"), (false, "squall.toml:10".to_owned()));
        assert_eq!(flag("object_storage.tempurl"), (true, "squall.toml:11".to_owned()));
        assert_eq!(flag("acme.turbo"), (true, "squall.toml:12".to_owned()));
        assert!(!services["volume"].value);
    }

    #[test]
    fn a_service_goes_by_any_of_its_names() {
        let text = "[cloud.a.services]\n\"block-storage\" = false\nobject-store = false\n\
                    key-manager = true\n";
        let services = &read("squall.toml", text, &[]).unwrap()["a"].services;
        assert_eq!(
            services.keys().collect::<Vec<_>>(),
            ["key-manager", "object_storage", "volume"]
        );
        let text = "[cloud.a.services]\nvolume = true\nvolumev3 = false\n";
        let mistakes = read("squall.toml", text, &[]).unwrap_err();
        assert_eq!(
            (mistakes[0].line(), mistakes[0].to_string()),
            (3, "`volumev3` is the service `volume`, which is set already".to_owned())
        );
    }

    #[test]
    fn every_mistake_is_reported_with_its_line_and_a_suggestion() {
        let text = r#"clouds = 1
[cloud.staging]
flavour = "m1.tiny"
image = 7
[cloud.staging.features]
compute.console_lgo = true
network.extension.trunk = "no"
[cloud.staging.services]
volumes = false
"#;
        let messages: Vec<_> = read("squall.toml", text, &[])
            .unwrap_err()
            .iter()
            .map(|mistake| format!("{}: {mistake}; {}", mistake.line(), mistake.advice()))
            .collect();
        assert_eq!(
            messages,
            [
                "1: unknown key `clouds`; did you mean `cloud`?",
                "3: unknown key `flavour`; did you mean `flavor`?",
                "4: `image` is a number, not a name; write a name or an id, in quotes",
                "6: unknown feature `compute.console_lgo`; did you mean \
                 `compute.console_log`?",
                "7: `trunk` is a text, not true or false; write `= true` or `= false`",
                "9: unknown service `volumes`; did you mean `volume`?",
            ]
        );
    }

    #[test]
    fn invalid_toml_is_one_mistake_with_its_line() {
        let mistakes = read("squall.toml", "[cloud.a]\nimage = \n", &[]).unwrap_err();
        assert_eq!((mistakes.len(), mistakes[0].line()), (1, 2));
    }
}
