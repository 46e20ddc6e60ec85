//! The output formats of lists.

use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;

use clap::ValueEnum;
use serde::Serialize;

use crate::client::{clean, redact};

/// Text, or JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Output {
    /// Text for people.
    #[default]
    Text,
    /// JSON, one object per line.
    Json,
}

/// Prints text for people that may hold names and messages from a cloud.
///
/// Anyone may name a server, and not only with what a terminal or a CI system ignores.
pub(super) fn print_text(text: &str) -> io::Result<()> {
    let text = redact::text(text);
    io::stdout().write_all(clean::printed(&text, false).as_bytes())
}

/// Writes items as JSON, one per line.
pub(super) fn json_lines(
    items: impl IntoIterator<Item = impl Serialize>,
    out: &mut impl Write,
) -> io::Result<()> {
    items.into_iter().try_for_each(|item| writeln!(out, "{}", serde_json::to_string(&item)?))
}

/// Returns the columns of a terminal; `None` for a stream that is none.
pub(super) fn columns(stream: &(impl IsTerminal + AsFd)) -> Option<usize> {
    /// Narrower lines are hard to read, and what cannot be wrapped breaks anyway.
    const LEAST: usize = 40;
    if !stream.is_terminal() {
        return None;
    }
    let columns = rustix::termios::tcgetwinsize(stream).map_or(0, |size| size.ws_col);
    // Zero is a terminal that does not know its size.
    Some(if columns == 0 { 80 } else { usize::from(columns).max(LEAST) })
}

/// Whether to write colors to a stream.
pub(super) fn colours(stream: &impl IsTerminal) -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !is_set("NO_COLOR") && (is_set("CLICOLOR_FORCE") || stream.is_terminal())
}
