//! What a described service does for each operation, decided once: a standard behaviour, a
//! handler, or nothing.

use std::collections::HashMap;

use squall_model::description::{Description, How, Resource, ResourceOrigin, Sender};

use super::request::{Handler, Verb};
use super::service::DescribedService;

/// What is done for each operation, by its id.
#[derive(Debug)]
pub(super) struct Plan(HashMap<&'static str, Task>);

/// What is done for one operation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task {
    /// What is done without a handler, if that is known.
    pub(super) verb: Option<Verb>,
    pub(super) resource: Option<&'static Resource>,
    pub(super) handler: Option<Handler>,
    /// Who sends it according to the description: what an administrator sends is refused to
    /// others.
    pub(super) sender: Sender,
}

impl Task {
    const NOTHING: Self =
        Self { verb: None, resource: None, handler: None, sender: Sender::Member };

    /// Whether the service has nothing to do for it.
    pub(super) fn is_missing(&self) -> bool {
        self.verb.is_none() && self.handler.is_none()
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
    let (group, name) = id.rsplit_once('.').unwrap_or(("", id));
    let of_group = || description.resources.iter().find(|resource| resource.group == group);
    // What has a call of its own may be a standard operation all the same.
    let of = |resource: Option<&'static Resource>, sender| Task {
        verb: resource.filter(|one| one.group == group).and_then(|_| verb(name)),
        resource,
        handler: None,
        sender,
    };
    match description.how(id) {
        Some(How::Creates(resource)) => Task {
            verb: matches!(resource.origin, ResourceOrigin::Created(_)).then_some(Verb::Create),
            ..of(Some(resource), resource.creating().map_or(Sender::Member, |made| made.by))
        },
        Some(How::Standard(resource, request)) => {
            Task { verb: verb(name), ..of(Some(resource), request.by) }
        }
        Some(How::Called(call)) => {
            let on = call.on.and_then(|kind| description.resource(kind));
            of(on.or_else(of_group), call.request.by)
        }
        None => of(of_group(), Sender::Member),
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

#[cfg(test)]
mod tests {
    use squall_model::Kind;
    use squall_model::description::{DescribedCall, DescribedRequest};

    use super::*;

    static LOGO: Kind = Kind::new("rocketry.logo");
    static DECAL: Kind = Kind::new("rocketry.decal");

    const fn by_admin(operation: &'static str) -> DescribedRequest {
        DescribedRequest { by: Sender::Admin, ..DescribedRequest::new(operation) }
    }

    const fn logo(kind: &'static Kind, standard: &'static [DescribedRequest]) -> Resource {
        Resource {
            kind,
            group: "rocketry.stickers",
            object: "",
            collection: "",
            id: "/id",
            origin: ResourceOrigin::Existing { list: "rocketry.stickers.list", fields: &[] },
            within: None,
            fresh: false,
            standard,
        }
    }

    static SHARED: Description = Description {
        resources: &[
            logo(&LOGO, &[]),
            Resource {
                origin: ResourceOrigin::Changed(by_admin("rocketry.stickers.paint")),
                ..logo(&DECAL, &[by_admin("rocketry.stickers.show")])
            },
        ],
        calls: &[DescribedCall {
            on: Some("rocketry.decal"),
            ..DescribedCall::new(by_admin("rocketry.stickers.update"))
        }],
        conditions: &[],
        unreachable: &[],
    };

    #[test]
    fn an_operation_is_what_its_own_request_says() {
        let found = |name: &str| {
            let id: &'static str = format!("rocketry.stickers.{name}").leak();
            let task = task(&SHARED, id);
            (task.verb, task.resource.map(|one| one.kind.name), task.sender)
        };
        let decal = Some("rocketry.decal");
        assert_eq!(found("show"), (Some(Verb::Show), decal, Sender::Admin));
        assert_eq!(found("update"), (Some(Verb::Update), decal, Sender::Admin));
        assert_eq!(found("paint"), (None, decal, Sender::Admin));
        let logo = Some("rocketry.logo");
        assert_eq!(found("list"), (Some(Verb::List), logo, Sender::Member), "none has its request");
    }
}
