//! Which resource a parameter of a path addresses: two resources may call theirs the same.

use std::collections::HashMap;

use squall_model::ServiceSpec;
use squall_model::description::{Description, Resource};

/// The resources of a service by the paths that address them.
#[derive(Debug)]
pub(super) struct Addresses {
    description: &'static Description,
    /// By a path that ends with the parameter of the resource.
    by_path: HashMap<&'static str, &'static Resource>,
    /// The paths of the requests that create resources, by kind.
    creating: HashMap<&'static str, &'static str>,
}

impl Addresses {
    pub(super) fn new(spec: &'static ServiceSpec, description: &'static Description) -> Self {
        let (mut by_path, mut creating) = (HashMap::new(), HashMap::new());
        for resource in description.resources {
            let end = parameter(resource.kind.id_param);
            let made = resource.creating().map(|request| request.operation);
            for operation in spec.operations {
                let (id, path) = (operation.id.as_ref(), operation.path.as_ref());
                let is_made = made == Some(id);
                if is_made {
                    creating.insert(resource.kind.name, path);
                }
                let is_its = is_made
                    || id.rsplit_once('.').is_some_and(|(group, _)| group == resource.group)
                    || resource.standard.iter().any(|request| request.operation == id);
                if is_its && path.ends_with(&end) {
                    by_path.entry(path).or_insert(resource);
                }
            }
        }
        Self { description, by_path, creating }
    }

    /// Returns the resource that a parameter addresses in a path.
    pub(super) fn addressed(&self, path: &str, name: &str) -> Option<&'static Resource> {
        let end = parameter(name);
        let address = &path[..path.find(&end)? + end.len()];
        self.by_path.get(address).copied().or_else(|| {
            // No operation of it says where it is: it is known by its parameter alone.
            let is_placed = |one: &Resource| self.by_path.values().any(|p| std::ptr::eq(*p, one));
            let mut all = self.description.resources.iter();
            all.find(|one| one.kind.id_param == name && !is_placed(one))
        })
    }

    /// Returns the resources of which some may belong to one of another: its parameter is in the
    /// path of the request that creates them, and means it there.
    pub(super) fn parts(&self, whole: &Resource) -> impl Iterator<Item = &'static Resource> {
        self.description.resources.iter().filter(|part| {
            let path = self.creating.get(part.kind.name);
            path.is_none_or(|path| {
                let addressed = self.addressed(path, whole.kind.id_param);
                addressed.is_some_and(|one| std::ptr::eq(one, whole))
            })
        })
    }
}

fn parameter(name: &str) -> String {
    format!("/{{{name}}}")
}
