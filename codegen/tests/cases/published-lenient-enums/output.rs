// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use squall_client::record;

record! {
    /// What `widget.widgets.create` takes.
    pub struct WidgetCreate {
        pub count: Option<i64> = "count",
        pub on: bool = "on",
    }
}

// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use squall_client::{Call, ServiceClient, codec::Encode, decode, model::ServiceSpec};

use crate::table;

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
    /// Calls `widget.widgets.create`.
    ///
    /// `POST /widgets`. Takes a [`crate::types::WidgetCreate`] or JSON.
    pub fn create(&self, body: impl Encode) -> Call<()> {
        self.0.call(&table::WIDGETS_CREATE, decode::nothing).body(None, body)
    }
}

// service widget widget  from -
// operation widget.widgets.create POST /widgets
// status widget.widgets.create 204
// takes widget.widgets.create WidgetCreate
// answers widget.widgets.create nothing
// schema widget.widgets.create:request 17886c438d92629c
// type WidgetCreate
// field WidgetCreate.count Option<i64> "count"
// field WidgetCreate.on bool "on"
