//! The known word nearest to a misspelt one.

/// Returns the nearest known word, where at most a third of its letters differ.
pub(crate) fn near<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = (word.chars().count() / 3).max(1);
    let distance = |other: &str| strsim::damerau_levenshtein(word, other);
    let measured = known.into_iter().map(|other| (distance(other), other));
    measured.filter(|(distance, _)| *distance <= most).min().map(|(_, other)| other)
}
