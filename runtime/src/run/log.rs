//! The program's own log, written to standard error.

use std::io::{self, Write};

use tracing_subscriber::EnvFilter;

use crate::client::{clean, redact};

/// The environment variable with the filter, as in `squall=debug`.
const VARIABLE: &str = "SQUALL_LOG";

/// Starts logging: warnings only, unless the variable has another filter.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_env(VARIABLE).unwrap_or_else(|_| EnvFilter::new("warn"));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(|| Redacting(io::stderr()))
        .with_ansi(false)
        .finish();
    // An embedding program may have set its own subscriber.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// Writes text without secrets and without lines that a CI system executes. The log
/// writes each event at once, so that nothing is cut in two.
struct Redacting<W>(W);

impl<W: Write> Write for Redacting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let text = redact::text(&text);
        self.0.write_all(clean::printed(&text, false).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_has_no_secrets_and_no_commands() {
        redact::learn("planted-in-the-log");
        let mut written = Vec::new();
        let event = b"::error::x planted-in-the-log X-Auth-Token: abc1\n";
        Redacting(&mut written).write_all(event).unwrap();
        assert_eq!(written, b": :error::x *** X-Auth-Token: ***\n");
    }
}
