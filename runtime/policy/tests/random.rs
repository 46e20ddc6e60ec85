//! Rule texts and files of any form: nothing panics, nothing hangs, and what is broken says so.
//!
//! `SQUALL_SEED` is the seed, which is printed, and `SQUALL_CASES` how many texts are tried.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use fastrand::Rng;
use serde_json::json;
use squall_model::PolicyRule;
use squall_policy::{Credentials, Policy};

const WORDS: [&str; 24] = [
    "role:admin",
    "rule:it",
    "rule:",
    "project_id:%(project_id)s",
    "%(a",
    "%(a)s:b",
    "(",
    ")",
    "((((",
    "))))",
    "and",
    "OR",
    "not",
    "@",
    "!",
    "'q'",
    "\"",
    "field:networks:shared=",
    "field:a:b=~^(",
    "is_admin:",
    "http://%(a)s",
    "1e999:x",
    "ΑΣ:İ",
    "\u{0}",
];

fn text(random: &mut Rng, defaults: &[&str]) -> String {
    match random.u8(..8) {
        // Words of the language in any order.
        0..3 => {
            let mut text = String::new();
            for _ in 0..random.usize(..12) {
                text.push_str(WORDS[random.usize(..WORDS.len())]);
                text.push_str([" ", "", "\n", "\u{a0}"][random.usize(..4)]);
            }
            text
        }
        // A rule of a service with some characters changed.
        3..6 => {
            let mut chars: Vec<char> = defaults[random.usize(..defaults.len())].chars().collect();
            for _ in 0..random.usize(1..5) {
                let at = random.usize(..=chars.len());
                match random.u8(..3) {
                    0 => chars.insert(at, char(random)),
                    1 if at < chars.len() => chars[at] = char(random),
                    _ if at < chars.len() => drop(chars.remove(at)),
                    _ => {}
                }
            }
            chars.into_iter().collect()
        }
        6 => (0..random.usize(..60)).map(|_| char(random)).collect(),
        // Something over and over.
        _ => {
            let word = WORDS[random.usize(..WORDS.len())];
            format!("{word} ").repeat(random.usize(..400))
        }
    }
}

fn char(random: &mut Rng) -> char {
    const OFTEN: [char; 16] =
        ['%', '(', ')', ':', '\'', '"', ' ', '.', '~', '=', '@', '!', '\\', '{', '[', '#'];
    match random.u8(..4) {
        0 => random.char(..),
        1 => random.alphanumeric(),
        _ => OFTEN[random.usize(..OFTEN.len())],
    }
}

#[test]
fn random_rules_never_panic_or_hang() {
    let seed = std::env::var("SQUALL_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or_else(|| fastrand::u64(..));
    println!("SQUALL_SEED={seed}");
    let cases = std::env::var("SQUALL_CASES").map_or(100_000, |n| n.parse().expect("a number"));
    let mut random = Rng::with_seed(seed);
    let defaults: Vec<&str> =
        squall_services::POLICY_RULES.iter().copied().flatten().map(|rule| &*rule.check).collect();
    let who = json!({"project_id": "p", "roles": ["admin"], "a": {"b": ["c", null]}});
    let who = Credentials::from_json(who.as_object().cloned().unwrap_or_default());
    let target = json!({"project_id": "p", "a": 1.5, "shared": true});
    let (mut refused, mut done) = (0, 0);
    while done < cases {
        let service = ["compute", "network", "other"][random.usize(..3)];
        // Some at once, so that they refer to each other.
        let texts: Vec<String> = (0..16).map(|_| text(&mut random, &defaults)).collect();
        done += texts.len();
        let rule = |(at, text): (usize, &String)| {
            let name = if at == 0 { "it".to_owned() } else { format!("r{at}") };
            PolicyRule { name: name.into(), check: text.clone().into(), ..PolicyRule::new("", "") }
        };
        let rules: Vec<PolicyRule> = texts.iter().enumerate().map(rule).collect();
        // The same as a file, which as likely as not is none.
        let mut file = String::new();
        for rule in &rules {
            let _ = writeln!(file, "{}: {}", rule.name, rule.check);
        }
        let builder = Policy::builder(service).defaults(&rules);
        let (policy, warnings) = builder.new_defaults_only(false).build_anyway();
        refused += usize::from(!warnings.is_empty());
        for (id, _) in policy.rules() {
            let decided = policy.check(id, &who, &target);
            let explained = policy.explain(id, &who, &target);
            assert_eq!(explained.decision, decided);
            assert!(explained.to_string().len() < 4 << 20, "an explanation ends somewhere");
        }
        let (policy, errors) = Policy::builder(service).file("policy.yaml", &*file).build_anyway();
        let texts: BTreeMap<&str, &str> =
            rules.iter().map(|rule| (&*rule.name, &*rule.check)).collect();
        let json = serde_json::to_string(&texts).expect("texts are JSON");
        let (again, _) = Policy::builder(service).file("policy.json", &*json).build_anyway();
        assert!(policy.rules().len() > 0 || !errors.is_empty());
        // Control characters and these two are in no YAML document (YAML 1.2, `c-printable`).
        if !json.chars().any(|c| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}')) {
            assert_eq!(again.rules().len(), rules.len(), "{json}");
        }
    }
    assert!(refused > 0);
}
