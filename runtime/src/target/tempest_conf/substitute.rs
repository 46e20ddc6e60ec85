//! References of one option to another, as oslo.config fills them in.
//!
//! - `$name` and `${name}` are an option of the same group, else of `DEFAULT`;
//!   `$group.name` and `${group.name}` one of another group.
//! - `$$` and `\$` are a dollar sign. One that begins no name stays.
//! - What a reference leads to may hold references itself.
//!
//! An option that the file does not set may have a default in Tempest, which is not known
//! here; a value that refers to it cannot be taken over, and says so.

use super::Setting;

/// Fills in the references in all values; where that is not possible, the setting says
/// what it refers to.
pub(super) fn substitute(settings: &mut [Setting]) {
    let filled: Vec<Result<String, String>> =
        settings.iter().map(|setting| fill(setting, settings, 0)).collect();
    for (setting, filled) in settings.iter_mut().zip(filled) {
        match filled {
            Ok(value) => setting.value = value,
            Err(name) => setting.unresolved = Some(name),
        }
    }
}

/// How many references may lead from one to the next; more are a circle.
const MAX_DEPTH: usize = 16;

fn fill(setting: &Setting, all: &[Setting], depth: usize) -> Result<String, String> {
    let text = setting.value.replace("\\$", "$$");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        rest = after;
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some((name, after)) = name(rest) {
            let target = find(name, &setting.group, all).filter(|_| depth < MAX_DEPTH);
            let target = target.ok_or_else(|| name.to_owned())?;
            out.push_str(&fill(target, all, depth + 1)?);
            rest = after;
        } else {
            out.push('$');
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// Splits off the name that a reference begins with, in braces or not.
fn name(text: &str) -> Option<(&str, &str)> {
    if let Some(braced) = text.strip_prefix('{') {
        let (name, after) = braced.split_once('}')?;
        return (length(name) == name.len() && !name.is_empty()).then_some((name, after));
    }
    let length = length(text);
    (length > 0).then(|| text.split_at(length))
}

/// The length of the name that a text begins with.
fn length(text: &str) -> usize {
    if !text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return 0;
    }
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.').unwrap_or(text.len())
}

/// Finds an option; one that is set several times counts where it is set last.
fn find<'a>(name: &str, group: &str, all: &'a [Setting]) -> Option<&'a Setting> {
    let last = |group: &str, option: &str| {
        all.iter().rfind(|setting| setting.group == group && setting.option == option)
    };
    match name.split_once('.') {
        Some((group, option)) => last(group, option),
        None => last(group, name).or_else(|| last("DEFAULT", name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tempest_conf::ini;

    /// The value of the last option of a text, or the name that leads nowhere.
    fn last(text: &str) -> Result<String, String> {
        let mut settings = ini::read(text).unwrap();
        substitute(&mut settings);
        let last = settings.pop().unwrap();
        last.unresolved.map_or(Ok(last.value), Err)
    }

    /// Held against oslo.config 10.7.0.
    #[test]
    fn references_are_filled_in_as_oslo_config_does() {
        for (value, expected) in [
            ("pa$$word$$1", Ok("pa$word$1")),
            (r"pa\$word", Ok("pa$word")),
            ("$here", Ok("own")),
            ("${here}-2", Ok("own-2")),
            ("$above", Ok("default")),
            ("${other.there}/v3", Ok("there/v3")),
            ("$other.there/v3", Ok("there/v3")),
            ("$chain", Ok("own!")),
            ("$1 and $ and ${", Ok("$1 and $ and ${")),
            ("${not a name}", Ok("${not a name}")),
            ("$twice", Ok("second")),
            ("$nowhere", Err("nowhere")),
            ("$other.nowhere", Err("other.nowhere")),
            ("$circle", Err("circle")),
        ] {
            let text = format!(
                "above = default\nhere = of DEFAULT\n[other]\nthere = there\n[auth]\nhere = own\n\
                 chain = ${{here}}!\ntwice = first\ntwice = second\ncircle = $circle\nx = {value}\n"
            );
            let found = last(&text);
            assert_eq!(found.as_deref().map_err(String::as_str), expected, "{value}");
        }
    }
}
