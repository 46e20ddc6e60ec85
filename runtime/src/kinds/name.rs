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
        Naming::Custom => format!("CUSTOM_{}", name.to_ascii_uppercase().replace('-', "_")),
    }
}

/// Returns what every name begins with that a run gives.
pub(crate) fn run_prefix(run: &str) -> String {
    format!("squall-{}-", short(run))
}

/// Whether a run gave this name, whichever it was.
pub(crate) fn is_unique_name(name: &str) -> bool {
    let run = name.strip_prefix("squall-").and_then(|rest| rest.split_once('-'));
    run.is_some_and(|(run, _)| run.len() == RUN && run.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// How much of a run's id goes into its names.
const RUN: usize = 8;

/// How much of a kind's name goes into a thing's.
const THING: usize = 24;

/// The end of a run's id: ids of version 7 begin with the time, and runs of one
/// hour begin alike.
fn short(run: &str) -> &str {
    run.len().checked_sub(RUN).and_then(|start| run.get(start..)).unwrap_or(run)
}

#[cfg(test)]
mod tests {
    use super::super::{APPLICATION_CREDENTIAL, TRAIT};
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
    fn a_custom_name_is_what_placement_takes() {
        let name = unique_name(&TRAIT, RUN);
        assert!(name.starts_with("CUSTOM_SQUALL_3C9E8B77_TRAIT_"), "{name}");
        assert!(name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_'));
    }
}
