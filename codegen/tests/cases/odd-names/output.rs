// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use std::collections::BTreeMap;

use squall_client::{Json, record};

record! {
    /// What `widget.client.clone` takes.
    pub struct ClientClone {
        pub string: Option<ClientCloneString> = "string",
        pub vec: Option<BTreeMap<String, Json>> = "vec",
    }
}

record! {
    /// `string` of [`ClientClone`].
    pub struct ClientCloneString {
        pub option: Option<String> = "option",
    }
}

record! {
    /// What `widget.self.match` answers.
    pub struct Self2 {
        pub nameless: Option<String> = "",
        pub _8021p: Option<i64> = "8021p",
        pub string: Option<String> = "String",
        pub a_size: Option<i64> = "a:size",
        pub access_ipv4: Option<String> = "accessIPv4",
        pub b_size: Option<i64> = "b:size",
        pub type_: Option<String> = "type",
    }
}

// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use std::fmt::Display;

use squall_client::{Call, ServiceClient, codec::Encode, decode, model::ServiceSpec};

use crate::{table, types};

/// Odd "names" &lt;b>.
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

    /// Gives the operations on `client`.
    pub fn client_(&self) -> Client<'_> {
        Client(&self.0)
    }

    /// Gives the operations on `self`.
    pub fn self_(&self) -> SelfGroup<'_> {
        SelfGroup(&self.0)
    }
}

/// The operations on `client`.
#[derive(Debug, Clone, Copy)]
pub struct Client<'a>(&'a ServiceClient);

impl Client<'_> {
    /// Calls `widget.client.clone`.
    ///
    /// `PUT /clients/{type}/{body}`. Takes a [`types::ClientClone`] or JSON.
    pub fn clone_(&self, type_: impl Display, body2: impl Display, body: impl Encode) -> Call<()> {
        self.0
            .call(&table::CLIENT_CLONE, decode::nothing)
            .path("type", type_)
            .path("body", body2)
            .body(None, body)
    }
}

/// The operations on `self`.
#[derive(Debug, Clone, Copy)]
pub struct SelfGroup<'a>(&'a ServiceClient);

impl SelfGroup<'_> {
    /// Calls `widget.self.match`.
    ///
    /// `GET /self`.
    pub fn match_(&self) -> Call<types::Self2> {
        self.0.call(&table::SELF_MATCH, decode::json).envelope("match")
    }
}

// service widget widget/v2 2.1..2.20 from widgets 1.0.0
// operation widget.client.clone PUT /clients/{type}/{body}
// status widget.client.clone 200
// takes widget.client.clone ClientClone
// answers widget.client.clone nothing
// schema widget.client.clone:request 0b578df15afc0fa9
// operation widget.self.match GET /self
// status widget.self.match 200
// takes widget.self.match nothing
// answers widget.self.match Self2 under "match"
// schema widget.self.match:response 35c89296bfff195e
// type ClientClone
// field ClientClone.string Option<ClientCloneString> "string"
// field ClientClone.vec Option<BTreeMap<String, Json>> "vec"
// type ClientCloneString
// field ClientCloneString.option Option<String> "option"
// type Self2
// field Self2.nameless Option<String> ""
// field Self2._8021p Option<i64> "8021p"
// field Self2.string Option<String> "String"
// field Self2.a_size Option<i64> "a:size"
// field Self2.access_ipv4 Option<String> "accessIPv4"
// field Self2.b_size Option<i64> "b:size"
// field Self2.type_ Option<String> "type"
