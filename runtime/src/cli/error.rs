//! Errors of the command line: what is wrong, where, and what to do.

use std::error::Error;
use std::fmt;
use std::io::{self, Write as _};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};

use crate::client::config::ConfigError;
use crate::client::{Error as ClientError, ErrorKind, clean, redact};
use crate::environment;
use crate::exit::Exit;

/// One or more errors that end the program, with its exit code.
#[derive(Debug)]
pub(super) struct CliError {
    exit: Exit,
    about: Vec<Box<dyn Diagnostic + Send + Sync>>,
}

impl CliError {
    /// Creates an error about invalid input, with help on what to do.
    pub(super) fn bad_input(what: impl fmt::Display, help: impl Into<String>) -> Self {
        Self::new(Exit::BadInput, what, help)
    }

    /// Creates an error with another exit code.
    pub(super) fn new(exit: Exit, what: impl fmt::Display, help: impl Into<String>) -> Self {
        let plain = Plain { what: what.to_string(), help: Some(help.into()) };
        Self { exit, about: vec![Box::new(plain)] }
    }

    /// Creates the error for a cloud that cannot be reached or does not accept the credential.
    pub(super) fn access_denied(error: ClientError, cloud: &str) -> Self {
        if matches!(error.kind(), ErrorKind::Catalog(error) if error.is_several_regions()) {
            let help = format!("select a region for `{cloud}`");
            return Self::bad_input(error, help);
        }
        let help = environment::help(&error).map_or_else(
            || format!("check the credential of `{cloud}` in clouds.yaml"),
            str::to_owned,
        );
        Self::new(Exit::NothingRan, error, help)
    }

    /// Creates a diagnostic from a message and help.
    pub(super) fn diagnostic(
        what: impl fmt::Display,
        help: String,
    ) -> Box<dyn Diagnostic + Send + Sync> {
        Box::new(Plain { what: what.to_string(), help: Some(help) })
    }

    /// Combines several errors about invalid input.
    pub(super) fn several(about: Vec<Box<dyn Diagnostic + Send + Sync>>) -> Self {
        Self { exit: Exit::BadInput, about }
    }

    /// Combines errors that bring their own help.
    #[cfg(feature = "topology")]
    pub(super) fn of(exit: Exit, about: Vec<Box<dyn Diagnostic + Send + Sync>>) -> Self {
        Self { exit, about }
    }

    /// Prints the errors to standard error and returns the exit code.
    pub(super) fn print(self) -> Exit {
        for about in &self.about {
            let text = render(about.as_ref());
            // Standard error may be closed; the exit code still reports the failure.
            let text = redact::text(&text);
            let _ = write!(io::stderr(), "{}", clean::printed(&text, true));
        }
        self.exit
    }
}

/// Renders a diagnostic for a terminal.
pub(super) fn render(about: &dyn Diagnostic) -> String {
    let colour = super::output::colours(&io::stderr());
    let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_links(false);
    let handler = match super::output::columns(&io::stderr()) {
        Some(width) => handler.with_width(width),
        None => handler.with_wrap_lines(false),
    };
    let mut text = String::new();
    match handler.render_report(&mut text, about) {
        Ok(()) => text,
        Err(_) => format!("error: {about}\n"),
    }
}

/// An error that is only a message and help.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
struct Plain {
    what: String,
    help: Option<String>,
}

impl Diagnostic for Plain {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
}

/// An error whose message says what to do.
///
/// A closed pipe is not an error: a reader such as `head` has seen enough.
impl<E: Error + 'static> From<E> for CliError {
    fn from(error: E) -> Self {
        let io = (&error as &dyn Error).downcast_ref::<io::Error>();
        if io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
            return Self { exit: Exit::Ok, about: Vec::new() };
        }
        let plain = match (&error as &dyn Error).downcast_ref::<ConfigError>() {
            Some(error) => Plain { what: error.what(), help: Some(error.help()) },
            None => Plain { what: with_causes(&error), help: None },
        };
        Self { exit: Exit::BadInput, about: vec![Box::new(plain)] }
    }
}

/// Joins the messages of an error and its sources, leaving out repetitions.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        next = cause.source();
    }
    text
}
