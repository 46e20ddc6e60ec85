//! What a service enforces: default rules, a cloud's own files, and oslo.policy's settings.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use squall_model::{Diagnostic, PolicyRule, ScopeType, Severity, suggest};

use crate::check::{Decision, Evaluation, Stop, Trace};
use crate::circle;
use crate::compile::{Dialect, Program, RuleId};
use crate::credentials::Credentials;
use crate::file::{self, FileRule, diagnostic};
use crate::known;
use crate::remote::Remote;
use crate::syntax::{Expression, Left, Problem, parse};
use crate::target::Target;

/// What a service enforces, compiled.
pub struct Policy {
    service: String,
    dialect: Dialect,
    new_defaults_only: bool,
    program: Program,
    rules: Vec<Rule>,
    by_name: HashMap<String, RuleId>,
    remote: Option<Arc<dyn Remote>>,
    warnings: Vec<Diagnostic>,
}

/// A rule of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The name.
    pub name: String,
    /// The check that is in force, as it was written.
    pub check: String,
    /// The scopes that a token may have; empty if the rule accepts any.
    pub scope_types: Vec<ScopeType>,
    /// Where the check comes from.
    pub source: RuleSource,
}

/// Where the check of a rule comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleSource {
    /// The service's default.
    Default,
    /// The service's default or the deprecated one before it.
    DefaultOrDeprecated,
    /// A file.
    File {
        /// The file.
        file: String,
        /// The line of the rule.
        line: u32,
        /// The deprecated name that the file has the rule under, if it is not the rule's own.
        under: Option<String>,
    },
}

/// A policy that cannot be used, with all that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid(pub Vec<Diagnostic>);

/// A rule that a policy does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{service} has no policy rule `{name}`{hint}")]
pub struct UnknownRule {
    service: String,
    name: String,
    hint: String,
}

impl Policy {
    /// Starts a policy of a service, by its name in Squall: `compute`, `network`, ….
    pub fn builder(service: &str) -> Builder {
        Builder {
            service: service.to_owned(),
            defaults: Vec::new(),
            files: Vec::new(),
            new_defaults_only: true,
            remote: None,
        }
    }

    /// Returns the service.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// Returns a rule by name.
    pub fn rule(&self, name: &str) -> Option<RuleId> {
        self.by_name.get(name).copied()
    }

    /// Returns a rule by name, or `default` if there is such a rule and none of that name, as
    /// oslo.policy does for a rule that is not registered (`Rules.__missing__`).
    pub fn rule_or_default(&self, name: &str) -> Option<RuleId> {
        self.rule(name).or_else(|| self.rule("default"))
    }

    /// Returns a rule by name.
    ///
    /// # Errors
    ///
    /// If there is none, with similar names.
    pub fn find(&self, name: &str) -> Result<RuleId, UnknownRule> {
        self.rule(name).ok_or_else(|| {
            let near = suggest::did_you_mean(name, self.by_name.keys().map(String::as_str));
            UnknownRule {
                service: self.service.clone(),
                name: name.to_owned(),
                hint: near.map(|near| format!(": {near}")).unwrap_or_default(),
            }
        })
    }

    /// Returns what a rule is.
    pub fn info(&self, rule: RuleId) -> &Rule {
        &self.rules[rule.0 as usize]
    }

    /// Returns all rules: the defaults in their order, then those of files alone.
    pub fn rules(&self) -> impl ExactSizeIterator<Item = (RuleId, &Rule)> {
        (0..).map(RuleId).zip(&self.rules).take(self.rules.len()).collect::<Vec<_>>().into_iter()
    }

    /// Returns what is odd about the policy, but does not keep it from being used.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Whether only the new defaults hold (`[oslo_policy] enforce_new_defaults`).
    pub fn has_new_defaults_only(&self) -> bool {
        self.new_defaults_only
    }

    /// Decides whether a caller may do what a rule is about to a target.
    pub fn check(&self, rule: RuleId, credentials: &Credentials, target: &dyn Target) -> Decision {
        self.trace(rule, credentials, target, true, ()).0
    }

    /// Decides without looking at the rule's scopes. neutron does so where a request gives
    /// attributes that have rules of their own: its check is then one of several, which has no
    /// scopes (neutron 29.0.0, `neutron.policy._build_match_rule`).
    pub fn check_any_scope(
        &self,
        rule: RuleId,
        credentials: &Credentials,
        target: &dyn Target,
    ) -> Decision {
        self.trace(rule, credentials, target, false, ()).0
    }

    /// Decides, and hands each check to a trace.
    pub(crate) fn trace<T: Trace>(
        &self,
        rule: RuleId,
        credentials: &Credentials,
        target: &dyn Target,
        scoped: bool,
        trace: T,
    ) -> (Decision, Option<&'static str>, T) {
        if self.bypasses(credentials) {
            return (Decision::Allow, None, trace);
        }
        let info = self.info(rule);
        let scopes = &info.scope_types;
        if scoped && !scopes.is_empty() && !scopes.contains(&credentials.scope()) {
            return (Decision::WrongScope, None, trace);
        }
        let mut evaluation = Evaluation {
            program: &self.program,
            remote: self.remote.as_deref(),
            rule: &info.name,
            credentials,
            target,
            trace,
            steps: 0,
            depth: 0,
        };
        let (decision, why) = match evaluation.run(self.program.root(rule)) {
            Ok(true) => (Decision::Allow, None),
            Ok(false) => (Decision::Deny, None),
            Err(Stop::Missing) => (Decision::Fails, Some("an attribute is missing")),
            Err(Stop::Failed(why)) => (Decision::Fails, Some(why)),
        };
        (decision, why, evaluation.trace)
    }

    /// Whether a caller needs no rule: neutron lets administrators through while it does not
    /// enforce the new defaults (neutron 29.0.0, `neutron.policy.enforce`).
    pub(crate) fn bypasses(&self, credentials: &Credentials) -> bool {
        self.dialect == Dialect::Network
            && !self.new_defaults_only
            && credentials.is_true("is_admin")
    }

    /// Returns the rules that other rules refer to.
    pub fn referred(&self) -> BTreeSet<RuleId> {
        let mut referred = BTreeSet::new();
        for (rule, _) in self.rules() {
            self.program.each_rule(self.program.root(rule), &mut |other| {
                referred.insert(other);
            });
        }
        referred
    }

    pub(crate) fn program(&self) -> &Program {
        &self.program
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("service", &self.service)
            .field("rules", &self.rules.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, one) in self.0.iter().enumerate() {
            write!(f, "{}{one}", if at == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for Invalid {}

/// Collects what a policy is made of.
pub struct Builder {
    service: String,
    defaults: Vec<PolicyRule>,
    files: Vec<(String, String)>,
    new_defaults_only: bool,
    remote: Option<Arc<dyn Remote>>,
}

impl Builder {
    /// Adds the service's default rules.
    #[must_use]
    pub fn defaults(mut self, rules: &[PolicyRule]) -> Self {
        self.defaults.extend_from_slice(rules);
        self
    }

    /// Adds a policy file: its name for messages, and its text, in YAML or JSON. A later file
    /// comes before an earlier one, as those of `policy.d` in the order of their names.
    #[must_use]
    pub fn file(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.files.push((name.into(), text.into()));
        self
    }

    /// Sets whether only the new defaults hold, or also the deprecated ones before them
    /// (`[oslo_policy] enforce_new_defaults`). They do by default.
    #[must_use]
    pub fn new_defaults_only(mut self, only: bool) -> Self {
        self.new_defaults_only = only;
        self
    }

    /// Allows checks by remote servers.
    #[must_use]
    pub fn remote(mut self, remote: Arc<dyn Remote>) -> Self {
        self.remote = Some(remote);
        self
    }

    pub(crate) fn default_rules(&self) -> &[PolicyRule] {
        &self.defaults
    }

    pub(crate) fn policy_files(&self) -> &[(String, String)] {
        &self.files
    }

    pub(crate) fn has_new_defaults_only(&self) -> bool {
        self.new_defaults_only
    }

    /// Builds the policy.
    ///
    /// # Errors
    ///
    /// Everything in the files that is wrong: what cannot be parsed or read, rules that are not
    /// defined or refer to each other in a circle, and checks that no caller can pass because they
    /// are unknown. What is wrong with the service's own defaults is a
    /// [warning](Policy::warnings).
    pub fn build(self) -> Result<Policy, Invalid> {
        let (mut policy, found) = self.build_anyway();
        let (errors, warnings): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|one| one.severity == Severity::Error);
        if errors.is_empty() {
            policy.warnings = warnings;
            Ok(policy)
        } else {
            Err(Invalid(errors))
        }
    }

    /// Builds what a service enforces with the same files, however wrong they are: where
    /// oslo.policy denies or fails instead of refusing a rule, so does this policy. A file that
    /// cannot be read is left out. Returns what is wrong as well.
    pub fn build_anyway(self) -> (Policy, Vec<Diagnostic>) {
        let dialect = Dialect::of(&self.service);
        let mut found = Vec::new();
        let files = self.read_files(&mut found);
        let mut plan = Plan { rules: Vec::new(), by_name: HashMap::new() };
        plan.add_defaults(&self, &files);
        plan.add_files(files);
        let mut program = Program::default();
        let default = plan.by_name.get("default").copied();
        let resolve = |name: &str| plan.by_name.get(name).copied().or(default);
        for planned in &plan.rules {
            let mut problems = planned.problems.clone();
            let node = program.add(&planned.expression, dialect, &resolve, &mut problems);
            let node = match &planned.deprecated {
                None => node,
                Some(deprecated) => {
                    let deprecated = program.add(deprecated, dialect, &resolve, &mut problems);
                    program.either(node, deprecated)
                }
            };
            program.push_root(node);
            planned.references(&self.service, dialect, &plan.by_name, &mut problems);
            planned.report(&self.service, problems, &mut found);
        }
        for circle in circle::find(&program, plan.rules.len()) {
            let names: Vec<&str> = circle.iter().map(|id| plan.name(*id)).collect();
            plan.rules[circle[0].0 as usize].report(
                &self.service,
                vec![circle::problem(&names)],
                &mut found,
            );
        }
        let rules = plan.rules.into_iter().map(|planned| planned.rule).collect();
        let policy = Policy {
            service: self.service,
            dialect,
            new_defaults_only: self.new_defaults_only,
            program,
            rules,
            by_name: plan.by_name,
            remote: self.remote,
            warnings: Vec::new(),
        };
        (policy, found)
    }

    /// Reads all files, the last of which counts.
    fn read_files(&self, found: &mut Vec<Diagnostic>) -> Vec<(String, FileRule)> {
        let mut rules: Vec<(String, FileRule)> = Vec::new();
        for (name, text) in &self.files {
            match file::read(name, text) {
                Err(unreadable) => found.push(unreadable),
                Ok(read) => {
                    let names: HashSet<&str> = read.iter().map(|rule| &*rule.name).collect();
                    rules.retain(|(_, rule)| !names.contains(&*rule.name));
                    rules.extend(read.into_iter().map(|rule| (name.clone(), rule)));
                }
            }
        }
        rules
    }
}

/// The rules before they are compiled.
struct Plan {
    rules: Vec<Planned>,
    by_name: HashMap<String, RuleId>,
}

struct Planned {
    rule: Rule,
    expression: Expression,
    /// What holds as well.
    deprecated: Option<Expression>,
    problems: Vec<Problem>,
}

impl Plan {
    fn name(&self, rule: RuleId) -> &str {
        &self.rules[rule.0 as usize].rule.name
    }

    fn push(&mut self, planned: Planned) {
        let id = RuleId(u32::try_from(self.rules.len()).unwrap_or(u32::MAX));
        // A default that is there twice is an error of the service's (`DuplicatePolicyError`).
        self.by_name.entry(planned.rule.name.clone()).or_insert(id);
        self.rules.push(planned);
    }

    /// `oslo_policy.policy.Enforcer.load_rules`: a rule of a file replaces the default.
    fn add_defaults(&mut self, builder: &Builder, files: &[(String, FileRule)]) {
        let by_name: HashMap<&str, &(String, FileRule)> =
            files.iter().map(|rule| (rule.1.name.as_str(), rule)).collect();
        for default in &builder.defaults {
            let planned = match by_name.get(default.name.as_ref()) {
                Some((file, rule)) => Planned::from_file(file, rule.clone(), default, None),
                None => default_rule(default, &by_name, builder.new_defaults_only),
            };
            self.push(planned);
        }
    }

    /// Adds what only files have.
    fn add_files(&mut self, files: Vec<(String, FileRule)>) {
        for (file, rule) in files {
            if !self.by_name.contains_key(&rule.name) {
                let unscoped =
                    PolicyRule { name: rule.name.clone().into(), ..PolicyRule::new("", "") };
                self.push(Planned::from_file(&file, rule, &unscoped, None));
            }
        }
    }
}

/// A default that no file replaces (`Enforcer._handle_deprecated_rule`).
fn default_rule(
    default: &PolicyRule,
    files: &HashMap<&str, &(String, FileRule)>,
    new_defaults_only: bool,
) -> Planned {
    let mut problems = Vec::new();
    let expression = parse(&default.check, &mut problems);
    let mut planned = Planned {
        rule: Rule {
            name: default.name.to_string(),
            check: default.check.to_string(),
            scope_types: default.scope_types.to_vec(),
            source: RuleSource::Default,
        },
        expression,
        deprecated: None,
        problems,
    };
    let Some(deprecated) = &default.deprecated else { return planned };
    let before = parse(&deprecated.check, &mut Vec::new());
    // An override under the old name holds, unless it is the old default, or the reference to the
    // new name that sample files have.
    if deprecated.name != default.name
        && let Some((file, rule)) = files.get(deprecated.name.as_ref())
        && rule.expression != before
        && rule.expression.to_string() != format!("rule:{}", default.name)
    {
        let under = Some(deprecated.name.to_string());
        return Planned::from_file(file, rule.clone(), default, under);
    }
    if !new_defaults_only && deprecated.check != default.check {
        planned.rule.check = format!("{} or {}", planned.expression, before);
        planned.rule.source = RuleSource::DefaultOrDeprecated;
        planned.deprecated = Some(before);
    }
    planned
}

impl Planned {
    /// Takes the check of a file, and the scopes of the default.
    fn from_file(file: &str, rule: FileRule, default: &PolicyRule, under: Option<String>) -> Self {
        // What is wrong is reported under the name that the file has.
        let problems = if under.is_some() { Vec::new() } else { rule.problems };
        Self {
            rule: Rule {
                name: default.name.to_string(),
                check: rule.text,
                scope_types: default.scope_types.to_vec(),
                source: RuleSource::File { file: file.to_owned(), line: rule.line, under },
            },
            expression: rule.expression,
            deprecated: None,
            problems,
        }
    }

    /// Looks for rules and attributes of the caller that do not exist.
    fn references(
        &self,
        service: &str,
        dialect: Dialect,
        rules: &HashMap<String, RuleId>,
        problems: &mut Vec<Problem>,
    ) {
        let mut look = |kind: &str, value: &str| {
            if kind == "rule" {
                if !rules.contains_key(value) {
                    problems.push(known::undefined(value, rules));
                }
            } else if !dialect.kinds().contains(&kind)
                && let Left::Path(keys) = Left::read(kind)
                && !known::has(service, &keys)
            {
                problems.push(known::unknown(service, kind, value, dialect.kinds()));
            }
        };
        self.expression.each_check(&mut look);
        if let Some(deprecated) = &self.deprecated {
            deprecated.each_check(&mut look);
        }
    }

    /// Adds diagnostics: errors for what a file says, and warnings for the defaults.
    fn report(&self, service: &str, problems: Vec<Problem>, found: &mut Vec<Diagnostic>) {
        let name = &self.rule.name;
        found.extend(problems.into_iter().map(|problem| match &self.rule.source {
            RuleSource::File { file, line, .. } => {
                diagnostic(file, Some(*line), name, Severity::Error, problem)
            }
            RuleSource::Default | RuleSource::DefaultOrDeprecated => {
                let file = format!("the defaults of {service}");
                diagnostic(&file, None, name, Severity::Warning, problem)
            }
        }));
    }
}
