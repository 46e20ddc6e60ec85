// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use squall_client::record;

record! {
    /// What `widget.objects.update` takes.
    pub struct ObjectUpdate {
        pub op: String = "op",
    }
}

// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use std::fmt::Display;

use squall_client::{Bytes, Call, Json, ServiceClient, codec::Encode, decode, model::ServiceSpec};

use crate::table;

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

    /// Gives the operations on `objects`.
    pub fn objects(&self) -> Objects<'_> {
        Objects(&self.0)
    }

    /// Gives the operations on `pages`.
    pub fn pages(&self) -> Pages<'_> {
        Pages(&self.0)
    }
}

/// The operations on `objects`.
#[derive(Debug, Clone, Copy)]
pub struct Objects<'a>(&'a ServiceClient);

impl Objects<'_> {
    /// Calls `widget.objects.copy`.
    ///
    /// `COPY /objects/{name}`.
    pub fn copy(&self, name: impl Display) -> Call<()> {
        self.0.call(&table::OBJECTS_COPY, decode::nothing).path("name", name)
    }

    /// Calls `widget.objects.create`.
    ///
    /// `PUT /objects/{name}`.
    pub fn create(&self, name: impl Display, body: impl Into<Bytes>) -> Call<()> {
        self.0
            .call(&table::OBJECTS_CREATE, decode::nothing)
            .path("name", name)
            .bytes(body, "application/octet-stream")
    }

    /// Calls `widget.objects.show`.
    ///
    /// `GET /objects/{name}`.
    pub fn show(&self, name: impl Display) -> Call<Bytes> {
        self.0.call(&table::OBJECTS_SHOW, decode::bytes).path("name", name)
    }

    /// Calls `widget.objects.update`.
    ///
    /// `PATCH /objects/{name}`. Takes a [`crate::types::ObjectUpdate`] or JSON.
    pub fn update(&self, name: impl Display, body: impl Encode) -> Call<Json> {
        self.0
            .call(&table::OBJECTS_UPDATE, decode::json)
            .path("name", name)
            .body(None, body)
            .header("content-type", "application/widgets-v2.1-json-patch")
    }
}

/// The operations on `pages`.
#[derive(Debug, Clone, Copy)]
pub struct Pages<'a>(&'a ServiceClient);

impl Pages<'_> {
    /// Calls `widget.pages.accept`.
    ///
    /// `POST /pages/{name}`.
    pub fn accept(&self, name: impl Display) -> Call<()> {
        self.0.call(&table::PAGES_ACCEPT, decode::nothing).path("name", name)
    }
}

// service widget widget/v2 2.1..2.20 from widgets 1.0.0
// operation widget.objects.copy COPY /objects/{name}
// status widget.objects.copy 201
// takes widget.objects.copy nothing
// answers widget.objects.copy nothing
// operation widget.objects.create PUT /objects/{name}
// status widget.objects.create 201
// takes widget.objects.create bytes application/octet-stream
// answers widget.objects.create nothing
// schema widget.objects.create:request d27f084658cde546
// operation widget.objects.show GET /objects/{name}
// status widget.objects.show 200
// takes widget.objects.show nothing
// answers widget.objects.show bytes */*
// schema widget.objects.show:response 031b9af62bbaee2e
// operation widget.objects.update PATCH /objects/{name}
// status widget.objects.update 200
// takes widget.objects.update Vec<ObjectUpdate>
// answers widget.objects.update unknown
// schema widget.objects.update:request 661c14b433ecd971
// operation widget.pages.accept POST /pages/{name}
// status widget.pages.accept 202
// takes widget.pages.accept nothing
// answers widget.pages.accept nothing
// schema widget.pages.accept:response c09f7c990ee71fc4
// type ObjectUpdate
// field ObjectUpdate.op String "op"
