//! Which microversion a call is sent at: one pure function.

use std::fmt;

use squall_model::{Microversion, VersionRange};

/// How a call chooses its microversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum VersionChoice {
    /// The newest that the spec, the operation and the cloud all have.
    #[default]
    Newest,
    /// The newest that they all have and that lies in this range.
    Within(VersionRange),
    /// This one, which all three must have.
    Exactly(Microversion),
    /// This one, whoever has it: for tests of what a service refuses.
    Forced(Microversion),
    /// None: no header is sent and the service answers at its lowest.
    Unspecified,
}

impl From<Microversion> for VersionChoice {
    fn from(version: Microversion) -> Self {
        Self::Exactly(version)
    }
}

/// What three sides know of a service's versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The versions in the spec; open at both ends for a service without any.
    pub spec: VersionRange,
    /// The versions that have the operation.
    pub operation: VersionRange,
    /// The versions that the cloud says it has; `None` where it says none.
    pub cloud: Option<VersionRange>,
}

/// The outcome of a negotiation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Negotiated {
    /// The version to ask for; `None` sends no header.
    pub send: Option<Microversion>,
    /// The version to expect the response at, and to validate it at.
    pub expect: Option<Microversion>,
}

/// Chooses the microversion of a call.
///
/// 1. A service without microversions is called without one, whatever is
///    chosen but [`VersionChoice::Exactly`] (an error) and
///    [`VersionChoice::Forced`] (sent as it is).
/// 2. [`VersionChoice::Forced`] is sent as it is.
/// 3. [`VersionChoice::Unspecified`] sends nothing. The response is expected at
///    the cloud's lowest version, or at the spec's where the cloud says none.
///    An operation that does not have that version is an error: the service
///    would answer 404.
/// 4. Otherwise the candidates are the versions that spec and operation both
///    have, and of these the ones that the cloud has. A cloud that says none of
///    a service with microversions is taken to have its lowest only.
/// 5. [`VersionChoice::Exactly`] must be a candidate.
/// 6. [`VersionChoice::Within`] takes the highest candidate in its range, and
///    [`VersionChoice::Newest`] the highest of all. None left is an error that
///    names the side which has none.
///
/// ```
/// use squall_client::negotiate::{Known, VersionChoice, negotiate};
/// use squall_model::{Microversion, VersionRange};
///
/// let v = |minor| Microversion::new(2, minor);
/// let range = |min, max| VersionRange::new(Some(v(min)), Some(v(max)));
/// let known = Known {
///     spec: range(1, 104),
///     operation: VersionRange::since(v(26)),
///     cloud: Some(range(1, 96)),
/// };
/// assert_eq!(negotiate(VersionChoice::Newest, known)?.send, Some(v(96)));
/// assert!(negotiate(VersionChoice::Exactly(v(100)), known).is_err());
/// # Ok::<(), squall_client::negotiate::NegotiateError>(())
/// ```
///
/// # Errors
/// See the rules; the error tells all three ranges.
pub fn negotiate(choice: VersionChoice, known: Known) -> Result<Negotiated, NegotiateError> {
    let fail = |reason| Err(NegotiateError { choice, known, reason });
    let send = |version| Ok(Negotiated { send: Some(version), expect: Some(version) });
    let (Some(lowest), choice) = (known.spec.min, choice) else {
        return match choice {
            VersionChoice::Exactly(_) => fail(Reason::NoVersions),
            VersionChoice::Forced(version) => send(version),
            _ => Ok(Negotiated { send: None, expect: None }),
        };
    };
    // What a cloud has that says nothing of its versions.
    let cloud = known.cloud.unwrap_or(VersionRange::only(lowest));
    let wanted = match choice {
        VersionChoice::Forced(version) => return send(version),
        VersionChoice::Unspecified => {
            let expect = cloud.min.unwrap_or(lowest);
            return if known.operation.contains(Some(expect)) {
                Ok(Negotiated { send: None, expect: Some(expect) })
            } else {
                fail(Reason::Operation)
            };
        }
        VersionChoice::Newest => VersionRange::ALL,
        VersionChoice::Within(range) => range,
        VersionChoice::Exactly(version) => VersionRange::only(version),
    };
    let Some(ours) = known.spec.intersect(&wanted) else { return fail(Reason::Spec) };
    let Some(ours) = ours.intersect(&known.operation) else { return fail(Reason::Operation) };
    let Some(all) = ours.intersect(&cloud) else { return fail(Reason::Cloud) };
    all.max.or(all.min).map_or_else(|| fail(Reason::Cloud), send)
}

/// No version fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NegotiateError {
    /// What was asked for.
    pub choice: VersionChoice,
    /// What is known.
    pub known: Known,
    reason: Reason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    NoVersions,
    Spec,
    Operation,
    Cloud,
}

impl NegotiateError {
    /// Whether only the cloud lacks the version: the spec and the operation have it.
    pub fn is_the_clouds(&self) -> bool {
        self.reason == Reason::Cloud
    }
}

impl fmt::Display for NegotiateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.choice {
            VersionChoice::Newest => f.write_str("no microversion fits")?,
            VersionChoice::Within(range) => write!(f, "no microversion in {range} fits")?,
            VersionChoice::Exactly(version) | VersionChoice::Forced(version) => {
                write!(f, "microversion {version} does not fit")?;
            }
            VersionChoice::Unspecified => {
                f.write_str("a call without microversion does not fit")?;
            }
        }
        let Known { spec, operation, cloud } = self.known;
        match self.reason {
            Reason::NoVersions => f.write_str(": the service has no microversions"),
            Reason::Spec => write!(f, ": the spec has {spec}"),
            Reason::Operation => write!(f, ": the operation has {operation}"),
            Reason::Cloud => match cloud {
                Some(cloud) => {
                    write!(f, ": the cloud has {cloud}, and the operation {operation}")
                }
                None => write!(
                    f,
                    ": the cloud does not say which it has, and the operation has {operation}"
                ),
            },
        }
    }
}

impl std::error::Error for NegotiateError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One rule a line: choice, spec, operation, cloud, outcome. `-` is an open
    /// end, `none` no range; an outcome is what is sent, or `(x)` where only x
    /// is expected, or the words of the error.
    const TABLE: &str = "
        newest       | 2.1..2.104 | -..-       | 2.1..2.96 | 2.96
        newest       | 2.1..2.90  | -..-       | 2.1..2.96 | 2.90
        newest       | 2.1..2.104 | 2.1..2.35  | 2.1..2.96 | 2.35
        newest       | 2.1..2.104 | 2.97..-    | 2.1..2.96 | the cloud has 2.1 to 2.96
        newest       | 2.1..2.104 | -..-       | none      | 2.1
        newest       | 2.1..2.104 | 2.3..-     | none      | does not say
        newest       | 2.1..2.104 | -..-       | 3.0..3.70 | the cloud has 3.0
        newest       | -..-       | -..-       | none      | nothing
        newest       | -..-       | -..-       | 1.0..1.5  | nothing
        within 2.20..2.30 | 2.1..2.104 | 2.1..2.25 | 2.1..2.96 | 2.25
        within 2.20..2.30 | 2.1..2.104 | 2.31..- | 2.1..2.96 | the operation has 2.31 and later
        within -..2.8 | 2.1..2.104 | -..-      | 2.1..2.96 | 2.8
        exactly 2.53 | 2.1..2.104 | -..-       | 2.1..2.96 | 2.53
        exactly 2.10 | 2.1..2.104 | -..-       | 2.1..2.96 | 2.10
        exactly 2.97 | 2.1..2.104 | -..-       | 2.1..2.96 | the cloud has 2.1 to 2.96
        exactly 2.105 | 2.1..2.104 | -..-      | 2.1..2.110 | the spec has 2.1 to 2.104
        exactly 2.36 | 2.1..2.104 | 2.1..2.35  | 2.1..2.96 | the operation has 2.1 to 2.35
        exactly 1.1  | -..-       | -..-       | none      | has no microversions
        forced 2.300 | 2.1..2.104 | 2.1..2.35  | 2.1..2.96 | 2.300
        forced 1.1   | -..-       | -..-       | none      | 1.1
        unspecified  | 2.1..2.104 | -..-       | 2.1..2.96 | (2.1)
        unspecified  | 2.1..2.104 | -..-       | 2.5..2.96 | (2.5)
        unspecified  | 2.1..2.104 | -..-       | none      | (2.1)
        unspecified  | 2.1..2.104 | 2.3..-     | 2.1..2.96 | the operation has 2.3
        unspecified  | -..-       | -..-       | none      | nothing
    ";

    fn range(text: &str) -> VersionRange {
        let (min, max) = text.trim().split_once("..").unwrap();
        let end = |t: &str| (t != "-").then(|| t.parse().unwrap());
        VersionRange::new(end(min), end(max))
    }

    fn choice(text: &str) -> VersionChoice {
        match text.trim().split_once(' ') {
            None if text.trim() == "newest" => VersionChoice::Newest,
            None => VersionChoice::Unspecified,
            Some(("within", r)) => VersionChoice::Within(range(r)),
            Some(("exactly", v)) => VersionChoice::Exactly(v.parse().unwrap()),
            Some((_, v)) => VersionChoice::Forced(v.parse().unwrap()),
        }
    }

    #[test]
    fn the_rules_hold_line_by_line() {
        for line in TABLE.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let [want, spec, operation, cloud, outcome]: [&str; 5] =
                line.split('|').map(str::trim).collect::<Vec<_>>().try_into().unwrap();
            let cloud = (cloud != "none").then(|| range(cloud));
            let known = Known { spec: range(spec), operation: range(operation), cloud };
            let seen = match negotiate(choice(want), known) {
                Ok(Negotiated { send: None, expect: None }) => "nothing".to_owned(),
                Ok(Negotiated { send: None, expect: Some(v) }) => format!("({v})"),
                Ok(Negotiated { send: Some(v), .. }) => v.to_string(),
                Err(error) => error.to_string(),
            };
            assert!(
                seen == outcome || seen.contains(' ') && seen.contains(outcome),
                "{line}: {seen}"
            );
        }
    }

    fn versions() -> impl Strategy<Value = VersionRange> {
        let end = || proptest::option::of((1..3_u16, 0..9_u16));
        (end(), end()).prop_map(|(a, b)| {
            let version = |(major, minor)| Microversion::new(major, minor);
            VersionRange::new(a.min(b.or(a)).map(version), b.max(a.and(b)).map(version))
        })
    }

    proptest! {
        #[test]
        fn what_is_sent_lies_in_every_range(
            spec in versions(),
            operation in versions(),
            cloud in proptest::option::of(versions()),
            within in versions(),
        ) {
            let known = Known { spec, operation, cloud };
            for choice in [VersionChoice::Newest, VersionChoice::Within(within)] {
                let Ok(Negotiated { send: Some(sent), .. }) = negotiate(choice, known) else {
                    continue;
                };
                for range in [Some(spec), Some(operation), cloud].into_iter().flatten() {
                    prop_assert!(range.contains(Some(sent)), "{sent} is not in {range}");
                }
                if let VersionChoice::Within(range) = choice {
                    prop_assert!(range.contains(Some(sent)), "{sent} is not in {range}");
                }
            }
        }
    }
}
