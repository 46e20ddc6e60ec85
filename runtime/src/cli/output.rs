//! The output formats of lists.

use std::io::{self, Write};

use clap::ValueEnum;
use serde::Serialize;

/// A table, or JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Output {
    /// A table.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

/// Writes items as JSON, one per line.
pub(super) fn json_lines(
    items: impl IntoIterator<Item = impl Serialize>,
    out: &mut impl Write,
) -> io::Result<()> {
    items.into_iter().try_for_each(|item| writeln!(out, "{}", serde_json::to_string(&item)?))
}
