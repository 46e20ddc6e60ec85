//! The options of libtest, as far as they mean something here; the others are
//! taken and do nothing, since tools give them without asking.

use clap::{ArgAction, Parser, ValueEnum};

use crate::plan::default_jobs;
use crate::report::Style;

/// Runs the suites on an embedded cloud inside this process.
#[derive(Debug, Parser)]
#[expect(clippy::struct_excessive_bools, reason = "libtest's options, by their names")]
#[command(disable_version_flag = true, args_override_self = true)]
pub(super) struct Options {
    /// Run the tests whose id contains one of these.
    #[arg(value_name = "FILTERS")]
    filters: Vec<String>,
    /// Filters are whole ids.
    #[arg(long)]
    exact: bool,
    /// Leave out the tests whose id contains this; may be given several times.
    #[arg(long, value_name = "FILTER", action = ArgAction::Append)]
    skip: Vec<String>,
    /// List the tests and run none.
    #[arg(long)]
    pub(super) list: bool,
    /// How much is written.
    #[arg(long, value_enum, default_value = "pretty")]
    format: Format,
    /// One letter a test, as `--format terse`.
    #[arg(short, long)]
    quiet: bool,
    /// How many tests run at a time.
    #[arg(long, value_name = "N", env = "RUST_TEST_THREADS")]
    test_threads: Option<usize>,
    /// Run ignored tests only; there are none, tests decide when they run.
    #[arg(long)]
    ignored: bool,
    #[command(flatten)]
    taken: Taken,
}

/// What is taken and does nothing.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "libtest's options, by their names")]
struct Taken {
    #[arg(long, hide = true)]
    include_ignored: bool,
    #[arg(long, alias = "no-capture", hide = true)]
    nocapture: bool,
    #[arg(long, hide = true)]
    show_output: bool,
    #[arg(long, hide = true)]
    test: bool,
    #[arg(long, hide = true)]
    bench: bool,
    #[arg(long, hide = true)]
    report_time: bool,
    #[arg(long, hide = true)]
    exclude_should_panic: bool,
    #[arg(long, hide = true)]
    force_run_in_process: bool,
    #[arg(long, hide = true)]
    shuffle: bool,
    #[arg(long, value_name = "SEED", hide = true)]
    shuffle_seed: Option<u64>,
    #[arg(long, value_name = "WHEN", hide = true)]
    color: Option<String>,
    #[arg(long, value_name = "PATH", hide = true)]
    logfile: Option<String>,
    #[arg(short = 'Z', value_name = "OPTION", hide = true)]
    unstable: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line a test.
    Pretty,
    /// A letter a test.
    Terse,
}

/// Reads this process's arguments; what is wrong with them ends it.
pub(super) fn parse() -> Options {
    Options::parse()
}

impl Options {
    /// Tells whether a test is selected.
    pub(super) fn selects(&self, id: &str) -> bool {
        let fits = |filter: &String| if self.exact { id == filter } else { id.contains(filter) };
        !self.ignored
            && (self.filters.is_empty() || self.filters.iter().any(fits))
            && !self.skip.iter().any(fits)
    }

    /// Tells whether little is to be written.
    pub(super) fn is_terse(&self) -> bool {
        self.quiet || self.format == Format::Terse
    }

    /// Gives how verdicts are written.
    pub(super) fn style(&self) -> Style {
        if self.is_terse() { Style::Terse } else { Style::Pretty }
    }

    /// Gives how many tests run at a time.
    pub(super) fn jobs(&self) -> usize {
        self.test_threads.unwrap_or_else(default_jobs).clamp(1, 256)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(arguments: &[&str]) -> Options {
        Options::try_parse_from(std::iter::once(&"suites").chain(arguments)).unwrap()
    }

    #[test]
    fn what_nextest_gives_is_understood() {
        let list = options(&["--list", "--format", "terse", "--ignored"]);
        assert!(list.list && list.is_terse() && !list.selects("compute.servers.boot"));
        let one = options(&["compute.servers.boot", "--nocapture", "--exact"]);
        assert!(one.selects("compute.servers.boot") && !one.selects("compute.servers.boot_two"));
    }

    #[test]
    fn a_skipped_part_beats_a_filter() {
        let some = options(&["servers", "--skip", "boot", "--test-threads=3"]);
        assert!(some.selects("compute.servers.show") && !some.selects("compute.servers.boot"));
        assert_eq!(some.jobs(), 3);
    }
}
