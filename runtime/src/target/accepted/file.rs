//! Reads files of accepted findings. Every mistake is reported with its line.

use std::collections::HashMap;
use std::path::Path;

use jiff::civil::Date;
use serde::Deserialize;
use squall_yaml::{Node, Options, from_node};

use super::{AcceptedError, AcceptedFinding};
use crate::Answered;

/// A file of accepted findings that is compiled into the program.
#[derive(Debug)]
pub struct AcceptedFile {
    /// Its path, as given to the compiler.
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
}

inventory::collect!(AcceptedFile);

/// Registers a file of accepted findings, by its path from the package's directory.
///
/// ```ignore
/// squall::accepted_findings!("findings/volume.yaml");
/// ```
#[macro_export]
macro_rules! accepted_findings {
    ($path:literal) => {
        $crate::__private::inventory::submit! {
            $crate::accepted::AcceptedFile {
                path: $path,
                text: ::std::include_str!(::std::concat!(
                    ::std::env!("CARGO_MANIFEST_DIR"),
                    "/",
                    $path
                )),
            }
        }
    };
}

const FORM: &str = "write a list of findings with `id`, `tests`, `answer`, `package`, `version`, \
                    `symbol`, `cause` and `expires`, and `says` if need be";

/// An entry as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    tests: Vec<String>,
    answer: String,
    says: Option<String>,
    package: String,
    version: String,
    symbol: String,
    cause: String,
    expires: String,
}

/// Reads a file.
///
/// # Errors
/// It cannot be read, or every mistake in it.
pub fn read_file(path: &Path) -> Result<Vec<AcceptedFinding>, Vec<AcceptedError>> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        let what = format!("cannot be read: {error}");
        let help = "name a file of accepted findings, or remove the setting".to_owned();
        vec![AcceptedError { file: name.clone(), line: None, what, help }]
    })?;
    read(&name, &text)
}

/// Reads the text of a file; the name of a finding begins with the file's.
///
/// # Errors
/// Every mistake in it.
pub fn read(path: &str, text: &str) -> Result<Vec<AcceptedFinding>, Vec<AcceptedError>> {
    let error = |line: Option<u64>, what: String, help: &str| AcceptedError {
        file: path.to_owned(),
        line,
        what,
        help: help.to_owned(),
    };
    let wrong = |wrong: squall_yaml::Error| error(wrong.line().map(u64::from), wrong.what, FORM);
    let root = squall_yaml::read(text, &Options::default()).map_err(|found| vec![wrong(found)])?;
    let nodes = match root.list() {
        Some(nodes) => nodes,
        None if root.is_null() => return Ok(Vec::new()),
        None => {
            let what = format!("the file holds {}, not a list", root.name());
            return Err(vec![error(Some(root.position.line.into()), what, FORM)]);
        }
    };
    let stem = Path::new(path).file_stem().unwrap_or_default().to_string_lossy();
    let (mut findings, mut mistakes) = (Vec::new(), Vec::new());
    let mut lines: HashMap<String, u64> = HashMap::new();
    for node in nodes {
        let line = u64::from(node.position.line);
        match entry(node) {
            Ok(entry) => {
                if let Some(before) = lines.insert(entry.id.clone(), line) {
                    let what = format!("`{}` is also the id in line {before}", entry.id);
                    mistakes.push(error(Some(line), what, "give each finding an id of its own"));
                }
                findings.push(AcceptedFinding { id: format!("{stem}/{}", entry.id), ..entry });
            }
            Err(Mistake::Form(found)) => mistakes.push(wrong(found)),
            Err(Mistake::Value { what, help }) => mistakes.push(error(Some(line), what, help)),
        }
    }
    if mistakes.is_empty() { Ok(findings) } else { Err(mistakes) }
}

enum Mistake {
    Form(squall_yaml::Error),
    Value { what: String, help: &'static str },
}

fn entry(node: &Node) -> Result<AcceptedFinding, Mistake> {
    let entry: Entry = from_node(node).map_err(Mistake::Form)?;
    let value = |what: String, help| Mistake::Value { what, help };
    let answer = match (entry.answer.as_str(), entry.answer.parse::<u16>()) {
        ("accepted", _) => Answered::Accepted,
        ("none", _) => Answered::Nothing,
        (_, Ok(status @ 400..=599)) => Answered::Refused(status),
        (other, _) => {
            let what = format!("`answer` is `{other}`");
            return Err(value(what, "write a status from 400 to 599, `accepted` or `none`"));
        }
    };
    let Ok(expires) = entry.expires.parse::<Date>() else {
        let what = format!("`expires` is `{}`, which is no date", entry.expires);
        return Err(value(what, "write a date as in 2027-05-31"));
    };
    if entry.tests.is_empty() {
        return Err(value("`tests` is empty".to_owned(), "name the tests that fail"));
    }
    // A pattern that is too wide would also accept failures that are new.
    let is_wide = |pattern: &&String| {
        let parts = pattern.split(['*', '.']).filter(|part| !part.is_empty());
        pattern.contains('*') && parts.count() < 3
    };
    if let Some(wide) = entry.tests.iter().find(is_wide) {
        let what = format!("`{wide}` fits the tests of a whole suite or service");
        return Err(value(what, "name the tests by at least three parts of their ids"));
    }
    let Entry { id, tests, says, package, version, symbol, cause, .. } = entry;
    for (name, text) in [
        ("id", &id),
        ("package", &package),
        ("version", &version),
        ("symbol", &symbol),
        ("cause", &cause),
    ] {
        if text.trim().is_empty() {
            return Err(value(format!("`{name}` is empty"), "say it, so that it can be looked up"));
        }
    }
    Ok(AcceptedFinding { id, tests, answer, says, package, version, symbol, cause, expires })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(entry: &str) -> Vec<String> {
        let mistakes = read("findings/volume.yaml", entry).unwrap_err();
        mistakes.iter().map(|one| format!("{one}; {}", one.help)).collect()
    }

    fn with(key: &str, value: &str) -> String {
        let entry = "- id: a\n  tests: [negative.volume.volumes.create.*]\n  answer: 500\n  \
                     package: cinder\n  version: 29.0.0\n  symbol: cinder.api\n  \
                     cause: It fails.\n  expires: 2027-05-31\n";
        let changed = |line: &str| match line.split_once(": ") {
            Some((name, _)) if name.trim() == key => format!("{name}: {value}\n"),
            _ => format!("{line}\n"),
        };
        entry.lines().map(changed).collect::<Vec<_>>().concat()
    }

    #[test]
    fn an_entry_is_read_with_the_name_of_its_file() {
        let found = read("findings/volume.yaml", &with("answer", "none")).unwrap();
        assert_eq!((found[0].id.as_str(), found[0].answer), ("volume/a", Answered::Nothing));
        assert_eq!(read("volume.yaml", "# none yet\n").unwrap(), []);
    }

    #[test]
    fn every_mistake_is_told_with_its_line_and_what_to_do() {
        let two = with("answer", "200") + &with("expires", "next year");
        assert_eq!(
            wrong(&two),
            [
                "findings/volume.yaml:1: `answer` is `200`; write a status from 400 to 599, \
                 `accepted` or `none`",
                "findings/volume.yaml:9: `expires` is `next year`, which is no date; write a date \
                 as in 2027-05-31",
            ]
        );
        assert_eq!(
            wrong(&with("tests", "[negative.volume.*]")),
            ["findings/volume.yaml:1: `negative.volume.*` fits the tests of a whole suite or \
              service; name the tests by at least three parts of their ids"]
        );
        assert_eq!(
            wrong(&(with("", "") + &with("", ""))),
            [
                "findings/volume.yaml:9: `a` is also the id in line 1; give each finding an id of its \
              own"
            ]
        );
        assert!(wrong(&with("symbol", "\"\""))[0].contains("`symbol` is empty"));
        assert!(wrong("a: 1\n")[0].contains("not a list"), "{:?}", wrong("a: 1\n"));
        assert!(wrong(&with("cause", "x\n  colour: red"))[0].contains("colour"));
    }
}
