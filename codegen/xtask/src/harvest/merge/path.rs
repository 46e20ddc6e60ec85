//! Parses API paths: which resource a path leads to, and the names of its parameters.

pub(super) use super::exceptions::Shape;
use super::exceptions::{PARAMETERS, PATHS, VERBS, WORDS};
use super::words::{is_plural, is_uncountable, plural, singular, snake};

/// A parsed path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ApiPath {
    /// The middle part of the operations' ids.
    pub(super) resource: String,
    pub(super) shape: Shape,
    /// Its name within the parent, in the plural for a collection or item.
    pub(super) noun: String,
    /// The parent, in the singular.
    pub(super) parent: Option<String>,
    /// The number of parameters in the path.
    pub(super) depth: usize,
    /// The verb, if the last segment of the path is one.
    pub(super) verb: Option<String>,
    /// Whether the path ends in `/detail`.
    pub(super) detail: bool,
}

/// Returns the path without parameter names: `/servers/{}/tags`.
pub(super) fn template(path: &str) -> String {
    let parts = path.split('/').map(|part| if is_parameter(part) { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// Parses a path. `has_items` is whether the service has a path with one more parameter.
pub(super) fn parse(service: &str, path: &str, has_items: bool) -> ApiPath {
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
        PATHS.iter().find(|(of, path, ..)| *of == service && *path == key)
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
    ApiPath { resource, shape, noun, parent, depth, verb, detail }
}

/// Returns the path with unambiguous parameter names in snake case.
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

/// Returns the word for a path segment.
fn word(service: &str, part: &str) -> String {
    WORDS
        .iter()
        .find(|(of, literal, ..)| (*of == service || of.is_empty()) && *literal == part)
        .map_or_else(
            || snake(part.strip_prefix("os-").or(part.strip_prefix("OS-")).unwrap_or(part)),
            |(_, _, word, _)| (*word).to_owned(),
        )
}

/// Whether a segment only names an extension (`OS-TRUST`) or announces actions.
///
/// `OS-EC2` names the credentials below it and is kept.
fn is_neutral(part: &str) -> bool {
    part == "actions"
        || part.strip_prefix("OS-").is_some_and(|rest| rest.len() > 3 && is_upper_case(rest))
}

fn is_upper_case(text: &str) -> bool {
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
