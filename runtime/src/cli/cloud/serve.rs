//! `squall cloud serve`: serves the embedded cloud.

#[cfg(feature = "embedded")]
use std::io::{self, Read as _, Write as _};

use super::super::error::CliError;
#[cfg(feature = "embedded")]
use super::super::{policy_files, pretend};
use super::arguments::ServeArguments;
#[cfg(feature = "embedded")]
use crate::embedded::Access;
use crate::exit::Exit;
#[cfg(feature = "embedded")]
use crate::program;

/// The name of the entry that is printed. It decides nothing: a run records by itself
/// whether its cloud is inside its own process.
#[cfg(feature = "embedded")]
const SERVED: &str = "served";

/// Serves the cloud until Ctrl-C, or, when a supervisor started it, until standard input
/// closes.
#[cfg(feature = "embedded")]
pub(in super::super) fn serve(arguments: &ServeArguments) -> Result<Exit, CliError> {
    let ServeArguments { bind, port, seed, ref pretend, ref policy_file, handover } = *arguments;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let options = squall_cloud::Options { seed, ..Default::default() };
        let cloud = policy_files::cloud(options, policy_file)?;
        pretend::on(&cloud, pretend)?;
        let running = squall_cloud::serve(cloud, (bind, port).into()).await?;
        if handover {
            writeln!(io::stdout(), "{}", serde_json::to_string(&Access::from(&running))?)?;
            // It ends with the supervisor, however that ends.
            let _ = tokio::task::spawn_blocking(|| io::stdin().read_to_end(&mut Vec::new())).await;
            return Ok(Exit::Ok);
        }
        writeln!(
            io::stdout(),
            "# An embedded cloud is served at {addr} until Ctrl-C, which discards what is in it.\n\
             # To use it, save these lines as `clouds.yaml` and run, in the same folder,\n\
             # `{program} run --cloud {SERVED}`. Any other name for the entry does as well.\n\
             {clouds_yaml}",
            addr = running.addr(),
            program = program::name(),
            clouds_yaml = running.clouds_yaml(SERVED),
        )?;
        tokio::signal::ctrl_c().await?;
        running.shutdown().await?;
        Ok(Exit::Ok)
    })
}

/// Reports that this program was built without the embedded cloud.
#[cfg(not(feature = "embedded"))]
pub(in super::super) fn serve(_: &ServeArguments) -> Result<Exit, CliError> {
    Err(CliError::bad_input(
        "this program was built without the embedded cloud",
        "build it with the feature `embedded` of the crate `squall`",
    ))
}
