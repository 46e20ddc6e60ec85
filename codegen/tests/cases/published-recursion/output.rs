// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use squall_client::{Json, record};

record! {
    /// What `widget.nodes.list` answers.
    pub struct Node {
        pub id: Option<String> = "id",
        pub children: Option<Vec<Json>> = "children",
    }
}

record! {
    /// What `widget.trees.list` answers.
    pub struct Tree {
        pub color: Option<String> = "color",
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

    /// Gives the operations on `nodes`.
    pub fn nodes(&self) -> Nodes<'_> {
        Nodes(&self.0)
    }

    /// Gives the operations on `trees`.
    pub fn trees(&self) -> Trees<'_> {
        Trees(&self.0)
    }
}

/// The operations on `nodes`.
#[derive(Debug, Clone, Copy)]
pub struct Nodes<'a>(&'a ServiceClient);

impl Nodes<'_> {
    /// Calls `widget.nodes.list`.
    ///
    /// `GET /nodes`.
    pub fn list(&self) -> Call<types::Node> {
        self.0.call(&table::NODES_LIST, decode::json)
    }
}

/// The operations on `trees`.
#[derive(Debug, Clone, Copy)]
pub struct Trees<'a>(&'a ServiceClient);

impl Trees<'_> {
    /// Calls `widget.trees.list`.
    ///
    /// `GET /trees`.
    pub fn list(&self) -> Call<Vec<types::Tree>> {
        self.0.call(&table::TREES_LIST, decode::json).envelope("leaves")
    }
}

// service widget widget  from -
// operation widget.nodes.list GET /nodes
// status widget.nodes.list 200
// takes widget.nodes.list nothing
// answers widget.nodes.list Node
// schema widget.nodes.list:response 20a013405aef07f7
// operation widget.trees.list GET /trees
// status widget.trees.list 200
// takes widget.trees.list nothing
// answers widget.trees.list Vec<Tree> under "leaves"
// schema widget.trees.list:response d4602eac0b9543d4
// type Node
// field Node.id Option<String> "id"
// field Node.children Option<Vec<Json>> "children"
// type Tree
// field Tree.color Option<String> "color"
