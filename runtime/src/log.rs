//! The program's own log, written to standard error.

use tracing_subscriber::EnvFilter;

/// The environment variable with the filter, as in `squall=debug`.
const VARIABLE: &str = "SQUALL_LOG";

/// Starts logging: warnings only, unless the variable has another filter.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_env(VARIABLE).unwrap_or_else(|_| EnvFilter::new("warn"));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .finish();
    // An embedding program may have set its own subscriber.
    let _ = tracing::subscriber::set_global_default(subscriber);
}
