// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use squall_client::record;

record! {
    /// What `widget.boats.show` answers.
    pub struct Boat {
        pub id: Option<String> = "id",
        pub links: Option<Vec<Link>> = "links",
    }
}

record! {
    /// What `widget.bikes.list`, `widget.bikes.show` and `widget.cars.list` answer.
    pub struct Car {
        pub id: String = "id",
        pub links: Option<Vec<Link>> = "links",
    }
}

record! {
    /// What several types keep under `links`.
    pub struct Link {
        pub href: String = "href",
    }
}

// Made by squall-codegen from the spec of `widget`: edit the spec, not this file.

use std::fmt::Display;

use squall_client::{Call, ServiceClient, decode, model::ServiceSpec};

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

    /// Gives the operations on `bikes`.
    pub fn bikes(&self) -> Bikes<'_> {
        Bikes(&self.0)
    }

    /// Gives the operations on `boats`.
    pub fn boats(&self) -> Boats<'_> {
        Boats(&self.0)
    }

    /// Gives the operations on `cars`.
    pub fn cars(&self) -> Cars<'_> {
        Cars(&self.0)
    }
}

/// The operations on `bikes`.
#[derive(Debug, Clone, Copy)]
pub struct Bikes<'a>(&'a ServiceClient);

impl Bikes<'_> {
    /// Calls `widget.bikes.list`.
    ///
    /// `GET /bikes`.
    pub fn list(&self) -> Call<Vec<types::Car>> {
        self.0.call(&table::BIKES_LIST, decode::json).envelope("bikes")
    }

    /// Calls `widget.bikes.show`.
    ///
    /// `GET /bikes/{id}`.
    pub fn show(&self, id: impl Display) -> Call<types::Car> {
        self.0.call(&table::BIKES_SHOW, decode::json).path("id", id).envelope("bike")
    }
}

/// The operations on `boats`.
#[derive(Debug, Clone, Copy)]
pub struct Boats<'a>(&'a ServiceClient);

impl Boats<'_> {
    /// Calls `widget.boats.show`.
    ///
    /// `GET /boats/{id}`.
    pub fn show(&self, id: impl Display) -> Call<types::Boat> {
        self.0.call(&table::BOATS_SHOW, decode::json).path("id", id)
    }
}

/// The operations on `cars`.
#[derive(Debug, Clone, Copy)]
pub struct Cars<'a>(&'a ServiceClient);

impl Cars<'_> {
    /// Calls `widget.cars.list`.
    ///
    /// `GET /cars`.
    pub fn list(&self) -> Call<Vec<types::Car>> {
        self.0.call(&table::CARS_LIST, decode::json).envelope("cars")
    }
}

// service widget widget/v2 2.1..2.20 from widgets 1.0.0
// operation widget.bikes.list GET /bikes
// status widget.bikes.list 200
// takes widget.bikes.list nothing
// answers widget.bikes.list Vec<Car> under "bikes"
// schema widget.bikes.list:response 56db68628f4fdf0c
// operation widget.bikes.show GET /bikes/{id}
// status widget.bikes.show 200
// takes widget.bikes.show nothing
// answers widget.bikes.show Car under "bike"
// schema widget.bikes.show:response f5a3d41b4c5b32c8 changes at 2.4
// operation widget.boats.show GET /boats/{id}
// status widget.boats.show 200
// takes widget.boats.show nothing
// answers widget.boats.show Boat
// schema widget.boats.show:response 252edcc2c16fd070
// operation widget.cars.list GET /cars
// status widget.cars.list 200
// takes widget.cars.list nothing
// answers widget.cars.list Vec<Car> under "cars"
// schema widget.cars.list:response 55058bc134da2424
// type Boat
// field Boat.id Option<String> "id"
// field Boat.links Option<Vec<Link>> "links"
// type Car
// field Car.id String "id"
// field Car.links Option<Vec<Link>> "links"
// type Link
// field Link.href String "href"
