//! Which test ran when, as bars of an SVG.

use jiff::Timestamp;

use super::class;
use crate::report::outline::seconds;
use crate::report::story::{Attempt, Story, Tale, millis};

/// The height of a row, and of a bar in it.
const ROW: usize = 18;
const BAR: usize = 14;

/// The width of all in the drawing's own unit; the page stretches it.
const WIDTH: u64 = 10_000;

/// How many times stand at the axis, beside its start.
const TICKS: u64 = 4;

/// A row a place in the run, a bar a test or the set-up of a fixture.
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
    pub(super) fn of(story: &Story) -> Self {
        let lanes = story.lanes.used();
        let (since, until) = story.span.unwrap_or_default();
        let whole = millis(since, until).max(1);
        let scale = Scale { since, until, whole };
        let bars = story.all().flat_map(|tale| {
            let last = tale.attempts.len().saturating_sub(1);
            let attempts = tale.attempts.iter().enumerate();
            attempts.map(move |(index, attempt)| scale.bar(tale, attempt, index == last))
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

/// From times to places on the axis.
#[derive(Clone, Copy)]
struct Scale {
    since: Timestamp,
    until: Timestamp,
    whole: u64,
}

impl Scale {
    fn bar(self, tale: &Tale, attempt: &Attempt, is_last: bool) -> Bar {
        let until = attempt.until.unwrap_or(self.until);
        let x = self.at(attempt.from);
        let took = seconds(millis(attempt.from, until));
        let (word, title) = if is_last {
            (tale.word(), format!("{}: {}, {took}", tale.id, tale.word()))
        } else {
            ("no verdict", format!("{}: lost with its process after {took}", tale.id))
        };
        // What is too short to be seen is shown all the same.
        let width = self.at(until).saturating_sub(x).max(WIDTH / 1000);
        Bar { class: class(word), x, y: attempt.lane * ROW + (ROW - BAR) / 2, width, title }
    }

    fn at(self, time: Timestamp) -> u64 {
        millis(self.since, time).min(self.whole) * WIDTH / self.whole
    }
}
