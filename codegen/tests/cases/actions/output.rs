// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use squall_client::record;

record! {
    /// What `widget.widgets.paint` takes.
    pub struct WidgetPaint {
        pub color: String = "color",
        pub gloss: Option<bool> = "gloss",
    }
}

record! {
    /// What `widget.widgets.reset` answers.
    pub struct WidgetResetResponse {
        /// Since 2.5.
        pub job: String = "job",
    }
}

// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use std::fmt::Display;

use squall_client::{Call, Json, ServiceClient, codec::Encode, decode, model::ServiceSpec};

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
    /// Calls `widget.widgets.mystery`.
    ///
    /// `POST /widgets/{widget_id}/action`, action `mystery`.
    pub fn mystery(&self, widget_id: impl Display, body: impl Encode) -> Call<Json> {
        self.0
            .call(&table::WIDGETS_MYSTERY, decode::json)
            .path("widget_id", widget_id)
            .body(Some("mystery"), body)
    }

    /// Paints a widget.
    ///
    /// `POST /widgets/{widget_id}/action`, action `os-paint`. Takes a [`types::WidgetPaint`] or
    /// JSON.
    pub fn paint(&self, widget_id: impl Display, body: impl Encode) -> Call<()> {
        self.0
            .call(&table::WIDGETS_PAINT, decode::nothing)
            .path("widget_id", widget_id)
            .body(Some("os-paint"), body)
    }

    /// Calls `widget.widgets.reset`.
    ///
    /// `POST /widgets/{widget_id}/action`, action `reset`.
    pub fn reset(&self, widget_id: impl Display) -> Call<Option<types::WidgetResetResponse>> {
        self.0
            .call(&table::WIDGETS_RESET, decode::json)
            .path("widget_id", widget_id)
            .body(Some("reset"), Json::Null)
    }
}

// service widget widget/v2 2.1..2.20 from widgets 1.0.0
// operation widget.widgets.mystery POST /widgets/{widget_id}/action mystery
// status widget.widgets.mystery 200
// takes widget.widgets.mystery unknown
// answers widget.widgets.mystery unknown
// operation widget.widgets.paint POST /widgets/{widget_id}/action os-paint
// status widget.widgets.paint 202
// takes widget.widgets.paint WidgetPaint under "os-paint"
// answers widget.widgets.paint nothing
// schema widget.widgets.paint:request 02910201f467098a
// operation widget.widgets.reset POST /widgets/{widget_id}/action reset
// status widget.widgets.reset 200 2.5.., 202 ..2.4
// takes widget.widgets.reset Json under "reset"
// answers widget.widgets.reset Option<WidgetResetResponse>
// schema widget.widgets.reset:response 2756b06ad91511de changes at 2.5
// schema widget.widgets.reset:request 0c4173d9fb332379
// type WidgetPaint
// field WidgetPaint.color String "color"
// field WidgetPaint.gloss Option<bool> "gloss"
// type WidgetResetResponse
// field WidgetResetResponse.job String "job" 2.5..
