//! `squall cloud env`: a cloud for the clients of a shell.

use std::io::{self, Write as _};

use super::super::complaint::Complaint;
use super::super::exit::Exit;
use super::arguments::Named;
use super::site::{home, open};

/// Prints lines for a shell to evaluate.
pub(super) fn env(arguments: &Named) -> Result<Exit, Complaint> {
    let site = open(&home()?, arguments)?;
    let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
    writeln!(
        io::stdout(),
        "export OS_CLIENT_CONFIG_FILE={}\nexport OS_CLOUD={}",
        quoted(&site.clouds_yaml().display().to_string()),
        quoted(&site.name),
    )?;
    Ok(Exit::Ok)
}
