//! Who sees what: the resources that a request's caller may address, and those that its path
//! leads through.

use squall_model::description::Resource;
use squall_model::kind::OwnedBy;

use super::answer::ServiceFault;
use super::request::ServiceRequest;
use super::store::{Item, ItemStore, Serial};
use crate::policy::Owner;

impl ServiceRequest<'_> {
    /// Returns the resource that the path addresses.
    ///
    /// # Errors
    /// There is none, or the caller may not see it: 404. The description does not say which
    /// resource it is: 501.
    pub fn target<'s>(&self, store: &'s ItemStore) -> Result<&'s Item, ServiceFault> {
        let (resource, serial) = self.locate(store)?;
        store.at(resource.kind.name, serial).ok_or_else(|| absent(resource, ""))
    }

    /// Returns the resource that the path addresses, to change it.
    ///
    /// # Errors
    /// As for [`target`](Self::target).
    pub fn target_mut<'s>(&self, store: &'s mut ItemStore) -> Result<&'s mut Item, ServiceFault> {
        let (resource, serial) = self.locate(store)?;
        store.at_mut(resource.kind.name, serial).ok_or_else(|| absent(resource, ""))
    }

    /// Finds the resource that the path addresses, and those that it leads through.
    pub(super) fn locate(
        &self,
        store: &ItemStore,
    ) -> Result<(&'static Resource, Serial), ServiceFault> {
        let resource = self.resource()?;
        self.check_parents(store)?;
        // One without a parameter of its own is the only one at its path.
        let id = self.path(resource.kind.id_param).unwrap_or_default();
        let found = self.find(store, resource, id);
        found.map(|serial| (resource, serial)).ok_or_else(|| absent(resource, id))
    }

    /// Checks that the caller may see the resources that the path leads through.
    pub(super) fn check_parents(&self, store: &ItemStore) -> Result<(), ServiceFault> {
        let own = self.resource.map_or("", |resource| resource.kind.id_param);
        for (parameter, id) in self.parameters().filter(|(parameter, _)| *parameter != own) {
            let path = &self.context.operation.path;
            let Some(parent) = self.addresses.addressed(path, parameter) else { continue };
            if self.find(store, parent, id).is_none() {
                return Err(absent(parent, id));
            }
        }
        Ok(())
    }

    /// Finds a resource by its id, if it is on the request's path and the caller sees it.
    fn find(&self, store: &ItemStore, resource: &Resource, id: &str) -> Option<Serial> {
        store.serial(resource.kind.name, id, |item| {
            self.is_on_path(item) && self.may_address(resource, item)
        })
    }

    /// Whether an item belongs to the resources that the path leads through.
    pub(super) fn is_on_path(&self, item: &Item) -> bool {
        item.parents().all(|(parameter, id)| self.path(parameter).is_none_or(|given| given == id))
    }

    /// Asks the policy rules of the operation: of the resource that the path addresses, which is
    /// found first, or of the caller's own project.
    pub(super) fn ask(&self, store: &ItemStore) -> Result<(), ServiceFault> {
        let addresses_one = self.resource.is_some_and(|resource| {
            let own = resource.kind.id_param;
            !own.is_empty() && self.path(own).is_some()
        });
        let item = if addresses_one { Some(self.target(store)?) } else { None };
        let owner = match (item, self.resource.map(|resource| resource.kind.owner)) {
            (Some(item), Some(OwnedBy::User)) => item.owner().map(Owner::user),
            (Some(item), _) => item.owner().map(Owner::project),
            (None, _) => None,
        };
        let owner = owner.unwrap_or_else(|| Owner::caller(self.context));
        Ok(self.context.ask_gates(&owner)?)
    }

    /// Whether an item is the caller's own, or everyone's.
    pub(super) fn is_ours(&self, item: &Item) -> bool {
        item.owner().is_none_or(|owner| owner == self.project() || owner == self.user())
    }

    /// Whether the caller may address an item.
    fn may_address(&self, resource: &Resource, item: &Item) -> bool {
        self.is_ours(item) || self.is_admin() && !resource.kind.private
    }

    /// Returns who owns what this request creates; `None` if it is everyone's.
    pub(super) fn owner(&self, resource: &Resource) -> Result<Option<String>, ServiceFault> {
        let owner = match resource.kind.owner {
            OwnedBy::Project => self.project(),
            OwnedBy::User => self.user(),
            OwnedBy::Domain | OwnedBy::System => return Ok(None),
        };
        if owner.is_empty() {
            let what = name_of(resource);
            return Err(ServiceFault::forbidden(format!(
                "A {what} belongs to a project, and the token is for none."
            )));
        }
        Ok(Some(owner.to_owned()))
    }
}

/// Returns the name of a resource in messages.
pub(super) fn name_of(resource: &Resource) -> String {
    let name = resource.kind.name;
    name.split_once('.').map_or(name, |(_, name)| name).replace('_', " ")
}

fn absent(resource: &Resource, id: &str) -> ServiceFault {
    ServiceFault::not_found(format!("The {} {id} could not be found.", name_of(resource)))
}
