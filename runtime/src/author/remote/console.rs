//! A server's console log, fetched when its guest cannot be reached.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use crate::context::{Actor, Context};

/// How many lines are shown: a boot that is stuck shows in the last ones.
const LINES: usize = 50;

/// Nova's deadline for the log: it must not delay the report of the failure.
const WITHIN: Duration = Duration::from_secs(15);

/// The server, and the identity that requests its log.
#[derive(Debug, Clone)]
pub(super) struct Console {
    actor: Actor,
    server: String,
}

/// The end of a console log, or why it is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Log {
    server: String,
    what: Result<String, String>,
}

impl Console {
    pub(super) fn new(actor: &Actor, server: String) -> Self {
        Self { actor: actor.clone(), server }
    }

    /// Fetches the end of the log, and records it as evidence.
    pub(super) async fn fetch(&self, ctx: &Context) -> Log {
        let body = json!({ "length": LINES });
        let call = self.actor.compute().servers().get_console_output(&self.server, body);
        let what = match timeout(WITHIN, call.send()).await {
            Ok(Ok(answer)) => match answer.body.at("/output") {
                Some(Value::String(text)) => Ok(tail(text)),
                _ => Err("the answer has none".to_owned()),
            },
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("no answer within {} s", WITHIN.as_secs())),
        };
        let log = Log { server: self.server.clone(), what };
        ctx.note(&format!("console of server {}", log.server), log.text());
        log
    }
}

impl Log {
    fn text(&self) -> String {
        match &self.what {
            Ok(text) if text.is_empty() => "nothing was written to it".to_owned(),
            Ok(text) => text.clone(),
            Err(why) => format!("it could not be fetched: {why}"),
        }
    }
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "console of server {}:", self.server)?;
        self.text().lines().try_for_each(|line| write!(f, "\n  {line}"))
    }
}

/// Returns the last lines without control characters: a service may send more than it was
/// asked for, and a console log is written for a screen.
fn tail(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    let lines: Vec<&str> = clean.trim_end().lines().map(str::trim_end).collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_kept_and_what_moves_a_cursor_is_not() {
        let long: Vec<String> = (0..200).map(|n| format!("line {n}\r\n")).collect();
        let kept = tail(&long.concat());
        assert_eq!(kept.lines().count(), LINES);
        assert!(kept.starts_with("line 150\n") && kept.ends_with("line 199"), "{kept}");
        assert_eq!(tail("\u{1b}[2Ja\u{7}\n\n"), "[2Ja");
    }

    #[test]
    fn a_log_says_why_it_is_not_there() {
        let log = |what| Log { server: "s-1".to_owned(), what };
        assert_eq!(log(Ok("a\nb".to_owned())).to_string(), "console of server s-1:\n  a\n  b");
        let shown = log(Err("409 from compute".to_owned())).to_string();
        assert_eq!(shown, "console of server s-1:\n  it could not be fetched: 409 from compute");
        assert!(log(Ok(String::new())).to_string().ends_with("nothing was written to it"));
    }
}
