// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use std::collections::BTreeMap;

use squall_client::{Json, record};

record! {
    /// What `widget.widgets.list` answers.
    pub struct Widget {
        pub a: Option<String> = "a",
        pub b: Option<i64> = "b",
        pub c: Option<Json> = "c",
        pub d: Option<BTreeMap<String, Json>> = "d",
        pub e: Option<String> = "e",
    }
}

// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

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
    /// Calls `widget.widgets.list`.
    ///
    /// `GET /widgets`.
    pub fn list(&self) -> Call<types::Widget> {
        self.0.call(&table::WIDGETS_LIST, decode::json)
    }
}

// service widget widget 2.3..2.20 from -
// operation widget.widgets.list GET /widgets
// status widget.widgets.list 200
// takes widget.widgets.list nothing
// answers widget.widgets.list Widget
// schema widget.widgets.list:response ee5223b60528930d
// type Widget
// field Widget.a Option<String> "a"
// field Widget.b Option<i64> "b"
// field Widget.c Option<Json> "c"
// field Widget.d Option<BTreeMap<String, Json>> "d"
// field Widget.e Option<String> "e"
