//! What is left to undo, according to a ledger.

use std::collections::BTreeMap;

use super::{Intent, LedgerEntry, Record};

/// A resource or change that may exist and has to be undone.
#[derive(Debug, Clone, PartialEq)]
pub struct Outstanding {
    /// The number of its intent.
    pub seq: u64,
    /// What was to be created or changed.
    pub intent: Intent,
    /// Its id, if the service returned it.
    pub id: Option<String>,
}

/// Returns every intent that was neither refused nor undone, in order.
///
/// A resource that was created after it was taken to be gone, by a request that was
/// still under way, is outstanding again.
///
/// For every prefix of a ledger, however it was cut, this contains at least what exists
/// at that moment. It may also contain resources that do not exist.
pub fn outstanding(records: &[Record]) -> Vec<Outstanding> {
    let mut all: BTreeMap<u64, (Outstanding, bool)> = BTreeMap::new();
    for record in records {
        match &record.entry {
            LedgerEntry::Intent(intent) => {
                let (seq, intent) = (record.seq, intent.clone());
                all.insert(seq, (Outstanding { seq, intent, id: None }, true));
            }
            LedgerEntry::Made { of, id } => {
                if let Some((thing, is_left)) = all.get_mut(of) {
                    (thing.id, *is_left) = (Some(id.clone()), true);
                }
            }
            LedgerEntry::Refused { of, .. } | LedgerEntry::Gone { of } => {
                if let Some((_, is_left)) = all.get_mut(of) {
                    *is_left = false;
                }
            }
        }
    }
    all.into_values().filter(|(_, is_left)| *is_left).map(|(thing, _)| thing).collect()
}

/// Returns every intent whose resource was created, whatever became of it since.
pub fn made(records: &[Record]) -> Vec<Outstanding> {
    let mut all: BTreeMap<u64, Outstanding> = BTreeMap::new();
    for record in records {
        match &record.entry {
            LedgerEntry::Intent(intent) => {
                let (seq, intent) = (record.seq, intent.clone());
                all.insert(seq, Outstanding { seq, intent, id: None });
            }
            LedgerEntry::Made { of, id } => {
                if let Some(thing) = all.get_mut(of) {
                    thing.id = Some(id.clone());
                }
            }
            LedgerEntry::Refused { .. } | LedgerEntry::Gone { .. } => {}
        }
    }
    all.into_values().filter(|thing| thing.id.is_some()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::super::read::parse;
    use super::super::{FILE, Ledger, Owner};
    use super::*;

    /// The life of one resource, in steps that interleave with those of others.
    #[derive(Debug, Clone, Copy)]
    enum Life {
        Refused,
        AnswerLost,
        Left,
        Undone,
    }

    /// Runs lives interleaved by `order`. Returns the ledger's bytes and, for each length
    /// of the file at which something changed, what existed from then on.
    fn play(lives: &[Life], order: &[usize]) -> (Vec<u8>, Vec<(usize, BTreeSet<String>)>) {
        let dir = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(dir.path(), "run").unwrap();
        let path = dir.path().join(FILE);
        let mut world = BTreeSet::new();
        let mut states = vec![(0, world.clone())];
        let mut seqs = vec![0; lives.len()];
        let mut steps = vec![0; lives.len()];
        for pick in order {
            let thing = pick % lives.len();
            let name = format!("squall-é-{thing}");
            let append = |entry| ledger.append(entry).unwrap();
            let of = seqs[thing];
            match (steps[thing], lives[thing]) {
                (0, _) => {
                    let owner = Owner::new("u", Some("p"));
                    seqs[thing] =
                        append(LedgerEntry::Intent(Intent::create("compute.server", &name, owner)));
                }
                (1, Life::Refused) => {
                    append(LedgerEntry::Refused { of, why: "403".into() });
                }
                (1, _) => {
                    world.insert(name);
                }
                (2, Life::Left | Life::Undone) => {
                    append(LedgerEntry::Made { of, id: format!("id-{thing}") });
                }
                (3, Life::Undone) => {
                    world.remove(&name);
                }
                (4, Life::Undone) => {
                    append(LedgerEntry::Gone { of });
                }
                _ => {}
            }
            steps[thing] += 1;
            let length = std::fs::metadata(&path).unwrap().len();
            states.push((usize::try_from(length).unwrap(), world.clone()));
        }
        (std::fs::read(&path).unwrap(), states)
    }

    fn life() -> impl Strategy<Value = Life> {
        prop_oneof![
            Just(Life::Refused),
            Just(Life::AnswerLost),
            Just(Life::Left),
            Just(Life::Undone)
        ]
    }

    proptest! {
        #[test]
        fn any_prefix_names_everything_that_exists(
            lives in prop::collection::vec(life(), 1..6),
            order in prop::collection::vec(0usize..6, 0..40),
            torn in 0usize..60,
        ) {
            let (bytes, states) = play(&lives, &order);
            for (index, (length, world)) in states.iter().enumerate() {
                // A run dies with the file as it is or while it writes the next record.
                let settled = states.get(index + 1).is_none_or(|(next, _)| next != length);
                let cut = if settled { (length + torn).min(bytes.len()) } else { *length };
                let next_line = bytes[*length..cut].iter().position(|b| *b == b'\n');
                let cut = next_line.map_or(cut, |at| length + at);
                let named: BTreeSet<String> = outstanding(&parse(&bytes[..cut]).records)
                    .into_iter()
                    .map(|thing| thing.intent.name)
                    .collect();
                prop_assert!(named.is_superset(world), "{named:?} lacks some of {world:?}");
            }
        }
    }

    #[test]
    fn what_was_made_after_it_was_taken_to_be_gone_is_outstanding() {
        let dir = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(dir.path(), "run").unwrap();
        let intent = Intent::create("compute.server", "squall-1", Owner::new("u", Some("p")));
        let of = ledger.append(LedgerEntry::Intent(intent)).unwrap();
        ledger.append(LedgerEntry::Gone { of }).unwrap();
        ledger.append(LedgerEntry::Made { of, id: "late".to_owned() }).unwrap();
        let left = outstanding(&parse(&std::fs::read(dir.path().join(FILE)).unwrap()).records);
        assert_eq!(left[0].id.as_deref(), Some("late"));
    }

    #[test]
    fn what_is_refused_or_gone_is_not_outstanding() {
        let order = [0, 0, 1, 1, 1, 1, 1, 2, 2, 2];
        let (bytes, _) = play(&[Life::Refused, Life::Undone, Life::Left], &order);
        let left = outstanding(&parse(&bytes).records);
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].id.as_deref(), Some("id-2"));
    }
}
