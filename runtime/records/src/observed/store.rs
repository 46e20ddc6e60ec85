//! The directory of kept answers.
//!
//! ```text
//! DIR/compute/servers.show/2.90_200_5b0e….json           of a cloud
//! DIR/compute/servers.show/2.90_200_differs_….json       that differs from the spec
//! DIR/embedded/compute/servers.show/…                    of the embedded cloud
//! ```
//!
//! Of an operation, version and status some answers are kept that match the spec: those whose
//! digests are smallest, so that neither the order of a run nor the number of its processes
//! matters. Answers that differ are kept apart, one for each set of violations, so that none of
//! them is lost to the bound.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;
use squall_model::{canonical, digest};

use super::KeptAnswer;

/// How many answers are kept that match the spec.
const MATCHING: usize = 4;
/// How many are kept that differ.
const DIFFERING: usize = 16;

/// A directory of answers.
#[derive(Debug, Clone)]
pub struct AnswerStore {
    root: PathBuf,
}

/// An answer's file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {why}", file.display())]
pub struct ReadError {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it.
    pub why: String,
}

impl AnswerStore {
    /// Creates the directory, unless it exists, and checks that it can be written.
    ///
    /// # Errors
    /// It cannot be created or written.
    pub fn create(root: &Path) -> io::Result<Self> {
        fs::create_dir_all(root)?;
        let probe = root.join(scratch());
        fs::write(&probe, b"")?;
        fs::remove_file(&probe)?;
        Ok(Self { root: root.to_owned() })
    }

    /// Opens a directory that was [created](Self::create) before.
    pub fn open(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Keeps an answer, unless it is there or there are enough; `differences` are its violations,
    /// empty if it matches. Returns whether a file was written.
    ///
    /// # Errors
    /// The directory cannot be read or written.
    pub fn keep(&self, answer: &KeptAnswer, differences: &str) -> io::Result<bool> {
        let folder = self.folder(answer);
        let document = canonical::sorted(&serde_json::to_value(answer).map_err(io::Error::other)?);
        let (class, digest, bound) = if differences.is_empty() {
            ("", digest::of(&document.to_string()), MATCHING)
        } else {
            ("differs_", digest::of(differences), DIFFERING)
        };
        let version = answer.version.map_or_else(|| "-".to_owned(), |version| version.to_string());
        let prefix = format!("{version}_{}_{class}", answer.status);
        let name = format!("{prefix}{digest}.json");
        let there = siblings(&folder, &prefix)?;
        if there.contains(&name) {
            return Ok(false);
        }
        let full = there.len() >= bound;
        let last = there.last().filter(|last| full && **last > name);
        if full && last.is_none() {
            return Ok(false);
        }
        fs::create_dir_all(&folder)?;
        let text = serde_json::to_string_pretty(&document).map_err(io::Error::other)?;
        // A file has its name only once it is whole.
        let whole = folder.join(scratch());
        let mut file = fs::File::create(&whole)?;
        file.write_all(text.as_bytes())?;
        file.write_all(b"\n")?;
        drop(file);
        fs::rename(&whole, folder.join(name))?;
        if let Some(last) = last {
            // Another process may have removed it.
            drop(fs::remove_file(folder.join(last)));
        }
        Ok(true)
    }

    fn folder(&self, answer: &KeptAnswer) -> PathBuf {
        let root = if answer.embedded { self.root.join("embedded") } else { self.root.clone() };
        let (service, rest) = answer.operation.split_once('.').unwrap_or((&answer.operation, "-"));
        root.join(service).join(rest)
    }
}

/// How many files this process has begun to write.
static COUNT: AtomicU64 = AtomicU64::new(0);

/// A name for a file that is being written; a reader leaves it out.
fn scratch() -> String {
    format!(".{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Returns the sorted names of the answers in a folder that begin so.
fn siblings(folder: &Path, prefix: &str) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let rest = |name: &String| {
        name.strip_prefix(prefix)?.strip_suffix(".json").map(|digest| !digest.contains('_'))
    };
    let mut names: Vec<String> = names.filter(|name| rest(name) == Some(true)).collect();
    names.sort();
    Ok(names)
}

/// An answer, and the file that it is in.
pub type FiledAnswer = (PathBuf, KeptAnswer);

/// Reads all answers below a directory, in the order of their files, and what cannot be read.
///
/// # Errors
/// The directory itself cannot be read.
pub fn read(root: &Path) -> io::Result<(Vec<FiledAnswer>, Vec<ReadError>)> {
    let mut files = Vec::new();
    collect(root, &mut files)?;
    files.sort();
    let (mut answers, mut errors) = (Vec::new(), Vec::new());
    for file in files {
        let parsed = fs::read(&file)
            .map_err(|error| error.to_string())
            .and_then(|text| serde_json::from_slice::<Value>(&text).map_err(|e| e.to_string()))
            .and_then(|value| serde_json::from_value(value).map_err(|e| e.to_string()));
        match parsed {
            Ok(answer) => answers.push((file, answer)),
            Err(why) => errors.push(ReadError { file, why }),
        }
    }
    Ok((answers, errors))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_hidden =
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() {
            collect(&path, files)?;
        } else if !is_hidden && path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use serde_json::json;
    use squall_model::Microversion;

    use super::super::KeptBody;
    use super::*;

    fn answer(body: u32) -> KeptAnswer {
        KeptAnswer {
            operation: "compute.servers.show".to_owned(),
            version: Some(Microversion::new(2, 90)),
            status: 200,
            embedded: false,
            package: None,
            extensions: None,
            fields_selected: false,
            version_problem: None,
            headers: BTreeMap::new(),
            body: Some(KeptBody::Json(json!({ "body": body }))),
            altered: BTreeSet::new(),
        }
    }

    fn names(root: &Path) -> Vec<String> {
        let (answers, errors) = read(root).unwrap();
        assert!(errors.is_empty());
        let names = answers.iter().map(|(file, _)| file.strip_prefix(root).unwrap());
        names.map(|name| name.display().to_string()).collect()
    }

    #[test]
    fn what_is_kept_does_not_depend_on_the_order_or_the_process() {
        let (one, many) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let store = AnswerStore::create(one.path()).unwrap();
        for body in 0..20 {
            store.keep(&answer(body), "").unwrap();
        }
        std::thread::scope(|scope| {
            for half in 0..2 {
                // Each thread has a store of its own, as each worker has.
                let root = many.path();
                scope.spawn(move || {
                    let store = AnswerStore::create(root).unwrap();
                    for body in (0..20).rev().filter(|body| body % 2 == half) {
                        store.keep(&answer(body), "").unwrap();
                    }
                });
            }
        });
        let kept = names(one.path());
        assert_eq!(kept.len(), MATCHING);
        // Two processes may each keep one more; the smallest are there in any case.
        let there = names(many.path());
        assert!(there.starts_with(&kept[..1]) && there.len() <= 2 * MATCHING, "{there:?}");
        assert!(!store.keep(&answer(3), "").unwrap() || names(one.path()) == kept);
    }

    #[test]
    fn an_answer_makes_room_for_another_only_once_that_one_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let store = AnswerStore::create(dir.path()).unwrap();
        for body in 0..MATCHING {
            store.keep(&answer(u32::try_from(body).unwrap()), "").unwrap();
        }
        let full = names(dir.path());
        // No file can be written where a directory is.
        let folder = dir.path().join("compute/servers.show");
        let next = COUNT.load(Ordering::Relaxed);
        for number in next..next + 2000 {
            fs::create_dir(folder.join(format!(".{}-{number}", std::process::id()))).unwrap();
        }
        let failed = (100..120).map(|body| store.keep(&answer(body), ""));
        assert!(failed.filter_map(Result::err).count() > 0, "one of them would be kept");
        assert_eq!(names(dir.path()), full);
    }

    #[test]
    fn answers_that_differ_are_kept_beside_those_that_match() {
        let dir = tempfile::tempdir().unwrap();
        let store = AnswerStore::create(dir.path()).unwrap();
        for body in 0..20 {
            store.keep(&answer(body), "").unwrap();
        }
        assert!(store.keep(&answer(99), "/server/name type").unwrap());
        assert!(!store.keep(&answer(98), "/server/name type").unwrap(), "the same difference");
        let embedded = KeptAnswer { embedded: true, ..answer(1) };
        assert!(store.keep(&embedded, "").unwrap());
        let kept = names(dir.path());
        assert_eq!(kept.len(), MATCHING + 2);
        assert!(kept[4].starts_with("compute/servers.show/2.90_200_differs_"), "{kept:?}");
        assert!(kept[5].starts_with("embedded/compute/servers.show/2.90_200_"), "{kept:?}");
    }

    #[test]
    fn a_file_that_was_being_written_is_left_out_and_a_broken_one_is_reported() {
        let dir = tempfile::tempdir().unwrap();
        let store = AnswerStore::create(dir.path()).unwrap();
        store.keep(&answer(1), "").unwrap();
        let folder = dir.path().join("compute/servers.show");
        fs::write(folder.join(".4711-0"), "{\"operation\"").unwrap();
        fs::write(folder.join("broken.json"), "{}").unwrap();
        let (answers, errors) = read(dir.path()).unwrap();
        assert_eq!(answers.len(), 1);
        assert_eq!(answers[0].1, answer(1));
        assert_eq!(errors.len(), 1);
        assert!(errors[0].to_string().contains("broken.json: missing field"), "{}", errors[0]);
    }
}
