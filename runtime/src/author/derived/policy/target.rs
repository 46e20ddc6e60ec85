//! What a service's rules look at: the attributes of the resource that a request is about.
//!
//! They are what the resource said of itself when it was made, and for an owner that it does not
//! tell to everyone, the identity that made it. Where nothing is there yet, most services ask their
//! rules about the caller's own project.

use serde_json::{Map, Value, json};
use squall_model::Method;
use squall_model::description::Sender;
use squall_model::kind::{OwnedBy, text_of};
use squall_records::TargetOwner;

use super::answer::Unlisted;
use super::persona::Acting;
use super::plan::PolicyCase;
use crate::described::{Filled, FilledBody, How, Instance, Ready};

/// What a request is about.
pub(super) struct Subject<'a> {
    case: &'a PolicyCase,
    target: Option<&'a Instance>,
    ready: &'a Ready,
    /// The request as it is sent, but for its name.
    filled: Filled,
    /// The member that made what a project has.
    maker: &'a Acting,
}

/// Who a resource belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) project: Option<String>,
    pub(super) user: Option<String>,
}

impl<'a> Subject<'a> {
    pub(super) fn new(
        case: &'a PolicyCase,
        target: Option<&'a Instance>,
        ready: &'a Ready,
        maker: &'a Acting,
    ) -> Self {
        Self { case, target, ready, filled: ready.filled("squall"), maker }
    }

    /// Returns the attributes that the rules of the service see, for a caller.
    pub(super) fn attributes(&self, caller: &Acting) -> Value {
        match self.case.spec.name {
            "compute" => self.of_compute(caller),
            "network" => self.of_network(caller),
            "image" => self.of_image(caller),
            "identity" => self.of_identity(caller),
            "placement" => json!({ "project_id": self.query("project_id") }),
            _ => self.of_project(caller),
        }
    }

    /// Returns whose the resource is.
    pub(super) fn owner(&self, caller: &Acting) -> TargetOwner {
        let Some(Owner { project, user }) = self.named().and_then(|one| self.owner_of(one)) else {
            return TargetOwner::Cloud;
        };
        let is_own = match (project, user) {
            (Some(project), _) => caller.project.as_ref() == Some(&project),
            (None, Some(user)) => caller.user == user,
            (None, None) => return TargetOwner::Cloud,
        };
        if is_own { TargetOwner::Own } else { TargetOwner::Other }
    }

    /// Whether the resource is a user's own, addressed by a name among the caller's.
    pub(super) fn is_private(&self) -> bool {
        self.named().is_some_and(|one| one.resource().kind.private)
    }

    /// Returns the pointer to a list, and the id of the item that it is about.
    pub(super) fn item(&self) -> Option<(&'static str, String)> {
        let target = self.target?;
        let operation = self.case.operation;
        let lists = operation.method == Method::Get && operation.verb().starts_with("list");
        lists.then(|| (target.resource().collection, id_of(target)))
    }

    /// Returns what it means that the list which is asked for lacks an item: network leaves out
    /// what the caller may not see, and hides what is in a resource that the caller may not see.
    pub(super) fn unlisted(&self) -> Option<Unlisted> {
        let lists = self.case.spec.name == "network" && self.case.operation.verb() == "list";
        let is_nested = !self.filled.path().is_empty();
        lists.then_some(if is_nested { Unlisted::InHidden } else { Unlisted::LeftOut })
    }

    /// Whether the request refers to what another project has.
    pub(super) fn refers_to_others(&self, caller: &Acting) -> bool {
        let owners = self.reached().into_iter().filter_map(|one| self.owner_of(one)?.project);
        owners.into_iter().any(|project| caller.project.as_ref() != Some(&project))
    }

    /// Returns the object in the body, and the objects in it.
    pub(super) fn body(&self) -> Option<&Map<String, Value>> {
        match &self.filled.body {
            FilledBody::Json(Value::Object(body)) if body.len() == 1 => {
                body.values().next()?.as_object().or(Some(body))
            }
            FilledBody::Json(Value::Object(body)) => Some(body),
            FilledBody::Json(_) | FilledBody::None | FilledBody::Text(..) => None,
        }
    }

    /// Returns the resource that the path names: the target, or what it is in.
    pub(super) fn named(&self) -> Option<&Instance> {
        let names = |one: &&Instance| {
            let id = id_of(one);
            !id.is_empty() && self.filled.path().iter().any(|(_, value)| *value == id)
        };
        let target = self.target.filter(names);
        target.or_else(|| self.reached().into_iter().find(names))
    }

    /// Returns every resource that the request refers to.
    fn reached(&self) -> Vec<&Instance> {
        let of_request = self.ready.refers().iter().map(|(_, one)| one);
        let roots = self.target.into_iter().chain(of_request);
        roots.flat_map(|one| std::iter::once(one).chain(one.reached())).collect()
    }

    /// Returns who a resource belongs to: as it says, or who made it.
    pub(super) fn owner_of(&self, instance: &Instance) -> Option<Owner> {
        let object = instance.object();
        let text = |keys: &[&str]| keys.iter().find_map(|key| text_of(object.get(*key)?));
        let project = text(&[
            "project_id",
            "tenant_id",
            "owner",
            "os-vol-tenant-attr:tenant_id",
            "os-extended-snapshot-attributes:project_id",
            "os-backup-project-attr:project_id",
        ])
        .filter(|project| !project.is_empty());
        let user = text(&["user_id"]);
        let resource = instance.resource();
        let by_member = resource.creating().is_some_and(|request| request.by == Sender::Member);
        let whole = match resource.within.and_then(|kind| {
            instance.reached().into_iter().find(|one| one.resource().kind.name == kind)
        }) {
            Some(whole) => self.owner_of(whole),
            None => None,
        };
        let maker = || match resource.kind.owner {
            OwnedBy::Project if by_member => Some(Owner {
                project: self.maker.project.clone(),
                user: Some(self.maker.user.clone()),
            }),
            OwnedBy::User if by_member => {
                Some(Owner { project: None, user: Some(self.maker.user.clone()) })
            }
            _ => None,
        };
        if project.is_some() {
            let user = user.or_else(|| maker().and_then(|owner| owner.user));
            return Some(Owner { project, user });
        }
        whole.or_else(maker)
    }

    /// Nova asks about the instance's project and user, and otherwise about the caller's
    /// (nova 34.0.0, `nova.context.RequestContext.can`).
    fn of_compute(&self, caller: &Acting) -> Value {
        let operation = self.case.operation;
        match operation.resource() {
            "keypairs" => return json!({ "user_id": caller.user }),
            "quota_sets" | "simple_tenant_usages" => {
                let project = self.path("project_id").or_else(|| self.path("tenant_id"));
                return json!({ "project_id": project });
            }
            _ => {}
        }
        self.of_project(caller)
    }

    /// The owner of the resource in the path, or the caller.
    fn of_project(&self, caller: &Acting) -> Value {
        // Cinder asks who accepts a transfer about the caller alone
        // (`cinder.transfer.api.API.accept`).
        let is_own =
            matches!(self.case.operation.resource(), "volume_transfers" | "os_volume_transfers")
                && self.case.operation.verb() == "accept";
        let owner = self.named().filter(|_| !is_own).and_then(|one| self.owner_of(one));
        let owner = owner.filter(|owner| owner.project.is_some()).unwrap_or_else(|| Owner {
            project: caller.project.clone(),
            user: Some(caller.user.clone()),
        });
        json!({
            "project_id": owner.project,
            "user_id": owner.user,
            "domain_id": caller.domain,
        })
    }

    /// Neutron asks about the resource as its plugin has it, with the attributes that the request
    /// changes; of one that is created, about the body (neutron 29.0.0,
    /// `neutron.pecan_wsgi.hooks.policy_enforcement.PolicyHook`).
    fn of_network(&self, caller: &Acting) -> Value {
        let mut attributes = Map::new();
        let own = |one: &&Instance| one.resource().kind.name.starts_with("network.");
        let resource = self.target.filter(own).filter(|_| !self.creates());
        if let Some(resource) = resource {
            if let Value::Object(object) = resource.object() {
                attributes.extend(object);
            }
            let owner = self.owner_of(resource).and_then(|owner| owner.project);
            if let Some(project) = owner {
                attributes.insert("project_id".to_owned(), json!(project));
            }
        } else {
            let caller = json!(caller.project);
            attributes.insert("project_id".to_owned(), caller);
        }
        if self.case.operation.method != Method::Get
            && let Some(body) = self.body()
        {
            attributes.extend(body.clone());
        }
        if let Some(project) = attributes.get("project_id").or_else(|| attributes.get("tenant_id"))
        {
            let project = project.clone();
            attributes.insert("tenant_id".to_owned(), project.clone());
            attributes.insert("project_id".to_owned(), project);
        }
        // What the owner checks look up: the resources that this one refers to.
        for one in self.reached() {
            let Some(kind) = one.resource().kind.name.strip_prefix("network.") else { continue };
            let Some(project) = self.owner_of(one).and_then(|owner| owner.project) else {
                continue;
            };
            let is_parent = self.filled.path().iter().any(|(_, value)| value == one.id());
            if is_parent && self.target.is_none_or(|target| target.id() != one.id()) {
                for field in ["project_id", "tenant_id"] {
                    attributes.insert(format!("ext_parent:{field}"), json!(project));
                }
            }
            for field in ["project_id", "tenant_id"] {
                attributes.entry(format!("{kind}:{field}")).or_insert_with(|| json!(project));
            }
        }
        Value::Object(attributes)
    }

    /// Whether the request makes what it is about.
    fn creates(&self) -> bool {
        match self.case.how {
            How::Creates(_) => true,
            How::Standard(..) | How::Called(_) => {
                self.case.operation.method == Method::Post
                    && self.case.operation.verb().starts_with("create")
                    && self.named().is_none()
            }
        }
    }

    /// Glance asks about the image, and of one that is created about the request (glance 33.0.0,
    /// `glance.api.v2.policy.ImageAPIPolicy`).
    fn of_image(&self, caller: &Acting) -> Value {
        let is_image = |one: &&Instance| one.resource().kind.name == "image.image";
        let image = self.reached().into_iter().find(is_image);
        let names = self.case.operation.path.contains('{');
        let Some(image) = image.filter(|_| names) else {
            let of_namespace = self.reached().into_iter().filter(|_| names).find_map(|one| {
                let object = one.object();
                Some((text_of(object.get("owner")?)?, text_of(object.get("visibility")?)?))
            });
            let (owner, visibility) =
                of_namespace.map_or((None, None), |(owner, visible)| (Some(owner), Some(visible)));
            let owner = owner.or_else(|| caller.project.clone());
            let visibility = visibility.unwrap_or_else(|| "private".to_owned());
            return json!({ "project_id": owner, "owner": owner, "visibility": visibility });
        };
        let mut attributes = match image.object() {
            Value::Object(object) => object,
            _ => Map::new(),
        };
        let owner = self.owner_of(image).and_then(|owner| owner.project);
        attributes.insert("owner".to_owned(), json!(owner));
        attributes.insert("project_id".to_owned(), json!(owner));
        // `glance.api.v2.policy.MemberAPIPolicy` adds who the image is shared with.
        let member =
            self.reached().into_iter().find_map(|one| text_of(one.object().get("member_id")?));
        attributes.insert("member_id".to_owned(), json!(member));
        Value::Object(attributes)
    }

    /// Keystone asks about what the path names, each under its own name below `target`; of what is
    /// created, about the body; of a list, about the domain of the caller's token (keystone 30.0.0,
    /// `keystone.common.rbac_enforcer.enforcer.RBACEnforcer.enforce_call`, and its callers).
    fn of_identity(&self, caller: &Acting) -> Value {
        let mut target = Map::new();
        let mut all = Map::new();
        let operation = self.case.operation;
        for (name, value) in self.filled.path() {
            all.insert((*name).to_owned(), json!(value));
            let Some(entity) = name.strip_suffix("_id") else { continue };
            let found = self.reached().into_iter().find(|one| one.id() == value);
            let mut object = match found.map(Instance::object) {
                Some(Value::Object(object)) => object,
                _ => Map::new(),
            };
            // Limits are created in a list.
            let first = object.get(&format!("{entity}s")).and_then(|all| all.get(0)).cloned();
            if let Some(Value::Object(first)) = first {
                object = first;
            }
            object.insert("id".to_owned(), json!(value));
            if *value == self.maker.user || Some(value) == self.maker.project.as_ref() {
                object.insert("domain_id".to_owned(), json!(self.maker.user_domain));
            }
            target.insert(entity.to_owned(), Value::Object(object));
        }
        let names = !self.filled.path().is_empty();
        if self.creates() {
            if let FilledBody::Json(Value::Object(body)) = &self.filled.body {
                for (name, value) in body.iter().filter(|(_, value)| value.is_object()) {
                    target.entry(name).or_insert_with(|| value.clone());
                }
            }
        } else if names {
            let object = self.target.map(Instance::object);
            let name = self.target.and_then(|one| one.resource().kind.name.split_once('.'));
            if let (Some(Value::Object(object)), Some((_, name))) = (object, name) {
                target.entry(name).or_insert(Value::Object(object));
            }
        } else if let Some(domain) = &caller.domain {
            for (entity, field) in
                [("domain", "id"), ("group", "domain_id"), ("project", "domain_id")]
            {
                target.insert(entity.to_owned(), json!({ field: domain }));
            }
            target.insert("domain_id".to_owned(), json!(domain));
        }
        // A limit is a project's or a domain's (`keystone.api.limits`).
        if let Some(Value::Object(limit)) = target.get_mut("limit") {
            if limit.get("project_id").is_some_and(|project| !project.is_null()) {
                let domain = json!({ "domain_id": self.maker.user_domain });
                limit.insert("project".to_owned(), domain);
            } else if let Some(domain) = limit.get("domain_id").cloned() {
                limit.insert("domain".to_owned(), json!({ "id": domain }));
            }
        }
        match operation.resource() {
            "auth_tokens" => {
                let token = json!({ "user_id": self.maker.user });
                target.insert("token".to_owned(), token);
            }
            // `keystone.api.credentials.CredentialsResource.get`.
            "credentials" if !names && !self.creates() && !caller.is_system() => {
                let own = json!({ "user_id": caller.user });
                target.insert("credential".to_owned(), own);
            }
            _ => {}
        }
        all.insert("target".to_owned(), Value::Object(target));
        Value::Object(all)
    }

    fn path(&self, name: &str) -> Option<String> {
        let path = self.filled.path().iter();
        path.filter(|(held, _)| *held == name).map(|(_, value)| value.clone()).next()
    }

    fn query(&self, name: &str) -> Option<&str> {
        let query = self.filled.query.iter();
        query.filter(|(held, _)| held == name).map(|(_, value)| value.as_str()).next()
    }
}

/// Returns the id of a resource; of a change, that of its object.
fn id_of(instance: &Instance) -> String {
    let object = instance.object();
    let id = object.pointer(instance.resource().id).and_then(text_of);
    id.unwrap_or_else(|| instance.id().to_owned())
}
