//! Accounts that are lent to tests prove themselves in every way that the file knows.

use std::collections::BTreeSet;

use bytes::Bytes;
use http::Request;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use squall::journal::{Event, Verdict};
use squall_cloud::Cloud;

use crate::support::{Sandbox, ServedCloud};

/// Needs two projects at once, so that both accounts of members are lent.
const TEST: &str = "network.networks.wrong-project";

/// Needs an admin.
const ADMINS: &str = "identity.projects.show";

#[test]
fn application_credentials_tokens_and_clouds_are_lent() {
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "lending");
    let password = cloud.cloud().admin().password.expose_secret();
    let admin = Caller::log_in(cloud.cloud(), "admin", password, "admin");

    let app = admin.member("app");
    let user = app.user.as_str();
    let wanted = json!({ "application_credential": { "name": "lent", "unrestricted": true } });
    let made = app.post(&format!("/users/{user}/application_credentials"), &wanted);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let token = admin.member("token").token;
    let accounts = format!(
        "- application_credential_id: {}\n  application_credential_secret: {}\n  \
         roles: [member]\n\
         - token: {token}\n  project_name: token\n  roles: [member]\n\
         - cloud: lending\n  roles: [admin]\n",
        text(&made["application_credential"]["id"]),
        text(&made["application_credential"]["secret"]),
    );
    sandbox.write("accounts.yaml", &accounts);

    let output = sandbox.run([
        "run",
        "--cloud",
        "lending",
        "--accounts",
        "accounts.yaml",
        "--format",
        "json",
        &format!("id({TEST})"),
        &format!("id({ADMINS})"),
    ]);
    let mut verdicts = Vec::new();
    let mut methods = BTreeSet::new();
    for event in output.events() {
        match event {
            Event::TestFinished(result) => verdicts.push((result.test, result.verdict)),
            Event::Exchange { exchange, .. } if exchange.operation == "session.authenticate" => {
                let body: Value = serde_json::from_str(&exchange.request_body.unwrap()).unwrap();
                methods.insert(text(&body["auth"]["identity"]["methods"][0]));
            }
            _ => {}
        }
    }
    verdicts.sort_by(|(one, _), (other, _)| one.cmp(other));
    let passed = |id: &str| (id.to_owned(), Verdict::Passed);
    assert_eq!(verdicts, [passed(ADMINS), passed(TEST)]);
    let methods: Vec<&str> = methods.iter().map(String::as_str).collect();
    assert_eq!(methods, ["application_credential", "password", "token"]);
}

/// Somebody at the identity API.
struct Caller<'a> {
    cloud: &'a Cloud,
    token: String,
    user: String,
}

impl<'a> Caller<'a> {
    fn log_in(cloud: &'a Cloud, name: &str, password: &str, project: &str) -> Self {
        let default = json!({ "id": "default" });
        let user = json!({ "name": name, "domain": default, "password": password });
        let body = json!({ "auth": {
            "identity": { "methods": ["password"], "password": { "user": user } },
            "scope": { "project": { "name": project, "domain": default } },
        } });
        let answer = cloud.answer(request("POST", "/auth/tokens", "", &body));
        let token = answer.headers()["x-subject-token"].to_str().unwrap().to_owned();
        let body: Value = serde_json::from_slice(answer.body()).unwrap();
        Self { cloud, token, user: body["token"]["user"]["id"].as_str().unwrap().to_owned() }
    }

    /// Makes a user who is a member of a project of the same name, and logs in as that.
    fn member(&self, name: &str) -> Self {
        let id = |made: &Value, what: &str| made[what]["id"].as_str().unwrap().to_owned();
        let project = self.post("/projects", &json!({ "project": { "name": name } }));
        let user = json!({ "user": { "name": name, "password": "a-members-password" } });
        let user = self.post("/users", &user);
        let roles = self.ask("GET", "/roles?name=member", &Value::Null);
        let (project, user) = (id(&project, "project"), id(&user, "user"));
        let role = roles["roles"][0]["id"].as_str().unwrap();
        self.ask("PUT", &format!("/projects/{project}/users/{user}/roles/{role}"), &Value::Null);
        Self::log_in(self.cloud, name, "a-members-password", name)
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.ask("POST", path, body)
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let answer = self.cloud.answer(request(method, path, &self.token, body));
        assert!(answer.status().is_success(), "{method} {path}: {:?}", answer.body());
        serde_json::from_slice(answer.body()).unwrap_or_default()
    }
}

fn request(method: &str, path: &str, token: &str, body: &Value) -> Request<Bytes> {
    let body = if body.is_null() { Vec::new() } else { serde_json::to_vec(body).unwrap() };
    Request::builder()
        .method(method)
        .uri(format!("/identity/v3{path}"))
        .header("host", "127.0.0.1")
        .header("content-type", "application/json")
        .header("x-auth-token", token)
        .body(body.into())
        .unwrap()
}
