//! Writes the one-line summary of an operation from its verb and resource.

use super::naming::Name;
use super::path::Shape;
use super::summaries::SUMMARIES;
use super::words::{
    is_plural, is_uncountable, phrase, plural, singular, third_person, with_article,
};

/// Returns an operation's summary.
pub(super) fn summary(name: &Name, is_action: bool) -> String {
    if let Some((_, text)) = SUMMARIES.iter().find(|(id, _)| *id == name.id) {
        return (*text).to_owned();
    }
    if let Some(text) = assignment(name) {
        return text;
    }
    let subject = Subject::of(name);
    let (one, whole, many) = (subject.one(), subject.whole(), subject.many());
    let sentence = match name.verb.as_str() {
        "create_bulk" => format!("creates {many} in one request"),
        verb if is_action || name.parsed.verb.is_some() => action(verb, &subject),
        "list" => format!("lists {many}"),
        "list_detail" => format!("lists {many} with details"),
        "show" | "update" | "delete" => format!("{} {whole}", third_person(&name.verb)),
        "show_detail" => format!("shows {whole} with details"),
        "create" => format!("creates {}", subject.made()),
        "create_with_id" => format!("creates {} under a given ID", subject.made()),
        "replace" => format!("replaces {}", subject.all()),
        "delete_all" => format!("deletes all {}", subject.all().trim_start_matches("the ")),
        "add" => format!("adds {}", subject.related("to")),
        "remove" => format!("removes {}", subject.related("from")),
        "check" => format!("checks for {whole}"),
        "show_defaults" => format!("shows the defaults of {one}"),
        verb => action(verb, &subject),
    };
    let mut letters = sentence.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
}

/// Returns the summary for a role assignment, as in `project_user_roles`.
fn assignment(name: &Name) -> Option<String> {
    let (scope, rest) = name.resource.split_once('_')?;
    let (actor, roles) = rest.split_once('_')?;
    let scope = match scope {
        "system" => "the system".to_owned(),
        "domain" | "project" => with_article(scope),
        _ => return None,
    };
    if !["group", "user"].contains(&actor) || !["roles", "inherited_roles"].contains(&roles) {
        return None;
    }
    let role = with_article(&phrase(&singular(roles)));
    let roles = phrase(roles);
    Some(match name.verb.as_str() {
        "list" => format!("Lists the {roles} of a {actor} on {scope}."),
        "check" => format!("Checks whether a {actor} has {role} on {scope}."),
        "add" => format!("Grants a {actor} {role} on {scope}."),
        "remove" => format!("Revokes {role} of a {actor} on {scope}."),
        _ => return None,
    })
}

/// The subject of a summary.
struct Subject {
    noun: String,
    shape: Shape,
    owner: Option<String>,
}

impl Subject {
    fn of(name: &Name) -> Self {
        // A resource that a table renamed goes by its new name.
        let renamed = name.resource != name.parsed.resource;
        let noun = if renamed { &name.resource } else { &name.parsed.noun };
        let owner = name.parsed.parent.as_ref().filter(|_| !renamed);
        let shape = if renamed { Shape::Item } else { name.parsed.shape };
        Self { noun: noun.clone(), shape, owner: owner.map(|parent| with_article(&phrase(parent))) }
    }

    fn singular(&self) -> String {
        let one = phrase(&singular(&self.noun));
        if is_uncountable(&self.noun) { format!("{one} item") } else { one }
    }

    fn of_owner(&self, text: String, word: &str) -> String {
        match &self.owner {
            Some(owner) => format!("{text} {word} {owner}"),
            None => text,
        }
    }

    /// Returns one of them: "a server".
    fn one(&self) -> String {
        with_article(&self.singular())
    }

    /// Returns one of them with its owner: "an interface of a server".
    fn whole(&self) -> String {
        let text = match self.shape {
            Shape::Single => format!("the {}", phrase(&self.noun)),
            Shape::Collection | Shape::Item => self.one(),
        };
        self.of_owner(text, "of")
    }

    fn many(&self) -> String {
        let many = phrase(&plural(&self.noun));
        match &self.owner {
            Some(owner) => format!("the {many} of {owner}"),
            None if is_uncountable(&self.noun) => format!("the {many}"),
            None => many,
        }
    }

    fn all(&self) -> String {
        self.of_owner(format!("the {}", phrase(&plural(&self.noun))), "of")
    }

    fn made(&self) -> String {
        if self.shape == Shape::Single {
            return self.of_owner(format!("the {}", phrase(&self.noun)), "of");
        }
        let text = if is_uncountable(&self.noun) { phrase(&self.noun) } else { self.one() };
        self.of_owner(text, "for")
    }

    fn related(&self, word: &str) -> String {
        self.of_owner(self.one(), word)
    }
}

/// Returns the sentence for an action: `add_floating_ip` of a server is "adds a floating IP to
/// a server".
fn action(verb: &str, subject: &Subject) -> String {
    let (word, object) = verb.split_once('_').unwrap_or((verb, ""));
    let whole = subject.whole();
    if object.is_empty() {
        return format!("{} {whole}", third_person(word));
    }
    if word == "force" {
        return format!("{} {whole} by force", third_person(&phrase(object)));
    }
    let (join, definite) = match word {
        "add" | "associate" | "attach" => ("to", false),
        "remove" | "disassociate" | "detach" => ("from", false),
        "create" | "get" | "trigger" => ("of", false),
        _ => ("of", true),
    };
    let object_phrase = phrase(object);
    let countable = !is_plural(object) && !is_uncountable(object);
    let object = match (definite, countable) {
        (true, _) => format!("the {object_phrase}"),
        (false, true) => with_article(&object_phrase),
        (false, false) => object_phrase,
    };
    format!("{} {object} {join} {whole}", third_person(word))
}
