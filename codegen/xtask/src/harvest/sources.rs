//! Reads `api-specs/sources.toml`: which packages the specs are harvested from.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use miette::{IntoDiagnostic as _, NamedSource, WrapErr as _, miette};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// The content of the file.
#[derive(Debug)]
pub(crate) struct Sources {
    /// The release of OpenStack, as in `2026.2`.
    pub(crate) release: String,
    /// The accepted versions of Python, as a request for `uv`.
    pub(crate) python: String,
    /// The date as of which dependencies are resolved.
    pub(crate) resolved_before: String,
    /// The version of `uv` to install if there is none.
    pub(crate) uv: String,
    services: Vec<Source>,
}

/// The packages of one service.
#[derive(Debug)]
pub(crate) struct Source {
    /// The service's folder in `api-specs/`.
    pub(crate) service: String,
    /// The packages from which the facts are extracted.
    pub(crate) packages: Vec<Package>,
    /// Other required packages, resolved like dependencies.
    pub(crate) with: Vec<String>,
    /// The recording of the service's own tests, if its answers are described from one.
    pub(crate) recording: Option<Recording>,
}

/// A committed recording of what a service answers in its own tests.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recording {
    /// The SHA-256 of `recording.tsv` in the service's folder.
    pub(crate) digest: String,
    /// What the tests require besides the service's packages.
    pub(crate) with: Vec<String>,
}

/// A released package, pinned.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// The SHA-256 of the wheel, which is installed.
    pub(crate) wheel: String,
    /// The SHA-256 of the source package, which contains the samples.
    #[serde(rename = "source")]
    pub(crate) sdist: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    release: String,
    python: String,
    resolved_before: String,
    uv: String,
    services: BTreeMap<String, Service>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Service {
    packages: Vec<Package>,
    #[serde(default)]
    with: Vec<String>,
    recording: Option<Recording>,
}

impl Sources {
    pub(crate) fn read(path: &Path) -> miette::Result<Self> {
        let text = fs::read_to_string(path)
            .into_diagnostic()
            .wrap_err_with(|| format!("failed to read {}", path.display()))?;
        Self::parse(&text, &path.display().to_string())
    }

    fn parse(text: &str, name: &str) -> miette::Result<Self> {
        let file: File = toml::from_str(text).map_err(|error| {
            let span = error.span().unwrap_or_default();
            miette!(
                labels = vec![miette::LabeledSpan::underline(span)],
                "failed to read {name}: {}",
                error.message()
            )
            .with_source_code(NamedSource::new(name, text.to_owned()))
        })?;
        for (service, found) in &file.services {
            for package in &found.packages {
                package.check(service, name)?;
            }
            if let Some(recording) = &found.recording {
                check_digest(
                    &recording.digest,
                    "digest",
                    &format!("the recording of {service}"),
                    name,
                )?;
            }
        }
        let services = file.services.into_iter().map(|(service, found)| Source {
            service,
            packages: found.packages,
            with: found.with,
            recording: found.recording,
        });
        Ok(Self {
            release: file.release,
            python: file.python,
            resolved_before: file.resolved_before,
            uv: file.uv,
            services: services.collect(),
        })
    }

    /// Returns the named services; all if no name is given.
    pub(crate) fn choose(&self, names: &[String]) -> miette::Result<Vec<&Source>> {
        if names.is_empty() {
            return Ok(self.services.iter().collect());
        }
        let find = |name: &String| self.services.iter().find(|source| source.service == *name);
        let unknown: Vec<&str> =
            names.iter().filter(|name| find(name).is_none()).map(String::as_str).collect();
        if !unknown.is_empty() {
            let known: Vec<&str> = self.services.iter().map(|s| s.service.as_str()).collect();
            return Err(miette!(
                help = format!("the services are {}", known.join(", ")),
                "api-specs/sources.toml has no service `{}`",
                unknown.join("`, `")
            ));
        }
        let mut chosen: Vec<&Source> = names.iter().filter_map(find).collect();
        chosen.sort_by(|a, b| a.service.cmp(&b.service));
        chosen.dedup_by(|a, b| a.service == b.service);
        Ok(chosen)
    }

    /// Returns a fingerprint of an environment, which is equal if everything pinned is equal.
    pub(crate) fn fingerprint(&self, source: &Source) -> String {
        let mut text = format!("{}\n{}\n{}\n", self.python, self.resolved_before, source.pins());
        for package in &source.with {
            let _ = writeln!(text, "{package}");
        }
        hex::encode(Sha256::digest(text))
    }
}

impl Source {
    /// Returns the requirements file of the pinned packages with digests.
    pub(crate) fn pins(&self) -> String {
        self.packages.iter().fold(String::new(), |mut text, package| {
            let Package { name, version, wheel, .. } = package;
            let _ = writeln!(text, "{name}=={version} --hash=sha256:{wheel}");
            text
        })
    }

    /// Returns the package whose source has the API reference: the last one, because a library of
    /// the API has it where there is one (neutron-lib).
    pub(crate) fn reference(&self) -> Option<&Package> {
        self.packages.last()
    }

    /// Returns the source without one of its packages, which is installed from elsewhere.
    pub(crate) fn without(&self, package: &str) -> Self {
        let packages = self.packages.iter().filter(|known| known.name != package);
        Self {
            service: self.service.clone(),
            packages: packages.cloned().collect(),
            with: self.with.clone(),
            recording: None,
        }
    }

    /// Returns the source with what its own tests require; `None` if they are not recorded.
    pub(crate) fn with_tests(&self) -> Option<Self> {
        let recording = self.recording.clone()?;
        let with = self.with.iter().chain(&recording.with).cloned().collect();
        let (service, packages) = (self.service.clone(), self.packages.clone());
        Some(Self { service, packages, with, recording: Some(recording) })
    }

    /// Returns the requirements file for resolving dependencies.
    pub(crate) fn requirements(&self) -> String {
        let mut text = String::new();
        for package in &self.packages {
            let _ = writeln!(text, "{}=={}", package.name, package.version);
        }
        for package in &self.with {
            let _ = writeln!(text, "{package}");
        }
        text
    }
}

impl Package {
    fn check(&self, service: &str, name: &str) -> miette::Result<()> {
        let owner = format!("{} ({service})", self.name);
        check_digest(&self.wheel, "wheel", &owner, name)?;
        check_digest(&self.sdist, "source", &owner, name)
    }
}

fn check_digest(digest: &str, field: &str, owner: &str, name: &str) -> miette::Result<()> {
    if digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(());
    }
    Err(miette!(
        help = "use a SHA-256: 64 hexadecimal digits",
        "{name}: `{field}` of {owner} is not a SHA-256"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PINNED: &str = r#"
        release = "2026.2"
        python = ">=3.11"
        resolved-before = "2026-11-20T00:00:00Z"
        uv = "0.13.9"
        [[services.compute.packages]]
        name = "nova"
        version = "34.0.0"
        wheel = "WHEEL"
        source = "SOURCE"
    "#;

    fn pinned() -> String {
        PINNED.replace("WHEEL", &"a".repeat(64)).replace("SOURCE", &"b".repeat(64))
    }

    #[test]
    fn the_committed_file_is_read() {
        let text = include_str!("../../../../api-specs/sources.toml");
        assert_eq!(Sources::parse(text, "sources.toml").unwrap().services.len(), 7);
    }

    #[test]
    fn an_unknown_service_is_an_error_that_lists_the_known() {
        let sources = Sources::parse(&pinned(), "sources.toml").unwrap();
        let error = sources.choose(&["computer".to_owned()]).unwrap_err();
        assert_eq!(error.to_string(), "api-specs/sources.toml has no service `computer`");
        assert_eq!(error.help().unwrap().to_string(), "the services are compute");
    }

    #[test]
    fn a_service_named_twice_is_harvested_once() {
        let sources = Sources::parse(&pinned(), "sources.toml").unwrap();
        let names = ["compute".to_owned(), "compute".to_owned()];
        assert_eq!(sources.choose(&names).unwrap().len(), 1);
    }

    #[test]
    fn an_invalid_digest_is_an_error() {
        let text = pinned().replace(&"a".repeat(64), "a");
        let error = Sources::parse(&text, "sources.toml").unwrap_err();
        assert_eq!(error.to_string(), "sources.toml: `wheel` of nova (compute) is not a SHA-256");
    }

    #[test]
    fn a_different_digest_changes_the_fingerprint() {
        let one = Sources::parse(&pinned(), "sources.toml").unwrap();
        let text = pinned().replace(&"a".repeat(64), &"c".repeat(64));
        let other = Sources::parse(&text, "sources.toml").unwrap();
        assert_ne!(one.fingerprint(&one.services[0]), other.fingerprint(&other.services[0]));
    }
}
