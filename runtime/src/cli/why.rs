//! `squall why`: explains why a test would run or be skipped on a cloud.

use std::collections::BTreeSet;
use std::io::{self, Write as _};

use serde::Serialize;

use super::arguments::WhyArguments;
use super::error::CliError;
use super::output::Output;
use super::select::all;
use super::session::{name_of, with_session};
use super::settings;
use crate::client::Session;
use crate::client::clean;
use crate::credentials::Roles;
use crate::exit::Exit;
use crate::facts::Facts;
use crate::plan::{CloudProfile, Reason, why};
use crate::program;
use crate::registry::{Manifest, Test, layers};
use crate::settings::CloudSettings;
use squall_model::suggest::{alternatives, similar};

/// The answer, as JSON.
#[derive(Serialize)]
struct Answer<'a> {
    test: &'a str,
    cloud: &'a str,
    runs: bool,
    reasons: Vec<Reason>,
}

/// Explains the plan for one test.
pub(super) fn answer(arguments: &WhyArguments, manifests: &[Manifest]) -> Result<Exit, CliError> {
    let tests = all(manifests)?;
    let test = find(&arguments.test, &tests)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let cloud = arguments.cloud.as_deref();
    let name = name_of(cloud);
    let settings = settings::read(arguments.settings.as_deref(), &tests)?.of(name);
    let profile = runtime.block_on(with_session(cloud, "why", async |session: Session| {
        ask(&session, name, test, settings).await
    }))?;
    let reasons = why(test, &layers(test), &profile);
    let answer = Answer {
        test: test.id(),
        cloud: name,
        runs: reasons.iter().all(|reason| reason.met),
        reasons,
    };
    match arguments.format {
        Output::Json => writeln!(io::stdout(), "{}", serde_json::to_string(&answer)?)?,
        Output::Text => text(&answer)?,
    }
    Ok(Exit::Ok)
}

fn find<'a>(wanted: &str, tests: &'a [Test]) -> Result<&'a Test, CliError> {
    let named = |test: &&Test| test.id() == wanted || test.name == wanted;
    tests.iter().find(named).ok_or_else(|| {
        let near = alternatives(similar(wanted, tests.iter().map(Test::id)));
        let help = match near.as_str() {
            "" => format!("`{} list` shows all tests", program::name()),
            near => format!("did you mean {near}?"),
        };
        CliError::bad_input(format!("no test has the id or path `{wanted}`"), help)
    })
}

/// Asks the cloud about everything that a test depends on.
async fn ask(
    session: &Session,
    name: &str,
    test: &Test,
    settings: CloudSettings,
) -> Result<CloudProfile, CliError> {
    let facts = Facts::of(session).await.map_err(|error| CliError::access_denied(error, name))?;
    let facts = facts.with(session, settings, test.features.iter().copied()).await;
    // Only an admin may list roles; without them the roles stay unknown.
    let roles = Roles::default()
        .all(session)
        .await
        .ok()
        .map(|roles| roles.keys().cloned().collect::<BTreeSet<_>>());
    Ok(CloudProfile { roles, ..CloudProfile::from(&facts) })
}

fn text(answer: &Answer<'_>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let Answer { test, cloud, runs, reasons } = answer;
    let verdict = if *runs { "would run" } else { "would be skipped" };
    writeln!(out, "{test} {verdict} on {cloud}\n")?;
    let width = |of: fn(&Reason) -> &str| {
        reasons.iter().map(|reason| of(reason).chars().count()).max().unwrap_or_default()
    };
    let (wants, found) = (width(|reason| &reason.wants), width(|reason| &reason.found));
    for reason in reasons {
        let met = if reason.met { "met  " } else { "unmet" };
        let text = format!(
            "  {met}  {:wants$}  {:found$}  {}\n  {:5}  {:wants$}  ({})",
            reason.wants, reason.found, reason.said_by, "", "", reason.source
        );
        writeln!(out, "{}", clean::printed(&text, false))?;
    }
    Ok(())
}
