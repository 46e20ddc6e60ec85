//! `squall cloud serve`: serves the embedded cloud.

use std::io::{self, Read as _, Write as _};

use super::super::arguments::ServeArguments;
use super::super::error::CliError;
use super::super::exit::Exit;
use crate::embedded::{Access, NAME};
use crate::program;

/// Serves the cloud until Ctrl-C, or, when a supervisor started it, until standard input
/// closes.
#[cfg(feature = "embedded")]
pub(in super::super) fn serve(arguments: &ServeArguments) -> Result<Exit, CliError> {
    let ServeArguments { bind, port, seed, handover } = *arguments;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let options = squall_cloud::Options { seed, ..Default::default() };
        let cloud = squall_cloud::Cloud::new(options);
        let running = squall_cloud::serve(cloud, (bind, port).into()).await?;
        if handover {
            writeln!(io::stdout(), "{}", serde_json::to_string(&Access::from(&running))?)?;
            // It ends with the supervisor, however that ends.
            let _ = tokio::task::spawn_blocking(|| io::stdin().read_to_end(&mut Vec::new())).await;
            return Ok(Exit::Ok);
        }
        writeln!(
            io::stdout(),
            "# The embedded cloud listens on {}. Save this as clouds.yaml and run\n\
             # `{program} run --cloud {NAME}`. Ctrl-C stops the cloud; its data is lost.\n\
             {clouds_yaml}",
            running.addr(),
            program = program::name(),
            clouds_yaml = running.clouds_yaml(NAME),
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
