//! The committed list of the constraints of all services: read when tests are planned, so that no
//! schema has to be, and reviewed where a spec changes.
//!
//! ```text
//! compute.servers.create
//! - body.server.name.maxlength
//! - body.server.tags.maxitems since 2.52
//! - body.server.networks.type-string from 2.1 to 2.36
//! + body.server.name.minlength
//! ```
//!
//! `-` is a request that breaks the constraint, and `+` one that sits at its bound. What has
//! `from` and `to` says something else at the newest version, or is gone.

use std::borrow::Cow;
use std::fmt;

use squall_model::VersionRange;

/// The list of the services with a generated client. A test writes it and keeps it fresh.
pub const COMMITTED: &str = include_str!("listed.txt");

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedConstraint<'t> {
    /// The operation.
    pub operation: Cow<'t, str>,
    /// The id within the operation; see [`Constraint::id`](crate::Constraint::id).
    pub id: Cow<'t, str>,
    /// Whether the changed request is valid.
    pub valid: bool,
    /// Whether the constraint is that of the newest version.
    pub newest: bool,
    /// The versions in which it says the same; all that the operation has if it was never
    /// another.
    pub versions: VersionRange,
}

/// Writes a list. `all` returns the versions of an operation: what holds from the
/// first of them on is listed without a version.
pub fn write(listed: &[ListedConstraint<'_>], all: impl Fn(&str) -> VersionRange) -> String {
    let mut out = String::new();
    let mut operation = "";
    for one in listed {
        if one.operation != operation {
            operation = &one.operation;
            out.push_str(operation);
            out.push('\n');
        }
        let always = one.versions.min == all(operation).min;
        out.push_str(&Line(one, always).to_string());
    }
    out
}

/// Reads a list. Lines of another form are left out: the list is written by a command, and a
/// test compares it.
pub fn read(text: &str) -> Vec<ListedConstraint<'_>> {
    let mut found = Vec::new();
    let mut operation = "";
    for line in text.lines() {
        let mut words = line.split(' ');
        let valid = match words.next() {
            Some("+") => true,
            Some("-") => false,
            Some(word) if !word.starts_with('#') => {
                operation = word;
                continue;
            }
            _ => continue,
        };
        let Some(id) = words.next() else { continue };
        let mut version = || words.next().and_then(|word| word.parse().ok());
        let mut one = ListedConstraint {
            operation: operation.into(),
            id: id.into(),
            valid,
            newest: true,
            versions: VersionRange::ALL,
        };
        match line.rsplit_once(' ').map(|(before, _)| before) {
            Some(before) if before.ends_with(" since") => {
                version();
                one.versions.min = version();
            }
            Some(before) if before.ends_with(" to") => {
                one.newest = false;
                version();
                one.versions.min = version();
                version();
                one.versions.max = version();
            }
            _ => {}
        }
        found.push(one);
    }
    found
}

/// A line, and whether the constraint is there from the operation's first version on.
struct Line<'a>(&'a ListedConstraint<'a>, bool);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(one, always) = self;
        let sign = if one.valid { '+' } else { '-' };
        write!(f, "{sign} {}", one.id)?;
        match (one.newest, one.versions.min, one.versions.max) {
            (false, Some(min), Some(max)) => writeln!(f, " from {min} to {max}"),
            (true, Some(min), _) if !always => writeln!(f, " since {min}"),
            _ => writeln!(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use squall_model::Microversion;

    use super::*;

    #[test]
    fn a_list_is_read_as_it_was_written() {
        let range = |min, max| {
            VersionRange::new(Some(Microversion::new(2, min)), Some(Microversion::new(2, max)))
        };
        let one = |id: &'static str, valid, newest, versions| ListedConstraint {
            operation: "toys.toys.create".into(),
            id: id.into(),
            valid,
            newest,
            versions,
        };
        let listed = [
            one("body.a.type-null", false, true, range(1, 96)),
            one("body.b.maxlength", true, true, range(52, 96)),
            one("body.c.enum", false, false, range(1, 36)),
        ];
        let text = write(&listed, |_| range(1, 96));
        assert_eq!(
            text,
            "toys.toys.create\n- body.a.type-null\n+ body.b.maxlength since 2.52\n\
             - body.c.enum from 2.1 to 2.36\n"
        );
        let since = VersionRange::since(Microversion::new(2, 52));
        let read = read(&text);
        assert_eq!(read[0], one("body.a.type-null", false, true, VersionRange::ALL));
        assert_eq!(read[1], one("body.b.maxlength", true, true, since));
        assert_eq!(read[2], one("body.c.enum", false, false, range(1, 36)));
    }
}
