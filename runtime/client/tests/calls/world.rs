//! A scripted cloud with compute, and an observer that keeps exchanges.

use std::sync::{Arc, Mutex};

use serde_json::json;
use squall_client::exchange::Exchange;
use squall_client::model::{
    BodySchema, Merged, Method, Microversion, Operation, OperationSchemas, ResponseSchema,
    VersionRange,
};
use squall_client::script::{Script, StillClock};
use squall_client::{
    Call, CallInfo, Json, Observer, Refusal, ServiceClient, ServiceDescription, Session, decode,
};

pub(crate) const SERVER: &str = "/compute/v2.1/servers/42";

/// Keeps every exchange, and refuses calls that carry a note `refuse`.
#[derive(Default)]
pub(crate) struct Journal(Mutex<Vec<Exchange>>);

impl Journal {
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.0.lock().unwrap().clone()
    }
}

impl Observer for Journal {
    fn before(&self, call: &CallInfo<'_>) -> Result<(), Refusal> {
        match call.note("refuse") {
            Some(why) => Err(Refusal::new(why).with_help("do not")),
            None => Ok(()),
        }
    }

    fn after(&self, exchange: Box<Exchange>) {
        self.0.lock().unwrap().push(*exchange);
    }
}

pub(crate) struct World {
    pub(crate) script: Script,
    pub(crate) clock: StillClock,
    pub(crate) journal: Arc<Journal>,
    pub(crate) session: Session,
}

/// A cloud with compute at 2.1 to 2.96.
pub(crate) fn world(script: Script) -> World {
    unsigned(script.signed_in(&[("compute", "http://cloud.test/compute/v2.1")]))
}

/// The same cloud, whose identity service does what the script says.
pub(crate) fn unsigned(script: Script) -> World {
    let script = script.answer(
        "GET",
        "/compute/v2.1/",
        200,
        json!({"version": {"id": "v2.1", "min_version": "2.1", "version": "2.96"}}),
    );
    let clock = StillClock::default();
    let journal = Arc::new(Journal::default());
    let session = script
        .builder()
        .clock(Arc::new(clock.clone()))
        .observer(journal.clone())
        .label("member")
        .build()
        .unwrap();
    World { script, clock, journal, session }
}

impl World {
    pub(crate) fn compute(&self) -> ServiceClient {
        self.session.service(ServiceDescription {
            name: "compute".into(),
            service_type: "compute".into(),
            version_path: "/v2.1".into(),
            versions: VersionRange::new(
                Some(Microversion::new(2, 1)),
                Some(Microversion::new(2, 104)),
            ),
        })
    }

    pub(crate) fn show(&self) -> Call<Json> {
        self.compute().call(Arc::new(show()), decode::json::<Json>).path("server_id", 42)
    }

    pub(crate) fn create(&self) -> Call<Json> {
        let create = Operation::new("compute.servers.create", Method::Post, "/servers", unknown());
        self.compute()
            .call(Arc::new(create), decode::json::<Json>)
            .body(Some("server"), json!({"name": "a", "adminPass": "hunter2"}))
    }

    pub(crate) fn last(&self) -> Exchange {
        self.journal.exchanges().pop().unwrap()
    }
}

pub(crate) fn unknown() -> OperationSchemas {
    OperationSchemas::default()
}

/// Shows a server, whose `tags` come with 2.26.
pub(crate) fn show() -> Operation {
    let schema = json!({
        "type": "object",
        "properties": {"server": {
            "type": "object",
            "properties": {
                "id": {"type": "string", "format": "uuid"},
                "ram": {"type": "integer"},
                "tags": {"type": "array", "x-openstack": {"min-ver": "2.26"}},
            },
            "required": ["id"],
            "additionalProperties": false,
        }},
        "required": ["server"],
    });
    let body =
        BodySchema::Described { media_type: "application/json".into(), schema: Merged(schema) };
    Operation::new(
        "compute.servers.show",
        Method::Get,
        "/servers/{server_id}",
        OperationSchemas {
            request: BodySchema::None,
            responses: vec![ResponseSchema::new(200, body)],
            ..Default::default()
        },
    )
}

pub(crate) const ID: &str = "5d1f3d1e-0b0f-4a36-9c3e-8d6f1a2b3c4d";

pub(crate) fn server(version: &'static str) -> Script {
    Script::new().answer_with(
        "GET",
        SERVER,
        200,
        &[("openstack-api-version", version), ("x-openstack-request-id", "req-1")],
        json!({"server": {"id": ID, "tags": []}}),
    )
}
