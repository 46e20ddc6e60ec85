// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use squall_client::{codec::Nullable, record};

record! {
    /// What `widget.widgets.create` answers.
    pub struct Widget {
        pub id: Option<String> = "id",
    }
}

record! {
    /// What `widget.widgets.create` takes.
    pub struct WidgetCreate {
        pub name: String = "name",
        /// Since 2.10.
        pub color: Option<Nullable<String>> = "color",
    }
}

// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use squall_client::{Call, ServiceClient, codec::Encode, decode, model::ServiceSpec};

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
    /// Calls `widget.widgets.create`.
    ///
    /// `POST /widgets`. Takes a [`types::WidgetCreate`] or JSON.
    pub fn create(&self, body: impl Encode) -> Call<types::Widget> {
        self.0
            .call(&table::WIDGETS_CREATE, decode::json)
            .body(Some("widget"), body)
            .envelope("widget")
    }
}

// service widget widget/v2 2.3..2.20 from -
// operation widget.widgets.create POST /widgets
// status widget.widgets.create 201
// takes widget.widgets.create WidgetCreate under "widget"
// answers widget.widgets.create Widget under "widget"
// schema widget.widgets.create:response 0c21b4578769fe34
// schema widget.widgets.create:request 46cef9f9d921a258 changes at 2.10
// type Widget
// field Widget.id Option<String> "id"
// type WidgetCreate
// field WidgetCreate.name String "name"
// field WidgetCreate.color Option<Nullable<String>> "color" 2.10..
