//! English for names and summaries: singular, plural, articles and abbreviations.

/// Words that are the same in singular and plural, or have no plural.
const UNCOUNTABLE: [&str; 19] = [
    "access",
    "cache",
    "details",
    "diagnostics",
    "dns",
    "encryption",
    "info",
    "manage",
    "metadata",
    "output",
    "statefulness",
    "statistics",
    "stats",
    "status",
    "tls",
    "topology",
    "uptime",
    "usage",
    "websso",
];

/// The spelling of abbreviations and names, by the word in an id.
const SPELLED: [(&str, &str); 30] = [
    ("api", "API"),
    ("bgp", "BGP"),
    ("cidr", "CIDR"),
    ("config", "configuration"),
    ("csnat", "CSNAT"),
    ("dhcp", "DHCP"),
    ("dns", "DNS"),
    ("dscp", "DSCP"),
    ("ec2", "EC2"),
    ("fip", "floating IP"),
    ("id", "ID"),
    ("idps", "identity providers"),
    ("info", "information"),
    ("ip", "IP"),
    ("ips", "IPs"),
    ("ipsec", "IPsec"),
    ("l3", "L3"),
    ("metadef", "metadata definition"),
    ("nat", "NAT"),
    ("ndp", "NDP"),
    ("os", "OS"),
    ("qos", "QoS"),
    ("rbac", "RBAC"),
    ("saml2", "SAML 2"),
    ("spice", "SPICE"),
    ("tls", "TLS"),
    ("url", "URL"),
    ("vnc", "VNC"),
    ("vpn", "VPN"),
    ("websso", "web single sign-on"),
];

/// Returns the singular of the last word of a snake case name.
pub(super) fn singular(name: &str) -> String {
    let (head, last) = split_last(name);
    let one = match last {
        word if UNCOUNTABLE.contains(&word) => word.to_owned(),
        "indices" => "index".to_owned(),
        "aliases" => "alias".to_owned(),
        "caches" => "cache".to_owned(),
        word if word.ends_with("ies") => format!("{}y", &word[..word.len() - 3]),
        word if ["sses", "xes", "ches", "shes"].iter().any(|end| word.ends_with(end)) => {
            word[..word.len() - 2].to_owned()
        }
        word if word.ends_with("ss") || word.ends_with("us") => word.to_owned(),
        word => word.strip_suffix('s').unwrap_or(word).to_owned(),
    };
    format!("{head}{one}")
}

/// Returns the plural of the last word of a snake case name.
pub(super) fn plural(name: &str) -> String {
    let (head, last) = split_last(name);
    let many = match last {
        word if UNCOUNTABLE.contains(&word) || is_plural(word) => word.to_owned(),
        word if word.ends_with('y') && !word.ends_with("ay") && !word.ends_with("ey") => {
            format!("{}ies", &word[..word.len() - 1])
        }
        word if ["ss", "x", "ch", "sh"].iter().any(|end| word.ends_with(end)) => {
            format!("{word}es")
        }
        word => format!("{word}s"),
    };
    format!("{head}{many}")
}

/// Whether the last word of a snake case name is a plural.
pub(super) fn is_plural(name: &str) -> bool {
    let (_, last) = split_last(name);
    last.ends_with('s')
        && !last.ends_with("ss")
        && !last.ends_with("us")
        && !UNCOUNTABLE.contains(&last)
}

/// Whether the last word of a snake case name is uncountable.
pub(super) fn is_uncountable(name: &str) -> bool {
    UNCOUNTABLE.contains(&split_last(name).1)
}

/// Converts a snake case name to words: `floating_ip` is "floating IP".
pub(super) fn phrase(name: &str) -> String {
    let words = name.split('_').filter(|word| !word.is_empty()).map(|word| {
        SPELLED.iter().find(|(plain, _)| *plain == word).map_or(word, |(_, spelled)| *spelled)
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Adds the article to a phrase according to its sound: a user, an image, an IP.
pub(super) fn with_article(phrase: &str) -> String {
    let word = phrase.split(' ').next().unwrap_or_default();
    let abbreviation = word.len() > 1 && !word.contains(|c: char| c.is_ascii_lowercase());
    // These are pronounced as words.
    let spelled_out = abbreviation && !["SPICE", "SAML", "NAT"].contains(&word);
    let lower = word.to_ascii_lowercase();
    let vowel = if spelled_out {
        lower.starts_with(['a', 'e', 'f', 'h', 'i', 'l', 'm', 'n', 'o', 'r', 's', 'x'])
    } else {
        lower.starts_with(['a', 'e', 'i', 'o', 'u'])
            && !["us", "uni", "uui"].iter().any(|start| lower.starts_with(start))
    };
    format!("{} {phrase}", if vowel { "an" } else { "a" })
}

/// Returns the third person of a verb: shows, updates, retries, passes.
pub(super) fn third_person(verb: &str) -> String {
    match verb {
        word if word.ends_with('y') && !word.ends_with("oy") && !word.ends_with("ay") => {
            format!("{}ies", &word[..word.len() - 1])
        }
        word if ["ss", "x", "ch", "sh", "o"].iter().any(|end| word.ends_with(end)) => {
            format!("{word}es")
        }
        word => format!("{word}s"),
    }
}

/// Converts any of upstream's spellings (`os-getVNCConsole`, `qos-specs`) to snake case.
pub(super) fn snake(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::new();
    for (at, letter) in letters.iter().enumerate() {
        if !letter.is_ascii_alphanumeric() {
            out.push('_');
            continue;
        }
        let before = at.checked_sub(1).map(|before| letters[before]);
        let after = letters.get(at + 1);
        let starts = letter.is_ascii_uppercase()
            && before.is_some_and(|b| {
                b.is_ascii_lowercase()
                    || (b.is_ascii_uppercase() && after.is_some_and(char::is_ascii_lowercase))
            });
        if starts {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
}

fn split_last(name: &str) -> (&str, &str) {
    name.rfind('_').map_or(("", name), |at| name.split_at(at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn singular_and_plural_are_inverses_on_what_openstack_has() {
        let pairs = [
            ("servers", "server"),
            ("policies", "policy"),
            ("resource_classes", "resource_class"),
            ("subnets", "subnet"),
            ("floating_ips", "floating_ip"),
            ("keys", "key"),
        ];
        for (many, one) in pairs {
            assert_eq!(singular(many), one);
            assert_eq!(plural(one), many);
        }
        assert_eq!([singular("metadata"), plural("metadata")], ["metadata", "metadata"]);
        assert_eq!(plural("mapping_address"), "mapping_addresses");
    }

    #[test]
    fn articles_follow_the_sound() {
        let cases = [
            "user",
            "image",
            "IP",
            "VNC console",
            "QoS policy",
            "EC2 credential",
            "usage",
            "SPICE console",
            "L3 agent",
        ];
        let with: Vec<String> = cases.iter().map(|c| with_article(c)).collect();
        assert_eq!(
            with,
            [
                "a user",
                "an image",
                "an IP",
                "a VNC console",
                "a QoS policy",
                "an EC2 credential",
                "a usage",
                "a SPICE console",
                "an L3 agent"
            ]
        );
    }

    #[test]
    fn snake_case_keeps_abbreviations_together() {
        let cases = ["os-getVNCConsole", "migrateLive", "OS-EC2", "qos-specs", "{id}"];
        let snakes: Vec<String> = cases.iter().map(|c| snake(c)).collect();
        assert_eq!(snakes, ["os_get_vnc_console", "migrate_live", "os_ec2", "qos_specs", "id"]);
    }
}
