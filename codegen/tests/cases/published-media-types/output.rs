// Made by squall-codegen from the spec of `image`: edit the spec, not this file.

use squall_client::record;

record! {
    /// What `image.images.update` takes.
    pub struct ImageUpdate {
        pub op: Option<String> = "op",
    }
}

// Made by squall-codegen from the spec of `image`: edit the spec, not this file.

use std::fmt::Display;

use squall_client::{Bytes, Call, Json, ServiceClient, codec::Encode, decode, model::ServiceSpec};

use crate::table;

/// OpenStack Image API.
#[derive(Debug, Clone)]
pub struct Image(ServiceClient);

impl Image {
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

    /// Gives the operations on `image_file`.
    pub fn image_file(&self) -> ImageFile<'_> {
        ImageFile(&self.0)
    }

    /// Gives the operations on `images`.
    pub fn images(&self) -> Images<'_> {
        Images(&self.0)
    }
}

/// The operations on `image_file`.
#[derive(Debug, Clone, Copy)]
pub struct ImageFile<'a>(&'a ServiceClient);

impl ImageFile<'_> {
    /// Calls `image.image_file.show`.
    ///
    /// `GET /images/{image_id}/file`.
    pub fn show(&self, image_id: impl Display) -> Call<Bytes> {
        self.0.call(&table::IMAGE_FILE_SHOW, decode::bytes).path("image_id", image_id)
    }

    /// Calls `image.image_file.update`.
    ///
    /// `PUT /images/{image_id}/file`.
    pub fn update(&self, image_id: impl Display, body: impl Into<Bytes>) -> Call<()> {
        self.0
            .call(&table::IMAGE_FILE_UPDATE, decode::nothing)
            .path("image_id", image_id)
            .bytes(body, "application/octet-stream")
    }
}

/// The operations on `images`.
#[derive(Debug, Clone, Copy)]
pub struct Images<'a>(&'a ServiceClient);

impl Images<'_> {
    /// Calls `image.images.update`.
    ///
    /// `PATCH /images/{image_id}`. Takes a [`crate::types::ImageUpdate`] or JSON.
    pub fn update(&self, image_id: impl Display, body: impl Encode) -> Call<Json> {
        self.0
            .call(&table::IMAGES_UPDATE, decode::json)
            .path("image_id", image_id)
            .body(None, body)
            .header("content-type", "application/openstack-images-v2.1-json-patch")
    }
}

// service image image  from -
// operation image.image_file.show GET /images/{image_id}/file
// status image.image_file.show 200
// takes image.image_file.show nothing
// answers image.image_file.show bytes *
// schema image.image_file.show:response 7326e29963a096c7
// operation image.image_file.update PUT /images/{image_id}/file
// status image.image_file.update 204
// takes image.image_file.update bytes *
// answers image.image_file.update nothing
// schema image.image_file.update:request c8a39347ff9a0487
// operation image.images.update PATCH /images/{image_id}
// status image.images.update 200
// takes image.images.update Vec<ImageUpdate>
// answers image.images.update unknown
// schema image.images.update:request 284c6aec3eff5957
// type ImageUpdate
// field ImageUpdate.op Option<String> "op"
