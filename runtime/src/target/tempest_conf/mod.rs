//! Importing a `tempest.conf`: which options become settings, which belong elsewhere,
//! which are probed instead, and which have no counterpart. Every option is listed.

mod ini;
mod sort;
mod substitute;
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
    /// Its value.
    #[serde(skip)]
    pub value: String,
    /// The line, from 1.
    pub line: usize,
    /// The option that its value refers to and that the file does not set.
    #[serde(skip)]
    pub unresolved: Option<String>,
}

/// What an option becomes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fate", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Fate {
    /// A setting.
    Taken {
        /// Of `squall.toml`.
        setting: Taken,
    },
    /// Part of the credential or the endpoint, which belongs to `clouds.yaml`.
    Entrance {
        /// The key there, below the cloud.
        key: &'static str,
    },
    /// An option of `squall run`.
    RunOption {
        /// How it is given.
        option: String,
    },
    /// Nothing: Squall asks the cloud.
    Probed {
        /// For what.
        asks: String,
    },
    /// Nothing: there is no counterpart.
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
    /// Whether a service is there.
    Service(String, bool),
    /// Whether a feature is there.
    Feature(&'static str, bool),
}

/// An imported file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The name of the file.
    pub file: String,
    /// The name of the cloud that it becomes.
    pub cloud: String,
    /// Every option, in the order of the file, and what it becomes.
    pub settings: Vec<(Setting, Fate)>,
}

/// Imports the text of a file; `cloud` is the name for the cloud.
///
/// # Errors
/// All lines that are neither an option nor a group nor a comment.
pub fn import(file: &str, text: &str, cloud: &str) -> Result<Import, Vec<BadLine>> {
    let mut settings = ini::read(text)?;
    substitute::substitute(&mut settings);
    let settings = sort::sort(settings);
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
    fn every_option_of_the_file_is_listed() {
        let import = imported();
        let options = REALISTIC
            .lines()
            .filter(|line| line.contains('=') && !line.starts_with(['#', ';', ' ']));
        assert_eq!(import.settings.len(), options.count());
        let listed = report(&import, &["compute.pause"], false);
        for (setting, _) in &import.settings {
            let line = format!("{:>4}  [{}] {}", setting.line, setting.group, setting.option);
            assert!(listed.contains(&line), "{line} in {listed}");
        }
        insta::assert_snapshot!(listed);
    }

    #[test]
    fn what_is_written_reads_back_as_the_same() {
        let written = squall_toml(&imported());
        let settings = Settings::read("squall.toml", &written, &[]).unwrap().of("staging");
        assert_eq!(settings.image.unwrap().value, "0b4c3b1e-8f5d-4c55-9d0a-6a8c2a4d7f10");
        assert_eq!(settings.flavor.unwrap().value, "42");
        let external = settings.external_network.unwrap();
        assert_eq!(external.value, "a9c6e3b2-5f64-4f0e-8a53-0d7b0c5a9e21");
        assert!(!settings.services["object_storage"].value);
        assert!(!settings.features["compute.console_log"].value);
        assert!(settings.features["compute.resize"].value);
        // What can be probed is left to the probe, unless it is switched off.
        assert!(!settings.features.contains_key("compute.live_migration"));
        assert!(!settings.features["volume.backup"].value);
        insta::assert_snapshot!(written);
    }

    #[test]
    fn secrets_are_shown_on_request_only() {
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
    fn a_line_without_meaning_is_reported_with_its_number() {
        let wrong = import("t", "[compute]\nimage_ref\n[broken\nflavor_ref = 1\n", "c");
        let lines: Vec<usize> = wrong.unwrap_err().iter().map(|bad| bad.line).collect();
        assert_eq!(lines, [2, 3]);
    }

    #[test]
    fn references_between_options_are_filled_in() {
        let text = "[auth]\nadmin_username = admin\nadmin_password = pa$$word$$1\n\
                    admin_project_name = $admin_username\n[identity]\nuri = https://k:5000/v3\n\
                    uri_v3 = $uri\nregion = $elsewhere\n";
        let import = import("t", text, "c").unwrap();
        let clouds = clouds_yaml(&import, true);
        for line in [
            "      auth_url: \"https://k:5000/v3\"\n",
            "      password: \"pa$word$1\"\n",
            "      project_name: \"admin\"\n",
        ] {
            assert!(clouds.contains(line), "{line} in {clouds}");
        }
        assert!(!clouds.contains("region_name"), "{clouds}");
        let listed = report(&import, &[], false);
        assert!(
            listed.contains("refers to `$elsewhere`, which this file does not set"),
            "{listed}"
        );
    }

    #[test]
    fn the_admins_user_and_project_may_have_domains_of_their_own() {
        let domains = |options: &str| {
            let text = format!("[auth]\nadmin_username = a\nadmin_project_name = p\n{options}\n");
            let clouds = clouds_yaml(&import("t", &text, "c").unwrap(), false);
            let of = |key: &str| {
                let line = clouds.lines().find(|line| line.trim_start().starts_with(key));
                line.and_then(|line| line.split('"').nth(1)).map(str::to_owned)
            };
            assert!(!clouds.contains(" domain_name"), "{clouds}");
            (of("user_domain_name"), of("project_domain_name"))
        };
        let both = |user: &str, project: &str| (Some(user.to_owned()), Some(project.to_owned()));
        assert_eq!(domains("admin_domain_name = D"), both("D", "D"));
        assert_eq!(domains("admin_domain_name = D\nadmin_user_domain_name = U"), both("U", "D"));
        assert_eq!(
            domains("admin_user_domain_name = U\nadmin_project_domain_name = P"),
            both("U", "P")
        );
    }

    #[test]
    fn certificates_are_not_verified_where_oslo_config_reads_true() {
        for (value, verify) in [
            ("True", false),
            ("yes", false),
            ("1", false),
            ("on", false),
            ("no", true),
            ("0", true),
        ] {
            let text = format!("[identity]\ndisable_ssl_certificate_validation = {value}\n");
            let clouds = clouds_yaml(&import("t", &text, "c").unwrap(), false);
            assert!(clouds.contains(&format!("    verify: {verify}\n")), "{value}: {clouds}");
        }
        let text = "[identity]\ndisable_ssl_certificate_validation = perhaps\n";
        assert_eq!(clouds_yaml(&import("t", text, "c").unwrap(), false), "");
    }

    #[test]
    fn of_an_option_that_is_set_twice_the_last_value_counts() {
        let text = "[compute]\nflavor_ref = 1\nflavor_ref = 2\n";
        let import = import("t", text, "c").unwrap();
        assert!(matches!(&import.settings[0].1, Fate::None { why } if why.contains("line 3")));
        assert!(squall_toml(&import).contains("flavor = \"2\""));
    }
}
