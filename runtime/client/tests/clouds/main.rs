//! `clouds.yaml` and its companions: finding them, merging them, and their errors.

#![expect(clippy::unwrap_used, reason = "a test that unwraps has told what it had to tell")]

mod habits;

use std::path::{Path, PathBuf};

use secrecy::ExposeSecret;
use squall_client::auth::{Credential, Domain, Project, Scope, User};
use squall_client::catalog::Interface;
use squall_client::config::{CloudConfig, Clouds, ConfigError, ServiceConfig, Sources};
use tempfile::TempDir;

/// A folder with files, gone when it is dropped.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn find<const N: usize>(
    variables: [(&str, &str); N],
    folders: &[&Path],
) -> Result<Clouds, ConfigError> {
    Clouds::find(&Sources::of(variables, folders.iter().map(|f| PathBuf::from(*f)).collect()))
}

/// Returns the cloud of a file.
fn cloud(text: &str) -> Result<CloudConfig, String> {
    let folder = folder(&[("clouds.yaml", text)]);
    find([], &[folder.path()])
        .and_then(|clouds| clouds.cloud(None))
        .map_err(|error| error.to_string().replace(&format!("{}/", folder.path().display()), ""))
}

const DEVSTACK: &str = r#"
clouds:
  devstack:
    auth:
      auth_url: http://192.0.2.1/identity
      username: demo
      password: hunter2
      project_name: demo
      user_domain_id: default
      project_domain_name: Default
    region_name: RegionOne
    interface: internal
    verify: false
    compute_endpoint_override: http://192.0.2.9/compute
    volume_default_microversion: "3.59"
"#;

#[test]
fn a_usual_file_is_read() {
    let cloud = cloud(DEVSTACK).unwrap();
    assert_eq!(cloud.auth_url, "http://192.0.2.1/identity");
    assert_eq!(cloud.region.as_deref(), Some("RegionOne"));
    assert_eq!(cloud.interface, Interface::Internal);
    assert!(!cloud.tls.verify);
    assert_eq!(cloud.services["compute"].endpoint.as_deref(), Some("http://192.0.2.9/compute"));
    assert_eq!(cloud.services["volume"].microversion.unwrap().to_string(), "3.59");
    assert!(cloud.notes.is_empty(), "{:?}", cloud.notes);
    let Credential::Password { user, password, scope } = &cloud.credential else {
        panic!("{:?}", cloud.credential)
    };
    assert_eq!(*user, User::Name { name: "demo".into(), domain: Domain::Id("default".into()) });
    assert_eq!(password.expose_secret(), "hunter2");
    assert_eq!(
        *scope,
        Scope::Project(Project::Name {
            name: "demo".into(),
            domain: Domain::Name("Default".into())
        })
    );
    assert!(!format!("{cloud:?}").contains("hunter2"));
}

#[test]
fn the_first_folder_that_has_the_file_is_the_only_one_read() {
    let near =
        folder(&[("clouds.yml", "clouds: {near: {auth: {auth_url: 'http://n', token: t}}}")]);
    let far = folder(&[("clouds.yaml", "clouds: {far: {auth: {auth_url: 'http://f', token: t}}}")]);
    let clouds = find([], &[near.path(), far.path()]).unwrap();
    assert_eq!(clouds.names(), ["near"]);
}

#[test]
fn secure_yaml_is_laid_over_clouds_yaml() {
    let folder = folder(&[
        ("clouds.yaml", "clouds: {a: {auth: {auth_url: 'http://a', username: u}}}"),
        ("secure.yaml", "clouds: {a: {auth: {password: hunter2}}}"),
    ]);
    let cloud = find([], &[folder.path()]).unwrap().cloud(Some("a")).unwrap();
    let Credential::Password { password, .. } = &cloud.credential else { panic!() };
    assert_eq!(password.expose_secret(), "hunter2");
    assert_eq!(cloud.files.len(), 2);
}

#[test]
fn a_clouds_own_keys_are_laid_over_its_profile() {
    let folder = folder(&[
        (
            "clouds.yaml",
            "clouds: {a: {profile: acme, region_name: two, auth: {token: t, project_id: p}}}",
        ),
        (
            "clouds-public.yaml",
            "public-clouds: {acme: {region_name: one, interface: admin, auth: {auth_url: 'http://acme'}}}",
        ),
    ]);
    let cloud = find([], &[folder.path()]).unwrap().cloud(None).unwrap();
    assert_eq!(cloud.auth_url, "http://acme");
    assert_eq!((cloud.region.as_deref(), cloud.interface), (Some("two"), Interface::Admin));
}

#[test]
fn the_environment_describes_a_cloud_and_chooses_it() {
    let folder = folder(&[("clouds.yaml", DEVSTACK)]);
    let variables = [
        ("OS_AUTH_URL", "http://env"),
        ("OS_USERNAME", "demo"),
        ("OS_PASSWORD", "pw"),
        ("OS_PROJECT_NAME", "demo"),
        ("OS_PROJECT_DOMAIN_NAME", "Default"),
        ("OS_REGION_NAME", "two"),
    ];
    let clouds = find(variables, &[folder.path()]).unwrap();
    assert_eq!(clouds.names(), ["devstack", "envvars"]);
    let cloud = clouds.cloud(None).unwrap();
    assert_eq!((cloud.name.as_str(), cloud.auth_url.as_str()), ("envvars", "http://env"));
    assert_eq!(cloud.region.as_deref(), Some("two"));
}

#[test]
fn os_cloud_chooses_before_the_rest_of_the_environment() {
    let folder = folder(&[("clouds.yaml", DEVSTACK)]);
    let variables = [("OS_CLOUD", "devstack"), ("OS_AUTH_URL", "http://env")];
    let cloud = find(variables, &[folder.path()]).unwrap().cloud(None).unwrap();
    assert_eq!(cloud.name, "devstack");
}

#[test]
fn a_file_that_is_named_has_to_be_there() {
    let error =
        find([("OS_CLIENT_CONFIG_FILE", "/nowhere/clouds.yaml")], &[]).err().unwrap().to_string();
    assert!(error.starts_with("/nowhere/clouds.yaml: cannot be read"), "{error}");
}

#[test]
fn regions_may_have_values_of_their_own() {
    let text = "
clouds:
  a:
    auth: {auth_url: 'http://a', token: t}
    regions:
      - one
      - name: two
        values: {auth: {auth_url: 'http://two'}}
";
    assert_eq!(cloud(text).unwrap().region.as_deref(), Some("one"));
    let two = cloud(&format!("{text}    region_name: two\n")).unwrap();
    assert_eq!(two.auth_url, "http://two");
    let error = cloud(&format!("{text}    region_name: three\n")).unwrap_err();
    assert_eq!(
        error,
        "clouds.yaml:5: the cloud has no region `three`; its regions: `one`, `two`; set \
         `region_name` to one of these"
    );
}

#[test]
fn application_credentials_and_system_scope_are_read() {
    let read = cloud(
        "clouds: {a: {auth_type: v3applicationcredential, auth: {auth_url: 'http://a', \
         application_credential_id: i, application_credential_secret: s}}}",
    );
    assert!(matches!(read.unwrap().credential, Credential::ApplicationCredential { .. }));
    let read = cloud(
        "clouds: {a: {auth: {auth_url: 'http://a', user_id: u, password: p, system_scope: all}}}",
    );
    assert_eq!(read.unwrap().credential.scope(), Some(&Scope::System));
}

/// What is wrong, and what is said.
#[test]
fn what_is_wrong_is_reported_with_its_line_and_what_to_do() {
    for (text, expected) in [
        (
            "clouds:\n  a:\n    auth:\n      auth_uri: http://a\n",
            "clouds.yaml:2: cloud `a` has no `auth_url`; did you mean `auth_url` instead of `auth_uri`?",
        ),
        (
            "clouds:\n  a:\n    auth:\n      auth_url: http://a\n      username: u\n",
            "clouds.yaml:2: cloud `a` has no `password`; add `password` below `auth`",
        ),
        (
            "clouds:\n  a:\n    auth: hunter2\n",
            "clouds.yaml:3: `auth` must be a mapping, not a text; set `auth` to a mapping",
        ),
        (
            "clouds:\n  a:\n    auth:\n      auth_url: example.org\n      token: t\n",
            "clouds.yaml:4: `auth_url` must be an http or https URL, not another text; set `auth_url` to an http or https URL",
        ),
        (
            "clouds:\n  a:\n    profile: vexxhost\n",
            "clouds.yaml:3: the profile `vexxhost` is an address (https://vexxhost.com), and profiles are not fetched; save the `profile` of https://vexxhost.com/.well-known/openstack/api under `public-clouds` in a clouds-public.yaml",
        ),
        (
            "clouds:\n  a:\n    auth_type: v3kerberos\n    auth: {auth_url: 'http://a'}\n",
            "clouds.yaml:3: unsupported `auth_type` `v3kerberos`; use `password`, `token` or `v3applicationcredential`",
        ),
        (
            "clouds: {a: {}, b: {}}",
            "no cloud is selected; known: `a`, `b`; name one, or set OS_CLOUD",
        ),
    ] {
        assert_eq!(cloud(text).unwrap_err(), expected);
    }
}

#[test]
fn broken_yaml_is_reported_with_its_line_and_without_its_text() {
    let error = cloud("clouds:\n  a:\n    auth:\n      password: \"hunter2\n").unwrap_err();
    assert!(error.starts_with("clouds.yaml:"), "{error}");
    assert!(!error.contains("hunter2"), "{error}");
}

#[test]
fn a_name_that_is_nearly_right_is_suggested() {
    let folder = folder(&[("clouds.yaml", DEVSTACK)]);
    let error = find([], &[folder.path()]).unwrap().cloud(Some("devstak")).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "{}/clouds.yaml: unknown cloud `devstak`; known: `devstack`; did you mean `devstack`?",
            folder.path().display()
        )
    );
}

#[test]
fn a_file_cannot_have_the_environments_cloud() {
    let folder = folder(&[("clouds.yaml", "clouds:\n  envvars: {}\n")]);
    let error = find([("OS_AUTH_URL", "http://env")], &[folder.path()]).err().unwrap();
    assert_eq!(error.line, Some(2));
}

#[test]
fn nothing_at_all_says_where_it_was_searched() {
    let folder = folder(&[]);
    let error = find([], &[folder.path()]).unwrap().cloud(None).unwrap_err().to_string();
    assert!(error.contains(&format!("{}/clouds.yaml", folder.path().display())), "{error}");
}
