//! The identities that act as the personas: made once for all tests, as the admin.

use serde_json::json;
use squall_model::ScopeType;
use squall_policy::personas::{ALL, MEANINGLESS_ROLE, Persona};
use squall_policy::{self as policy, Caller};

use crate::client::auth::{Domain, Project, Scope, Token};
use crate::context::Actor;
use crate::kinds::identity::{DOMAIN_ROLE_ASSIGNMENT, SYSTEM_ROLE_ASSIGNMENT};
use crate::scenario::users::{self, UserLogin};
use crate::{Context, Failure, Result};

/// The persona that makes what the others are tried on.
pub(super) const MAKER: &str = "project-member";

/// A persona that can act: its identity is there.
#[derive(Debug, Clone)]
pub(super) struct Acting {
    pub(super) persona: Persona,
    actor: Actor,
    /// What its token says, without the secret.
    pub(super) caller: Caller,
    pub(super) user: String,
    pub(super) user_domain: Option<String>,
    pub(super) project: Option<String>,
    pub(super) domain: Option<String>,
    pub(super) roles: Vec<String>,
}

impl Acting {
    async fn new(persona: Persona, actor: Actor, home: &str) -> Result<Self> {
        let token = actor.session().token().await?;
        let Token { user, user_domain, project, domain, system, roles, .. } = &*token;
        let scope = match (project, domain) {
            (Some(project), _) => policy::Scope::Project {
                id: project.id.clone(),
                name: project.name.clone(),
                domain_id: home.to_owned(),
            },
            (None, Some(domain)) => {
                policy::Scope::Domain { id: domain.id.clone(), name: domain.name.clone() }
            }
            (None, None) if *system => policy::Scope::System,
            (None, None) => policy::Scope::Unscoped,
        };
        let caller = Caller {
            user_id: user.id.clone(),
            user_name: user.name.clone(),
            user_domain_id: user_domain.clone().unwrap_or_default(),
            scope,
            roles: roles.clone(),
            service_roles: Vec::new(),
        };
        Ok(Self {
            persona,
            caller,
            user: user.id.clone(),
            user_domain: user_domain.clone(),
            project: project.as_ref().map(|project| project.id.clone()),
            domain: domain.as_ref().map(|domain| domain.id.clone()),
            roles: roles.clone(),
            actor,
        })
    }

    /// Returns its identity, whose requests are evidence of a test.
    pub(super) fn in_test(&self, ctx: &Context) -> Actor {
        ctx.acting(&self.actor)
    }

    /// Whether its token is for the whole deployment.
    pub(super) fn is_system(&self) -> bool {
        self.caller.scope == policy::Scope::System
    }

    /// Whether it has a role.
    pub(super) fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|held| held == role)
    }
}

/// Makes an identity for each persona. Of one that cannot be made, the reason is returned: the
/// cloud has no such role, or the credential may not make identities.
///
/// # Errors
/// The project of the test's own identity cannot be shown.
pub(super) async fn all(ctx: &Context) -> Result<(Vec<Acting>, Vec<(Persona, String)>)> {
    let (mut acting, mut missing) = (Vec::new(), Vec::new());
    let maker = Maker::new(ctx).await?;
    for persona in ALL {
        match maker.make(persona).await {
            Ok(made) => acting.push(made),
            Err(failure) => missing.push((persona, failure.to_string())),
        }
    }
    Ok((acting, missing))
}

/// Makes identities in the projects of a context's identities.
struct Maker<'a> {
    ctx: &'a Context,
    own: String,
    other: String,
    domain: String,
    no_meaning: Result<String>,
}

impl<'a> Maker<'a> {
    async fn new(ctx: &'a Context) -> Result<Self> {
        let project = |actor: &Actor| {
            let id = actor.project_id().map(str::to_owned);
            id.ok_or_else(|| Failure::new(format!("{} has no project", actor.name())))
        };
        let own = project(ctx.actor())?;
        let other = project(ctx.identity_named("other")?)?;
        let shown = ctx.admin().identity().projects().show(&own).send().await?;
        let domain =
            shown.value.domain_id.ok_or_else(|| Failure::new("a project has no domain"))?;
        // Its name is unique, so that no rule can mention it.
        let made = ctx.create(ctx.admin().identity().roles().create(json!({}))).await;
        let no_meaning = made.map(|made| made.id).map_err(Failure::from);
        Ok(Self { ctx, own, other, domain, no_meaning })
    }

    async fn make(&self, persona: Persona) -> Result<Acting> {
        let ctx = self.ctx;
        // The members are there: what they create is what the others are tried on.
        match persona.name {
            MAKER => {
                return Acting::new(persona, ctx.actor().clone(), &self.domain).await;
            }
            "other-project-member" => {
                let other = ctx.identity_named("other")?.clone();
                return Acting::new(persona, other, &self.domain).await;
            }
            _ => {}
        }
        let role = match persona.role {
            MEANINGLESS_ROLE => self.no_meaning.clone()?,
            role => users::role(ctx, role).await?,
        };
        let user = users::create(ctx, json!({ "domain_id": self.domain })).await?;
        let scope = self.grant(persona, &user, &role).await?;
        let actor = ctx.log_in(persona.name, user.scoped(scope)).await?;
        Acting::new(persona, actor, &self.domain).await
    }

    async fn grant(&self, persona: Persona, user: &UserLogin, role: &str) -> Result<Scope> {
        let (ctx, user) = (self.ctx, user.id.as_str());
        let identity = ctx.admin().identity();
        let project = match persona.scope {
            ScopeType::Project if !persona.elsewhere => self.own.clone(),
            // Services have a project of their own.
            ScopeType::Project if persona.role == "service" => {
                users::project(ctx, json!({ "domain_id": self.domain })).await?
            }
            ScopeType::Project => self.other.clone(),
            ScopeType::Domain => {
                let call = identity.domain_user_roles().add(&self.domain, user, role);
                ctx.change(&DOMAIN_ROLE_ASSIGNMENT, call).await?;
                return Ok(Scope::Domain(Domain::Id(self.domain.clone())));
            }
            ScopeType::System => {
                let call = identity.system_user_roles().add(user, role);
                ctx.change(&SYSTEM_ROLE_ASSIGNMENT, call).await?;
                return Ok(Scope::System);
            }
        };
        users::grant(ctx, user, &project, role).await?;
        Ok(Scope::Project(Project::Id(project)))
    }
}
