//! Emits `policies.rs`: the service's default policy rules, as data.
//!
//! The code uses `PolicyRule` and `ScopeType` of `squall_client::model`.

use squall_model::{PolicyRule, ScopeType};

use super::{File, text};

/// Emits the file.
pub fn emit(service: &str, rules: &[PolicyRule]) -> File {
    let mut out = text::header(service);
    let scoped = rules.iter().any(|rule| !rule.scope_types.is_empty());
    let scope_type = if scoped { ", ScopeType" } else { "" };
    out.push_str(&format!("\nuse squall_client::model::{{PolicyRule{scope_type}}};\n\n"));
    text::doc(&mut out, 0, "The service's default policy rules, sorted by name.");
    out.push_str("pub static RULES: &[PolicyRule] = &[\n");
    let mut rules: Vec<&PolicyRule> = rules.iter().collect();
    rules.sort_by(|a, b| a.name.cmp(&b.name));
    for rule in rules {
        out.push_str(&format!("    {},\n", value(rule)));
    }
    out.push_str("];\n");
    File { name: "policies.rs", content: out.into_bytes() }
}

/// Writes a rule as the constant functions of [`PolicyRule`] build it.
fn value(rule: &PolicyRule) -> String {
    let mut out = format!("PolicyRule::new({:?}, {:?})", rule.name, rule.check);
    if !rule.scope_types.is_empty() {
        let scopes: Vec<&str> = rule.scope_types.iter().map(|scope| variant(*scope)).collect();
        out.push_str(&format!(".in_scopes(&[{}])", scopes.join(", ")));
    }
    if let Some(before) = &rule.deprecated {
        let (name, check, since) = (&before.name, &before.check, &before.since);
        out.push_str(&format!(".instead_of({name:?}, {check:?}, {since:?})"));
    }
    if rule.deprecated_for_removal {
        out.push_str(".deprecated_for_removal()");
    }
    out
}

fn variant(scope: ScopeType) -> &'static str {
    match scope {
        ScopeType::System => "ScopeType::System",
        ScopeType::Domain => "ScopeType::Domain",
        ScopeType::Project => "ScopeType::Project",
    }
}
