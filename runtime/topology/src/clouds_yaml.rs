//! The `clouds.yaml` of a cloud, with three entries: the administrator of a project,
//! the administrator of the system, and an ordinary user.

use serde_json::{Map, Value, json};

use crate::bootstrap::DEMO;
use crate::component::Service;
use crate::recipe::REGION;
use crate::site::{Site, SiteError, write_private};

/// Writes `clouds.yaml`, readable by its owner only: it holds passwords.
pub fn write(site: &Site) -> Result<(), SiteError> {
    let file = site.clouds_yaml();
    let text = render(site);
    if std::fs::read(&file).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    write_private(&file, text.as_bytes()).map_err(|error| SiteError::file(&site.name, &file, error))
}

/// The names of the entries.
pub fn names(site: &Site) -> [String; 3] {
    let name = &site.name;
    [name.clone(), format!("{name}-system"), format!("{name}-{DEMO}")]
}

fn render(site: &Site) -> String {
    let secrets = &site.secrets;
    let admin = |scope: Value| entry(site, "admin", secrets.admin.expose(), scope);
    let project = |name: &str| json!({ "project_name": name, "project_domain_id": "default" });
    let entries = [
        admin(project("admin")),
        admin(json!({ "system_scope": "all" })),
        entry(site, DEMO, secrets.demo.expose(), project(DEMO)),
    ];
    let clouds: Map<String, Value> = names(site).into_iter().zip(entries).collect();
    // JSON is YAML; a serializer of YAML would be needed for this file alone.
    let text = serde_json::to_string_pretty(&json!({ "clouds": clouds })).unwrap_or_default();
    format!("# Written by `squall cloud up`, which overwrites changes.\n{text}\n")
}

fn entry(site: &Site, user: &str, password: &str, scope: Value) -> Value {
    let mut auth = json!({
        "auth_url": format!("http://127.0.0.1:{}/v3", site.endpoint(Service::Keystone)),
        "username": user,
        "password": password,
        "user_domain_id": "default",
    });
    if let (Some(auth), Value::Object(scope)) = (auth.as_object_mut(), scope) {
        auth.extend(scope);
    }
    json!({ "auth": auth, "region_name": REGION, "identity_api_version": 3 })
}
