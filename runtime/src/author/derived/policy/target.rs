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

use super::persona::Acting;
use super::plan::PolicyCase;
use crate::described::{FilledBody, Instance, Ready};

/// What a request is about.
pub(super) struct Subject<'a> {
    case: &'a PolicyCase,
    target: Option<&'a Instance>,
    ready: &'a Ready,
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
        Self { case, target, ready, maker }
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

    /// Returns the pointer to a list, and the id of the item, where a service leaves out of it what
    /// the caller may not see: network does for every resource.
    pub(super) fn listed(&self) -> Option<(&'static str, String)> {
        let target = self.target?;
        let lists = self.case.spec.name == "network"
            && self.case.operation.method == Method::Get
            && self.case.operation.verb() == "list";
        lists.then(|| (target.resource().collection, target.id().to_owned()))
    }

    /// Returns the resource that the path names: the target, or what it is in.
    pub(super) fn named(&self) -> Option<&Instance> {
        let names = |one: &&Instance| {
            !one.id().is_empty() && self.ready.path().iter().any(|(_, value)| value == one.id())
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
            "quota_sets" => {
                let project = self.path("project_id").or_else(|| self.path("tenant_id"));
                return json!({ "project_id": project });
            }
            _ => {}
        }
        self.of_project(caller)
    }

    /// The owner of the resource in the path, or the caller.
    fn of_project(&self, caller: &Acting) -> Value {
        let owner = self.named().and_then(|one| self.owner_of(one));
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
            && let FilledBody::Json(Value::Object(body)) = self.ready.filled("squall").body
        {
            for part in body.into_values() {
                if let Value::Object(part) = part {
                    attributes.extend(part);
                }
            }
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
            let is_parent = self.ready.path().iter().any(|(_, value)| value == one.id());
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
        self.case.operation.method == Method::Post && self.case.operation.verb() == "create"
    }

    /// Glance asks about the image, and of one that is created about the request (glance 33.0.0,
    /// `glance.api.v2.policy.ImageAPIPolicy`).
    fn of_image(&self, caller: &Acting) -> Value {
        let is_image = |one: &&Instance| one.resource().kind.name == "image.image";
        let image = self.reached().into_iter().find(is_image);
        let Some(image) = image.filter(|_| self.case.operation.path.contains('{')) else {
            let of_namespace = self.reached().into_iter().find_map(|one| {
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
        Value::Object(attributes)
    }

    /// Keystone asks about what the path names, each under its own name below `target`; of what is
    /// created, about the body (keystone 30.0.0,
    /// `keystone.common.rbac_enforcer.enforcer.RBACEnforcer.enforce_call`).
    fn of_identity(&self, caller: &Acting) -> Value {
        let mut target = Map::new();
        let mut all = Map::new();
        for (name, value) in self.ready.path() {
            all.insert((*name).to_owned(), json!(value));
            let Some(entity) = name.strip_suffix("_id") else { continue };
            let found = self.reached().into_iter().find(|one| one.id() == value);
            let mut object = match found.map(Instance::object) {
                Some(Value::Object(object)) => object,
                _ => Map::new(),
            };
            object.insert("id".to_owned(), json!(value));
            if *value == self.maker.user || Some(value) == self.maker.project.as_ref() {
                object.insert("domain_id".to_owned(), json!(self.maker.user_domain));
            }
            object.entry("domain_id").or_insert(Value::Null);
            target.insert(entity.to_owned(), Value::Object(object));
        }
        if let FilledBody::Json(Value::Object(body)) = self.ready.filled("squall").body
            && self.creates()
        {
            for (name, value) in body {
                if let Value::Object(mut object) = value {
                    object.entry("domain_id").or_insert_with(|| json!(domain_of(caller)));
                    target.insert(name, Value::Object(object));
                }
            }
        }
        if !self.creates() {
            let object = self.target.map(Instance::object);
            let name = self.target.and_then(|one| one.resource().kind.name.split_once('.'));
            if let (Some(Value::Object(object)), Some((_, name))) = (object, name)
                && self.case.operation.path_parameters().next().is_some()
            {
                target.entry(name).or_insert(Value::Object(object));
            }
        }
        if let Some(domain) = &caller.domain {
            target.insert("domain_id".to_owned(), json!(domain));
        }
        all.insert("target".to_owned(), Value::Object(target));
        Value::Object(all)
    }

    fn path(&self, name: &str) -> Option<String> {
        let path = self.ready.path().iter();
        path.filter(|(held, _)| *held == name).map(|(_, value)| value.clone()).next()
    }

    fn query(&self, name: &str) -> Option<String> {
        let query = self.ready.filled("squall").query;
        query.into_iter().find(|(held, _)| held == name).map(|(_, value)| value)
    }
}

/// The domain of what a caller makes without naming one.
fn domain_of(caller: &Acting) -> Option<String> {
    caller.domain.clone().or_else(|| caller.user_domain.clone())
}
