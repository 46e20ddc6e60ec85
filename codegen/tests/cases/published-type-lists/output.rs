// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use squall_client::{Json, record};

record! {
    /// What `widget.widgets.show` answers.
    pub struct Widget {
        pub id: String = "id",
        pub name: Option<String> = "name",
        pub either: Option<String> = "either",
        pub one: Option<bool> = "one",
        pub only: Option<Json> = "only",
        pub ratio: Option<f64> = "ratio",
        pub size: Json = "size",
        pub state: Option<String> = "state",
    }
}

// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use std::fmt::Display;

use squall_client::{Call, ServiceClient, decode, model::ServiceSpec};

use crate::{table, types};

/// OpenStack Widget API.
#[derive(Debug, Clone)]
pub struct Widget(ServiceClient);

impl Widget {
    /// Its versions and operations.
    pub const SPEC: &'static ServiceSpec = &table::SPEC;

    /// Makes the client out of the one that does the work.
    pub fn new(client: ServiceClient) -> Self {
        Self(client)
    }

    /// Gives the client that does the work.
    pub fn client(&self) -> &ServiceClient {
        &self.0
    }

    /// Gives the operations on `widgets`.
    pub fn widgets(&self) -> Widgets<'_> {
        Widgets(&self.0)
    }
}

/// The operations on `widgets`.
#[derive(Debug, Clone, Copy)]
pub struct Widgets<'a>(&'a ServiceClient);

impl Widgets<'_> {
    /// Calls `widget.widgets.show`.
    ///
    /// `GET /widgets/{id}`.
    pub fn show(&self, id: impl Display) -> Call<types::Widget> {
        self.0.call(&table::WIDGETS_SHOW, decode::json).path("id", id)
    }
}

// service widget widget  from -
// operation widget.widgets.show GET /widgets/{id}
// status widget.widgets.show 200
// takes widget.widgets.show nothing
// answers widget.widgets.show Widget
// schema widget.widgets.show:response 7ff1a2d6aaeeb819
// type Widget
// field Widget.id String "id"
// field Widget.name Option<String> "name"
// field Widget.either Option<String> "either"
// field Widget.one Option<bool> "one"
// field Widget.only Option<Json> "only"
// field Widget.ratio Option<f64> "ratio"
// field Widget.size Json "size"
// field Widget.state Option<String> "state"
