//! Checks the releases that a document names.

use squall_model::suggest::did_you_mean;

use super::components;
use crate::document::{Document, Mistake};

/// Returns a mistake for each unknown release.
pub(super) fn mistakes(document: &Document, wanted: Option<&str>, known: &[&str]) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let mut see = |pointer: Option<&str>, release: &str| {
        if !known.contains(&release) {
            let place = pointer.map(|pointer| document.source.at(pointer)).unwrap_or_default();
            let help = did_you_mean(release, known.iter().copied())
                .unwrap_or_else(|| format!("known: {}", known.join(", ")));
            let what = format!("unknown release `{release}`");
            mistakes.push(Mistake::new(&document.source, place, what, help));
        }
    };
    if let Some(wanted) = wanted {
        see(None, wanted);
    }
    if let Some(release) = &document.release {
        see(Some("/release"), release);
    }
    for entry in document.services.entries() {
        let service = format!("/services/{}", entry.service);
        if let Some(release) = entry.release {
            see(Some(&format!("{service}/release")), release);
        }
        for known in components::of(entry.service) {
            let groups = entry.groups(known.component).map(|groups| groups.each());
            for (at, group) in groups.into_iter().flatten() {
                let short = known.short;
                if let Some(release) = &group.release {
                    see(Some(&format!("{service}/processes/{short}{at}/release")), release);
                }
            }
        }
    }
    mistakes
}
