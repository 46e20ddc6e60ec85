//! Reads a path: what its last part is, which resource it leads to, and how its
//! parameters are called.

use super::exceptions::{PARAMETERS, PLACES, VERBS, WORDS};
use super::words::{is_plural, is_uncountable, plural, singular, snake};

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Many of a kind.
    Collection,
    /// One of a kind, by its id.
    Item,
    /// The only one of its kind.
    Single,
}

/// A path, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The middle part of the operations' ids.
    pub(super) resource: String,
    pub(super) shape: Shape,
    /// What it is called within its parent, in the plural for a collection or item.
    pub(super) noun: String,
    /// The parent, in the singular.
    pub(super) parent: Option<String>,
    /// How many parameters stand in the path.
    pub(super) depth: usize,
    /// The verb, where the last part of the path is one.
    pub(super) verb: Option<String>,
    /// Whether the path ends in `/detail`.
    pub(super) detail: bool,
}

/// Gives the path with parameter names left out: `/servers/{}/tags`.
pub(super) fn template(path: &str) -> String {
    let parts = path.split('/').map(|part| if is_parameter(part) { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// Reads a path; `has_items` tells whether the service has a path one parameter longer.
pub(super) fn place(service: &str, path: &str, has_items: bool) -> Place {
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let depth = parts.iter().filter(|part| is_parameter(part)).count();
    parts.retain(|part| !is_neutral(part));
    if parts.last() == Some(&"action") {
        parts.pop();
    }
    let detail = parts.len() > 1 && parts.last() == Some(&"detail");
    if detail {
        parts.pop();
    }
    let mut verb =
        parts.last().filter(|last| parts.len() > 1 && !is_parameter(last)).and_then(verb_of);
    if verb.is_some() {
        parts.pop();
    }
    let ends_in_item = parts.last().is_some_and(|last| is_parameter(last));
    let words = parts.iter().filter(|part| !is_parameter(part)).map(|part| word(service, part));
    let mut words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    let mut noun = words.pop().unwrap_or_else(|| "versions".to_owned());
    let many = is_plural(&noun) || has_items || ends_in_item || words.is_empty() && verb.is_some();
    let mut shape = match (ends_in_item, many) {
        (true, _) => Shape::Item,
        (false, true) => Shape::Collection,
        (false, false) => Shape::Single,
    };
    if many && !is_uncountable(&noun) {
        noun = plural(&noun);
    }
    let parents: Vec<String> = words.iter().map(|word| singular(word)).collect();
    if let Some(rest) = parents.last().and_then(|p| noun.strip_prefix(&format!("{p}_"))) {
        noun = rest.into();
    }
    let before = parents.iter().fold(String::new(), |all, parent| all + parent + "_");
    let mut parent = parents.last().cloned();
    let mut resource = format!("{before}{noun}");
    let key = template(path);
    if let Some((_, _, named, shaped, _)) =
        PLACES.iter().find(|(of, place, ..)| *of == service && *place == key)
    {
        (*named).clone_into(&mut resource);
        (shape, verb) = (*shaped, None);
        if let Some(rest) = named.strip_prefix(&before) {
            noun = rest.into();
        } else {
            (*named).clone_into(&mut noun);
            parent = None;
        }
    }
    Place { resource, shape, noun, parent, depth, verb, detail }
}

/// Gives the path with its parameters in snake case, each clear by itself.
pub(super) fn renamed(service: &str, path: &str) -> String {
    let mut before = "";
    let parts = path.split('/').map(|part| {
        if !is_parameter(part) {
            before = part;
            return part.to_owned();
        }
        let name = part.trim_matches(['{', '}']);
        let table = PARAMETERS.iter().find(|(of, after, ..)| *of == service && *after == before);
        match table {
            Some((_, _, renamed, _)) => format!("{{{renamed}}}"),
            None if ["id", "uuid"].contains(&name) => {
                format!("{{{}_id}}", singular(&word(service, before)))
            }
            None => format!("{{{}}}", snake(name)),
        }
    });
    let path = parts.collect::<Vec<_>>().join("/");
    if path.is_empty() { "/".to_owned() } else { path }
}

/// Gives our word for a part of a path.
fn word(service: &str, part: &str) -> String {
    WORDS
        .iter()
        .find(|(of, literal, ..)| (*of == service || of.is_empty()) && *literal == part)
        .map_or_else(
            || snake(part.strip_prefix("os-").or(part.strip_prefix("OS-")).unwrap_or(part)),
            |(_, _, word, _)| (*word).to_owned(),
        )
}

/// Parts that say which extension brought a path (`OS-TRUST`), or that actions follow.
///
/// `OS-EC2` is what the credentials below it are called, and stays.
fn is_neutral(part: &str) -> bool {
    part == "actions"
        || part.strip_prefix("OS-").is_some_and(|rest| rest.len() > 3 && is_shouted(rest))
}

fn is_shouted(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-')
}

fn verb_of(part: &&str) -> Option<String> {
    let verb = snake(part);
    let first = verb.split('_').next().unwrap_or_default();
    VERBS.contains(&first).then_some(verb)
}

fn is_parameter(part: &str) -> bool {
    part.starts_with('{')
}
