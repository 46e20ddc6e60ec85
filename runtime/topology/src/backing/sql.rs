//! Runs SQL through MariaDB's own client, over the server's socket.
//!
//! The server authenticates the user who started it through the operating system, so
//! that its administrator has no password.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::Path;
use std::process::{Output, Stdio};

use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::debian;
use crate::driver::{DriverError, DriverErrorKind};

/// Runs statements and returns the result, one row per line.
pub(super) async fn query(socket: &Path, statements: &str) -> Result<String, DriverError> {
    let mut client = client("mariadb", socket);
    client.args(["--batch", "--skip-column-names"]);
    let mut child = client
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(not_started)?;
    // Through standard input, because every user can read a program's arguments.
    if let Some(mut input) = child.stdin.take() {
        input.write_all(statements.as_bytes()).await.map_err(not_started)?;
    }
    let output = child.wait_with_output().await.map_err(not_started)?;
    checked("the database server's answer", &output)
}

/// Runs a file of statements.
pub(super) async fn load(socket: &Path, file: &Path) -> Result<(), DriverError> {
    let input = File::open(file).map_err(|error| DriverError::file(file, error))?;
    let output = client("mariadb", socket).stdin(input).output().await.map_err(not_started)?;
    checked(&format!("loading {}", file.display()), &output).map(|_| ())
}

/// Dumps whole databases to a file.
pub(super) async fn dump(
    socket: &Path,
    databases: &[&str],
    file: &Path,
) -> Result<(), DriverError> {
    let output = File::create(file).map_err(|error| DriverError::file(file, error))?;
    let mut client = client("mariadb-dump", socket);
    client.args(["--single-transaction", "--skip-comments", "--add-drop-database", "--databases"]);
    client.args(databases).stdin(Stdio::null()).stdout(output).stderr(Stdio::piped());
    let child = client.spawn().map_err(not_started)?;
    let output = child.wait_with_output().await.map_err(not_started)?;
    checked(&format!("dumping to {}", file.display()), &output).map(|_| ())
}

fn client(program: &str, socket: &Path) -> Command {
    let mut command = Command::new(debian::program(program));
    let mut option = OsString::from("--socket=");
    option.push(socket);
    command.arg("--no-defaults").arg(option).arg("--default-character-set=utf8mb4");
    command.kill_on_drop(true);
    command
}

fn checked(what: &str, output: &Output) -> Result<String, DriverError> {
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(DriverError::new(what, DriverErrorKind::Failed(output.status)).with_help(said))
}

fn not_started(error: io::Error) -> DriverError {
    DriverError::new("the database server's client", DriverErrorKind::Start(error))
}
