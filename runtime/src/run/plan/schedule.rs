//! Picks the next test to start, so that claims are never violated.

use std::collections::{BTreeMap, HashMap, VecDeque};

use crate::registry::Claim;

/// How many resources of a class running tests may claim together, by class.
pub type Capacities = BTreeMap<String, u32>;

/// A test that has not started.
#[derive(Debug, Clone, Copy)]
pub struct Waiting<'a> {
    /// What it must not share with other running tests.
    pub claims: &'a [Claim],
    /// The group it belongs to, if groups take turns.
    pub group: Option<&'static str>,
}

/// The waiting tests, by their position in the order, and the claims of the running ones.
///
/// - Tests start in order; a test whose claims cannot be granted yet is overtaken by others.
/// - A test that claims the cloud starts when nothing else runs, after all others.
/// - A claim that exceeds the capacity is granted when nothing else of its class is held.
/// - Groups take turns: once a test of one group started, no test of another group starts
///   until the last test of that group is done.
#[derive(Debug)]
pub struct Schedule {
    free: VecDeque<usize>,
    claiming: VecDeque<usize>,
    alone: VecDeque<usize>,
    claims: HashMap<usize, Vec<Claim>>,
    groups: HashMap<usize, &'static str>,
    /// The group whose turn it is, and the number of its unfinished tests.
    turn: Option<(&'static str, usize)>,
    held: HashMap<&'static str, Held>,
    capacities: Capacities,
    running: usize,
    exclusive: bool,
}

/// The granted claims to a class.
#[derive(Debug, Default)]
struct Held {
    whole: bool,
    units: u32,
    holders: u32,
}

impl Schedule {
    /// Creates the schedule of waiting tests.
    pub fn new<'a>(tests: impl IntoIterator<Item = Waiting<'a>>, capacities: Capacities) -> Self {
        let mut schedule = Self {
            free: VecDeque::new(),
            claiming: VecDeque::new(),
            alone: VecDeque::new(),
            claims: HashMap::new(),
            groups: HashMap::new(),
            turn: None,
            held: HashMap::new(),
            capacities,
            running: 0,
            exclusive: false,
        };
        for (number, Waiting { claims, group }) in tests.into_iter().enumerate() {
            if let Some(group) = group {
                schedule.groups.insert(number, group);
            }
            if claims.is_empty() && group.is_none() {
                schedule.free.push_back(number);
            } else if claims.contains(&Claim::Cloud) {
                schedule.alone.push_back(number);
            } else {
                schedule.claiming.push_back(number);
                schedule.claims.insert(number, claims.to_vec());
            }
        }
        schedule
    }

    /// Returns a test that may start now; it counts as running until [`done`] is called.
    ///
    /// Returns `None` if every waiting test must wait longer, or none waits.
    ///
    /// [`done`]: Self::done
    pub fn start(&mut self) -> Option<usize> {
        if self.exclusive {
            return None;
        }
        let fits = self.claiming.iter().position(|number| self.fits(*number));
        let number = match (fits, self.free.front()) {
            (Some(at), free) if free.is_none_or(|free| self.claiming[at] < *free) => {
                self.claiming.remove(at)
            }
            (_, Some(_)) => self.free.pop_front(),
            (_, None) if self.running == 0 => {
                // The remaining claims wait for the turn of their group, and this test may be
                // the last one of the current group.
                let at = self.alone.iter().position(|number| self.has_turn(*number))?;
                self.exclusive = true;
                self.alone.remove(at)
            }
            (_, None) => None,
        }?;
        self.running += 1;
        self.take_turn(number);
        self.hold(number);
        Some(number)
    }

    /// Releases what a test held.
    pub fn done(&mut self, number: usize) {
        self.running = self.running.saturating_sub(1);
        self.exclusive = false;
        if self.groups.remove(&number).is_some() {
            self.turn = self.turn.map(|(group, left)| (group, left - 1));
            self.turn = self.turn.filter(|(_, left)| *left > 0);
        }
        for claim in self.claims.remove(&number).unwrap_or_default() {
            let Some(held) = class(claim).and_then(|class| self.held.get_mut(class)) else {
                continue;
            };
            held.holders = held.holders.saturating_sub(1);
            match claim {
                Claim::Whole(_) => held.whole = false,
                Claim::Units(_, units) => held.units = held.units.saturating_sub(units),
                Claim::Cloud => {}
            }
        }
    }

    fn fits(&self, number: usize) -> bool {
        let fits = |claim: &Claim| {
            let Some(class) = class(*claim) else { return false };
            let Some(held) = self.held.get(class).filter(|held| held.holders > 0) else {
                return true;
            };
            match *claim {
                Claim::Cloud | Claim::Whole(_) => false,
                Claim::Units(_, units) => {
                    let most = self.capacities.get(class).copied().unwrap_or(u32::MAX);
                    !held.whole && held.units.saturating_add(units) <= most
                }
            }
        };
        let fits_all = |claims: &Vec<Claim>| claims.iter().all(fits);
        self.has_turn(number) && self.claims.get(&number).is_none_or(fits_all)
    }

    fn has_turn(&self, number: usize) -> bool {
        match (self.groups.get(&number), self.turn) {
            (Some(group), Some((turn, _))) => *group == turn,
            _ => true,
        }
    }

    /// Starts the turn of a test's group if no group has the turn.
    fn take_turn(&mut self, number: usize) {
        if let (Some(group), None) = (self.groups.get(&number), self.turn) {
            let left = self.groups.values().filter(|other| *other == group).count();
            self.turn = Some((group, left));
        }
    }

    fn hold(&mut self, number: usize) {
        for claim in self.claims.get(&number).into_iter().flatten() {
            let Some(class) = class(*claim) else { continue };
            let held = self.held.entry(class).or_default();
            held.holders += 1;
            match *claim {
                Claim::Cloud => {}
                Claim::Whole(_) => held.whole = true,
                Claim::Units(_, units) => held.units = held.units.saturating_add(units),
            }
        }
    }
}

fn class(claim: Claim) -> Option<&'static str> {
    match claim {
        Claim::Cloud => None,
        Claim::Whole(class) | Claim::Units(class, _) => Some(class),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn claims() -> impl Strategy<Value = Vec<Claim>> {
        let class = || prop::sample::select(vec!["servers", "volumes"]);
        let one = prop_oneof![
            1 => Just(Claim::Cloud),
            2 => class().prop_map(Claim::Whole),
            4 => (class(), 1u32..5).prop_map(|(class, units)| Claim::Units(class, units)),
        ];
        prop::collection::vec(one, 0..3).prop_map(|mut claims| {
            let mut seen = Vec::new();
            claims.retain(|claim| {
                let new = !seen.contains(&class_of(*claim));
                seen.push(class_of(*claim));
                new
            });
            claims
        })
    }

    fn group() -> impl Strategy<Value = Option<&'static str>> {
        prop::option::of(prop::sample::select(vec!["suite-a", "suite-b"]))
    }

    fn class_of(claim: Claim) -> &'static str {
        class(claim).unwrap_or_default()
    }

    /// Whether tests with these claims may run at the same time.
    fn compatible(running: &[&[Claim]], capacities: &Capacities) -> bool {
        if running.len() < 2 {
            return true;
        }
        let all = || running.iter().copied().flatten();
        ["servers", "volumes"].into_iter().all(|class| {
            let of = all().filter(|claim| class_of(**claim) == class).collect::<Vec<_>>();
            let units: u32 = of
                .iter()
                .map(|claim| match claim {
                    Claim::Units(_, units) => *units,
                    Claim::Cloud | Claim::Whole(_) => 0,
                })
                .sum();
            let whole = of.iter().any(|claim| matches!(claim, Claim::Whole(_)));
            of.len() < 2 || (!whole && units <= capacities.get(class).copied().unwrap_or(u32::MAX))
        }) && !all().any(|claim| *claim == Claim::Cloud)
    }

    #[test]
    fn a_test_that_must_wait_is_overtaken() {
        let tests: [&[Claim]; 4] =
            [&[Claim::Whole("hosts")], &[Claim::Whole("hosts")], &[], &[Claim::Cloud]];
        let tests = tests.map(|claims| Waiting { claims, group: None });
        let mut schedule = Schedule::new(tests, Capacities::new());
        assert_eq!(
            (schedule.start(), schedule.start(), schedule.start()),
            (Some(0), Some(2), None)
        );
        schedule.done(0);
        assert_eq!((schedule.start(), schedule.start()), (Some(1), None));
        schedule.done(1);
        assert_eq!(schedule.start(), None);
        schedule.done(2);
        assert_eq!((schedule.start(), schedule.start()), (Some(3), None));
    }

    proptest! {
        /// In whatever order tests end, none runs beside what it excludes, and all of them run.
        #[test]
        fn no_test_overlaps_what_it_excludes_and_none_is_forgotten(
            tests in prop::collection::vec((claims(), group()), 0..20),
            jobs in 1usize..6,
            ends in prop::collection::vec(any::<prop::sample::Index>(), 64),
        ) {
            let capacities: Capacities = [("servers".to_owned(), 4)].into();
            let waiting = tests.iter().map(|(claims, group)| Waiting { claims, group: *group });
            let mut schedule = Schedule::new(waiting, capacities.clone());
            let mut running: Vec<usize> = Vec::new();
            let mut ran = Vec::new();
            let mut turns: Vec<&str> = Vec::new();
            for end in ends.iter().cycle() {
                while running.len() < jobs {
                    let Some(number) = schedule.start() else { break };
                    running.push(number);
                    ran.push(number);
                    turns.extend(tests[number].1);
                    let claims: Vec<&[Claim]> =
                        running.iter().map(|number| tests[*number].0.as_slice()).collect();
                    prop_assert!(compatible(&claims, &capacities), "{claims:?}");
                }
                if running.is_empty() {
                    break;
                }
                schedule.done(running.swap_remove(end.index(running.len())));
            }
            turns.dedup();
            let turns_taken = turns.len();
            turns.sort_unstable();
            turns.dedup();
            prop_assert_eq!(turns_taken, turns.len(), "each group has one turn");
            ran.sort_unstable();
            prop_assert_eq!(ran, (0..tests.len()).collect::<Vec<_>>());
        }
    }
}
