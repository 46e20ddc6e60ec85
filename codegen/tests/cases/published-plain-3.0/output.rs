// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use squall_client::record;

record! {
    /// What `widget.widgets.show` answers.
    pub struct Widget {
        pub id: String = "id",
        pub size: Option<i64> = "size",
    }
}

// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use std::fmt::Display;

use squall_client::{Call, ServiceClient, decode, model::ServiceSpec};

use crate::{table, types};

/// Widget Service.
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
// query widget.widgets.show?limit
// schema widget.widgets.show:response 6909c1b59a718c67
// schema widget.widgets.show:request 973a59d4a3d4f6ad
// type Widget
// field Widget.id String "id"
// field Widget.size Option<i64> "size"
