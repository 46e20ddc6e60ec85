//! What policies decide: the language, where checks come from, and each service's own checks.

use std::sync::{Arc, Mutex};

use serde_json::{Map, Value as Json, json};
use squall_model::{PolicyRule, ScopeType};
use squall_policy::{Credentials, Decision, Policy, Question, Remote, RuleSource, Target};

fn credentials(json: &Json) -> Credentials {
    Credentials::from_json(json.as_object().cloned().unwrap_or_default())
}

fn rule(check: &str) -> PolicyRule {
    PolicyRule { check: check.to_owned().into(), ..PolicyRule::new("it", "") }
}

fn decide_for(service: &str, check: &str, who: &Json, target: &dyn Target) -> Decision {
    let (policy, _) = Policy::builder(service).defaults(&[rule(check)]).build_anyway();
    policy.check(policy.find("it").expect("it is defined"), &credentials(who), target)
}

fn decide(check: &str, who: &Json, target: &Json) -> Decision {
    decide_for("other", check, who, target)
}

#[test]
fn roles_are_compared_without_case() {
    let who = json!({"roles": ["Admin"]});
    assert_eq!(decide("role:ADMIN", &who, &json!({})), Decision::Allow);
    assert_eq!(decide("role:%(name)s", &who, &json!({"name": "aDmin"})), Decision::Allow);
    assert_eq!(decide("role:%(name)s", &who, &json!({})), Decision::Deny);
    assert_eq!(decide("role:member", &who, &json!({})), Decision::Deny);
    assert_eq!(decide("role:admin", &json!({}), &json!({})), Decision::Deny);
}

#[test]
fn attributes_are_compared_as_python_prints_them() {
    let who = json!({"project_id": "p", "none": null, "yes": true, "number": 1, "list": ["a", 2]});
    for (check, target, expected) in [
        ("project_id:%(project_id)s", json!({"project_id": "p"}), Decision::Allow),
        ("project_id:%(project_id)s", json!({"project_id": "q"}), Decision::Deny),
        ("project_id:%(project_id)s", json!({}), Decision::Deny),
        ("none:%(none)s", json!({"none": null}), Decision::Allow),
        ("none:None", json!({}), Decision::Allow),
        ("yes:True", json!({}), Decision::Allow),
        ("yes:true", json!({}), Decision::Deny),
        ("number:%(n)s", json!({"n": 1.0}), Decision::Deny),
        ("number:%(n)s", json!({"n": "1"}), Decision::Allow),
        ("list:2", json!({}), Decision::Allow),
        ("list:b", json!({}), Decision::Deny),
        ("'public':%(visibility)s", json!({"visibility": "public"}), Decision::Allow),
        ("None:%(domain)s", json!({"domain": null}), Decision::Allow),
        ("True:%(user.enabled)s", json!({"user": {"enabled": true}}), Decision::Allow),
        ("missing:a", json!({}), Decision::Deny),
        // Quotes on the right side are part of the text.
        ("project_id:'p'", json!({}), Decision::Deny),
    ] {
        assert_eq!(decide(check, &who, &target), expected, "{check}");
    }
}

#[test]
fn a_rule_may_ask_for_several_attributes_of_the_target() {
    let rule = "project_id:%(project_id)s and user_id:%(user_id)s and 'a-b':%(x)s-%(y)s";
    let who = json!({"project_id": "p", "user_id": "u"});
    let target = json!({"project_id": "p", "user_id": "u", "x": "a", "y": "b"});
    assert_eq!(decide(rule, &who, &target), Decision::Allow);
    assert_eq!(decide(rule, &who, &json!({"project_id": "p", "user_id": "u"})), Decision::Deny);
}

#[test]
fn a_path_leads_through_objects_and_lists() {
    let who = json!({"token": {"project": {"domain": {"id": "d"}}, "roles": [{"name": "a"}, {"name": "b"}]}});
    assert_eq!(decide("token.project.domain.id:d", &who, &json!({})), Decision::Allow);
    assert_eq!(decide("token.roles.name:b", &who, &json!({})), Decision::Allow);
    assert_eq!(decide("token.roles.name:c", &who, &json!({})), Decision::Deny);
    assert_eq!(decide("token.domain.id:d", &who, &json!({})), Decision::Deny);
    // Python subscripts a text with a text, which is a TypeError.
    assert_eq!(decide("token.project.domain.id.x:d", &who, &json!({})), Decision::Fails);
}

#[test]
fn what_is_missing_inside_a_rule_denies_there() {
    let rules = [
        rule("not rule:inner"),
        PolicyRule::new("inner", "is_admin:True"),
        PolicyRule::new("bare", "not is_admin:True"),
    ];
    let policy = Policy::builder("compute").defaults(&rules).build().unwrap();
    let nobody = Credentials::from_json(Map::new());
    // nova's check raises a KeyError, which `rule:` catches and takes for a denial.
    assert_eq!(policy.check(policy.rule("it").unwrap(), &nobody, &()), Decision::Allow);
    assert_eq!(policy.check(policy.rule("bare").unwrap(), &nobody, &()), Decision::Fails);
}

#[test]
fn an_undefined_rule_denies_or_is_the_default_one() {
    let mut rules = vec![rule("rule:undefined")];
    let decide = |rules: &[PolicyRule]| {
        let (policy, _) = Policy::builder("other").defaults(rules).build_anyway();
        policy.check(policy.rule("it").unwrap(), &Credentials::from_json(Map::new()), &())
    };
    assert_eq!(decide(&rules), Decision::Deny);
    rules.push(PolicyRule::new("default", "@"));
    assert_eq!(decide(&rules), Decision::Allow);
}

#[test]
fn scopes_are_those_of_the_rule_that_is_asked_for() {
    let rules = [
        rule("rule:inner").in_scopes(&[ScopeType::Project]),
        PolicyRule::new("inner", "@").in_scopes(&[ScopeType::System]),
    ];
    let policy = Policy::builder("other").defaults(&rules).build().unwrap();
    let it = policy.rule("it").unwrap();
    for (who, expected) in [
        (json!({"project_id": "p"}), Decision::Allow),
        (json!({}), Decision::Allow),
        (json!({"domain_id": "d"}), Decision::WrongScope),
        (json!({"system_scope": "all", "domain_id": "d"}), Decision::WrongScope),
    ] {
        assert_eq!(policy.check(it, &credentials(&who), &()), expected);
    }
    let domain = credentials(&json!({"domain_id": "d"}));
    assert_eq!(policy.check_any_scope(it, &domain, &()), Decision::Allow);
}

#[test]
fn circles_and_endless_rules_fail_instead_of_hanging() {
    let decide = |rules: &[PolicyRule]| {
        let (policy, _) = Policy::builder("other").defaults(rules).build_anyway();
        policy.check(policy.rule("it").unwrap(), &Credentials::from_json(Map::new()), &())
    };
    assert_eq!(decide(&[rule("rule:it")]), Decision::Fails);
    // Each rule asks the next one twice: 2^40 checks.
    let mut rules = vec![rule("rule:r0")];
    for at in 0..40 {
        let next = format!("rule:r{0} or rule:r{0}", at + 1);
        let name = format!("r{at}").into();
        rules.push(PolicyRule { name, check: next.into(), ..PolicyRule::new("", "") });
    }
    rules.push(PolicyRule::new("r40", "!"));
    assert_eq!(decide(&rules), Decision::Fails);
}

#[test]
fn files_replace_defaults_and_a_later_file_an_earlier_one() {
    let rules = [rule("role:admin"), PolicyRule::new("other", "rule:it")];
    let policy = Policy::builder("other")
        .defaults(&rules)
        .file("policy.yaml", "it: role:member\n\"more\": \"@\"\n")
        .file("policy.d/10.json", "{\"it\": [[\"role:a\", \"role:b\"], \"role:c\"]}")
        .build()
        .unwrap();
    let it = policy.rule("it").unwrap();
    for (roles, expected) in [
        (json!(["member"]), Decision::Deny),
        (json!(["a"]), Decision::Deny),
        (json!(["a", "b"]), Decision::Allow),
        (json!(["c"]), Decision::Allow),
    ] {
        assert_eq!(policy.check(it, &credentials(&json!({"roles": roles})), &()), expected);
    }
    let source = RuleSource::File { file: "policy.d/10.json".into(), line: 1, under: None };
    assert_eq!(policy.info(it).source, source);
    assert_eq!(policy.info(it).check, "((role:a and role:b) or role:c)");
    assert!(policy.rule("more").is_some());
}

#[test]
fn deprecated_defaults_hold_unless_new_ones_are_enforced() {
    let rules = [rule("role:manager").instead_of("old", "role:member", "1")];
    let who = credentials(&json!({"roles": ["member"]}));
    let decide = |only: bool, file: &str| {
        let policy = Policy::builder("other").defaults(&rules).new_defaults_only(only);
        let policy = policy.file("policy.yaml", file).build().unwrap();
        policy.check(policy.rule("it").unwrap(), &who, &())
    };
    assert_eq!(decide(true, ""), Decision::Deny);
    assert_eq!(decide(false, ""), Decision::Allow);
    // An override of the new name ends the old default, and so does one of the old name.
    assert_eq!(decide(false, "it: role:admin"), Decision::Deny);
    assert_eq!(decide(true, "old: '@'"), Decision::Allow);
    assert_eq!(decide(false, "old: role:admin"), Decision::Deny);
    // The old default, or a reference to the new name, changes nothing.
    assert_eq!(decide(true, "old: role:member"), Decision::Deny);
    assert_eq!(decide(true, "old: rule:it"), Decision::Deny);
}

#[test]
fn network_compares_owners_and_fields() {
    struct Port(Json);
    impl Target for Port {
        fn get(&self, name: &str) -> Option<squall_policy::Value<'_>> {
            Target::get(&self.0, name)
        }
        fn parent(
            &self,
            resource: &str,
            id: &str,
            field: &str,
        ) -> Option<squall_policy::Value<'_>> {
            assert_eq!(id, "n");
            match (resource, field) {
                ("network" | "router", "project_id") => Some("p".into()),
                ("network", "shared") => Some(true.into()),
                _ => None,
            }
        }
    }
    let decide = |check: &str, target: Json| {
        decide_for("network", check, &json!({"project_id": "p"}), &Port(target))
    };
    let owner = "project_id:%(network:project_id)s";
    assert_eq!(decide(owner, json!({"network:project_id": "q"})), Decision::Deny);
    assert_eq!(decide(owner, json!({"network_id": "n"})), Decision::Allow);
    // `target[parent_foreign_key]` is a KeyError, which nothing catches here.
    assert_eq!(decide(owner, json!({})), Decision::Fails);
    let parent = "project_id:%(ext_parent:project_id)s";
    assert_eq!(decide(parent, json!({"ext_parent_router_id": "n"})), Decision::Allow);
    assert_eq!(decide(parent, json!({})), Decision::Fails);
    assert_eq!(decide("tenant_id:%(project_id)s", json!({"project_id": "p"})), Decision::Deny);
    let shared = "field:networks:shared=True";
    assert_eq!(decide(shared, json!({"shared": true})), Decision::Allow);
    assert_eq!(decide(shared, json!({"shared": false, "network_id": "n"})), Decision::Deny);
    assert_eq!(decide(shared, json!({"network_id": "n"})), Decision::Allow);
    let device = "field:port:device_owner=~^network:";
    assert_eq!(decide(device, json!({"device_owner": "network:dhcp"})), Decision::Allow);
    assert_eq!(decide(device, json!({"device_owner": "compute:nova"})), Decision::Deny);
    assert_eq!(decide(device, json!({"device_owner": null})), Decision::Deny);
    assert_eq!(decide(device, json!({"device_owner": 1})), Decision::Fails);
}

#[test]
fn network_lets_administrators_through_while_old_defaults_hold() {
    let rules = [rule("!"), PolicyRule::new("context_is_admin", "role:admin")];
    let caller = squall_policy::Caller { roles: vec!["admin".into()], ..Default::default() };
    for (only, expected) in [(true, Decision::Deny), (false, Decision::Allow)] {
        let policy = Policy::builder("network").defaults(&rules).new_defaults_only(only);
        let policy = policy.build().unwrap();
        let admin = policy.credentials(&caller);
        assert_eq!(policy.check(policy.rule("it").unwrap(), &admin, &()), expected);
    }
}

/// Answers as a server does, and remembers what it was asked.
struct Server {
    answer: Result<String, String>,
    asked: Mutex<Vec<String>>,
}

impl Remote for Server {
    fn ask(&self, question: &Question<'_>) -> Result<String, String> {
        let text = format!(
            "{} {} {} {}",
            question.url, question.rule, question.target, question.credentials["user_id"]
        );
        self.asked.lock().expect("nothing panicked").push(text);
        self.answer.clone()
    }
}

#[test]
fn a_remote_server_is_asked_only_if_that_is_allowed() {
    let rules = [rule("rule:inner"), PolicyRule::new("inner", "https://server/%(name)s")];
    let who = credentials(&json!({"user_id": "u"}));
    let target = json!({"name": "n"});
    let without = Policy::builder("other").defaults(&rules).build().expect("no errors");
    let it = without.rule("it").expect("it is defined");
    assert_eq!(without.check(it, &who, &target), Decision::Fails);
    for (answer, expected) in [
        (Ok("True"), Decision::Allow),
        (Ok("\"True\""), Decision::Allow),
        (Ok("true"), Decision::Deny),
        (Ok(""), Decision::Deny),
        (Err("timed out"), Decision::Fails),
    ] {
        let answer = answer.map(str::to_owned).map_err(str::to_owned);
        let server = Arc::new(Server { answer, asked: Mutex::default() });
        let policy = Policy::builder("other").defaults(&rules).remote(server.clone());
        let policy = policy.build().expect("no errors");
        assert_eq!(policy.check(it, &who, &target), expected);
        // The rule is the one that was asked for, not the one that has the check.
        let asked = server.asked.lock().expect("nothing panicked").clone();
        assert_eq!(asked, ["https://server/n it {\"name\":\"n\"} \"u\""]);
        // What the URL needs is missing: a KeyError, which `rule:` takes for a denial.
        assert_eq!(policy.check(it, &who, &json!({})), Decision::Deny);
    }
}
