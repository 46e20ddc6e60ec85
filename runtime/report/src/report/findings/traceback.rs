//! Tracebacks in the logs of services, as oslo.log writes them.
//!
//! ```text
//! 2026-11-30 05:51:22.123 4711 ERROR neutron.pecan_wsgi.hooks [None req-3f… …] GET failed.: KeyError: None
//! 2026-11-30 05:51:22.123 4711 ERROR neutron.pecan_wsgi.hooks Traceback (most recent call last):
//! 2026-11-30 05:51:22.123 4711 ERROR neutron.pecan_wsgi.hooks   File "/…/neutron/a.py", line 7, in f
//! 2026-11-30 05:51:22.123 4711 ERROR neutron.pecan_wsgi.hooks     return b[c]
//! 2026-11-30 05:51:22.123 4711 ERROR neutron.pecan_wsgi.hooks KeyError: None
//! ```

use std::sync::LazyLock;

use regex::Regex;

/// An exception that a service logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Traceback {
    /// The request that it ended, if the log says so.
    pub(super) request_id: Option<String>,
    /// The class of the exception, without its module.
    pub(super) exception: String,
    /// The text of the exception.
    pub(super) message: String,
    /// The last place in the service's own code, as in `neutron.extensions.tagging._get`.
    pub(super) symbol: String,
}

const BEGINS: &str = "Traceback (most recent call last):";

/// Date and time, process, level, logger and the rest of a line.
static LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.\d+ (\d+) (?:ERROR|CRITICAL) (\S+) ?(.*)$").ok()
});
/// The context of a record's first line: the id that a request came with, its own, and who sent it.
static CONTEXT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\[((?:None|-|req-)[^\]]*)\]\s?(.*)$").ok());
static FRAME: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"^\s+File "([^"]+)", line \d+, in (\S+)"#).ok());
static EXCEPTION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^([A-Za-z_][\w.]*)(?:: (.*))?$").ok());

/// Reads the log of a service's processes between two times, which are written as in the log. `own`
/// is the service's package, as in `neutron`.
pub(super) fn read(log: &str, own: &str, since: &str, until: &str) -> Vec<Traceback> {
    let mut reader = Reader { own, records: Vec::new(), found: Vec::new() };
    let Some(line) = &*LINE else { return Vec::new() };
    for text in log.lines() {
        let Some(parts) = line.captures(text) else { continue };
        let (_, [time, process, logger, rest]) = parts.extract();
        if (since..=until).contains(&time) {
            reader.line(process, logger, rest);
        }
    }
    reader.end()
}

struct Reader<'a> {
    own: &'a str,
    /// The last record of each process and logger: records of several processes mix.
    records: Vec<Record<'a>>,
    found: Vec<Traceback>,
}

#[derive(Default)]
struct Record<'a> {
    process: &'a str,
    logger: &'a str,
    request_id: Option<&'a str>,
    /// Path and function of each frame of the traceback that is read.
    frames: Vec<(&'a str, &'a str)>,
    is_open: bool,
    /// The traceback that ended last: one that is raised while it is handled replaces it.
    last: Option<Traceback>,
}

impl<'a> Reader<'a> {
    fn line(&mut self, process: &'a str, logger: &'a str, rest: &'a str) {
        let own = self.own;
        let is_its = |one: &Record<'_>| one.process == process && one.logger == logger;
        let at = self.records.iter().position(is_its).unwrap_or_else(|| {
            self.records.push(Record { process, logger, ..Record::default() });
            self.records.len() - 1
        });
        let record = &mut self.records[at];
        let mut rest = rest;
        if let Some(context) = CONTEXT.as_ref().and_then(|context| context.captures(rest)) {
            self.found.extend(record.last.take());
            let (_, [ids, message]) = context.extract();
            record.request_id = ids.split(' ').rfind(|id| id.starts_with("req-"));
            (record.is_open, record.frames) = (false, Vec::new());
            rest = message;
        }
        if rest.ends_with(BEGINS) {
            (record.is_open, record.frames) = (true, Vec::new());
        } else if record.is_open {
            record.inside(rest, own);
        }
    }

    fn end(mut self) -> Vec<Traceback> {
        self.found.extend(self.records.into_iter().filter_map(|record| record.last));
        self.found
    }
}

impl<'a> Record<'a> {
    /// Reads a line of a traceback.
    fn inside(&mut self, rest: &'a str, own: &str) {
        if let Some(frame) = FRAME.as_ref().and_then(|frame| frame.captures(rest)) {
            let (_, [path, function]) = frame.extract();
            self.frames.push((path, function));
            return;
        }
        if rest.starts_with(' ') {
            return;
        }
        let Some(exception) = EXCEPTION.as_ref().and_then(|one| one.captures(rest)) else {
            return;
        };
        self.is_open = false;
        let (symbol, is_own) = symbol(&self.frames, own);
        // An exception that only libraries handle comes from where the one before it was raised.
        let symbol = match self.last.take() {
            Some(before) if !is_own => before.symbol,
            _ => symbol,
        };
        let class = exception.get(1).map_or("", |class| class.as_str());
        self.last = Some(Traceback {
            request_id: self.request_id.map(str::to_owned),
            exception: class.rsplit('.').next().unwrap_or_default().to_owned(),
            message: exception.get(2).map_or("", |text| text.as_str()).to_owned(),
            symbol,
        });
    }
}

/// Returns the last place in the service's own package, or the last of all, and which it is.
fn symbol(frames: &[(&str, &str)], own: &str) -> (String, bool) {
    let named = |(path, function): &(&str, &str)| {
        let path = path.rsplit_once("-packages/").map_or(*path, |(_, path)| path);
        let module = path.trim_end_matches(".py").trim_end_matches("/__init__");
        format!("{}.{function}", module.trim_start_matches('/').replace('/', "."))
    };
    let is_own = |name: &String| name.split('.').next() == Some(own);
    let names = || frames.iter().rev().map(named);
    match names().find(is_own) {
        Some(name) => (name, true),
        None => (names().next().unwrap_or_default(), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "req-3f0c1fd4-6f1e-4a2b-9d51-0d1b5f3c2a11";

    fn log(lines: &[(&str, &str)]) -> String {
        let line = |(process, rest): &(&str, &str)| {
            format!("2026-11-30 05:51:22.123 {process} ERROR neutron.hooks {rest}\n")
        };
        lines.iter().map(line).collect()
    }

    #[test]
    fn a_traceback_has_its_request_and_the_last_place_in_the_services_code() {
        let text = log(&[
            ("7", &format!("[None {ID} 0a 1b - - default default] GET failed.: KeyError: None")),
            ("7", BEGINS),
            ("7", r#"  File "/venv/lib/python3.13/site-packages/pecan/core.py", line 6, in call"#),
            ("7", "    result = controller(*args)"),
            ("7", r#"  File "/v/site-packages/neutron/extensions/tagging.py", line 9, in _get"#),
            ("7", r#"  File "/v/site-packages/oslo_utils/a.py", line 9, in get"#),
            ("7", "    ~~~^^^"),
            ("7", "KeyError: None"),
            ("7", ""),
        ]);
        let wanted = Traceback {
            request_id: Some(ID.to_owned()),
            exception: "KeyError".to_owned(),
            message: "None".to_owned(),
            symbol: "neutron.extensions.tagging._get".to_owned(),
        };
        assert_eq!(read(&text, "neutron", "2026-11-30 05:00:00", "2026-11-30 05:51:22"), [wanted]);
        assert_eq!(read(&text, "neutron", "2026-11-30 06:00:00", "2026-12"), []);
    }

    #[test]
    fn of_exceptions_that_follow_each_other_the_last_counts() {
        let text = log(&[
            ("7", &format!("[{ID} 0a] no")),
            ("7", BEGINS),
            ("7", r#"  File "/v/site-packages/neutron/a.py", line 9, in one"#),
            ("7", "KeyError: 'x'"),
            ("7", ""),
            ("7", "During handling of the above exception, another exception occurred:"),
            ("7", ""),
            ("7", BEGINS),
            ("7", r#"  File "/v/site-packages/neutron/b/__init__.py", line 9, in two"#),
            ("7", "KeyError: 'y'"),
            ("7", ""),
            ("7", "The above exception was the direct cause of the following exception:"),
            ("7", ""),
            ("7", BEGINS),
            ("7", r#"  File "/v/site-packages/oslo_db/filters.py", line 9, in three"#),
            ("7", "oslo_db.exception.DBError: (1066, \"Not unique\")"),
            ("7", "[SQL: SELECT 1]"),
        ]);
        let found = read(&text, "neutron", "", "3");
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].symbol.as_str(), found[0].exception.as_str()),
            ("neutron.b.two", "DBError")
        );
    }

    #[test]
    fn processes_that_write_at_the_same_time_are_told_apart() {
        let other = "req-00000000-6f1e-4a2b-9d51-0d1b5f3c2a11";
        let text = log(&[
            ("7", &format!("[None {ID} 0a] no")),
            ("8", &format!("[None {other} 0a] no")),
            ("7", BEGINS),
            ("8", BEGINS),
            ("7", r#"  File "/v/site-packages/neutron/a.py", line 9, in one"#),
            ("8", r#"  File "/v/site-packages/neutron/b.py", line 9, in two"#),
            ("7", "KeyError: 'x'"),
            ("8", "TypeError: y"),
        ]);
        let found = read(&text, "neutron", "", "3");
        let of = |one: &Traceback| (one.request_id.clone().unwrap(), one.exception.clone());
        assert_eq!(
            found.iter().map(of).collect::<Vec<_>>(),
            [(ID.to_owned(), "KeyError".to_owned()), (other.to_owned(), "TypeError".to_owned())]
        );
    }
}
