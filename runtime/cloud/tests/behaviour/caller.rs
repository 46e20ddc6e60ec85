//! Someone who calls the cloud in process, with a token.

use bytes::Bytes;
use http::{HeaderMap, Request};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use squall_cloud::{Cloud, Options};

/// A caller with a token of a cloud.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) cloud: Cloud,
    pub(crate) token: String,
    headers: Vec<(String, String)>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Bytes,
    pub(crate) json: Value,
}

impl Caller {
    /// Makes a cloud whose work takes no time, and its administrator.
    pub(crate) fn admin() -> Self {
        Self::admin_at(f64::INFINITY)
    }

    /// Makes a cloud of some speed, and its administrator.
    pub(crate) fn admin_at(speed: f64) -> Self {
        Self::admin_of(Cloud::new(Options { seed: 1, speed }))
    }

    /// Logs in the administrator of a cloud.
    pub(crate) fn admin_of(cloud: Cloud) -> Self {
        let admin = cloud.admin().clone();
        let password = admin.password.expose_secret().to_owned();
        let caller = Self { cloud, token: String::new(), headers: Vec::new() };
        caller.login(
            &admin.username,
            &password,
            json!({ "project": {
                "name": admin.project_name, "domain": { "name": admin.domain_name },
            }}),
        )
    }

    /// Gets a token for a user of the default domain.
    pub(crate) fn login(&self, user: &str, password: &str, scope: Value) -> Self {
        let answer = self.authenticate(user, password, scope);
        assert_eq!(answer.status, 201, "{}", answer.json);
        self.with_token(answer.header("x-subject-token"))
    }

    pub(crate) fn authenticate(&self, user: &str, password: &str, scope: Value) -> Answer {
        let body = json!({ "auth": {
            "identity": { "methods": ["password"], "password": { "user": {
                "name": user, "domain": { "id": "default" }, "password": password,
            }}},
            "scope": scope,
        }});
        self.post("/identity/v3/auth/tokens", body)
    }

    /// Makes a project with one user in it, and logs that user in.
    pub(crate) fn tenant(&self, name: &str, role: &str) -> Self {
        let project = self.post("/identity/v3/projects", json!({ "project": { "name": name } }));
        let user = json!({ "user": { "name": name, "password": "secret" } });
        let user = self.post("/identity/v3/users", user);
        let roles = self.get(&format!("/identity/v3/roles?name={role}"));
        let (project, user) = (project.id("project"), user.id("user"));
        let role = roles.json["roles"][0]["id"].as_str().unwrap();
        self.send(
            "PUT",
            &format!("/identity/v3/projects/{project}/users/{user}/roles/{role}"),
            Value::Null,
        )
        .expect(204);
        self.login(name, "secret", json!({ "project": { "id": project } }))
    }

    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self.clone() }
    }

    /// Sends a header with every request from here on.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut headers = self.headers.clone();
        headers.push((name.to_owned(), value.to_owned()));
        Self { headers, ..self.clone() }
    }

    /// Sends no headers of its own from here on.
    pub(crate) fn without_headers(&self) -> Self {
        Self { headers: Vec::new(), ..self.clone() }
    }

    /// Asks for a version, as in `compute 2.90`.
    pub(crate) fn at(&self, version: &str) -> Self {
        self.with("openstack-api-version", version)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, Value::Null)
    }

    pub(crate) fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, body)
    }

    pub(crate) fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, body)
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, Value::Null)
    }

    pub(crate) fn send(&self, method: &str, path: &str, body: Value) -> Answer {
        let body = if body.is_null() { Bytes::new() } else { body.to_string().into() };
        let media_type = if body.is_empty() { None } else { Some("application/json") };
        self.send_bytes(method, path, body, media_type)
    }

    pub(crate) fn send_bytes(
        &self,
        method: &str,
        path: &str,
        body: impl Into<Bytes>,
        media_type: Option<&str>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("http://cloud.test{path}"));
        if !self.token.is_empty() {
            request = request.header("x-auth-token", &self.token);
        }
        if let Some(media_type) = media_type {
            request = request.header("content-type", media_type);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let response = self.cloud.answer(request.body(body.into()).unwrap());
        let (parts, bytes) = response.into_parts();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            json: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            bytes,
        }
    }
}

impl Answer {
    /// Holds the status against one, and shows the body where it differs.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        let body = String::from_utf8_lossy(&self.bytes);
        assert_eq!(self.status, status, "{body}");
        self
    }

    /// Returns the id of the resource in the body.
    #[track_caller]
    pub(crate) fn id(&self, key: &str) -> String {
        let id = self.json[key]["id"].as_str();
        id.unwrap_or_else(|| panic!("no {key} in {}", self.json)).to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}
