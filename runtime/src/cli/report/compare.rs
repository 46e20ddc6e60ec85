//! `squall report compare`: what changed between runs.

use std::io::Write as _;
use std::path::PathBuf;

use super::arguments::{CompareArguments, CompareFormat};
use super::{entries, last};
use crate::cli::destination::Destination;
use crate::cli::error::CliError;
use crate::cli::runs::base;
use crate::client::clean;
use crate::exit::Exit;
use crate::journal::{self, Entry};
use crate::program;
use crate::report::Comparison;

/// Compares runs; a regression sets the exit code only with `--fail-on-regression`.
pub(super) fn compare(arguments: &CompareArguments) -> Result<Exit, CliError> {
    let dirs = dirs(arguments)?;
    let runs = dirs.iter().map(|dir| entries(dir)).collect::<Result<Vec<Vec<Entry>>, _>>()?;
    let comparison = Comparison::of(&runs);
    let mut out = Destination::open(arguments.output.as_deref())?;
    let text = match arguments.format {
        CompareFormat::Terminal => {
            let colours = out.colours();
            clean::printed(&comparison.terminal(colours), colours).into_owned()
        }
        CompareFormat::Json => comparison.json()?,
        CompareFormat::Html => comparison.html()?,
    };
    out.write_all(text.as_bytes())?;
    out.close("comparison")?;
    let fails = arguments.fail_on_regression && comparison.has_regressed();
    Ok(if fails { Exit::Failed } else { Exit::Ok })
}

fn dirs(arguments: &CompareArguments) -> Result<Vec<PathBuf>, CliError> {
    let base = base()?;
    let find = |run: &String| journal::find_run(&base, run);
    let dirs = match arguments.last {
        Some(count) => last(count.into())?,
        None => arguments.runs.iter().map(find).collect::<Result<_, _>>()?,
    };
    if dirs.len() < 2 {
        return Err(CliError::bad_input(
            format!("a comparison needs at least two runs, not {}", dirs.len()),
            format!("name them, oldest first; `{} runs` lists them", program::name()),
        ));
    }
    Ok(dirs)
}
