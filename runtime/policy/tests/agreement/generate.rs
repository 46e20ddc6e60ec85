//! Generates rules, files, credentials and targets that have something to do with each other.

use fastrand::Rng;
use serde_json::{Map, Value as Json, json};
use squall_model::{DeprecatedRule, PolicyRule, ScopeType};

use crate::oracle::{Check, World};

/// Attributes of credentials and of targets, so that many are on both sides.
const ATTRIBUTES: [&str; 12] = [
    "project_id",
    "user_id",
    "domain_id",
    "is_admin",
    "roles",
    "none",
    "number",
    "token",
    "list",
    "flags",
    "a-b",
    "system_scope",
];
const PATHS: [&str; 6] =
    ["token.project.id", "token.roles.name", "list.name", "token.roles", "none.x", "number.x.y"];
const LITERALS: [&str; 14] = [
    "'a'", "\"b\"", "''", "True", "False", "None", "1", "0", "-1", "1.0", "1e16", "00", "'x.y'",
    "0.1",
];
/// What Python cannot parse, or fails on.
const BROKEN: [&str; 5] = ["is", "1a", "", "a.", "'x"];
const TEXTS: [&str; 12] =
    ["a", "b", "c", "True", "None", "1", "1.0", "admin", "Member", "all", "x.y", "ΑΣ"];
const ROLES: [&str; 7] = ["admin", "Member", "reader", "a", "ΑΣ", "ας", "İ"];
const RULES: [&str; 8] = ["r0", "r1", "r2", "r3", "r4", "old", "default", "undefined"];

pub(crate) struct Generator {
    random: Rng,
    service: String,
    worlds: usize,
}

impl Generator {
    pub(crate) fn new(seed: u64, service: &str) -> Self {
        Self { random: Rng::with_seed(seed), service: service.to_owned(), worlds: 0 }
    }

    pub(crate) fn world(&mut self) -> World {
        self.worlds += 1;
        let mut rules: Vec<PolicyRule> = Vec::new();
        for name in RULES.iter().take(self.random.usize(1..6)) {
            rules.push(self.rule(name));
        }
        if self.random.u8(..) < 64 {
            rules.push(self.rule("default"));
        }
        let file = if self.random.bool() { self.file() } else { String::new() };
        let checks = (0..20).map(|_| self.check()).collect();
        let new_defaults_only = self.random.bool();
        World { service: self.service.clone(), rules, file, new_defaults_only, checks }
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.random.usize(..of.len())]
    }

    fn rule(&mut self, name: &'static str) -> PolicyRule {
        let mut rule = PolicyRule { check: self.text().into(), ..PolicyRule::new(name, "") };
        let scopes = [ScopeType::System, ScopeType::Domain, ScopeType::Project];
        if self.random.u8(..) < 80 {
            let some = scopes.into_iter().filter(|_| self.random.bool()).collect::<Vec<_>>();
            rule.scope_types = some.into();
        }
        if self.random.u8(..) < 80 {
            let name = if self.random.bool() { "old" } else { name };
            let check = self.text().into();
            rule.deprecated = Some(DeprecatedRule { name: name.into(), check, since: "1".into() });
        }
        rule
    }

    /// A file as JSON, with texts and with lists of lists.
    fn file(&mut self) -> String {
        let mut fields = Map::new();
        for name in RULES {
            if self.random.u8(..) < 64 {
                let check = if self.random.u8(..) < 64 { self.list() } else { self.text().into() };
                fields.insert(name.to_owned(), check);
            }
        }
        Json::Object(fields).to_string()
    }

    fn list(&mut self) -> Json {
        let mut outer = Vec::new();
        for _ in 0..self.random.usize(..4) {
            let mut checks: Vec<Json> =
                (0..self.random.usize(..3)).map(|_| self.list_check().into()).collect();
            outer.push(match self.random.u8(..4) {
                0 => checks.pop().unwrap_or_else(|| "".into()),
                _ => Json::Array(checks),
            });
        }
        Json::Array(outer)
    }

    /// A single check may have spaces in a list, where nothing splits it into words.
    fn list_check(&mut self) -> String {
        match self.random.u8(..8) {
            0 => "role:admin and role:reader".to_owned(),
            1 => "admin".to_owned(),
            2 => self.one(&["@", "!"]).to_owned(),
            _ => self.single(),
        }
    }

    /// The text of a rule: mostly well formed, sometimes words in any order.
    fn text(&mut self) -> String {
        match self.random.u8(..) {
            0..4 => String::new(),
            4..6 => " ".to_owned(),
            6..40 => self.soup(),
            _ => self.expression(3),
        }
    }

    fn expression(&mut self, depth: u8) -> String {
        match if depth == 0 { 0 } else { self.random.u8(..10) } {
            0..4 => self.single(),
            4 | 5 => format!("{} or {}", self.expression(depth - 1), self.expression(depth - 1)),
            6 | 7 => format!("{} AND {}", self.expression(depth - 1), self.expression(depth - 1)),
            8 => format!("not {}", self.expression(depth - 1)),
            _ => format!("({})", self.expression(depth - 1)),
        }
    }

    fn soup(&mut self) -> String {
        const WORDS: [&str; 12] =
            ["and", "Or", "not", "(", ")", "((", "@", "!", "role:a", "'q'", "admin", "number:1"];
        const SPACES: [&str; 6] = [" ", "  ", "\t", "\u{a0}", "\u{1f}", ""];
        let mut text = String::new();
        for _ in 0..self.random.usize(1..9) {
            text.push_str(self.one(&WORDS));
            text.push_str(self.one(&SPACES));
        }
        text
    }

    fn single(&mut self) -> String {
        match self.random.u8(..20) {
            0 => self.one(&["@", "!"]).to_owned(),
            1..4 => format!("rule:{}", self.one(&RULES)),
            4..8 => format!("role:{}", self.role()),
            8 if self.service == "compute" => {
                format!("is_admin:{}", self.one(&["True", "true", "False", "1", "x"]))
            }
            8 | 9 if self.service == "network" => self.owner_or_field(),
            _ => format!("{}:{}", self.left(), self.right()),
        }
    }

    fn role(&mut self) -> String {
        match self.random.u8(..8) {
            0 => format!("%({})s", self.one(&ATTRIBUTES)),
            1 => "50%".to_owned(),
            _ => self.one(&ROLES).to_owned(),
        }
    }

    fn left(&mut self) -> String {
        let left = match self.random.u8(..20) {
            0 => self.one(&BROKEN),
            1..5 => self.one(&LITERALS),
            5..8 => self.one(&PATHS),
            _ => self.one(&ATTRIBUTES),
        };
        // neutron does not start with an owner check that names no attribute.
        let owner = self.service == "network" && left == "project_id";
        if owner { "user_id" } else { left }.to_owned()
    }

    fn right(&mut self) -> String {
        match self.random.u8(..20) {
            0 => "%(a".to_owned(),
            1 => format!("{}-%%-%({})s", self.one(&TEXTS), self.one(&ATTRIBUTES)),
            2 => format!("%({})s%({})s", self.one(&ATTRIBUTES), self.one(&ATTRIBUTES)),
            3..10 => self.one(&TEXTS).to_owned(),
            _ => format!("%({})s", self.one(&ATTRIBUTES)),
        }
    }

    fn owner_or_field(&mut self) -> String {
        const OWNERS: [&str; 6] = [
            "project_id",
            "network:project_id",
            "ext_parent:project_id",
            "security_group:x",
            "network_project_id",
            "other",
        ];
        const FIELDS: [&str; 8] = [
            "networks:shared=True",
            "networks:router:external=false",
            "port:device_owner=~^net",
            "port:device_owner=~.e[tx]",
            "rbac_policy:target=*",
            "security_group_rules:belongs_to_default_sg=1",
            "networks:mtu=1",
            "port:device_owner=net",
        ];
        if self.random.bool() {
            let kind = self.one(&["project_id", "tenant_id"]);
            format!("{kind}:%({})s", self.one(&OWNERS))
        } else {
            format!("field:{}", self.one(&FIELDS))
        }
    }

    fn value(&mut self, depth: u8) -> Json {
        match self.random.u8(..20) {
            0 => Json::Null,
            1 => true.into(),
            2 => false.into(),
            3 => 1.into(),
            4 => 1.0.into(),
            5 => 1e16.into(),
            6 if depth > 0 => json!([self.value(depth - 1), "it's"]),
            7 if depth > 0 => json!({"x": self.value(depth - 1)}),
            8 => "".into(),
            _ => self.one(&TEXTS).into(),
        }
    }

    fn check(&mut self) -> Check {
        let rule = self.one(&RULES).to_owned();
        let mut credentials = Map::new();
        for name in ATTRIBUTES {
            if self.random.u8(..10) < 7 {
                credentials.insert(name.to_owned(), self.value(2));
            }
        }
        let roles: Vec<&str> = (0..self.random.usize(..4)).map(|_| self.one(&ROLES)).collect();
        credentials.insert("roles".to_owned(), json!(roles));
        if self.random.bool() {
            let token = json!({
                "project": {"id": self.value(0)},
                "roles": [{"name": self.value(0)}, {"id": self.value(0)}, {"name": self.value(0)}],
            });
            credentials.insert("token".to_owned(), token);
            credentials.insert("list".to_owned(), json!([self.value(1), {"name": self.value(0)}]));
        }
        for name in ["system_scope", "domain_id"] {
            if self.random.u8(..10) < 6 {
                credentials.insert(name.to_owned(), Json::Null);
            }
        }
        // neutron asks no rules about administrators while the old defaults hold.
        if self.service == "network" {
            credentials.insert("is_admin".to_owned(), false.into());
        }
        let mut target = Map::new();
        for name in ATTRIBUTES {
            if self.random.u8(..10) < 7 {
                // As often as not it is what the caller has.
                let own = credentials.get(name).filter(|_| self.random.bool()).cloned();
                let value = own.unwrap_or_else(|| self.value(2));
                target.insert(name.to_owned(), value);
            }
        }
        let parents = if self.service == "network" { self.network(&mut target) } else { json!({}) };
        Check { rule, credentials, target: Json::Object(target), parents }
    }

    /// Adds what the checks of network look at, and returns the parents.
    fn network(&mut self, target: &mut Map<String, Json>) -> Json {
        // neutron keeps what it read of a parent for a while: ids never come again.
        let id = format!("n{}-{}", self.worlds, self.random.u64(..));
        for key in ["network_id", "security_group_id", "ext_parent_router_id"] {
            if self.random.bool() {
                target.insert(key.to_owned(), id.clone().into());
            }
        }
        for (name, values) in [
            ("shared", [json!(true), json!(false), json!(null)]),
            ("router:external", [json!(true), json!(false), json!("True")]),
            ("device_owner", [json!("net"), json!("next"), json!(1)]),
            ("target", [json!("*"), json!("p"), json!(null)]),
            ("belongs_to_default_sg", [json!(true), json!(1), json!(0)]),
            ("mtu", [json!(1), json!(2), json!("1")]),
        ] {
            if self.random.bool() {
                target.insert(name.to_owned(), values[self.random.usize(..3)].clone());
            }
        }
        let mut of = |fields: &[&str]| {
            let mut parent = Map::new();
            for field in fields {
                parent.insert((*field).to_owned(), self.value(0));
            }
            json!({id.clone(): parent})
        };
        json!({
            "network": of(&["project_id", "shared"]),
            "router": of(&["project_id"]),
            "security_group": of(&["x", "project_id"]),
        })
    }
}
