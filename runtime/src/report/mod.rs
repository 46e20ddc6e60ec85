//! Reports: what a run's events look like to people and to programs.
//!
//! A reporter sees events and nothing else, so that the same journal gives the
//! same report while the run goes on, and again later.

mod causes;
mod compare;
mod evidence;
mod html;
mod json;
mod junit;
mod lanes;
mod libtest;
mod live;
mod outline;
mod signature;
mod story;
mod subunit;
mod summary;
mod terminal;

pub use compare::{Change, Class, Comparison, RunLine, Slower};
pub use html::html;
pub use json::Json;
pub use junit::junit;
pub use libtest::{Libtest, Style};
pub use live::Live;
pub use subunit::Subunit;
pub use summary::summary;
pub use terminal::Terminal;

use crate::journal::Entry;

/// Takes the events of a run one by one.
pub trait Reporter {
    /// Sees an event.
    fn see(&mut self, entry: &Entry);

    /// Tells whether it sees everything while a run goes on. Else exchanges, waits and notes
    /// come before the verdict that they explain, and those of what passed not at all.
    fn wants_everything(&self) -> bool {
        false
    }

    /// Sees events, one after another.
    fn see_all<'a>(&mut self, entries: impl IntoIterator<Item = &'a Entry>)
    where
        Self: Sized,
    {
        for entry in entries {
            self.see(entry);
        }
    }
}

/// Several reporters see the same events.
impl<const N: usize> Reporter for [Box<dyn Reporter>; N] {
    fn see(&mut self, entry: &Entry) {
        for reporter in self {
            reporter.see(entry);
        }
    }

    fn wants_everything(&self) -> bool {
        self.iter().any(|reporter| reporter.wants_everything())
    }
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
