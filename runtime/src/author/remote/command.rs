//! A command for a guest, and its output.

use std::time::Duration;

/// A command: words that reach the program as they are, or a line for the guest's
/// shell.
///
/// ```
/// use squall::remote::Command;
///
/// let words = Command::new("touch").arg("$HOME is two");
/// assert_eq!(words.to_string(), "touch '$HOME is two'");
/// let line = Command::shell("cd /tmp && ls | wc -l");
/// assert_eq!(line.to_string(), "cd /tmp && ls | wc -l");
/// // A text is a line for the shell.
/// assert_eq!(Command::from("uptime").to_string(), "uptime");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a command does nothing until a guest runs it"]
pub struct Command {
    what: What,
    is_root: bool,
    pub(super) stdin: Vec<u8>,
    pub(super) within: Option<Duration>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Words(Vec<String>),
    Line(String),
}

/// Uses `sudo` only for other users: an image's only user may be root, and lack `sudo`.
const AS_ROOT: &str = r#"[ "$(id -u)" -eq 0 ] && exec "$@"; exec sudo -n "$@""#;

impl Command {
    /// Creates a command from a program's name, without arguments.
    pub fn new(program: impl Into<String>) -> Self {
        Self::of(What::Words(vec![program.into()]))
    }

    /// Creates a command from a line that the guest's shell interprets.
    pub fn shell(line: impl Into<String>) -> Self {
        Self::of(What::Line(line.into()))
    }

    /// Adds an argument, quoted so that the guest's shell does not interpret it.
    /// To a line it is added as a word.
    pub fn arg(self, argument: impl Into<String>) -> Self {
        self.args([argument])
    }

    /// Adds arguments.
    pub fn args(mut self, arguments: impl IntoIterator<Item = impl Into<String>>) -> Self {
        for argument in arguments {
            let argument = argument.into();
            match &mut self.what {
                What::Words(words) => words.push(argument),
                What::Line(line) => *line = format!("{line} {}", quoted(&argument)),
            }
        }
        self
    }

    /// Runs the command as root, with `sudo` for other users.
    pub fn as_root(mut self) -> Self {
        self.is_root = true;
        self
    }

    /// Sets the bytes of its standard input, which is empty by default.
    pub fn with_stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// Sets the command's deadline.
    pub fn within(mut self, deadline: Duration) -> Self {
        self.within = Some(deadline);
        self
    }

    /// Returns the line that is sent to the guest's shell.
    pub(super) fn line(&self) -> String {
        let Self { what, is_root, .. } = self;
        if !is_root {
            return self.to_string();
        }
        let (words, shell);
        let all = match what {
            What::Words(own) => own,
            What::Line(line) => {
                shell = ["sh", "-c", line].map(str::to_owned);
                words = shell.to_vec();
                &words
            }
        };
        let start = ["sh", "-c", AS_ROOT, "sh"].map(str::to_owned);
        joined(start.iter().chain(all))
    }

    fn of(what: What) -> Self {
        Self { what, is_root: false, stdin: Vec::new(), within: None }
    }
}

/// The command as evidence and errors show it.
impl std::fmt::Display for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.what {
            What::Words(words) => f.write_str(&joined(words)),
            What::Line(line) => f.write_str(line),
        }
    }
}

impl From<&str> for Command {
    fn from(line: &str) -> Self {
        Self::shell(line)
    }
}

impl From<String> for Command {
    fn from(line: String) -> Self {
        Self::shell(line)
    }
}

fn joined<'a>(words: impl IntoIterator<Item = &'a String>) -> String {
    words.into_iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// Quotes a word. No quoting helps a zero byte: sending such a word is refused.
fn quoted(word: &str) -> String {
    shlex::Quoter::new().allow_nul(true).quote(word).map_or_else(|_| word.to_owned(), Into::into)
}

/// The result of a command that exited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// What the command wrote to standard output.
    pub stdout: Vec<u8>,
    /// What the command wrote to standard error.
    pub stderr: Vec<u8>,
    /// The exit status; 127 if the guest's shell did not find the program.
    pub status: i32,
    /// How long it took.
    pub took: Duration,
}

impl Output {
    /// Whether the exit status is 0.
    pub fn is_ok(&self) -> bool {
        self.status == 0
    }

    /// Returns the standard output as text, trimmed.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a guest's command in the shell of this machine.
    fn run(command: &Command) -> String {
        let out = std::process::Command::new("sh").arg("-c").arg(command.line()).output().unwrap();
        String::from_utf8(out.stdout).unwrap()
    }

    #[test]
    fn arguments_reach_the_program_as_they_are() {
        for nasty in
            ["", " ", "a b", "it's", "\"$HOME\"", "`id`", "$(id)", "!!", "\\", "\n", "*", "-"]
        {
            let words = Command::new("printf").args(["[%s][%s]", nasty, "é"]);
            assert_eq!(run(&words), format!("[{nasty}][é]"), "{words}");
            assert_eq!(run(&Command::shell("printf [%s]").arg(nasty)), format!("[{nasty}]"));
        }
    }

    #[test]
    fn as_root_keeps_words_and_lines() {
        let fake = tempfile::tempdir().unwrap();
        for (name, text) in [("id", "echo 7"), ("sudo", "shift; echo via sudo; exec \"$@\"")] {
            // Written by a process that has ended: a file that is open for writing, if
            // only in a child just forked by another test, cannot be run.
            let write = r#"printf '#!/bin/sh\n%s\n' "$2" > "$1" && chmod 755 "$1""#;
            let path = fake.path().join(name);
            let mut sh = std::process::Command::new("sh");
            let status = sh.args(["-c", write, "sh"]).arg(path).arg(text).status().unwrap();
            assert!(status.success());
        }
        let path = format!("PATH={}:$PATH; ", fake.path().display());
        for command in [
            Command::new("printf").args(["%s;", "a  b", "$c"]).as_root(),
            Command::shell("printf '%s;' 'a  b' '$c' | cat").as_root(),
        ] {
            let line = Command::shell(format!("{path}{}", command.line()));
            assert_eq!(run(&line), "via sudo\na  b;$c;");
        }
    }
}
