//! Suggestions for a misspelt name: which known names are similar to it.

/// How many names are suggested at most.
const MOST: usize = 3;

/// Longer words are not compared: they are not slips, and comparing them takes long.
const LONGEST: usize = 200;

/// Returns the names that are similar to a word, the most similar first, at most three.
///
/// A name is similar if at most a third of the word's letters (and at least one) have to be
/// added, removed, replaced or swapped with the next. Case does not count.
///
/// ```
/// use squall_model::suggest::similar;
/// assert_eq!(similar("volume", ["voluble", "values", "volumes"]), ["volumes", "voluble"]);
/// assert!(similar("zones", ["values", "volumes"]).is_empty());
/// ```
pub fn similar<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let letters = word.chars().count();
    if letters > LONGEST {
        return Vec::new();
    }
    let most = (letters / 3).max(1);
    let word = word.to_lowercase();
    let mut found: Vec<(usize, &str)> = names
        .into_iter()
        .filter(|name| name.chars().count().abs_diff(letters) <= most)
        .map(|name| (strsim::damerau_levenshtein(&word, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= most)
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|(_, name)| name).take(MOST).collect()
}

/// Returns the question `` did you mean `a` or `b`? `` with the names that are similar to a
/// word; `None` if there are none.
pub fn did_you_mean<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let similar = similar(word, names);
    (!similar.is_empty()).then(|| format!("did you mean {}?", alternatives(similar)))
}

/// Returns [`did_you_mean`], or the list of all names if none is similar.
pub fn or_known<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let near = did_you_mean(word, names.iter().copied());
    near.unwrap_or_else(|| format!("known: {}", names.join(", ")))
}

/// Lists names as alternatives: `` `a`, `b` or `c` ``.
pub fn alternatives<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let names = ["devstack", "devstack-admin", "prod"];
        for slip in ["devstak", "Devstack", "devstakc", "ddevstack"] {
            assert_eq!(similar(slip, names), ["devstack"], "{slip}");
        }
        assert!(similar("production", names).is_empty());
        assert!(similar("", names).is_empty());
    }

    #[test]
    fn at_most_three_names_are_suggested() {
        assert_eq!(similar("aaa", ["aab", "aac", "aad", "aae", "aab"]), ["aab", "aac", "aad"]);
    }

    #[test]
    fn a_very_long_word_is_not_compared() {
        let long = "a".repeat(LONGEST + 1);
        assert!(similar(&long, [long.as_str()]).is_empty());
    }

    #[test]
    fn suggestions_read_as_a_question() {
        let question = did_you_mean("serves", ["servers", "server", "images"]);
        assert_eq!(question.as_deref(), Some("did you mean `server` or `servers`?"));
        assert_eq!(did_you_mean("x", ["servers"]), None);
        assert_eq!(or_known("server", ["servers", "images"]), "did you mean `servers`?");
        assert_eq!(or_known("x", ["servers", "images"]), "known: servers, images");
        assert_eq!(alternatives(["a", "b", "c"]), "`a`, `b` or `c`");
        assert_eq!(alternatives(["a"]), "`a`");
    }
}
