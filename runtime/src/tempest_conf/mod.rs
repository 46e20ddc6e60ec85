//! Taking over a `tempest.conf`: what of it holds here, what belongs elsewhere, what is
//! probed instead, and what has no counterpart. Nothing is passed over in silence.

mod ini;
mod sort;
mod table;
mod text;

use serde::Serialize;

pub use ini::BadLine;
pub use text::{clouds_yaml, report, squall_toml};

/// An option of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// Its group.
    pub group: String,
    /// Its name.
    pub option: String,
    /// What it is set to.
    #[serde(skip)]
    pub value: String,
    /// The line, from 1.
    pub line: usize,
}

/// What becomes of an option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fate", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Fate {
    /// It is a setting here.
    Taken {
        /// Of `squall.toml`.
        setting: Taken,
    },
    /// It says how the cloud is entered, and belongs to `clouds.yaml`.
    Entrance {
        /// The key there, below the cloud.
        key: &'static str,
    },
    /// It is an option of `squall run`.
    RunOption {
        /// How it is given.
        option: String,
    },
    /// Squall asks the cloud.
    Probed {
        /// For what.
        asks: String,
    },
    /// There is nothing like it.
    None {
        /// Why.
        why: String,
    },
}

/// A setting of `squall.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Taken {
    /// A name or id under a key.
    Choice(&'static str, String),
    /// A service is there or not.
    Service(String, bool),
    /// A feature is there or not.
    Feature(&'static str, bool),
}

/// A file that was taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// What the file is called.
    pub file: String,
    /// The name of the cloud that it becomes.
    pub cloud: String,
    /// Every option, in the order of the file, and what becomes of it.
    pub settings: Vec<(Setting, Fate)>,
}

/// Takes over the text of a file; `cloud` is what the cloud is to be called.
///
/// # Errors
/// Lines that are no option, no group and no comment; all of them.
pub fn import(file: &str, text: &str, cloud: &str) -> Result<Import, Vec<BadLine>> {
    let settings = sort::sort(ini::read(text)?);
    Ok(Import { file: file.to_owned(), cloud: cloud.to_owned(), settings })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    const REALISTIC: &str = include_str!("fixtures/tempest.conf");

    fn imported() -> Import {
        import("tempest.conf", REALISTIC, "staging").unwrap()
    }

    #[test]
    fn every_option_of_the_file_is_told_of() {
        let import = imported();
        let options = REALISTIC
            .lines()
            .filter(|line| line.contains('=') && !line.starts_with(['#', ';', ' ']));
        assert_eq!(import.settings.len(), options.count());
        let told = report(&import, &["compute.pause"], false);
        for (setting, _) in &import.settings {
            let line = format!("{:>4}  [{}] {}", setting.line, setting.group, setting.option);
            assert!(told.contains(&line), "{line} in {told}");
        }
        insta::assert_snapshot!(told);
    }

    #[test]
    fn what_is_written_is_read_again_and_says_the_same() {
        let written = squall_toml(&imported());
        let settings = Settings::read("squall.toml", &written, &[]).unwrap().of("staging");
        assert_eq!(settings.image.unwrap().value, "0b4c3b1e-8f5d-4c55-9d0a-6a8c2a4d7f10");
        assert_eq!(settings.flavor.unwrap().value, "42");
        let external = settings.external_network.unwrap();
        assert_eq!(external.value, "a9c6e3b2-5f64-4f0e-8a53-0d7b0c5a9e21");
        assert!(!settings.services["object_storage"].value);
        assert!(!settings.features["compute.console_log"].value);
        assert!(settings.features["compute.resize"].value);
        // What can be asked is left to the cloud, unless somebody switched it off.
        assert!(!settings.features.contains_key("compute.live_migration"));
        assert!(!settings.features["volume.backup"].value);
        insta::assert_snapshot!(written);
    }

    #[test]
    fn secrets_are_shown_to_nobody_who_did_not_ask() {
        let import = imported();
        for hidden in [
            report(&import, &["compute.pause"], false),
            squall_toml(&import),
            clouds_yaml(&import, false),
        ] {
            assert!(!hidden.contains("s3cr3t"), "{hidden}");
        }
        let shown = clouds_yaml(&import, true);
        assert!(shown.contains("password: \"s3cr3t: #1\""), "{shown}");
        insta::assert_snapshot!(clouds_yaml(&import, false));
    }

    #[test]
    fn a_line_that_says_nothing_is_told_with_its_number() {
        let wrong = import("t", "[compute]\nimage_ref\n[broken\nflavor_ref = 1\n", "c");
        let lines: Vec<usize> = wrong.unwrap_err().iter().map(|bad| bad.line).collect();
        assert_eq!(lines, [2, 3]);
    }

    #[test]
    fn an_option_that_is_set_twice_counts_where_it_is_set_last() {
        let text = "[compute]\nflavor_ref = 1\nflavor_ref = 2\n";
        let import = import("t", text, "c").unwrap();
        assert!(matches!(&import.settings[0].1, Fate::None { why } if why.contains("line 3")));
        assert!(squall_toml(&import).contains("flavor = \"2\""));
    }
}
