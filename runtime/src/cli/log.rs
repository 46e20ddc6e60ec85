//! What the program says of itself, to standard error.

use tracing_subscriber::EnvFilter;

/// The variable that chooses what is said, as in `squall=debug`.
const VARIABLE: &str = "SQUALL_LOG";

/// Starts saying it: warnings, where nobody chose otherwise.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_env(VARIABLE).unwrap_or_else(|_| EnvFilter::new("warn"));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .finish();
    // A program that embeds us may have its own.
    let _ = tracing::subscriber::set_global_default(subscriber);
}
