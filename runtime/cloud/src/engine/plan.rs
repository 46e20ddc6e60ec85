//! What a described service does for each operation, decided once: a standard behaviour, a
//! handler, or nothing.

use std::collections::HashMap;

use squall_model::description::{DescribedRequest, Description, Resource, ResourceOrigin, Sender};

use super::request::{Handler, Verb};
use super::service::DescribedService;

/// What is done for each operation, by its id.
#[derive(Debug)]
pub(super) struct Plan(HashMap<&'static str, Task>);

/// What is done for one operation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task {
    pub(super) verb: Verb,
    pub(super) resource: Option<&'static Resource>,
    pub(super) handler: Option<Handler>,
    /// Who sends it according to the description: what an administrator sends is refused to
    /// others.
    pub(super) sender: Sender,
}

impl Task {
    const NOTHING: Self =
        Self { verb: Verb::Other, resource: None, handler: None, sender: Sender::Member };

    /// Whether the service has nothing to do for it.
    pub(super) fn is_missing(&self) -> bool {
        self.verb == Verb::Other && self.handler.is_none()
    }
}

impl Plan {
    pub(super) fn new(service: &DescribedService) -> Self {
        let description = service.description;
        let tasks = service.spec.operations.iter().map(|operation| {
            let id: &'static str = &operation.id;
            let handler = service.embedded.handlers.iter().find(|(other, _)| *other == id);
            (id, Task { handler: handler.map(|(_, handler)| *handler), ..task(description, id) })
        });
        Self(tasks.collect())
    }

    /// Returns what is done for an operation.
    pub(super) fn task(&self, id: &str) -> Task {
        self.0.get(id).copied().unwrap_or(Task::NOTHING)
    }
}

/// Returns what a description says of an operation.
fn task(description: &'static Description, id: &'static str) -> Task {
    let by = |request: Option<&DescribedRequest>| request.map_or(Sender::Member, |r| r.by);
    for resource in description.resources {
        let created = match &resource.origin {
            ResourceOrigin::Created(request) => Some(request),
            ResourceOrigin::Changed(_) | ResourceOrigin::Existing { .. } => None,
        };
        let of = |verb, request| Task {
            verb,
            resource: Some(resource),
            handler: None,
            sender: by(request),
        };
        if let Some(request) = created.filter(|request| request.operation == id) {
            return of(Verb::Create, Some(request));
        }
        let Some((group, name)) = id.rsplit_once('.') else { continue };
        if group == resource.group
            && let Some(verb) = verb(name)
        {
            return of(verb, resource.standard(name));
        }
    }
    let call = description.call(id);
    let on = call.and_then(|call| description.resource(call.on?));
    let of_group = || {
        let (group, _) = id.rsplit_once('.')?;
        description.resources.iter().find(|resource| resource.group == group)
    };
    Task {
        verb: Verb::Other,
        resource: on.or_else(of_group),
        handler: None,
        sender: by(call.map(|call| &call.request)),
    }
}

fn verb(name: &str) -> Option<Verb> {
    Some(match name {
        "list" | "list_detail" => Verb::List,
        "show" => Verb::Show,
        "check" => Verb::Check,
        "update" => Verb::Update,
        "delete" => Verb::Delete,
        _ => return None,
    })
}
