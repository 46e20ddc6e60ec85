//! Locks the releases: resolves the dependencies of each bundle as of the release's date
//! and writes every package with its digests to `src/release/locks/`.
//!
//! `cargo run -p squall-topology --example lock_releases [RELEASE ...]`
//!
//! The digests are those of wheels for Linux and any Python that the release supports,
//! and of the source package where there is no wheel.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;
use squall_topology::progress::Silent;
use squall_topology::release::{Python, Release, Requirement, Uv};

#[derive(Deserialize)]
struct Locked {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    marker: Option<String>,
    #[serde(default)]
    wheels: Vec<Archive>,
    sdist: Option<Archive>,
}

#[derive(Deserialize)]
struct Archive {
    url: String,
    hashes: Hashes,
}

#[derive(Deserialize)]
struct Hashes {
    sha256: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let named: Vec<String> = std::env::args().skip(1).collect();
    let work = tempfile::tempdir()?;
    let locks = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/release/locks");
    for name in Release::names() {
        if !named.is_empty() && !named.iter().any(|wanted| wanted == name) {
            continue;
        }
        let release = Release::named(name)?;
        let python = Python::find(&release.python).await?;
        let uv = Uv::below(work.path(), &python, &Silent).await?;
        for (bundle, requirements) in &release.bundles {
            let locked = resolve(&uv, &release, requirements, work.path()).await?;
            let text = written(&release, &locked)?;
            let file = locks.join(name).join(format!("{bundle}.txt"));
            std::fs::create_dir_all(locks.join(name))?;
            std::fs::write(&file, &text)?;
            println!("{} packages: {}", locked.packages.len(), file.display());
        }
    }
    Ok(())
}

async fn resolve(
    uv: &Uv,
    release: &Release,
    requirements: &[Requirement],
    work: &Path,
) -> Result<Locked, Box<dyn Error>> {
    let (asked, lock) = (work.join("requirements.in"), work.join("pylock.toml"));
    let names: Vec<&str> = requirements.iter().map(|each| each.package.as_str()).collect();
    std::fs::write(&asked, names.join("\n"))?;
    // The result of an earlier call would be preferred.
    let _ = std::fs::remove_file(&lock);
    let mut command = uv.command(&["pip", "compile", "--quiet", "--universal"]);
    command.args(["--python-version", &release.python, "--exclude-newer", &release.as_of]);
    for each in requirements {
        if let Some(day) = &each.as_of {
            let name = each.package.split("==").next().unwrap_or_default();
            command.arg("--exclude-newer-package").arg(format!("{name}={day}"));
        }
    }
    let status = command.arg(&asked).arg("--output-file").arg(&lock).status().await?;
    if !status.success() {
        return Err(format!("{names:?} could not be resolved").into());
    }
    Ok(toml::from_str(&std::fs::read_to_string(&lock)?)?)
}

fn written(release: &Release, locked: &Locked) -> Result<String, Box<dyn Error>> {
    let mut text = format!(
        "# OpenStack {}, as of {}. Written by\n\
         # `cargo run -p squall-topology --example lock_releases`; not edited by hand.\n",
        release.name,
        release.last_day()
    );
    for package in &locked.packages {
        let wheels: Vec<&Archive> =
            package.wheels.iter().filter(|archive| is_fit(&archive.url, &release.python)).collect();
        // A package with wheels only for other systems is not needed here.
        let archives = if package.wheels.is_empty() || wheels.is_empty() && package.marker.is_none()
        {
            package.sdist.iter().collect()
        } else {
            wheels
        };
        if archives.is_empty() && package.marker.is_some() {
            continue;
        }
        if archives.is_empty() {
            return Err(format!("no archive of {} is usable", package.name).into());
        }
        let Package { name, version, marker, .. } = package;
        write!(text, "{name}=={version}")?;
        if let Some(marker) = marker {
            write!(text, " ; {marker}")?;
        }
        for archive in archives {
            write!(text, " \\\n    --hash=sha256:{}", archive.hashes.sha256)?;
        }
        text.push('\n');
    }
    Ok(text)
}

/// Whether a wheel, by its name, is usable on Linux.
fn is_fit(url: &str, oldest: &str) -> bool {
    let minor = |text: &str| text.parse::<u32>().ok();
    let oldest = oldest.strip_prefix("3.").and_then(minor).unwrap_or(0);
    let mut parts = url.trim_end_matches(".whl").rsplit('-');
    let (Some(platform), Some(abi), Some(python)) = (parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let is_here = platform == "any"
        || platform.contains("manylinux")
            && (platform.contains("x86_64") || platform.contains("aarch64"));
    let runs = python.split('.').any(|tag| match tag.strip_prefix("cp3").map(minor) {
        Some(Some(version)) => version >= oldest || abi == "abi3",
        _ => tag == "py3" || tag.starts_with("py3"),
    });
    // A letter after the version marks a free-threaded build.
    is_here && runs && !abi.ends_with('t')
}
