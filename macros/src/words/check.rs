//! Checks the arguments of an attribute.

use std::collections::BTreeSet;

use squall_model::service::{is_official, official_types};
use syn::LitStr;

use super::{
    EXCLUSIVE, KINDS, NeedWord, PERSONAS, PersonaWord, ServiceWord, Words, service_name, services,
};
use crate::errors::Errors;
use crate::read::{is_slug, listed, meant, microversion};

/// Checks the arguments.
pub(crate) fn check(words: &Words, errors: &mut Errors) {
    if let Some(id) = &words.id {
        // A case adds its own words to the id.
        let least = if words.cases.is_some() { 1 } else { 2 };
        check_id(id, least, errors);
    }
    if let Some(kind) = &words.kind
        && !KINDS.contains(&kind.value().as_str())
    {
        errors.on(
            kind,
            format!(
                "unknown kind{}, expected one of {}",
                meant(&kind.value(), &KINDS),
                listed(&KINDS)
            ),
        );
    }
    for need in &words.needs {
        check_need(need, errors);
    }
    check_features(words, errors);
    if let Some(bug) = &words.known_bug
        && bug.value().trim().is_empty()
    {
        errors.on(bug, "expected a reference to the bug, as in `\"launchpad 2112345\"`");
    }
    check_identities(words, errors);
    check_claims(words, errors);
    for tag in &words.tags {
        if !tag.text.starts_with(|c: char| c.is_ascii_lowercase()) || !is_slug(&tag.text) {
            errors.at(tag.span, "a tag consists of lower-case letters, digits, `-` and `_`, and starts with a letter");
        }
    }
    if let Some(timeout) = &words.timeout
        && !timeout.base10_parse::<u32>().is_ok_and(|seconds| seconds > 0)
    {
        errors.on(timeout, "`timeout` is a number of seconds, at least 1");
    }
}

fn check_id(id: &LitStr, words: usize, errors: &mut Errors) {
    let text = id.value();
    if text.split('.').count() < words || !text.split('.').all(is_slug) {
        errors.on(
            id,
            "an id consists of lower-case words separated by dots, as in `compute.servers.boot`; \
             it stays the same when the function is renamed",
        );
    }
}

fn check_need(need: &NeedWord, errors: &mut Errors) {
    match &need.service {
        ServiceWord::BuiltIn(word) if !is_known(&need.service) => {
            let known: Vec<&str> = services().into_iter().chain(official_types()).collect();
            let expected = match meant(&word.to_string(), &known) {
                meant if meant.is_empty() => format!(", expected one of {}", listed(&services())),
                meant => meant,
            };
            errors.on(
                word,
                format!(
                    "unknown service{expected}; an official service type may be written with `_`, \
                     as in `key_manager`, and any other as a string, as in `\"acme-rockets\"`"
                ),
            );
        }
        ServiceWord::Type(text) if !is_slug(&text.value()) => {
            errors.on(text, "a service type consists of lower-case words, as in `\"key-manager\"`");
        }
        ServiceWord::BuiltIn(_) | ServiceWord::Type(_) => {}
    }
    if let Some((_, version)) = &need.bound
        && microversion(version).is_none()
    {
        errors.on(version, "expected a microversion, as in `\"2.90\"`");
    }
}

/// Whether a service is one of OpenStack's.
fn is_known(service: &ServiceWord) -> bool {
    let name = service_name(service);
    services().contains(&name.as_str()) || is_official(&name)
}

fn check_features(words: &Words, errors: &mut Errors) {
    let mut seen = BTreeSet::new();
    for feature in &words.features {
        let name = feature.value();
        if name.split('.').count() < 2 || !name.split('.').all(is_slug) {
            errors.on(
                feature,
                "a feature consists of lower-case words separated by dots, starting with the service, as in \
                 `network.extension.trunk`",
            );
        } else if !seen.insert(name.clone()) {
            errors.on(feature, format!("`{name}` is listed twice"));
        }
    }
}

fn check_claims(words: &Words, errors: &mut Errors) {
    let mut classes = BTreeSet::new();
    for claim in &words.claims {
        let class = claim.class.to_string();
        if let Some(units) = &claim.units {
            if class == EXCLUSIVE {
                errors.on(units, "`exclusive` claims the whole cloud and has no number");
            } else if !units.base10_parse::<u32>().is_ok_and(|units| units > 0) {
                errors.on(units, "a claim needs a number of at least 1");
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
            (name, PersonaWord::Predefined(persona)) => {
                if !PERSONAS.contains(&persona.to_string().as_str()) {
                    let known = listed(&PERSONAS);
                    errors.on(
                        persona,
                        format!(
                            "unknown persona{}, expected one of {known}; a cloud's own roles are \
                             written as a string, as in `creator = \"creator+member\"`",
                            meant(&persona.to_string(), &PERSONAS)
                        ),
                    );
                }
                name.as_ref().unwrap_or(persona)
            }
            (Some(name), PersonaWord::Roles(_)) => name,
            (None, PersonaWord::Roles(text)) => {
                errors.on(
                    text,
                    "roles need a name for the test to use, as in `creator = \"creator+member\"`",
                );
                continue;
            }
        };
        if let PersonaWord::Roles(text) = &who.persona
            && !are_roles(&text.value())
        {
            errors.on(text, "expected roles, as in `\"creator+member\"` or `\"domain:auditor\"`");
        }
        if !names.insert(name.to_string()) {
            errors.on(
                name,
                format!("two identities are named `{name}`: rename one, as in `other = member`"),
            );
        }
    }
}

/// Whether a text is a list of roles separated by `+`, with or without a scope.
fn are_roles(text: &str) -> bool {
    let roles = text.split_once(':').map_or(text, |(_, roles)| roles);
    let scope = text
        .split_once(':')
        .is_none_or(|(scope, _)| matches!(scope, "project" | "domain" | "system"));
    scope && roles.split('+').all(|role| !role.is_empty() && !role.contains(char::is_whitespace))
}
