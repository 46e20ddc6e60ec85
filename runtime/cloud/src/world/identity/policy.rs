//! Which of keystone's rules a request has to pass, of what, and when.
//!
//! Keystone 30.0.0 asks before it looks for most resources, so that who may not ask learns nothing
//! of what exists: a rule that needs an attribute of something that does not exist fails. Some of
//! its controllers look first (`keystone.common.rbac_enforcer.enforcer`, which lets the 404 of a
//! target through).

use serde_json::Value as Json;
use squall_policy::{Target, Value};

use super::token::{Access, Scope};
use super::{State, groups, projects, roles, trusts, users};
use crate::document::{Document, text};
use crate::fault::Fault;
use crate::request::RequestContext;
use crate::world::World;

/// What a request is about, as the rules see it: `target.user.domain_id` and its like, and the
/// parameters of the path by their names.
struct Subject<'a> {
    context: &'a RequestContext,
    user: Option<&'a Document>,
    group: Option<&'a Document>,
    project: Option<&'a Document>,
    domain: Option<&'a Document>,
    role: Option<&'a Document>,
    credential: Option<&'a Document>,
    /// The users of a trust: who gives, and who gets.
    trust: Option<(Option<&'a str>, Option<&'a str>)>,
    /// The user of the token in `X-Subject-Token`.
    token: Option<&'a str>,
    /// Whose a resource is, where the path might lie.
    owner: Option<&'a str>,
    /// An attribute of what is listed, by its name after `target.`.
    listed: Option<(&'static str, &'a str)>,
}

impl<'a> Subject<'a> {
    fn new(context: &'a RequestContext) -> Self {
        Self {
            context,
            user: None,
            group: None,
            project: None,
            domain: None,
            role: None,
            credential: None,
            trust: None,
            token: None,
            owner: None,
            listed: None,
        }
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        let mut names = self.context.operation.path_parameters();
        let index = names.position(|parameter| parameter == name)?;
        self.context.parameters.get(index).map(String::as_str)
    }
}

impl Target for Subject<'_> {
    fn get(&self, name: &str) -> Option<Value<'_>> {
        let Some(path) = name.strip_prefix("target.") else {
            return match (name, self.owner) {
                ("user_id", Some(owner)) => Some(owner.into()),
                _ => self.parameter(name).map(Value::from),
            };
        };
        if let Some((_, value)) = self.listed.filter(|(listed, _)| *listed == path) {
            return Some(value.into());
        }
        let (kind, field) = path.split_once('.')?;
        let document = match (kind, field) {
            ("user", _) => self.user,
            ("group", _) => self.group,
            ("project", _) => self.project,
            ("domain", _) => self.domain,
            ("role", _) => self.role,
            ("credential", _) => self.credential,
            ("trust", "trustor_user_id") => return self.trust?.0.map(Value::from),
            ("trust", "trustee_user_id") => return self.trust?.1.map(Value::from),
            ("token", "user_id") => return self.token.map(Value::from),
            _ => None,
        };
        document?.get(field).map(Value::from)
    }
}

/// Asks the rules of a request.
pub(crate) fn ask(world: &World, context: &RequestContext) -> Result<(), Fault> {
    // Only what is open is reached without a token, and keystone asks nothing there.
    let Some(access) = &context.access else { return Ok(()) };
    let state = &world.identity;
    let mut subject = Subject::new(context);
    let (id, verb) = (context.id(), context.operation.verb());
    let own_domain = match &access.scope {
        Scope::Domain(id) => Some(id.as_str()),
        _ => None,
    };
    match context.operation.resource() {
        "users" | "projects" if verb == "list" => {
            subject.listed = own_domain.map(|domain| ("domain_id", domain));
        }
        "users" if verb == "create" => subject.user = body(context, "user"),
        "users" if verb == "change_password" => return Ok(()),
        "users" | "user_groups" | "user_projects" | "user_access_rules" => {
            subject.user = state.users.get(id);
        }
        "groups" if verb == "list" => {
            subject.listed = own_domain.map(|domain| ("group.domain_id", domain));
        }
        "groups" if verb == "create" => subject.group = body(context, "group"),
        "groups" if verb == "delete" => subject.group = Some(groups::find(state, id)?),
        "groups" => subject.group = state.groups.get(id),
        "group_users" => {
            subject.group = state.groups.get(id);
            subject.user = state.users.get(context.parameter(1));
        }
        "projects" if verb == "create" => subject.project = body(context, "project"),
        "projects" | "project_tags" => subject.project = state.projects.get(id),
        "domains" if verb == "list" => {
            subject.listed = own_domain.map(|domain| ("domain.id", domain));
        }
        "domains" if verb == "show" => subject.domain = state.domains.get(id),
        "domains" if verb != "create" => {
            subject.domain = Some(super::domains::find(world, id)?);
        }
        "roles" => return of_roles(state, context, subject),
        "role_assignments" => return of_assignments(state, context, subject, own_domain),
        "credentials" => return of_credentials(state, context, subject),
        "user_application_credentials" => {
            let found = state.application_credentials.get(context.parameter(1));
            subject.owner = found.map(|found| found.user_id.as_str());
        }
        "trusts" if verb == "list" => return of_trusts(context, subject),
        "trusts" if verb == "create" => {
            let given = body(context, "trust");
            let user = |key| given.and_then(|trust| trust.get(key)).and_then(Json::as_str);
            subject.trust = Some((user("trustor_user_id"), user("trustee_user_id")));
        }
        "trusts" | "trust_roles" => subject.trust = Some(trusts::find(world, context)?.users()),
        "auth_tokens" => return of_token(world, context, subject),
        resource if resource.ends_with("_roles") && context.path.contains("/roles") => {
            of_grant(state, context, &mut subject)?;
        }
        _ => {}
    }
    context.ask_gates(&subject)
}

/// Returns the resource in the body.
fn body<'a>(context: &'a RequestContext, key: &str) -> Option<&'a Document> {
    context.json.get(key).and_then(Json::as_object)
}

/// Asks for roles: those of a domain have rules of their own. One that does not exist is looked
/// for first.
fn of_roles<'a>(
    state: &'a State,
    context: &'a RequestContext,
    mut subject: Subject<'a>,
) -> Result<(), Fault> {
    let verb = context.operation.verb();
    let in_domain = match verb {
        "list" => context.query.get("domain_id").is_some_and(|domain| !domain.is_empty()),
        "create" => {
            subject.role = body(context, "role");
            subject.role.is_some_and(|role| !text(role, "domain_id").is_empty())
        }
        _ => {
            let role = roles::find(state, context.id())?;
            subject.role = Some(role);
            !text(role, "domain_id").is_empty()
        }
    };
    let rule = match (verb, in_domain) {
        ("list", false) => "identity:list_roles",
        ("list", true) => "identity:list_domain_roles",
        ("create", false) => "identity:create_role",
        ("create", true) => "identity:create_domain_role",
        ("show", false) => "identity:get_role",
        ("show", true) => "identity:get_domain_role",
        ("update", false) => "identity:update_role",
        ("update", true) => "identity:update_domain_role",
        (_, false) => "identity:delete_role",
        (_, true) => "identity:delete_domain_role",
    };
    context.ask(rule, &subject)
}

/// Looks for what a grant is made of, which has to exist before anything is asked; only who has
/// lost it need not, when it is taken back.
fn of_grant<'a>(
    state: &'a State,
    context: &'a RequestContext,
    subject: &mut Subject<'a>,
) -> Result<(), Fault> {
    let value = |name: &str| {
        let mut names = context.operation.path_parameters();
        names.position(|parameter| parameter == name).map(|index| context.parameter(index))
    };
    let revokes = context.operation.verb() == "remove";
    if let Some(id) = value("role_id") {
        subject.role = Some(roles::find(state, id)?);
    }
    match (value("user_id"), value("group_id")) {
        (Some(id), _) if revokes => subject.user = state.users.get(id),
        (Some(id), _) => subject.user = Some(users::find(state, id)?),
        (None, Some(id)) if revokes => subject.group = state.groups.get(id),
        (None, Some(id)) => subject.group = Some(groups::find(state, id)?),
        (None, None) => {}
    }
    if let Some(id) = value("domain_id") {
        let found = state.domains.get(id);
        subject.domain = Some(found.ok_or_else(|| super::resource::missing("domain", id))?);
    }
    if let Some(id) = value("project_id") {
        subject.project = Some(projects::find(state, id)?);
    }
    Ok(())
}

/// Asks for assignments, of a whole tree of projects where the query says so.
fn of_assignments<'a>(
    state: &'a State,
    context: &'a RequestContext,
    mut subject: Subject<'a>,
    own_domain: Option<&'a str>,
) -> Result<(), Fault> {
    if !context.query.flag("include_subtree") {
        subject.listed = own_domain.map(|domain| ("domain_id", domain));
        return context.ask("identity:list_role_assignments", &subject);
    }
    if let Some(id) = context.query.get("scope.project.id") {
        let project = projects::find(state, id)?;
        subject.project = Some(project);
        subject.listed = Some(("domain_id", text(project, "domain_id")));
    }
    context.ask("identity:list_role_assignments_for_tree", &subject)
}

/// Asks for credentials: of a list each is asked for again, see [`may_get_credential`].
fn of_credentials<'a>(
    state: &'a State,
    context: &'a RequestContext,
    mut subject: Subject<'a>,
) -> Result<(), Fault> {
    match context.operation.verb() {
        "list" => {
            let in_system = context.access.as_ref().is_some_and(|a| a.scope == Scope::System);
            subject.listed = (!in_system).then(|| ("credential.user_id", context.user()));
        }
        "create" => subject.credential = body(context, "credential"),
        _ => subject.credential = state.credentials.get(context.id()),
    }
    context.ask_gates(&subject)
}

/// Whether a credential is left in a list.
pub(crate) fn may_get_credential(credential: &Document, context: &RequestContext) -> bool {
    let subject = Subject { credential: Some(credential), ..Subject::new(context) };
    context.may("identity:get_credential", &subject)
}

/// Asks for a list of trusts, by the user that the query names.
fn of_trusts<'a>(context: &'a RequestContext, mut subject: Subject<'a>) -> Result<(), Fault> {
    let named = |key: &str| context.query.get(key).filter(|user| !user.is_empty());
    let (trustor, trustee) = (named("trustor_user_id"), named("trustee_user_id"));
    let rule = match (trustor, trustee) {
        (Some(_), _) => "identity:list_trusts_for_trustor",
        (None, Some(_)) => "identity:list_trusts_for_trustee",
        (None, None) => "identity:list_trusts",
    };
    subject.trust = Some((trustor, trustee.filter(|_| trustor.is_none())));
    context.ask(rule, &subject)
}

/// Asks about the token of another header, which has to be one.
fn of_token<'a>(
    world: &'a World,
    context: &'a RequestContext,
    mut subject: Subject<'a>,
) -> Result<(), Fault> {
    let rule = match (context.operation.verb(), context.is_head) {
        ("create", _) => return Ok(()),
        ("delete", _) => "identity:revoke_token",
        (_, true) => "identity:check_token",
        (_, false) => "identity:validate_token",
    };
    let found: Option<&Access> = match context.header("x-subject-token") {
        Some(id) => Some(super::auth::access_of(world, id)?),
        None => None,
    };
    subject.token = found.map(|access| access.user_id.as_str());
    context.ask(rule, &subject)
}

impl RequestContext {
    /// Whether a resource is in the domain that the token is for, if it is for one: all others
    /// are left out of lists (`keystone.api.users.UsersResource.get` and its like).
    pub(crate) fn lists_domain(&self, domain: &str) -> bool {
        match self.access.as_ref().map(|access| &access.scope) {
            Some(Scope::Domain(own)) => own == domain,
            _ => true,
        }
    }
}
