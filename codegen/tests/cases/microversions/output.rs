// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use std::collections::BTreeMap;

use squall_client::{Json, codec::Nullable, record};

record! {
    /// What `widget.widgets.create`, `widget.widgets.list` and `widget.widgets.show` answer.
    pub struct Widget {
        pub id: String = "id",
        pub name: String = "name",
        /// Since 2.3.
        pub color: Option<String> = "OS-EXT-W:color",
        pub labels: Option<BTreeMap<String, String>> = "labels",
        pub parts: Option<Vec<WidgetPart>> = "parts",
        pub size: Option<Json> = "size",
        pub type_: Option<String> = "type",
    }
}

record! {
    /// What `widget.widgets.create` takes.
    pub struct WidgetCreate {
        pub name: String = "name",
        /// Since 2.3.
        pub color: Option<Nullable<String>> = "color",
        /// Until 2.8.
        pub size: Option<i64> = "size",
    }
}

record! {
    /// `parts` of [`Widget`].
    pub struct WidgetPart {
        pub href: String = "href",
    }
}

// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use std::fmt::Display;

use squall_client::{Call, ServiceClient, codec::Encode, decode, model::ServiceSpec};

use crate::{table, types};

/// Widgets.
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
    /// Creates a widget.
    ///
    /// `POST /widgets`. Takes a [`types::WidgetCreate`] or JSON. `body_field` adds `os:hints`.
    pub fn create(&self, body: impl Encode) -> Call<types::Widget> {
        self.0
            .call(&table::WIDGETS_CREATE, decode::json)
            .body(Some("widget"), body)
            .envelope("widget")
    }

    /// Calls `widget.widgets.delete`.
    ///
    /// `DELETE /widgets/{widget_id}`. From 2.2 to 2.9.
    pub fn delete(&self, widget_id: impl Display) -> Call<()> {
        self.0.call(&table::WIDGETS_DELETE, decode::nothing).path("widget_id", widget_id)
    }

    /// Lists widgets.
    ///
    /// `GET /widgets`.
    pub fn list(&self) -> Call<Vec<types::Widget>> {
        self.0.call(&table::WIDGETS_LIST, decode::json).envelope("widgets")
    }

    /// Shows a widget.
    ///
    /// `GET /widgets/{widget_id}`.
    pub fn show(&self, widget_id: impl Display) -> Call<types::Widget> {
        self.0
            .call(&table::WIDGETS_SHOW, decode::json)
            .path("widget_id", widget_id)
            .envelope("widget")
    }
}

// service widget widget/v2 2.1..2.20 from widgets 1.0.0
// operation widget.widgets.create POST /widgets
// status widget.widgets.create 202
// takes widget.widgets.create WidgetCreate under "widget"
// answers widget.widgets.create Widget under "widget"
// schema widget.widgets.create:response 7758d66157ea7c2a changes at 2.3 2.9
// schema widget.widgets.create:request 77d76740ed6097da changes at 2.3 2.9
// operation widget.widgets.delete DELETE /widgets/{widget_id} 2.2..2.9
// status widget.widgets.delete 204
// takes widget.widgets.delete nothing
// answers widget.widgets.delete nothing
// operation widget.widgets.list GET /widgets
// status widget.widgets.list 200
// takes widget.widgets.list nothing
// answers widget.widgets.list Vec<Widget> under "widgets"
// policies widget.widgets.list widget:list widget:list:all
// query widget.widgets.list?color
// query widget.widgets.list?limit
// query widget.widgets.list?marker
// schema widget.widgets.list:response b5784fb0ded0345a
// schema widget.widgets.list:request 1400b1cbcd9cfd8b changes at 2.10
// operation widget.widgets.show GET /widgets/{widget_id}
// status widget.widgets.show 200
// takes widget.widgets.show nothing
// answers widget.widgets.show Widget under "widget"
// schema widget.widgets.show:response fa7f7c6987b3f908 changes at 2.3 2.9
// type Widget
// field Widget.id String "id"
// field Widget.name String "name"
// field Widget.color Option<String> "OS-EXT-W:color" 2.3..
// field Widget.labels Option<BTreeMap<String, String>> "labels"
// field Widget.parts Option<Vec<WidgetPart>> "parts"
// field Widget.size Option<Json> "size"
// field Widget.type_ Option<String> "type"
// type WidgetCreate
// field WidgetCreate.name String "name"
// field WidgetCreate.color Option<Nullable<String>> "color" 2.3..
// field WidgetCreate.size Option<i64> "size" ..2.8
// type WidgetPart
// field WidgetPart.href String "href"
