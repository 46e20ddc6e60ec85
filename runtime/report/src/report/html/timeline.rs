//! The timeline of a run as an SVG.

use jiff::Timestamp;

use super::class;
use crate::report::outline::seconds;
use crate::report::run_record::{Attempt, RunRecord, TestRecord, millis};

/// The height of a row, and of a bar in it.
const ROW: usize = 18;
const BAR: usize = 14;

/// The width of the drawing, in its own unit; the page stretches it.
const WIDTH: u64 = 10_000;

/// The number of labels on the axis, besides its start.
const TICKS: u64 = 4;

/// One row per lane, one bar per attempt at a test or fixture.
pub(super) struct Timeline {
    pub(super) lanes: usize,
    pub(super) row: usize,
    pub(super) bar: usize,
    pub(super) width: u64,
    pub(super) height: usize,
    pub(super) bars: Vec<Bar>,
    pub(super) ticks: Vec<String>,
}

/// One attempt at a test.
pub(super) struct Bar {
    pub(super) class: String,
    pub(super) x: u64,
    pub(super) y: usize,
    pub(super) width: u64,
    pub(super) title: String,
}

impl Timeline {
    pub(super) fn of(run_record: &RunRecord) -> Self {
        let lanes = run_record.lanes.used();
        let (since, until) = run_record.span.unwrap_or_default();
        let whole = millis(since, until).max(1);
        let scale = Scale { since, until, whole };
        let bars = run_record.all().flat_map(|record| {
            let last = record.attempts.len().saturating_sub(1);
            let attempts = record.attempts.iter().enumerate();
            attempts.map(move |(index, attempt)| scale.bar(record, attempt, index == last))
        });
        Self {
            lanes,
            row: ROW,
            bar: BAR,
            width: WIDTH,
            height: lanes * ROW,
            bars: bars.collect(),
            ticks: (0..=TICKS).map(|tick| seconds(whole * tick / TICKS)).collect(),
        }
    }
}

/// Converts times to positions on the axis.
#[derive(Clone, Copy)]
struct Scale {
    since: Timestamp,
    until: Timestamp,
    whole: u64,
}

impl Scale {
    fn bar(self, record: &TestRecord, attempt: &Attempt, is_last: bool) -> Bar {
        let until = attempt.until.unwrap_or(self.until);
        let x = self.at(attempt.from);
        let took = seconds(millis(attempt.from, until));
        let (word, title) = if is_last {
            (record.word(), format!("{}: {}, {took}", record.id, record.word()))
        } else {
            ("no verdict", format!("{}: lost with its process after {took}", record.id))
        };
        // Very short attempts get a visible width.
        let width = self.at(until).saturating_sub(x).max(WIDTH / 1000);
        Bar { class: class(word), x, y: attempt.lane * ROW + (ROW - BAR) / 2, width, title }
    }

    fn at(self, time: Timestamp) -> u64 {
        millis(self.since, time).min(self.whole) * WIDTH / self.whole
    }
}
