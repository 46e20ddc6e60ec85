//! Reading a ledger, and finding out whether it can be trusted.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use super::seal::{self, Seal};
use super::{FILE, LedgerEntry, LedgerError, Record};

/// The content of a ledger.
#[derive(Debug, Default)]
pub struct LedgerContent {
    /// Its records, in order.
    pub records: Vec<Record>,
    /// What is wrong with it: what the run created may be missing from the records.
    pub damage: Vec<Damage>,
    /// Whether the last line is incomplete, as a killed writer leaves it.
    ///
    /// This is no damage: an intent is sent only once it is written, and any other
    /// record only says that less is left to undo.
    pub is_torn: bool,
}

/// Something that is wrong with a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// A line is no record.
    Unreadable {
        /// Its number, from 1.
        line: usize,
    },
    /// Records are missing before a line.
    Missing {
        /// The line's number, from 1.
        line: usize,
        /// How many.
        count: u64,
    },
    /// A line contradicts the lines before it.
    Contradiction {
        /// Its number, from 1.
        line: usize,
        /// In what.
        why: String,
    },
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { line } => write!(f, "line {line} is damaged"),
            Self::Missing { line, count: 1 } => write!(f, "a record is missing before line {line}"),
            Self::Missing { line, count } => {
                write!(f, "{count} records are missing before line {line}")
            }
            Self::Contradiction { line, why } => write!(f, "line {line} is damaged: {why}"),
        }
    }
}

/// Reads the ledger in `run_dir`; a run without one has created nothing.
pub fn read(run_dir: &Path) -> Result<LedgerContent, LedgerError> {
    read_file(&run_dir.join(FILE))
}

pub(super) fn read_file(path: &Path) -> Result<LedgerContent, LedgerError> {
    match fs::read(path) {
        Ok(bytes) => Ok(parse(&bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(LedgerContent::default()),
        Err(source) => Err(LedgerError::Io { path: path.to_owned(), source }),
    }
}

/// Parses bytes and not text: a line may end inside a character.
pub(super) fn parse(bytes: &[u8]) -> LedgerContent {
    let mut reading = LedgerContent::default();
    let mut checks = Checks::default();
    for (index, line) in bytes.split_inclusive(|b| *b == b'\n').enumerate() {
        let number = index + 1;
        let is_whole = line.ends_with(b"\n");
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        if line.is_empty() {
            continue;
        }
        let seal = seal::check(line);
        // A version of Squall that seals its records seals all of them.
        let is_sound = match seal {
            Seal::Whole => true,
            Seal::Broken => false,
            Seal::Missing => !checks.sealed,
        };
        match serde_json::from_slice::<Record>(line) {
            Ok(record) if is_sound => {
                checks.sealed |= seal == Seal::Whole;
                reading.damage.extend(checks.check(number, &record));
                reading.records.push(record);
            }
            Err(error) if !is_whole && error.is_eof() => reading.is_torn = true,
            _ => {
                checks.unreadable += 1;
                reading.damage.push(Damage::Unreadable { line: number });
            }
        }
    }
    reading
}

/// What the records so far say of the next one.
#[derive(Debug, Default)]
struct Checks {
    run: Option<String>,
    last: u64,
    /// How many lines since the last record are no records.
    unreadable: u64,
    /// Whether records have checksums.
    sealed: bool,
    intents: BTreeSet<u64>,
}

impl Checks {
    fn check(&mut self, line: usize, record: &Record) -> Option<Damage> {
        let contradiction = |why: String| Some(Damage::Contradiction { line, why });
        let Record { seq, run, entry, .. } = record;
        let expected = self.last + 1;
        let lost = std::mem::take(&mut self.unreadable);
        let known = self.run.get_or_insert_with(|| run.clone());
        if known != run {
            return contradiction(format!("it belongs to run {run}"));
        }
        if *seq < expected {
            return contradiction(format!("record {seq} follows record {}", self.last));
        }
        self.last = *seq;
        let why = self.contradicts(*seq, entry);
        if why.is_some() {
            return why.and_then(contradiction);
        }
        let missing = (*seq - expected).saturating_sub(lost);
        (missing > 0).then_some(Damage::Missing { line, count: missing })
    }

    fn contradicts(&mut self, seq: u64, entry: &LedgerEntry) -> Option<String> {
        let of = match entry {
            LedgerEntry::Intent(_) => {
                self.intents.insert(seq);
                return None;
            }
            LedgerEntry::Made { of, .. }
            | LedgerEntry::Refused { of, .. }
            | LedgerEntry::Gone { of } => of,
        };
        (!self.intents.contains(of)).then(|| format!("there is no intent {of}"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Intent, Owner};
    use super::*;

    fn lines() -> Vec<String> {
        let intent = |name: &str| {
            LedgerEntry::Intent(Intent::create("compute.server", name, Owner::new("u", Some("p"))))
        };
        let entries = [
            intent("squall-a-1"),
            LedgerEntry::Made { of: 1, id: "id-1".to_owned() },
            intent("squall-a-2"),
            LedgerEntry::Gone { of: 1 },
        ];
        let record = |(at, entry): (usize, &LedgerEntry)| Record {
            seq: at as u64 + 1,
            at: "2026-11-29T10:00:00Z".to_owned(),
            run: "run".to_owned(),
            entry: entry.clone(),
        };
        entries.iter().enumerate().map(record).map(|r| serde_json::to_string(&r).unwrap()).collect()
    }

    fn damage(lines: &[String]) -> Vec<String> {
        let text: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
        parse(text.as_bytes()).damage.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_sound_ledger_has_no_damage() {
        assert_eq!(damage(&lines()), [""; 0]);
        assert!(!parse(lines().join("\n").as_bytes()).is_torn);
    }

    #[test]
    fn a_damaged_or_missing_or_repeated_line_is_reported_with_its_number() {
        let mut flipped = lines();
        flipped[2] = flipped[2].replace("\"seq\"", "\"seq!\"");
        assert_eq!(damage(&flipped), ["line 3 is damaged"]);
        let mut missing = lines();
        missing.remove(2);
        assert_eq!(damage(&missing), ["a record is missing before line 3"]);
        let mut twice = lines();
        twice.push(twice[3].clone());
        assert_eq!(damage(&twice), ["line 5 is damaged: record 4 follows record 4"]);
        let mut other = lines();
        other[3] = other[3].replace("\"of\":1", "\"of\":2");
        assert_eq!(damage(&other), ["line 4 is damaged: there is no intent 2"]);
        let mut foreign = lines();
        foreign[3] = foreign[3].replace("\"run\":\"run\"", "\"run\":\"rum\"");
        assert_eq!(damage(&foreign), ["line 4 is damaged: it belongs to run rum"]);
    }

    #[test]
    fn a_flipped_digit_that_leaves_a_record_is_damage() {
        let sealed: Vec<String> = lines()
            .into_iter()
            .map(|mut line| {
                seal::close(&mut line);
                line
            })
            .collect();
        assert_eq!(damage(&sealed), [""; 0]);
        let mut flipped = sealed.clone();
        flipped[3] = flipped[3].replace("\"of\":1", "\"of\":3");
        assert_eq!(damage(&flipped), ["line 4 is damaged"]);
        let mut without = sealed;
        without[2] = lines()[2].clone();
        assert_eq!(damage(&without), ["line 3 is damaged"], "the others have a checksum");
    }

    #[test]
    fn only_an_incomplete_last_line_is_torn() {
        let text = lines().join("\n");
        let torn = parse(&text.as_bytes()[..text.len() - 4]);
        assert!(torn.is_torn && torn.damage.is_empty(), "{torn:?}");
        assert_eq!(torn.records.len(), 3);
        let ended = format!("{}\n", &text[..text.len() - 4]);
        assert_eq!(parse(ended.as_bytes()).damage, [Damage::Unreadable { line: 4 }]);
        let garbage = format!("{text}x");
        assert_eq!(parse(garbage.as_bytes()).damage, [Damage::Unreadable { line: 4 }]);
    }
}
