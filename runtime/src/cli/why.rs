//! `squall why`: why a test would run on a cloud, or be skipped there.

use std::collections::BTreeSet;
use std::io::{self, Write as _};

use serde::Serialize;

use super::arguments::WhyArguments;
use super::complaint::Complaint;
use super::exit::Exit;
use super::near::{alternatives, near};
use super::output::Output;
use super::select::all;
use crate::client::Session;
use crate::clouds;
use crate::credentials::Roles;
use crate::embedded;
use crate::environment::Facts;
use crate::plan::{Known, Reason, why};
use crate::registry::{Manifest, Test, layers};

/// What is answered.
#[derive(Serialize)]
struct Answer<'a> {
    test: &'a str,
    cloud: &'a str,
    runs: bool,
    reasons: Vec<Reason>,
}

/// Answers for one test.
pub(super) fn answer(arguments: &WhyArguments, manifests: &[Manifest]) -> Result<Exit, Complaint> {
    let tests = all(manifests)?;
    let test = find(&arguments.test, &tests)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let known = runtime.block_on(known(arguments.cloud.as_deref()))?;
    let reasons = why(test, &layers(test), &known);
    let answer = Answer {
        test: test.id(),
        cloud: arguments.cloud.as_deref().unwrap_or(embedded::NAME),
        runs: reasons.iter().all(|reason| reason.met),
        reasons,
    };
    match arguments.format {
        Output::Json => writeln!(io::stdout(), "{}", serde_json::to_string(&answer)?)?,
        Output::Text => text(&answer)?,
    }
    Ok(Exit::Ok)
}

fn find<'a>(wanted: &str, tests: &'a [Test]) -> Result<&'a Test, Complaint> {
    let named = |test: &&Test| test.id() == wanted || test.name == wanted;
    tests.iter().find(named).ok_or_else(|| {
        let near = alternatives(near(wanted, tests.iter().map(Test::id)));
        let help = match near.as_str() {
            "" => "`squall list` shows all tests".to_owned(),
            near => format!("did you mean {near}?"),
        };
        Complaint::bad_input(format!("no test is called `{wanted}`"), help)
    })
}

/// Asks the cloud.
async fn known(cloud: Option<&str>) -> Result<Known, Complaint> {
    let Some(name) = cloud else { return embedded_known().await };
    let config = clouds::find(name)?;
    ask(&Session::builder(config).label("why").build()?, name).await
}

#[cfg(feature = "embedded")]
async fn embedded_known() -> Result<Known, Complaint> {
    let cloud = squall_cloud::Cloud::new(squall_cloud::Options::default());
    let served = squall_cloud::serve(cloud, ([127, 0, 0, 1], 0).into()).await?;
    let config = embedded::Access::from(&served).config();
    let known = ask(&Session::builder(config).build()?, embedded::NAME).await;
    served.shutdown().await?;
    known
}

#[cfg(not(feature = "embedded"))]
async fn embedded_known() -> Result<Known, Complaint> {
    Err(Complaint::bad_input(
        "this program was built without the embedded cloud",
        "name a cloud with `--cloud`",
    ))
}

async fn ask(session: &Session, name: &str) -> Result<Known, Complaint> {
    let facts = Facts::of(session).await.map_err(|error| Complaint::not_let_in(error, name))?;
    // Only an admin may ask; without, what roles there are is not known.
    let roles = Roles::default()
        .all(session)
        .await
        .ok()
        .map(|roles| roles.keys().cloned().collect::<BTreeSet<_>>());
    Ok(Known { offers: facts.offers(), roles })
}

fn text(answer: &Answer<'_>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let Answer { test, cloud, runs, reasons } = answer;
    let verdict = if *runs { "runs" } else { "is skipped" };
    writeln!(out, "{test} {verdict} on {cloud}\n")?;
    let width = |of: fn(&Reason) -> &str| {
        reasons.iter().map(|reason| of(reason).chars().count()).max().unwrap_or_default()
    };
    let (wants, found) = (width(|reason| &reason.wants), width(|reason| &reason.found));
    for reason in reasons {
        let met = if reason.met { "met  " } else { "unmet" };
        writeln!(
            out,
            "  {met}  {:wants$}  {:found$}  {}",
            reason.wants, reason.found, reason.said_by
        )?;
    }
    Ok(())
}
