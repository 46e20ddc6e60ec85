//! Probes of a guest from this machine, for [`Wait::until`](crate::wait::Wait::until).
//!
//! ```no_run
//! use squall::remote::reach;
//!
//! # async fn doc(ctx: &squall::Context) -> squall::Result {
//! ctx.wait("the guest to answer a ping").until(reach::ping("192.0.2.7")).await?;
//! ctx.wait("the web server to listen").until(reach::tcp("192.0.2.7", 80)).await?;
//! # Ok(())
//! # }
//! ```

use std::io::ErrorKind;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::time::timeout;

use crate::wait::ready::ProbeFuture;
use crate::wait::{Poll, ProbeError};

/// How long one probe waits for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Waits until a TCP port of an address takes connections.
///
/// It does not check who listens; the connection is closed again.
pub fn tcp(address: impl Into<String>, port: u16) -> impl FnMut() -> ProbeFuture<()> {
    let address = address.into();
    move || {
        let address = address.clone();
        Box::pin(async move {
            let asked = timeout(PATIENCE, TcpStream::connect((address.as_str(), port))).await;
            Ok(match asked {
                Ok(Ok(_)) => Poll::ready(()),
                Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => {
                    Poll::not_yet("connection refused")
                }
                Ok(Err(error)) => Poll::not_yet(error.to_string()),
                Err(_) => Poll::not_yet("no answer"),
            })
        })
    }
}

/// Waits until an address answers an ICMP echo.
///
/// It runs the `ping` of this machine. If that is missing or may not send (in a container
/// without `CAP_NET_RAW`, say), the wait ends at once with that reason, since it says nothing
/// about the guest. Use [`tcp`] there.
pub fn ping(address: impl Into<String>) -> impl FnMut() -> ProbeFuture<()> {
    let address = address.into();
    move || {
        let address = address.clone();
        Box::pin(async move { ping_with(Path::new("ping"), &address).await })
    }
}

async fn ping_with(program: &Path, address: &str) -> Result<Poll<()>, ProbeError> {
    let mut command = Command::new(program);
    command.args(["-n", "-q", "-c", "1", "-W", "2", "--", address]).env("LC_ALL", "C");
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = match timeout(PATIENCE, command.output()).await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) if error.kind() == ErrorKind::NotFound => {
            return Err(ProbeError::lasting(format!(
                "there is no program `{}`: install it (`apt-get install iputils-ping`, `dnf \
                 install iputils`)",
                program.display()
            )));
        }
        Ok(Err(error)) => return Err(ProbeError::lasting(error.to_string())),
        Err(_) => return Ok(Poll::not_yet("no answer")),
    };
    meaning(output.status.code(), &String::from_utf8_lossy(&output.stderr))
}

/// Interprets the status of `ping`: 0 with an answer, 1 without, else an error of its own.
fn meaning(status: Option<i32>, said: &str) -> Result<Poll<()>, ProbeError> {
    let said = said.trim().lines().next_back().unwrap_or_default();
    match status {
        Some(0) => Ok(Poll::ready(())),
        _ if said.contains("not permitted") || said.contains("denied") => {
            Err(ProbeError::lasting(format!("this machine may not ping: {said}")))
        }
        _ if !said.is_empty() => Ok(Poll::not_yet(said)),
        _ => Ok(Poll::not_yet("no answer")),
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::wait::Wait;

    #[tokio::test]
    async fn a_port_is_open_once_somebody_listens() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        Wait::new("it").until(tcp("127.0.0.1", port)).await.unwrap();
        drop(listener);
        let wait = Wait::new("it").within(Duration::ZERO);
        let error = wait.until(tcp("127.0.0.1", port)).await.unwrap_err();
        assert!(error.to_string().contains("connection refused"), "{error}");
    }

    #[tokio::test]
    async fn a_machine_that_cannot_ping_is_not_a_guest_that_does_not_answer() {
        assert!(matches!(meaning(Some(0), ""), Ok(Poll::Ready(()))));
        assert!(matches!(meaning(Some(1), ""), Ok(Poll::NotYet(_))));
        let unknown = meaning(Some(2), "ping: h: Name or service not known\n");
        assert!(matches!(unknown, Ok(Poll::NotYet(_))));
        let error = meaning(Some(2), "ping: socket: Operation not permitted").unwrap_err();
        assert!(!error.passing && error.message.contains("may not ping"), "{error}");
        let none = ping_with(Path::new("/nonexistent/ping"), "192.0.2.7").await;
        let error = none.unwrap_err();
        assert!(!error.passing && error.message.contains("install it"), "{error}");
    }
}
