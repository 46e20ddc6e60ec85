//! Judging what an attribute's words say.

use std::collections::BTreeSet;

use syn::LitStr;

use super::{EXCLUSIVE, KINDS, NeedWord, PERSONAS, PersonaWord, SERVICES, ServiceWord, Words};
use crate::errors::Errors;
use crate::read::{is_slug, listed, version_parts};

/// Finds every mistake in what the words say.
pub(crate) fn check(words: &Words, errors: &mut Errors) {
    if let Some(id) = &words.id {
        check_id(id, errors);
    }
    if let Some(kind) = &words.kind
        && !KINDS.contains(&kind.value().as_str())
    {
        errors.on(kind, format!("unknown kind, expected one of {}", listed(&KINDS)));
    }
    for need in &words.needs {
        check_need(need, errors);
    }
    check_features(words, errors);
    if let Some(bug) = &words.known_bug
        && bug.value().trim().is_empty()
    {
        errors.on(bug, "say which bug it is, so that others find it");
    }
    check_identities(words, errors);
    check_claims(words, errors);
    for tag in &words.tags {
        if !tag.text.starts_with(|c: char| c.is_ascii_lowercase()) || !is_slug(&tag.text) {
            errors.at(tag.span, "a tag is lower-case letters, digits, `-` and `_`");
        }
    }
    if let Some(timeout) = &words.timeout
        && !timeout.base10_parse::<u32>().is_ok_and(|seconds| seconds > 0)
    {
        errors.on(timeout, "`timeout` is a number of seconds, at least 1");
    }
}

fn check_id(id: &LitStr, errors: &mut Errors) {
    let text = id.value();
    if text.split('.').count() < 2 || !text.split('.').all(is_slug) {
        errors.on(
            id,
            "an id is lower-case words with dots between, as in `compute.servers.boot`; \
             it stays when the function is renamed",
        );
    }
}

fn check_need(need: &NeedWord, errors: &mut Errors) {
    match &need.service {
        ServiceWord::Ours(word) if !SERVICES.contains(&word.to_string().as_str()) => {
            errors.on(
                word,
                format!(
                    "unknown service, expected one of {}; \
                     a service of a plugin is named by its type, as in `\"key-manager\"`",
                    listed(&SERVICES)
                ),
            );
        }
        ServiceWord::Type(text) if !is_slug(&text.value()) => {
            errors.on(text, "a service type is lower-case words, as in `\"key-manager\"`");
        }
        ServiceWord::Ours(_) | ServiceWord::Type(_) => {}
    }
    if let Some((_, version)) = &need.bound
        && version_parts(version).is_none()
    {
        errors.on(version, "expected a microversion, as in `\"2.90\"`");
    }
}

fn check_features(words: &Words, errors: &mut Errors) {
    let mut seen = BTreeSet::new();
    for feature in &words.features {
        let name = feature.value();
        if name.split('.').count() < 2 || !name.split('.').all(is_slug) {
            errors.on(
                feature,
                "a feature is lower-case words with dots between, the service's first, as in \
                 `network.extension.trunk`",
            );
        } else if !seen.insert(name.clone()) {
            errors.on(feature, format!("`{name}` is asked for twice"));
        }
    }
}

fn check_claims(words: &Words, errors: &mut Errors) {
    let mut classes = BTreeSet::new();
    for claim in &words.claims {
        let class = claim.class.to_string();
        if let Some(units) = &claim.units {
            if class == EXCLUSIVE {
                errors.on(units, "`exclusive` claims the whole cloud and takes no number");
            } else if !units.base10_parse::<u32>().is_ok_and(|units| units > 0) {
                errors.on(units, "a claim is to a number of things, at least 1");
            }
        }
        if !classes.insert(class.clone()) {
            errors.on(&claim.class, format!("`{class}` is claimed twice"));
        }
    }
}

fn check_identities(words: &Words, errors: &mut Errors) {
    let mut names = BTreeSet::new();
    for who in &words.identities {
        let name = match (&who.name, &who.persona) {
            (name, PersonaWord::Usual(persona)) => {
                if !PERSONAS.contains(&persona.to_string().as_str()) {
                    let known = listed(&PERSONAS);
                    errors.on(
                        persona,
                        format!(
                            "unknown persona, expected one of {known}; a cloud's own roles are \
                             named as a text, as in `creator = \"creator+member\"`"
                        ),
                    );
                }
                name.as_ref().unwrap_or(persona)
            }
            (Some(name), PersonaWord::Own(_)) => name,
            (None, PersonaWord::Own(text)) => {
                errors.on(text, "say what the test calls it, as in `creator = \"creator+member\"`");
                continue;
            }
        };
        if let PersonaWord::Own(text) = &who.persona
            && !are_roles(&text.value())
        {
            errors.on(text, "expected roles, as in `\"creator+member\"` or `\"domain:auditor\"`");
        }
        if !names.insert(name.to_string()) {
            errors.on(
                name,
                format!("two identities are called `{name}`: name one, as in `other = member`"),
            );
        }
    }
}

/// Tells whether a text is roles with `+` between, in a scope or not.
fn are_roles(text: &str) -> bool {
    let roles = text.split_once(':').map_or(text, |(_, roles)| roles);
    let scope = text
        .split_once(':')
        .is_none_or(|(scope, _)| matches!(scope, "project" | "domain" | "system"));
    scope && roles.split('+').all(|role| !role.is_empty() && !role.contains(char::is_whitespace))
}
