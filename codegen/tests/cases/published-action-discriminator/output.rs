// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use squall_client::record;

record! {
    /// What `widget.widgets.paint` takes.
    pub struct WidgetPaint {
        pub color: Option<String> = "color",
    }
}

record! {
    /// What `widget.widgets.paint` answers.
    pub struct WidgetPaintResponse {
        pub job: Option<String> = "job",
    }
}

record! {
    /// What `widget.widgets.stop` takes.
    pub struct WidgetStop {
        /// Since 2.5.
        pub hard: Option<bool> = "hard",
    }
}

// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use std::fmt::Display;

use squall_client::{Call, Json, ServiceClient, codec::Encode, decode, model::ServiceSpec};

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
    /// Calls `widget.widgets.paint`.
    ///
    /// `POST /widgets/{id}/action`, action `os-paint`. Takes a [`types::WidgetPaint`] or JSON.
    pub fn paint(&self, id: impl Display, body: impl Encode) -> Call<types::WidgetPaintResponse> {
        self.0.call(&table::WIDGETS_PAINT, decode::json).path("id", id).body(Some("os-paint"), body)
    }

    /// Calls `widget.widgets.stop`.
    ///
    /// `POST /widgets/{id}/action`, action `stop`. Takes a [`types::WidgetStop`] or JSON.
    pub fn stop(&self, id: impl Display, body: impl Encode) -> Call<Json> {
        self.0.call(&table::WIDGETS_STOP, decode::json).path("id", id).body(Some("stop"), body)
    }
}

// service widget widget 2.1..2.20 from -
// operation widget.widgets.paint POST /widgets/{id}/action os-paint
// status widget.widgets.paint 200
// takes widget.widgets.paint WidgetPaint under "os-paint"
// answers widget.widgets.paint WidgetPaintResponse
// schema widget.widgets.paint:response 33961cfeb3ee9b15
// schema widget.widgets.paint:request 10c100dd1f2608a2
// operation widget.widgets.stop POST /widgets/{id}/action stop
// status widget.widgets.stop 200
// takes widget.widgets.stop Option<WidgetStop> under "stop"
// answers widget.widgets.stop unknown
// schema widget.widgets.stop:request fca015483e655dc0 changes at 2.1 2.5
// type WidgetPaint
// field WidgetPaint.color Option<String> "color"
// type WidgetPaintResponse
// field WidgetPaintResponse.job Option<String> "job"
// type WidgetStop
// field WidgetStop.hard Option<bool> "hard" 2.5..
