// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use std::collections::BTreeMap;

use squall_client::{Json, record};

record! {
    /// What `widget.widgets.list` answers.
    pub struct Widget {
        pub cond: Option<BTreeMap<String, Json>> = "cond",
        pub kind: Option<String> = "kind",
        pub labels: Option<BTreeMap<String, String>> = "labels",
        pub pair: Option<Vec<Json>> = "pair",
        pub properties: Option<WidgetProperty> = "properties",
        pub type_: Option<String> = "type",
        pub weight: Option<f64> = "weight",
    }
}

record! {
    /// `properties` of [`Widget`].
    pub struct WidgetProperty {
        pub items: Option<String> = "items",
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

// service widget widget  from -
// operation widget.widgets.list GET /widgets
// status widget.widgets.list 200
// takes widget.widgets.list nothing
// answers widget.widgets.list Widget
// schema widget.widgets.list:response 341abbd57b2493c4
// type Widget
// field Widget.cond Option<BTreeMap<String, Json>> "cond"
// field Widget.kind Option<String> "kind"
// field Widget.labels Option<BTreeMap<String, String>> "labels"
// field Widget.pair Option<Vec<Json>> "pair"
// field Widget.properties Option<WidgetProperty> "properties"
// field Widget.type_ Option<String> "type"
// field Widget.weight Option<f64> "weight"
// type WidgetProperty
// field WidgetProperty.items Option<String> "items"
