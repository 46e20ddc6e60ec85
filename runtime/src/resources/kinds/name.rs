//! Names that no other thing has.

use super::{Kind, Naming};

/// Creates a name for a thing of `kind`: it says that it is ours, of which run and
/// what it is, and ends in a random part.
///
/// At most 63 characters of letters, digits and dashes (underscores for
/// [`Naming::Custom`]), which every service takes, host names among them.
pub fn unique_name(kind: &Kind, run: &str) -> String {
    let thing = kind.name.rsplit('.').next().unwrap_or(kind.name).replace('_', "-");
    let thing = thing.get(..THING.min(thing.len())).unwrap_or(&thing);
    let name = format!("{}{thing}-{:08x}", run_prefix(run), fastrand::u32(..));
    match kind.naming {
        Naming::Dashed => name,
        Naming::Custom => custom(&name),
    }
}

/// Returns what every name begins with that a run gives.
pub(crate) fn run_prefix(run: &str) -> String {
    format!("squall-{}-", short(run))
}

/// Whether this is a name that a run gives to resources of a kind: its prefix, the kind
/// and eight hexadecimal digits.
pub(crate) fn is_name_of_run(name: &str, kind: &Kind, run: &str) -> bool {
    let prefix = prefix_for(kind.naming, run);
    let is_random = |c: char| match kind.naming {
        Naming::Dashed => matches!(c, '0'..='9' | 'a'..='f'),
        Naming::Custom => matches!(c, '0'..='9' | 'A'..='F'),
    };
    let separator = match kind.naming {
        Naming::Dashed => '-',
        Naming::Custom => '_',
    };
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == separator;
    short(run).len() == RUN
        && name.strip_prefix(&prefix).and_then(|rest| rest.rsplit_once(separator)).is_some_and(
            |(thing, random)| {
                !thing.is_empty()
                    && thing.chars().all(is_of_name)
                    && random.len() == RANDOM
                    && random.chars().all(is_random)
            },
        )
}

/// Whether a run gave this name, whichever it was.
pub(crate) fn is_unique_name(name: &str) -> bool {
    run_of(name).is_some()
}

/// Whether a word of a text begins with the names of this run, in either form.
pub(crate) fn begins_like_run(text: &str, run: &str) -> bool {
    let prefixes = [Naming::Dashed, Naming::Custom].map(|naming| prefix_for(naming, run));
    words_of(text).any(|word| prefixes.iter().any(|prefix| word.starts_with(prefix)))
}

/// Returns the parts of a text that may be names: of a name itself, or of a URL or a
/// document that contains one.
pub(crate) fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')))
}

/// Returns the digits of the run that gave a name.
fn run_of(name: &str) -> Option<&str> {
    let dashed = name.strip_prefix("squall-").and_then(|rest| rest.split_once('-'));
    let custom = name.strip_prefix("CUSTOM_SQUALL_").and_then(|rest| rest.split_once('_'));
    let (run, _) = dashed.or(custom)?;
    (run.len() == RUN && run.bytes().all(|b| b.is_ascii_hexdigit())).then_some(run)
}

fn prefix_for(naming: Naming, run: &str) -> String {
    let prefix = run_prefix(run);
    match naming {
        Naming::Dashed => prefix,
        Naming::Custom => custom(&prefix),
    }
}

fn custom(name: &str) -> String {
    format!("CUSTOM_{}", name.to_ascii_uppercase().replace('-', "_"))
}

/// How much of a run's id goes into its names.
const RUN: usize = 8;

/// How many random digits end a name.
const RANDOM: usize = 8;

/// How much of a kind's name goes into a thing's.
const THING: usize = 24;

/// The end of a run's id: ids of version 7 begin with the time, and runs of one
/// hour begin alike.
fn short(run: &str) -> &str {
    run.len().checked_sub(RUN).and_then(|start| run.get(start..)).unwrap_or(run)
}

#[cfg(test)]
mod tests {
    use super::super::{identity::APPLICATION_CREDENTIAL, placement::TRAIT};
    use super::*;

    const RUN: &str = "0198f3a2-6d1e-7c40-9d2b-5a1f3c9e8b77";

    #[test]
    fn a_name_says_whose_it_is_and_fits_every_service() {
        let name = unique_name(&APPLICATION_CREDENTIAL, RUN);
        assert!(name.starts_with("squall-3c9e8b77-application-credential-"), "{name}");
        assert!(name.len() <= 63, "{name}");
        assert!(is_unique_name(&name) && !is_unique_name("squall-tiny-flavor"));
        assert_ne!(name, unique_name(&APPLICATION_CREDENTIAL, RUN));
    }

    #[test]
    fn a_name_of_the_run_is_recognised_and_no_other() {
        for kind in [&APPLICATION_CREDENTIAL, &TRAIT] {
            let name = unique_name(kind, RUN);
            assert!(is_name_of_run(&name, kind, RUN), "{name}");
            assert!(begins_like_run(&name, RUN), "{name}");
            assert!(begins_like_run(&format!("http://{name}.test/v3"), RUN), "{name}");
            assert!(!begins_like_run(&format!("nightly-{name}"), RUN), "{name}");
            assert!(!is_name_of_run(&name, kind, "0198f3a2-6d1e-7c40-9d2b-5a1f3c9e8b78"), "{name}");
            for lookalike in [format!("nightly-{name}"), format!("{name}-copy"), String::new()] {
                assert!(!is_name_of_run(&lookalike, kind, RUN), "{lookalike}");
            }
        }
        for name in [
            "squall-3c9e8b77-",
            "squall-3c9e8b77-../../x-0000000a",
            "squall-3c9e8b77-x-1",
            "squall-3c9e8b77--0000000a",
            "squall-3c9e8b77-x-0000000A",
            "squall-3c9e8b77-x-production",
        ] {
            assert!(!is_name_of_run(name, &APPLICATION_CREDENTIAL, RUN), "{name}");
        }
        let short = "squall-77-x-0000000a";
        assert!(!is_name_of_run(short, &APPLICATION_CREDENTIAL, "77"), "this is no run's id");
    }

    #[test]
    fn a_custom_name_is_what_placement_takes() {
        let name = unique_name(&TRAIT, RUN);
        assert!(name.starts_with("CUSTOM_SQUALL_3C9E8B77_TRAIT_"), "{name}");
        assert!(is_unique_name(&name), "{name}");
        assert!(name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_'));
    }
}
