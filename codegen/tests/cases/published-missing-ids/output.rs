// Made by squall-codegen from the spec of `identity`: edit the spec, not this file.

// Made by squall-codegen from the spec of `identity`: edit the spec, not this file.

use std::fmt::Display;

use squall_client::{Call, Json, ServiceClient, decode, model::ServiceSpec};

use crate::table;

/// OpenStack Identity API.
#[derive(Debug, Clone)]
pub struct Identity(ServiceClient);

impl Identity {
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

    /// Gives the operations on `protocols`.
    pub fn protocols(&self) -> Protocols<'_> {
        Protocols(&self.0)
    }

    /// Gives the operations on `user_keys`.
    pub fn user_keys(&self) -> UserKeys<'_> {
        UserKeys(&self.0)
    }

    /// Gives the operations on `users`.
    pub fn users(&self) -> Users<'_> {
        Users(&self.0)
    }
}

/// The operations on `protocols`.
#[derive(Debug, Clone, Copy)]
pub struct Protocols<'a>(&'a ServiceClient);

impl Protocols<'_> {
    /// Calls `identity.protocols.update`.
    ///
    /// `PUT /OS-FEDERATION/protocols/{id}`.
    pub fn update(&self, id: impl Display) -> Call<Json> {
        self.0.call(&table::PROTOCOLS_UPDATE, decode::json).path("id", id)
    }
}

/// The operations on `user_keys`.
#[derive(Debug, Clone, Copy)]
pub struct UserKeys<'a>(&'a ServiceClient);

impl UserKeys<'_> {
    /// Calls `identity.user_keys.list_detail`.
    ///
    /// `GET /users/{user_id}/os-keys/detail`.
    pub fn list_detail(&self, user_id: impl Display) -> Call<Json> {
        self.0.call(&table::USER_KEYS_LIST_DETAIL, decode::json).path("user_id", user_id)
    }

    /// Calls `identity.user_keys.show`.
    ///
    /// `GET /users/{user_id}/os-keys/{id}`.
    pub fn show(&self, user_id: impl Display, id: impl Display) -> Call<Json> {
        self.0.call(&table::USER_KEYS_SHOW, decode::json).path("user_id", user_id).path("id", id)
    }
}

/// The operations on `users`.
#[derive(Debug, Clone, Copy)]
pub struct Users<'a>(&'a ServiceClient);

impl Users<'_> {
    /// Calls `identity.users.check`.
    ///
    /// `HEAD /users/{user_id}`.
    pub fn check(&self, user_id: impl Display) -> Call<Json> {
        self.0.call(&table::USERS_CHECK, decode::json).path("user_id", user_id)
    }

    /// Calls `identity.users.create`.
    ///
    /// `POST /users`.
    pub fn create(&self) -> Call<Json> {
        self.0.call(&table::USERS_CREATE, decode::json)
    }

    /// Calls `identity.users.delete`.
    ///
    /// `DELETE /users/{user_id}`.
    pub fn delete(&self, user_id: impl Display) -> Call<Json> {
        self.0.call(&table::USERS_DELETE, decode::json).path("user_id", user_id)
    }

    /// Calls `identity.users.list`.
    ///
    /// `GET /users`.
    pub fn list(&self) -> Call<Json> {
        self.0.call(&table::USERS_LIST, decode::json)
    }

    /// Calls `identity.users.show`.
    ///
    /// `GET /users/{user_id}`.
    pub fn show(&self, user_id: impl Display) -> Call<Json> {
        self.0.call(&table::USERS_SHOW, decode::json).path("user_id", user_id)
    }
}

// service identity identity/v3  from -
// operation identity.protocols.update PUT /OS-FEDERATION/protocols/{id}
// status identity.protocols.update 200
// takes identity.protocols.update nothing
// answers identity.protocols.update unknown
// operation identity.user_keys.list_detail GET /users/{user_id}/os-keys/detail
// status identity.user_keys.list_detail 200
// takes identity.user_keys.list_detail nothing
// answers identity.user_keys.list_detail unknown
// operation identity.user_keys.show GET /users/{user_id}/os-keys/{id}
// status identity.user_keys.show 200
// takes identity.user_keys.show nothing
// answers identity.user_keys.show unknown
// operation identity.users.check HEAD /users/{user_id}
// status identity.users.check 200
// takes identity.users.check nothing
// answers identity.users.check unknown
// operation identity.users.create POST /users
// status identity.users.create 201
// takes identity.users.create nothing
// answers identity.users.create unknown
// operation identity.users.delete DELETE /users/{user_id}
// status identity.users.delete
// takes identity.users.delete nothing
// answers identity.users.delete unknown
// operation identity.users.list GET /users
// status identity.users.list 200
// takes identity.users.list nothing
// answers identity.users.list unknown
// operation identity.users.show GET /users/{user_id}
// status identity.users.show 200
// takes identity.users.show nothing
// answers identity.users.show unknown
