//! `squall leaks`: checks whether runs left resources on a cloud.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::error::CliError;
use super::output::{Output, print_text};
use crate::census::{self, Census, Difference, Thing};
use crate::client::Session;
use crate::client::by_id::SessionApi;
use crate::clouds;
use crate::exit::Exit;
use crate::kinds::{self, Id};
use crate::program;

/// How many resources of each group are listed.
const NAMED: usize = 20;

/// The arguments of `squall leaks`.
#[derive(Debug, Args)]
pub(super) struct LeaksArguments {
    /// A cloud of clouds.yaml, or one brought up here; needs an admin's credential.
    #[arg(long, value_name = "NAME", env = "SQUALL_CLOUD")]
    pub(super) cloud: String,
    /// Save what exists on the cloud, to compare with later.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["since", "strict"])]
    pub(super) save: Option<PathBuf>,
    /// Compare with what existed when the file was saved.
    #[arg(long, value_name = "FILE")]
    pub(super) since: Option<PathBuf>,
    /// Treat every difference as a leak, not only resources named by Squall.
    #[arg(long, requires = "since")]
    pub(super) strict: bool,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Output,
}

/// Takes a census and saves it, compares it, or searches it for what runs left.
pub(super) fn leaks(arguments: &LeaksArguments) -> Result<Exit, CliError> {
    // A file that cannot be read is reported before the cloud is asked.
    let before = arguments.since.as_deref().map(read).transpose()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let now = runtime.block_on(take(&arguments.cloud))?;
    if let Some(file) = &arguments.save {
        fs::write(file, serde_json::to_string_pretty(&now)?).map_err(|error| {
            let what = format!("cannot write {}: {error}", file.display());
            CliError::bad_input(what, "choose a file that can be written")
        })?;
        let (count, kinds) = (now.len(), now.kinds.len());
        writeln!(io::stdout(), "saved {count} resources of {kinds} kinds in {}", file.display())?;
        return Ok(Exit::Ok);
    }
    let compared = before.is_some();
    // Without an earlier census, every resource that a run named is left by some run.
    let before = before.unwrap_or_else(|| now.without_things());
    let difference = Difference::of(&before, &now);
    let is_leak = difference.is_leak() || arguments.strict && !difference.is_none();
    match arguments.format {
        Output::Json => writeln!(io::stdout(), "{}", serde_json::to_string(&difference)?)?,
        Output::Text => {
            let text = describe(&difference, compared, arguments.strict);
            print_text(&text)?;
        }
    }
    Ok(if is_leak || difference.is_incomplete() { Exit::Failed } else { Exit::Ok })
}

/// Takes a census of the user's cloud.
async fn take(name: &str) -> Result<Census, CliError> {
    let config = clouds::find_for_command(name)?;
    let admin = Session::builder(config).label("leaks").build()?;
    admin.authenticate().await.map_err(|error| CliError::access_denied(error, name))?;
    Ok(census::take(&SessionApi::new(admin)).await)
}

fn read(file: &Path) -> Result<Census, CliError> {
    let text = fs::read_to_string(file).map_err(|error| error.to_string());
    text.and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string())).map_err(
        |error| {
            let what = format!("cannot read {}: {error}", file.display());
            let help = format!("use a file that `{} leaks --save FILE` wrote", program::name());
            CliError::bad_input(what, help)
        },
    )
}

fn describe(difference: &Difference, compared: bool, strict: bool) -> String {
    let Difference { left, new, gone, unlisted } = difference;
    let mut lines = Vec::new();
    listed(&mut lines, "left by runs of Squall", left);
    if compared {
        listed(&mut lines, "new, and not named by Squall", new);
        listed(&mut lines, "gone", gone);
    }
    for (kind, why) in unlisted.iter().filter(|(_, why)| !why.is_absent()) {
        lines.push(format!("not listed: {kind}: {why}"));
    }
    let absent: Vec<&str> =
        unlisted.iter().filter(|(_, why)| why.is_absent()).map(|(kind, _)| &**kind).collect();
    if !absent.is_empty() {
        lines.push(format!("not on this cloud: {}", absent.join(", ")));
    }
    let uncounted =
        kinds::all().filter(|kind| kinds::census(kind).is_none() && kind.id != Id::Coordinates);
    let uncounted: Vec<&str> = uncounted.map(|kind| kind.name).collect();
    if !uncounted.is_empty() {
        let names = uncounted.join(", ");
        lines.push(format!("not listed: {names}: no service lists them for all projects"));
    }
    let changed = compared && strict && !difference.is_none();
    lines.push(match (left.is_empty(), changed, difference.is_incomplete()) {
        (false, ..) => {
            format!("leaks: undo what a run made with `{} cleanup RUN`", program::name())
        }
        (true, true, _) => "the cloud has changed".to_owned(),
        (true, false, true) => {
            "no leak found, but not everything could be listed: whether there is one is not known"
                .to_owned()
        }
        (true, false, false) => "no leak".to_owned(),
    });
    lines.join("\n") + "\n"
}

fn listed(lines: &mut Vec<String>, what: &str, things: &[Thing]) {
    if things.is_empty() {
        return;
    }
    lines.push(format!("{what}: {}", things.len()));
    let width = things.iter().map(|thing| thing.kind.len()).max().unwrap_or_default();
    for Thing { kind, id, name } in things.iter().take(NAMED) {
        lines.push(format!("  {kind:width$}  {id}  {name}"));
    }
    if things.len() > NAMED {
        lines.push(format!("  and {} more", things.len() - NAMED));
    }
}
