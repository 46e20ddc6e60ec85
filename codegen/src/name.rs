//! Naming: splits the API's keys into words and joins words into identifiers.
//!
//! The API mixes conventions (`accessIPv4`, `OS-EXT-STS:vm_state`, `os-getVNCConsole`).

/// Splits a key into lower-case words, at case changes and at every character that is
/// not a letter or digit.
pub fn words(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (at, &c) in chars.iter().enumerate() {
        if !c.is_ascii_alphanumeric() {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            continue;
        }
        let before = at.checked_sub(1).and_then(|i| chars.get(i)).copied().unwrap_or(' ');
        let after = chars.get(at + 1).copied().unwrap_or(' ');
        let starts = c.is_ascii_uppercase()
            && !word.is_empty()
            && (!before.is_ascii_uppercase()
                || after.is_ascii_lowercase() && !is_ip_version(&chars, at));
        if starts {
            words.push(std::mem::take(&mut word));
        }
        word.push(c.to_ascii_lowercase());
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// Whether `at` is the `P` of `IPv4` or `IPv6`: no word starts there.
fn is_ip_version(chars: &[char], at: usize) -> bool {
    chars.get(at) == Some(&'P') && chars.get(at + 1) == Some(&'v')
}

/// Converts a key to `snake_case`. A leading digit is prefixed with an underscore; a
/// key without any letter or digit becomes `nameless`.
pub fn snake(text: &str) -> String {
    guard_digit(words(text).join("_"))
}

/// Converts a key to `PascalCase`.
pub fn pascal(text: &str) -> String {
    guard_digit(
        words(text)
            .iter()
            .map(|word| {
                let mut chars = word.chars();
                chars.next().map_or_else(String::new, |first| {
                    first.to_ascii_uppercase().to_string() + chars.as_str()
                })
            })
            .collect(),
    )
}

fn guard_digit(name: String) -> String {
    if name.is_empty() {
        "nameless".to_owned()
    } else if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("_{name}")
    } else {
        name
    }
}

/// Returns the singular of the last word of a `snake_case` name.
///
/// Covers the English of the APIs; an unknown word is returned unchanged.
pub fn singular(name: &str) -> String {
    let (head, last) = name.rsplit_once('_').map_or(("", name), |(head, last)| (head, last));
    let one = match last {
        "dns" | "qos" | "os" | "https" | "alias" | "series" | "chassis" => last.to_owned(),
        _ if last.ends_with("ss") || last.ends_with("us") => last.to_owned(),
        "aliases" | "statuses" => last.trim_end_matches("es").to_owned(),
        _ => {
            let replaced =
                [("ies", "y"), ("sses", "ss"), ("xes", "x"), ("tches", "tch"), ("s", "")]
                    .into_iter()
                    .find_map(|(many, one)| Some(last.strip_suffix(many)?.to_owned() + one));
            replaced.unwrap_or_else(|| last.to_owned())
        }
    };
    if head.is_empty() { one } else { format!("{head}_{one}") }
}

/// Returns a Rust identifier for a `snake_case` name: keywords get a trailing underscore.
pub fn identifier(name: &str) -> String {
    const KEYWORDS: [&str; 52] = [
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
        "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
        "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
        "ref", "return", "self", "Self", "static", "struct", "super", "trait", "true", "try",
        "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
    ];
    if KEYWORDS.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_the_api_become_snake_case() {
        let cases = [
            ("accessIPv4", "access_ipv4"),
            ("OS-EXT-STS:vm_state", "os_ext_sts_vm_state"),
            ("os-getVNCConsole", "os_get_vnc_console"),
            ("hostId", "host_id"),
            ("flavorRef", "flavor_ref"),
            ("totalRAMUsed", "total_ram_used"),
            ("8021p", "_8021p"),
            ("binding:vif_type", "binding_vif_type"),
        ];
        for (key, name) in cases {
            assert_eq!(snake(key), name, "{key}");
        }
    }

    #[test]
    fn plurals_become_singular() {
        let cases = [
            ("servers", "server"),
            ("policies", "policy"),
            ("floating_ips", "floating_ip"),
            ("server_addresses", "server_address"),
            ("statuses", "status"),
            ("quota_class_sets", "quota_class_set"),
            ("aliases", "alias"),
            ("access", "access"),
            ("caches", "cache"),
            ("images", "image"),
            ("prefixes", "prefix"),
            ("limits", "limit"),
        ];
        for (many, one) in cases {
            assert_eq!(singular(many), one, "{many}");
        }
    }

    #[test]
    fn a_keyword_gets_an_underscore() {
        assert_eq!([identifier("type"), identifier("types")], ["type_", "types"]);
    }
}
