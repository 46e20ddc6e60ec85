//! libtest's options. Those without a meaning here are accepted and ignored, because tools pass
//! them unasked.

use clap::{ArgAction, Parser, ValueEnum};

#[cfg(feature = "embedded")]
use crate::plan::default_jobs;
#[cfg(feature = "embedded")]
use crate::report::Style;

/// Runs the suites on an embedded cloud inside this process.
#[derive(Debug, Parser)]
#[expect(clippy::struct_excessive_bools, reason = "libtest's options, by their names")]
#[command(disable_version_flag = true, args_override_self = true)]
pub(super) struct Options {
    /// Run the tests whose id contains one of these.
    #[arg(value_name = "FILTERS")]
    filters: Vec<String>,
    /// Match whole ids instead of parts.
    #[arg(long)]
    exact: bool,
    /// Skip the tests whose id contains this; may be repeated.
    #[arg(long, value_name = "FILTER", action = ArgAction::Append)]
    skip: Vec<String>,
    /// List the tests without running them.
    #[arg(long)]
    pub(super) list: bool,
    /// The output format.
    #[arg(long, value_enum, default_value = "pretty")]
    format: Format,
    /// Print one character per test, like `--format terse`.
    #[arg(short, long)]
    quiet: bool,
    /// How many tests run at a time.
    #[arg(long, value_name = "N", env = "RUST_TEST_THREADS")]
    test_threads: Option<usize>,
    /// Run only ignored tests; there are none, because tests skip themselves at run time.
    #[arg(long)]
    ignored: bool,
    #[command(flatten)]
    taken: Taken,
}

/// Options that are accepted and ignored.
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
    /// One line per test.
    Pretty,
    /// One character per test.
    Terse,
}

/// Parses this process's arguments; exits if they are invalid.
pub(super) fn parse() -> Options {
    Options::parse()
}

impl Options {
    /// Whether a test is selected.
    pub(super) fn selects(&self, id: &str) -> bool {
        let fits = |filter: &String| if self.exact { id == filter } else { id.contains(filter) };
        !self.ignored
            && (self.filters.is_empty() || self.filters.iter().any(fits))
            && !self.skip.iter().any(fits)
    }

    /// Whether the output is terse.
    pub(super) fn is_terse(&self) -> bool {
        self.quiet || self.format == Format::Terse
    }

    /// Returns how verdicts are written.
    #[cfg(feature = "embedded")]
    pub(super) fn style(&self) -> Style {
        if self.is_terse() { Style::Terse } else { Style::Pretty }
    }

    /// Returns how many tests run at a time.
    #[cfg(feature = "embedded")]
    pub(super) fn jobs(&self) -> usize {
        self.test_threads.unwrap_or_else(|| default_jobs(None)).clamp(1, 256)
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
