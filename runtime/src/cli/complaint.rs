//! What is wrong with what the user gave us: what, where, what to do.

use std::error::Error;
use std::fmt;

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
        let plain = Plain { what: what.to_string(), help: Some(help.into()), causes: None };
        Self { exit, about: vec![Box::new(plain)] }
    }

    /// Complains of several mistakes at once.
    pub(super) fn several(about: Vec<Box<dyn Diagnostic + Send + Sync>>) -> Self {
        Self { exit: Exit::BadInput, about }
    }

    /// Prints itself to standard error; gives the code.
    pub(super) fn print(self) -> Exit {
        use std::io::Write as _;
        for about in &self.about {
            let text = render(about.as_ref());
            // Whoever read standard error may have gone; the code still tells.
            let _ = write!(std::io::stderr(), "{text}");
        }
        self.exit
    }
}

/// Writes a diagnostic as people see it.
pub(super) fn render(about: &dyn Diagnostic) -> String {
    let colour = super::report::colours(&std::io::stderr());
    let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_links(false);
    let mut text = String::new();
    match handler.render_report(&mut text, about) {
        Ok(()) => text,
        Err(_) => format!("error: {about}\n"),
    }
}

/// An error that says of itself what to do, or that we do.
#[derive(Debug)]
struct Plain {
    what: String,
    help: Option<String>,
    causes: Option<Box<dyn Error + Send + Sync>>,
}

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl Error for Plain {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.causes.as_ref().and_then(|error| error.source())
    }
}

impl Diagnostic for Plain {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
}

/// An error whose own words say what to do.
impl<E: Error + Send + Sync + 'static> From<E> for Complaint {
    fn from(error: E) -> Self {
        let plain = Plain { what: error.to_string(), help: None, causes: Some(Box::new(error)) };
        Self { exit: Exit::BadInput, about: vec![Box::new(plain)] }
    }
}
