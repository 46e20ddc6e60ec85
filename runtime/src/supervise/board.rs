//! The board: which tests wait, run and are done, and who is to blame when a
//! worker is lost.
//!
//! - One test under way: it is the culprit.
//! - One of those under way was being polled: it is the culprit.
//! - Otherwise all that were being polled (or all under way) are suspects. Each
//!   runs again alone, where the culprit dies once more and the others get the
//!   verdict they deserve.
//!
//! Every loss therefore ends in a verdict or in fewer tests that run together,
//! and a run of any tests comes to its end.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// How many workers may be lost one after another without any test under way.
const FUTILE: u32 = 3;

/// The tests of a run and where they stand.
#[derive(Debug)]
pub(super) struct Board {
    places: Vec<Place>,
    numbers: HashMap<String, usize>,
    futile: u32,
}

#[derive(Debug)]
struct Place {
    id: String,
    /// How long it may take in all, until the supervisor ends its worker.
    limit: Duration,
    timeout_ms: u64,
    state: State,
    attempts: u32,
    alone: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Running(Instant),
    Done,
}

/// What the next worker runs: numbers and attempts.
pub(super) type Batch = Vec<(usize, u32)>;

/// What a lost worker comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Loss {
    /// The test that took it down, where that is certain; it has no verdict yet.
    pub(super) culprit: Option<usize>,
    /// The tests that start again.
    pub(super) again: Vec<usize>,
    /// Whether there is no use in starting another worker.
    pub(super) hopeless: bool,
}

impl Board {
    /// Makes the board of tests that all wait, each with its limit.
    pub(super) fn new(tests: impl IntoIterator<Item = (String, Duration)>) -> Self {
        let places: Vec<Place> = tests
            .into_iter()
            .map(|(id, limit)| Place {
                id,
                limit,
                timeout_ms: 0,
                state: State::Waiting,
                attempts: 0,
                alone: false,
            })
            .collect();
        let numbers = places.iter().enumerate().map(|(n, place)| (place.id.clone(), n)).collect();
        Self { places, numbers, futile: 0 }
    }

    /// Gives the id of a test.
    pub(super) fn id(&self, number: usize) -> &str {
        &self.places[number].id
    }

    /// Gives what the next worker runs: all that may run together, and after
    /// them the suspects one by one.
    pub(super) fn batch(&self) -> Batch {
        let waiting =
            || self.places.iter().enumerate().filter(|(_, place)| place.state == State::Waiting);
        let entry = |(number, place): (usize, &Place)| (number, place.attempts + 1);
        let together: Batch = waiting().filter(|(_, place)| !place.alone).map(entry).collect();
        if together.is_empty() { waiting().take(1).map(entry).collect() } else { together }
    }

    /// Notes that a test started.
    pub(super) fn started(&mut self, id: &str, timeout_ms: u64, now: Instant) {
        if let Some(place) = self.place(id)
            && place.state == State::Waiting
        {
            place.state = State::Running(now);
            place.timeout_ms = timeout_ms;
            place.attempts += 1;
            self.futile = 0;
        }
    }

    /// Notes that a test is tried again: its limit starts anew with it.
    pub(super) fn again(&mut self, id: &str) {
        if let Some(place) = self.place(id)
            && place.state != State::Done
        {
            place.state = State::Waiting;
        }
    }

    /// Notes a verdict; gives whether it is the test's first and therefore counts.
    pub(super) fn finished(&mut self, id: &str) -> bool {
        match self.place(id) {
            Some(place) if place.state != State::Done => {
                place.state = State::Done;
                self.futile = 0;
                true
            }
            _ => false,
        }
    }

    /// Gives when the first of the running tests is past its limit.
    pub(super) fn next_limit(&self) -> Option<Instant> {
        self.running().filter_map(|(_, since, place)| since.checked_add(place.limit)).min()
    }

    /// Gives a test that is past its limit.
    pub(super) fn overdue(&self, now: Instant) -> Option<usize> {
        self.running()
            .find(|(_, since, place)| now.duration_since(*since) >= place.limit)
            .map(|(number, ..)| number)
    }

    /// Gives a test's own deadline in milliseconds, as its worker told it.
    pub(super) fn timeout_ms(&self, number: usize) -> u64 {
        self.places[number].timeout_ms
    }

    /// Settles the loss of the worker; suspects are the tests it polled at its end.
    pub(super) fn lost(&mut self, suspects: &[usize]) -> Loss {
        let running: Vec<usize> = self.running().map(|(number, ..)| number).collect();
        if running.is_empty() {
            self.futile += 1;
            return Loss { culprit: None, again: Vec::new(), hopeless: self.futile >= FUTILE };
        }
        let mut suspects: Vec<usize> =
            running.iter().copied().filter(|number| suspects.contains(number)).collect();
        if suspects.is_empty() {
            suspects.clone_from(&running);
        }
        let culprit = if suspects.len() == 1 { suspects.pop() } else { None };
        for number in suspects {
            self.places[number].alone = true;
        }
        let again: Vec<usize> = running.into_iter().filter(|n| Some(*n) != culprit).collect();
        for number in &again {
            self.places[*number].state = State::Waiting;
        }
        Loss { culprit, again, hopeless: false }
    }

    /// Gives the tests without a verdict.
    pub(super) fn left(&self) -> Vec<usize> {
        let open = |(_, place): &(usize, &Place)| place.state != State::Done;
        self.places.iter().enumerate().filter(open).map(|(number, _)| number).collect()
    }

    fn running(&self) -> impl Iterator<Item = (usize, Instant, &Place)> {
        self.places.iter().enumerate().filter_map(|(number, place)| match place.state {
            State::Running(since) => Some((number, since, place)),
            State::Waiting | State::Done => None,
        })
    }

    fn place(&mut self, id: &str) -> Option<&mut Place> {
        let number = *self.numbers.get(id)?;
        Some(&mut self.places[number])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn board(count: usize) -> Board {
        Board::new((0..count).map(|n| (n.to_string(), Duration::from_secs(5))))
    }

    fn start(board: &mut Board, numbers: &[usize]) {
        let now = Instant::now();
        for number in numbers {
            board.started(&number.to_string(), 1, now);
        }
    }

    #[test]
    fn the_only_test_under_way_is_the_culprit() {
        let mut board = board(3);
        start(&mut board, &[1]);
        assert_eq!(board.lost(&[]), Loss { culprit: Some(1), again: vec![], hopeless: false });
    }

    #[test]
    fn the_one_that_was_polled_is_the_culprit_and_the_others_start_again() {
        let mut board = board(3);
        start(&mut board, &[0, 1, 2]);
        assert_eq!(board.lost(&[2]), Loss { culprit: Some(2), again: vec![0, 1], hopeless: false });
        assert!(board.finished("2"));
        assert_eq!(board.batch(), [(0, 2), (1, 2)]);
    }

    #[test]
    fn suspects_run_alone_after_all_others() {
        let mut board = board(3);
        start(&mut board, &[0, 1]);
        let loss = board.lost(&[0, 1]);
        assert_eq!((loss.culprit, loss.again), (None, vec![0, 1]));
        assert_eq!(board.batch(), [(2, 1)]);
        assert!(board.finished("2"));
        assert_eq!(board.batch(), [(0, 2)]);
    }

    #[test]
    fn a_second_verdict_does_not_count() {
        let mut board = board(1);
        assert!(board.finished("0"));
        assert!(!board.finished("0"));
    }

    #[test]
    fn workers_that_die_before_any_test_are_given_up() {
        let mut board = board(1);
        assert!(!board.lost(&[]).hopeless);
        assert!(!board.lost(&[]).hopeless);
        assert!(board.lost(&[]).hopeless);
    }

    proptest! {
        /// Whoever is deadly, and whatever the slots say of it, every test gets
        /// one verdict and only the deadly ones are blamed.
        #[test]
        fn every_run_comes_to_its_end_and_blames_nobody_else(
            deadly in prop::collection::vec(any::<bool>(), 1..12),
            jobs in 1usize..5,
            polled in prop::collection::vec(any::<bool>(), 12),
        ) {
            let mut board = board(deadly.len());
            let mut crashed = vec![0; deadly.len()];
            let mut workers = 0;
            while !board.batch().is_empty() {
                workers += 1;
                prop_assert!(workers < 100);
                let batch = board.batch();
                let mut under_way: Vec<usize> = Vec::new();
                for (number, _) in batch {
                    start(&mut board, &[number]);
                    under_way.push(number);
                    if deadly[number] {
                        // The slots hold the deadly one, and perhaps others.
                        let suspects: Vec<usize> = under_way
                            .iter()
                            .copied()
                            .filter(|n| *n == number || polled[*n])
                            .collect();
                        if let Some(culprit) = board.lost(&suspects).culprit {
                            crashed[culprit] += 1;
                            board.finished(&culprit.to_string());
                        }
                        break;
                    }
                    if under_way.len() >= jobs {
                        board.finished(&under_way.remove(0).to_string());
                    }
                }
                for number in board.running().map(|(n, ..)| n).collect::<Vec<_>>() {
                    board.finished(&number.to_string());
                }
            }
            for (number, is_deadly) in deadly.iter().enumerate() {
                prop_assert_eq!(crashed[number], usize::from(*is_deadly));
            }
        }
    }
}
