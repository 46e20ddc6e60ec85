//! oslo.policy in a process of its own, and the worlds that it is asked about.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Map, Value as Json, json};
use squall_model::PolicyRule;
use squall_policy::{Builder, Credentials, Decision, Policy, Target, Value};

/// Rules, a file and settings, and what is asked about them.
pub(crate) struct World {
    pub(crate) service: String,
    pub(crate) rules: Vec<PolicyRule>,
    pub(crate) file: String,
    pub(crate) new_defaults_only: bool,
    pub(crate) checks: Vec<Check>,
}

pub(crate) struct Check {
    pub(crate) rule: String,
    pub(crate) credentials: Map<String, Json>,
    /// Names are keys: oslo.policy has no paths.
    pub(crate) target: Json,
    /// The resources that a target of network refers to: kind, id, fields.
    pub(crate) parents: Json,
}

struct WithParents<'c>(&'c Check);

impl Target for WithParents<'_> {
    fn get(&self, name: &str) -> Option<Value<'_>> {
        self.0.target.get(name).map(Value::Json)
    }

    fn parent(&self, resource: &str, id: &str, field: &str) -> Option<Value<'_>> {
        self.0.parents.get(resource)?.get(id)?.get(field).map(Value::Json)
    }
}

impl World {
    /// A world of one rule, replaced by a file.
    #[allow(dead_code, reason = "the benchmark has no files")]
    pub(crate) fn of_file(service: &str, file: &str) -> Self {
        Self {
            service: service.to_owned(),
            rules: vec![PolicyRule::new("it", "!")],
            file: file.to_owned(),
            new_defaults_only: true,
            checks: Vec::new(),
        }
    }

    pub(crate) fn builder(&self) -> Builder {
        Policy::builder(&self.service)
            .defaults(&self.rules)
            .file("policy.yaml", &*self.file)
            .new_defaults_only(self.new_defaults_only)
    }

    /// Returns what this crate decides. A rule that does not exist is the default one, or denies.
    #[allow(dead_code, reason = "the benchmark prepares what it measures")]
    pub(crate) fn decide(&self) -> Vec<String> {
        let (policy, _) = self.builder().build_anyway();
        let decide = |check: &Check| {
            let credentials = Credentials::from_json(check.credentials.clone());
            let rule = policy.rule_or_default(&check.rule);
            let decided = rule.map_or(Decision::Deny, |rule| {
                // The default rule stands in without its scopes: they are of another name.
                if policy.rule(&check.rule).is_some() {
                    policy.check(rule, &credentials, &WithParents(check))
                } else {
                    policy.check_any_scope(rule, &credentials, &WithParents(check))
                }
            });
            let word = serde_json::to_value(decided).expect("a decision is a word");
            word.as_str().expect("a decision is a word").to_owned()
        };
        self.checks.iter().map(decide).collect()
    }

    pub(crate) fn json(&self) -> Json {
        let rule = |rule: &PolicyRule| {
            let scopes: Vec<&str> = rule.scope_types.iter().map(|scope| scope.name()).collect();
            json!({
                "name": rule.name,
                "check": rule.check,
                "scope_types": (!scopes.is_empty()).then_some(scopes),
                "deprecated": rule
                    .deprecated
                    .as_ref()
                    .map(|before| json!({"name": before.name, "check": before.check})),
            })
        };
        let check = |check: &Check| {
            json!({
                "rule": check.rule,
                "credentials": check.credentials,
                "target": check.target,
                "parents": check.parents,
            })
        };
        json!({
            "rules": self.rules.iter().map(rule).collect::<Vec<_>>(),
            "file": self.file,
            "new_defaults_only": self.new_defaults_only,
            "checks": self.checks.iter().map(check).collect::<Vec<_>>(),
        })
    }
}

/// A process with oslo.policy, and the checks that a service registers.
pub(crate) struct Oracle {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Oracle {
    pub(crate) fn start(service: &str) -> Self {
        let folder = std::env::var("SQUALL_ORACLES").expect(
            "SQUALL_ORACLES is the folder that `cargo xtask harvest` makes: target/harvest",
        );
        // Tests run in the folder of their package.
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
        let python = root.join(folder).join(service).join("venv/bin/python");
        let script = root.join("runtime/policy/tests/agreement/oracle.py");
        let mut child = Command::new(&python)
            .arg(script)
            .arg(service)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("`cargo xtask harvest` made the environment of the service");
        let questions = child.stdin.take().expect("stdin is piped");
        let answers = BufReader::new(child.stdout.take().expect("stdout is piped"));
        Self { child, questions, answers }
    }

    fn send(&mut self, world: &Json) -> Json {
        writeln!(self.questions, "{world}").expect("the oracle reads");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("the oracle writes");
        assert!(!line.is_empty(), "the oracle ended: {:?}", self.child.wait());
        serde_json::from_str(&line).expect("the oracle writes JSON")
    }

    /// Returns what oslo.policy decides.
    #[allow(dead_code, reason = "the benchmark compares no decisions")]
    pub(crate) fn ask(&mut self, world: &World) -> Vec<String> {
        let answer = self.send(&world.json());
        let words = serde_json::from_value(answer);
        words.expect("a service starts with the world")
    }

    /// Returns the seconds that oslo.policy takes for the checks of a world.
    #[allow(dead_code, reason = "the benchmark measures, the tests compare")]
    pub(crate) fn measure(&mut self, world: &World) -> f64 {
        let mut json = world.json();
        json["measure"] = true.into();
        self.send(&json).as_f64().expect("the oracle answers with seconds")
    }

    /// Whether a service starts with the rules and the file.
    #[allow(dead_code, reason = "the benchmark has no files")]
    pub(crate) fn ask_whether_it_starts(&mut self, world: &World) -> bool {
        self.send(&world.json()).is_array()
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        // It ends with its input; what is left is a process that hangs.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
