//! Compiles expressions into checks that are evaluated without parsing or allocating.

use regex::Regex;

use crate::syntax::{Expression, Left, Problem, Template, shown};

/// A check of a [`Program`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeId(u32);

/// A rule of a policy; only of the one that it is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub(crate) u32);

/// The compiled checks of all rules of a policy.
#[derive(Debug, Default)]
pub(crate) struct Program {
    nodes: Vec<Node>,
    /// The check of each rule.
    roots: Vec<NodeId>,
}

/// A compiled check.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    /// The check as it was written; empty for what joins others.
    pub(crate) text: Box<str>,
}

#[derive(Debug)]
pub(crate) enum NodeKind {
    Allow,
    Deny,
    /// The service fails on it: the reason.
    Fails(&'static str),
    Not(NodeId),
    All(Box<[NodeId]>),
    Any(Box<[NodeId]>),
    /// Another rule; `None` if it is not defined, which denies.
    Rule(Option<RuleId>),
    /// A role, in lower case if it has no attributes.
    Role(Template),
    Generic {
        left: Left,
        right: Template,
    },
    /// nova's check of its own flag.
    IsAdmin(bool),
    Owner(Owner),
    Field(Field),
    Remote(Template),
}

/// neutron's check of whose a resource is.
#[derive(Debug)]
pub(crate) struct Owner {
    /// The attribute of the credentials, `project_id` or `tenant_id`.
    pub(crate) kind: Box<str>,
    /// The attribute of the target, such as `project_id` or `network:project_id`.
    pub(crate) attribute: Box<str>,
}

/// neutron's check of an attribute of a resource.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) resource: Box<str>,
    pub(crate) name: Box<str>,
    pub(crate) wanted: Wanted,
}

#[derive(Debug)]
pub(crate) enum Wanted {
    /// A number or a boolean, which Python compares like 0 and 1.
    Number(f64),
    Text(Box<str>),
    /// `~^prefix`, which needs no regular expression.
    Prefix(Box<str>),
    Regex(Box<Regex>),
}

/// Which checks a service registers besides oslo.policy's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Plain,
    /// nova: `is_admin`.
    Compute,
    /// neutron: `project_id`, `tenant_id` and `field`.
    Network,
}

impl Dialect {
    pub(crate) fn of(service: &str) -> Self {
        match service {
            "compute" => Self::Compute,
            "network" => Self::Network,
            _ => Self::Plain,
        }
    }

    /// The kinds of checks that are not attributes of the credentials.
    pub(crate) fn kinds(self) -> &'static [&'static str] {
        match self {
            Self::Plain => &["rule", "role", "http", "https"],
            Self::Compute => &["rule", "role", "http", "https", "is_admin"],
            Self::Network => &["rule", "role", "http", "https", "field", "project_id", "tenant_id"],
        }
    }
}

impl Program {
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// Returns the check of a rule.
    pub(crate) fn root(&self, rule: RuleId) -> NodeId {
        self.roots[rule.0 as usize]
    }

    /// Makes a check that of the next rule.
    pub(crate) fn push_root(&mut self, node: NodeId) {
        self.roots.push(node);
    }

    /// Compiles an expression. `resolve` finds a rule by name.
    pub(crate) fn add(
        &mut self,
        expression: &Expression,
        dialect: Dialect,
        resolve: &dyn Fn(&str) -> Option<RuleId>,
        problems: &mut Vec<Problem>,
    ) -> NodeId {
        let mut text = String::new();
        let kind = match expression {
            Expression::True => NodeKind::Allow,
            Expression::False => NodeKind::Deny,
            Expression::Not(inner) => NodeKind::Not(self.add(inner, dialect, resolve, problems)),
            Expression::And(parts) => {
                NodeKind::All(self.add_all(parts, dialect, resolve, problems))
            }
            Expression::Or(parts) => NodeKind::Any(self.add_all(parts, dialect, resolve, problems)),
            Expression::Check { kind, value } => {
                text = format!("{kind}:{value}");
                check(kind, value, dialect, resolve, problems)
            }
        };
        self.push(kind, text)
    }

    fn add_all(
        &mut self,
        parts: &[Expression],
        dialect: Dialect,
        resolve: &dyn Fn(&str) -> Option<RuleId>,
        problems: &mut Vec<Problem>,
    ) -> Box<[NodeId]> {
        parts.iter().map(|part| self.add(part, dialect, resolve, problems)).collect()
    }

    /// Adds an alternative of two checks.
    pub(crate) fn either(&mut self, one: NodeId, other: NodeId) -> NodeId {
        self.push(NodeKind::Any([one, other].into()), String::new())
    }

    fn push(&mut self, kind: NodeKind, text: String) -> NodeId {
        self.nodes.push(Node { kind, text: text.into() });
        NodeId(u32::try_from(self.nodes.len() - 1).unwrap_or(u32::MAX))
    }

    /// Calls `take` with the rules that a check refers to.
    pub(crate) fn each_rule(&self, node: NodeId, take: &mut impl FnMut(RuleId)) {
        match &self.node(node).kind {
            NodeKind::Not(inner) => self.each_rule(*inner, take),
            NodeKind::All(parts) | NodeKind::Any(parts) => {
                parts.iter().for_each(|part| self.each_rule(*part, take));
            }
            NodeKind::Rule(Some(rule)) => take(*rule),
            _ => {}
        }
    }
}

fn check(
    kind: &str,
    value: &str,
    dialect: Dialect,
    resolve: &dyn Fn(&str) -> Option<RuleId>,
    problems: &mut Vec<Problem>,
) -> NodeKind {
    match (kind, dialect) {
        // Extensions come before what a service registers, which comes before what is generic:
        // `oslo_policy._parser._parse_check`.
        ("http" | "https", _) => {
            NodeKind::Remote(Template::read(&format!("{kind}:{value}"), problems))
        }
        ("rule", _) => NodeKind::Rule(resolve(value)),
        ("role", _) => {
            let template = Template::read(value, problems);
            NodeKind::Role(match template.literal() {
                Some(role) => Template::text(&role.to_lowercase()),
                None => template,
            })
        }
        ("is_admin", Dialect::Compute) => NodeKind::IsAdmin(value.eq_ignore_ascii_case("true")),
        ("project_id" | "tenant_id", Dialect::Network) => owner(kind, value, problems),
        ("field", Dialect::Network) => match field(value) {
            Ok(field) => NodeKind::Field(field),
            Err(problem) => {
                problems.push(problem);
                NodeKind::Fails("network cannot read this field check")
            }
        },
        _ => {
            let left = Left::read(kind);
            if left == Left::Unreadable {
                problems.push(Problem::new(
                    format!("`{}` is neither a literal nor the name of an attribute", shown(kind)),
                    "write an attribute of the caller such as `user_id` or `token.domain.id`, or a \
                     literal such as `'public'`, `True` or `None`; the service answers 500 to \
                     requests that reach this check",
                ));
            }
            NodeKind::Generic { left, right: Template::read(value, problems) }
        }
    }
}

/// neutron 29.0.0, `neutron.policy.OwnerCheck.__init__`.
fn owner(kind: &str, value: &str, problems: &mut Vec<Problem>) -> NodeKind {
    let field = value.strip_prefix("%(").and_then(|rest| rest.strip_suffix(")s"));
    if let Some(field) = field {
        return NodeKind::Owner(Owner { kind: kind.into(), attribute: field.into() });
    }
    problems.push(Problem::new(
        format!("`{kind}:{}` names no attribute of the target", shown(value)),
        format!(
            "write `{kind}:%(project_id)s`; network compares `{kind}` only with an attribute, and \
             does not start with this rule"
        ),
    ));
    NodeKind::Fails("network cannot read this owner check")
}

/// neutron 29.0.0, `neutron.policy.FieldCheck.__init__`.
fn field(value: &str) -> Result<Field, Problem> {
    let parts = value.split_once(':').and_then(|(resource, rest)| {
        let (name, wanted) = rest.split_once('=')?;
        Some((resource, name, wanted))
    });
    let (resource, name, wanted) = parts.ok_or_else(|| {
        Problem::new(
            format!("`field:{}` does not name a resource, a field and a value", shown(value)),
            "write `field:networks:shared=True`, or `field:port:device_owner=~^network:` with a \
             regular expression; network does not start with this rule",
        )
    })?;
    let wanted = if let Some(pattern) = wanted.strip_prefix('~') {
        wanted_by(pattern).ok_or_else(|| {
            Problem::new(
                format!("cannot read the regular expression `{}`", shown(pattern)),
                "simplify it: look-around and back references are not supported here",
            )
        })?
    } else if BOOLEANS.contains(&(resource, name)) {
        Wanted::Number(boolean(wanted).map(f64::from).ok_or_else(|| {
            Problem::new(
                format!("`{}` is not a boolean, which `{name}` of {resource} is", shown(wanted)),
                "write `True` or `False`; network does not start with this rule",
            )
        })?)
    } else if INTEGERS.contains(&(resource, name)) {
        Wanted::Number(wanted.trim().parse::<i32>().map(f64::from).map_err(|_| {
            Problem::new(
                format!("`{}` is not a number, which `{name}` of {resource} is", shown(wanted)),
                "write a whole number; network does not start with this rule",
            )
        })?)
    } else {
        Wanted::Text(wanted.into())
    };
    Ok(Field { resource: resource.into(), name: name.into(), wanted })
}

/// Reads a pattern that has to match at the beginning, as Python's `re.match`.
fn wanted_by(pattern: &str) -> Option<Wanted> {
    let plain = pattern.strip_prefix('^').unwrap_or(pattern);
    if plain.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-' | '/')) {
        return Some(Wanted::Prefix(plain.into()));
    }
    Regex::new(&format!("^(?:{pattern})")).ok().map(|regex| Wanted::Regex(Box::new(regex)))
}

/// neutron-lib 5.0.1, `neutron_lib.api.converters.convert_to_boolean`.
fn boolean(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "1" | "t" | "on" | "y" | "yes" => Some(true),
        "false" | "0" | "f" | "off" | "n" | "no" => Some(false),
        _ => None,
    }
}

/// The attributes whose values `FieldCheck` converts: `convert_to_boolean` in the attribute maps of
/// neutron-lib 5.0.1 and neutron 29.0.0, with all extensions. A server reads its rules after it
/// loaded these (neutron 29.0.0, the end of `neutron.pecan_wsgi.startup.initialize_all`).
const BOOLEANS: &[(&str, &str)] = &[
    ("address_groups", "shared"),
    ("address_scopes", "shared"),
    ("agents", "admin_state_up"),
    ("flavors", "enabled"),
    ("logs", "enabled"),
    ("metering_label_rules", "excluded"),
    ("metering_labels", "shared"),
    ("network_segment_ranges", "default"),
    ("network_segment_ranges", "shared"),
    ("networks", "admin_state_up"),
    ("networks", "ha"),
    ("networks", "is_default"),
    ("networks", "port_security_enabled"),
    ("networks", "router:external"),
    ("networks", "shared"),
    ("policies", "is_default"),
    ("policies", "shared"),
    ("ports", "admin_state_up"),
    ("ports", "port_security_enabled"),
    ("ports", "propagate_uplink_status"),
    ("ports", "trusted"),
    ("routers", "admin_state_up"),
    ("routers", "distributed"),
    ("routers", "enable_ndp_proxy"),
    ("routers", "ha"),
    ("security_group_rules", "belongs_to_default_sg"),
    ("security_groups", "shared"),
    ("security_groups", "stateful"),
    ("subnetpools", "is_default"),
    ("subnetpools", "shared"),
    ("subnets", "dns_publish_fixed_ip"),
    ("subnets", "enable_dhcp"),
    ("subnets", "router:external"),
    ("subnets", "shared"),
    ("trunks", "admin_state_up"),
];

/// As [`BOOLEANS`], for `convert_to_int`.
const INTEGERS: &[(&str, &str)] = &[
    ("address_scopes", "ip_version"),
    ("network_segment_ranges", "maximum"),
    ("network_segment_ranges", "minimum"),
    ("networks", "mtu"),
    ("networks", "provider:segmentation_id"),
    ("segments", "segmentation_id"),
    ("subnetpools", "default_prefixlen"),
    ("subnetpools", "default_quota"),
    ("subnetpools", "max_prefixlen"),
    ("subnetpools", "min_prefixlen"),
    ("subnets", "ip_version"),
    ("subnets", "prefixlen"),
];
