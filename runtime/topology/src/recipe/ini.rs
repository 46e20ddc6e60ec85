//! Configuration files of sections and options, with the topology's overrides.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A configuration file; sections and options keep their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ini {
    sections: Vec<(String, Vec<(String, String)>)>,
}

impl Ini {
    /// Sets options of a section, replacing earlier values.
    #[must_use]
    pub fn with<K: Into<String>, V: ToString>(
        mut self,
        section: &str,
        options: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        for (option, value) in options {
            self.set(section, &option.into(), value.to_string());
        }
        self
    }

    /// Sets the topology's options.
    #[must_use]
    pub fn over(mut self, fragment: Option<&BTreeMap<String, BTreeMap<String, String>>>) -> Self {
        for (section, options) in fragment.into_iter().flatten() {
            for (option, value) in options {
                self.set(section, option, value.clone());
            }
        }
        self
    }

    /// Sets one option.
    pub fn set(&mut self, section: &str, option: &str, value: String) {
        let found = self.sections.iter().position(|(name, _)| name == section);
        let place = found.unwrap_or(self.sections.len());
        if found.is_none() {
            self.sections.push((section.to_owned(), Vec::new()));
        }
        let Some((_, options)) = self.sections.get_mut(place) else { return };
        match options.iter_mut().find(|(name, _)| name == option) {
            Some((_, old)) => *old = value,
            None => options.push((option.to_owned(), value)),
        }
    }

    /// Returns the file's text.
    pub fn render(&self) -> String {
        let mut text = String::from("# Written by `squall cloud up`, which overwrites changes.\n");
        for (section, options) in &self.sections {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "\n[{section}]");
            for (option, value) in options {
                // An indented line continues the value before it.
                let _ = writeln!(text, "{option} = {}", value.replace('\n', "\n    "));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topology_sets_options_over_ours_and_adds_its_own() {
        let ini = Ini::default()
            .with("DEFAULT", [("debug", "false"), ("workers", "1")])
            .with("api", [("auth_strategy", "keystone")]);
        let fragment = BTreeMap::from([
            ("DEFAULT".to_owned(), BTreeMap::from([("debug".to_owned(), "true".to_owned())])),
            ("new".to_owned(), BTreeMap::from([("lines".to_owned(), "a\nb".to_owned())])),
        ]);
        insta::assert_snapshot!(ini.over(Some(&fragment)).render(), @r"
        # Written by `squall cloud up`, which overwrites changes.

        [DEFAULT]
        debug = true
        workers = 1

        [api]
        auth_strategy = keystone

        [new]
        lines = a
            b
        ");
    }
}
