//! Requests to a cloud's APIs as its administrator, sent through `squall-client`.
//!
//! The operations are defined here rather than taken from the generated tables: ten
//! requests that have not changed in years do not justify seven generated clients, and
//! bringing a cloud up must not depend on a spec that is being edited.

use std::sync::Arc;

use serde_json::{Value, json};
use squall_client::config::CloudConfig;
use squall_client::model::operation::{Method, Operation, StatusRange};
use squall_client::model::{OperationSchemas, VersionRange};
use squall_client::{Error, ServiceClient, ServiceDescription, Session, Validation, decode};

use crate::component::Service;
use crate::recipe::REGION;
use crate::site::Site;

/// All statuses of success.
const SUCCESS: [u16; 5] = [200, 201, 202, 203, 204];

/// A client that acts as the administrator of a cloud.
#[derive(Clone)]
pub struct Rest {
    session: Session,
}

impl Rest {
    /// Creates the client without sending a request.
    ///
    /// # Errors
    /// The HTTP client cannot be set up.
    pub fn admin(site: &Site) -> Result<Self, Error> {
        let password = site.secrets.admin.expose();
        let url = format!("http://127.0.0.1:{}/v3", site.endpoint(Service::Keystone));
        let credential = squall_client::auth::Credential::password("admin", password, "admin");
        let cloud = CloudConfig::new(&site.name, &url, credential).with_region(REGION);
        let session = Session::builder(cloud).validation(Validation::Off).build()?;
        Ok(Self { session })
    }

    /// Sends a GET and returns the document.
    pub async fn get(&self, service: Service, path: &str) -> Result<Value, Error> {
        self.send(service, Method::Get, path, None).await
    }

    /// Sends a POST and returns the document.
    pub async fn post(&self, service: Service, path: &str, body: Value) -> Result<Value, Error> {
        self.send(service, Method::Post, path, Some(body)).await
    }

    /// Sends a PATCH.
    pub async fn patch(&self, service: Service, path: &str, body: Value) -> Result<Value, Error> {
        self.send(service, Method::Patch, path, Some(body)).await
    }

    /// Sends a PUT without a body.
    pub async fn put(&self, service: Service, path: &str) -> Result<Value, Error> {
        self.send(service, Method::Put, path, None).await
    }

    /// Uploads bytes.
    pub async fn upload(&self, service: Service, path: &str, bytes: Vec<u8>) -> Result<(), Error> {
        let operation = operation(service, Method::Put, path);
        let call = self.client(service).call(Arc::new(operation), decode::nothing);
        call.bytes(bytes, "application/octet-stream").send().await?;
        Ok(())
    }

    async fn send(
        &self,
        service: Service,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, Error> {
        let operation = operation(service, method, path);
        let call = self.client(service).call(Arc::new(operation), decode::nothing);
        let call = match body {
            Some(body) => call.raw_body(body),
            None => call,
        };
        let response = call.send().await?;
        Ok(response.body.json().cloned().unwrap_or(json!(null)))
    }

    fn client(&self, service: Service) -> ServiceClient {
        let service_type = service.service_type();
        let version_path = match service {
            Service::Keystone | Service::Cinder => "/v3",
            Service::Glance => "/v2",
            Service::Neutron => "/v2.0",
            Service::Nova => "/v2.1",
            Service::Placement | Service::Swift => "",
        };
        self.session.service(ServiceDescription {
            name: service_type.into(),
            service_type: service_type.into(),
            version_path: version_path.into(),
            // No microversion: the lowest is the same in all releases.
            versions: VersionRange::ALL,
        })
    }
}

fn operation(service: Service, method: Method, path: &str) -> Operation {
    let id = format!("{service}{}", path.replace('/', "."));
    let mut operation = Operation::new(id, method, path.to_owned(), OperationSchemas::default());
    let range = |status| StatusRange { status, versions: VersionRange::ALL };
    operation.success = SUCCESS.map(range).to_vec().into();
    operation
}
