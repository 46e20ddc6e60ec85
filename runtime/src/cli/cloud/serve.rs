//! `squall cloud serve`: the embedded cloud as a program.

use std::io::{self, Read as _, Write as _};

use super::super::arguments::ServeArguments;
use super::super::complaint::Complaint;
use super::super::exit::Exit;
use crate::embedded::{Access, NAME};

/// Serves the cloud until Ctrl-C, or until standard input ends where a
/// supervisor started it.
#[cfg(feature = "embedded")]
pub(in super::super) fn serve(arguments: &ServeArguments) -> Result<Exit, Complaint> {
    let ServeArguments { bind, port, seed, handover } = *arguments;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let options = squall_cloud::Options { seed, ..Default::default() };
        let cloud = squall_cloud::Cloud::new(options);
        let running = squall_cloud::serve(cloud, (bind, port).into()).await?;
        if handover {
            writeln!(io::stdout(), "{}", serde_json::to_string(&Access::from(&running))?)?;
            // Its end is that of the supervisor, whatever came before.
            let _ = tokio::task::spawn_blocking(|| io::stdin().read_to_end(&mut Vec::new())).await;
            return Ok(Exit::Ok);
        }
        writeln!(
            io::stdout(),
            "# The embedded cloud listens on {}. Write this to clouds.yaml and run\n\
             # `squall run --cloud {NAME}`; Ctrl-C ends it, and everything in it.\n{clouds_yaml}",
            running.addr(),
            clouds_yaml = running.clouds_yaml(NAME),
        )?;
        tokio::signal::ctrl_c().await?;
        running.shutdown().await?;
        Ok(Exit::Ok)
    })
}

/// Says that this program was built without it.
#[cfg(not(feature = "embedded"))]
pub(in super::super) fn serve(_: &ServeArguments) -> Result<Exit, Complaint> {
    Err(Complaint::bad_input(
        "this program was built without the embedded cloud",
        "build it with the feature `embedded` of the crate `squall`",
    ))
}
