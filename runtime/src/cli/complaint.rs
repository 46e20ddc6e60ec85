//! What is wrong with what the user gave us: what, where, what to do.

use std::error::Error;
use std::fmt;
use std::io::{self, Write as _};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};

use super::exit::Exit;

/// Mistakes that end the program, and the code it ends with.
#[derive(Debug)]
pub(super) struct Complaint {
    exit: Exit,
    about: Vec<Box<dyn Diagnostic + Send + Sync>>,
}

impl Complaint {
    /// Complains of bad input, with what to do about it.
    pub(super) fn bad_input(what: impl fmt::Display, help: impl Into<String>) -> Self {
        Self::new(Exit::BadInput, what, help)
    }

    /// Complains of something else.
    pub(super) fn new(exit: Exit, what: impl fmt::Display, help: impl Into<String>) -> Self {
        let plain = Plain { what: what.to_string(), help: Some(help.into()) };
        Self { exit, about: vec![Box::new(plain)] }
    }

    /// Complains of a cloud that does not let a credential in.
    pub(super) fn not_let_in(error: impl fmt::Display, cloud: &str) -> Self {
        let help = format!("the cloud `{cloud}` has to let this credential in");
        Self::new(Exit::NothingRan, error, help)
    }

    /// Complains of several mistakes at once.
    pub(super) fn several(about: Vec<Box<dyn Diagnostic + Send + Sync>>) -> Self {
        Self { exit: Exit::BadInput, about }
    }

    /// Complains of what says itself what to do.
    #[cfg(feature = "topology")]
    pub(super) fn of(exit: Exit, about: Vec<Box<dyn Diagnostic + Send + Sync>>) -> Self {
        Self { exit, about }
    }

    /// Prints itself to standard error; gives the code.
    pub(super) fn print(self) -> Exit {
        for about in &self.about {
            let text = render(about.as_ref());
            // Whoever read standard error may have gone; the code still tells.
            let _ = write!(io::stderr(), "{text}");
        }
        self.exit
    }
}

/// Writes a diagnostic as people see it.
pub(super) fn render(about: &dyn Diagnostic) -> String {
    let colour = super::report::colours(&io::stderr());
    let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_links(false);
    let mut text = String::new();
    match handler.render_report(&mut text, about) {
        Ok(()) => text,
        Err(_) => format!("error: {about}\n"),
    }
}

/// A mistake in words of our own.
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

/// An error whose own words say what to do.
///
/// Whoever closed the pipe that we write to, as `head` does, has read enough:
/// that is no mistake of anybody's.
impl<E: Error + 'static> From<E> for Complaint {
    fn from(error: E) -> Self {
        let io = (&error as &dyn Error).downcast_ref::<io::Error>();
        if io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
            return Self { exit: Exit::Ok, about: Vec::new() };
        }
        let plain = Plain { what: with_causes(&error), help: None };
        Self { exit: Exit::BadInput, about: vec![Box::new(plain)] }
    }
}

/// Writes an error and those below it, each once.
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
