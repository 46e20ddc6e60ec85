//! How people write `clouds.yaml`: unquoted scalars, pasted URLs, `~`, braces, empty keys,
//! keys of single services, vendor profiles, several regions.

use super::*;

/// A cloud with the given lines, which may hold an `auth` of their own.
fn with(lines: &str) -> Result<CloudConfig, String> {
    let auth = "    auth: {auth_url: 'http://a', username: u, password: p, project_name: q}\n";
    let auth = if lines.contains("auth:") { "" } else { auth };
    let lines: String = lines.lines().flat_map(|line| ["    ", line, "\n"]).collect();
    cloud(&format!("clouds:\n  a:\n{auth}{lines}"))
}

#[test]
fn what_stands_in_the_file_is_sent() {
    for text in [
        "0001",
        "00000000000000000000000000001234",
        "12345678901234567890123456789012",
        "1234567e8",
        "1.10",
        "2.90",
        "0x1f",
        "0o17",
        "1_000",
        "1e400",
        "007",
        ".inf",
        "n",
        "y",
        "yes",
        "on",
        "true",
        "False",
        "2026-11-29",
        "12:30:45",
    ] {
        let read = with(&format!(
            "auth:\n  auth_url: http://a\n  username: {text}\n  password: {text}\n  \
             project_name: {text}\n  user_domain_name: {text}\n  project_domain_id: {text}\n\
             region_name: {text}\ncompute_endpoint_override: {text}\n"
        ));
        let read = read.unwrap();
        let Credential::Password { user, password, scope } = &read.credential else { panic!() };
        let text = text.to_owned();
        assert_eq!(password.expose_secret(), text);
        let domain = Domain::Name(text.clone());
        assert_eq!(*user, User::Name { name: text.clone(), domain });
        let domain = Domain::Id(text.clone());
        assert_eq!(*scope, Scope::Project(Project::Name { name: text.clone(), domain }));
        assert_eq!(read.region.as_ref(), Some(&text));
        assert_eq!(read.services["compute"].endpoint.as_ref(), Some(&text));
    }
    let read = with("auth: {auth_url: 'http://a', user_id: 0042, password: p, project_id: 1e3}");
    let Credential::Password { user, scope, .. } = read.unwrap().credential else { panic!() };
    assert_eq!(user, User::Id("0042".into()));
    assert_eq!(scope, Scope::Project(Project::Id("1e3".into())));
    let read = with("regions: [0001, 2.90]").unwrap();
    assert_eq!(read.region.as_deref(), Some("0001"));
    let read = with("compute_default_microversion: 2.90").unwrap();
    assert_eq!(read.services["compute"].microversion.unwrap().to_string(), "2.90");
}

#[test]
fn a_key_that_is_nothing_is_not_there() {
    for nothing in ["", "~", "null", "''"] {
        let read = with(&format!(
            "region_name: {nothing}\ninterface: {nothing}\ncacert: {nothing}\nverify: {nothing}\n\
             api_timeout: {nothing}\nprofile: {nothing}\nauth_type: {nothing}\n\
             regions: {nothing}\ncompute_endpoint_override: {nothing}\n"
        ))
        .unwrap();
        assert_eq!((read.region, read.interface), (None, Interface::Public), "{nothing}");
        assert_eq!((read.tls.ca, read.tls.verify, read.timeout), (None, true, None), "{nothing}");
        assert!(read.services.is_empty(), "{nothing}");
        let error =
            with(&format!("auth: {{auth_url: 'http://a', username: u, password: {nothing}}}"));
        assert_eq!(
            error.unwrap_err(),
            "clouds.yaml:3: `password` has no value; write a value; one that is `~`, `null` or the \
             like needs quotes",
            "{nothing}"
        );
    }
}

#[test]
fn a_key_without_a_value_takes_back_what_a_profile_has() {
    let folder = folder(&[
        (
            "clouds.yaml",
            "clouds: {a: {profile: p, region_name: ~, auth: {token: t, domain_name: ~}}}",
        ),
        (
            "clouds-public.yaml",
            "public-clouds: {p: {region_name: one, auth: {auth_url: 'http://p', domain_name: d}}}",
        ),
    ]);
    let cloud = find([], &[folder.path()]).unwrap().cloud(None).unwrap();
    assert_eq!(cloud.region, None);
    assert_eq!(cloud.credential.scope(), Some(&Scope::Unscoped));
}

#[test]
fn an_auth_without_a_value_takes_nothing_back() {
    let folder = folder(&[
        ("clouds.yaml", "clouds: {a: {profile: p, auth: ~}}"),
        ("clouds-public.yaml", "public-clouds: {p: {auth: {auth_url: 'http://p', token: t}}}"),
    ]);
    assert_eq!(find([], &[folder.path()]).unwrap().cloud(None).unwrap().auth_url, "http://p");
}

#[test]
fn keys_may_be_spelled_with_hyphens() {
    let lines = |dash: &str| {
        "region_name: one\nendpoint_type: internal\nvolume_region_name: two\n\
         auth: {auth_url: 'http://{region_name}', user_id: u, password: p, project_id: q}"
            .replace('_', dash)
    };
    let read = with(&lines("-").replace("{region-name}", "{region_name}")).unwrap();
    let plain = with(&lines("_")).unwrap();
    assert_eq!((read.auth_url.as_str(), read.region.as_deref()), ("http://one", Some("one")));
    assert_eq!((read.interface, &read.notes), (plain.interface, &plain.notes));
    assert_eq!(read.services, plain.services);
    assert_eq!(read.credential.scope(), plain.credential.scope());
}

#[test]
fn regions_of_its_own_replace_the_one_of_a_profile() {
    let folder = folder(&[
        ("clouds.yaml", "clouds: {a: {profile: p, regions: [two, three]}}"),
        (
            "clouds-public.yaml",
            "public-clouds: {p: {region_name: one, auth: {auth_url: 'http://p', token: t}}}",
        ),
    ]);
    let cloud = find([], &[folder.path()]).unwrap().cloud(None).unwrap();
    assert_eq!(cloud.region.as_deref(), Some("two"));
}

#[test]
fn a_tilde_is_the_home_directory() {
    let file = "clouds: {a: {auth: {auth_url: 'http://a', token: t}, cacert: ~/ca.pem, \
                cert: ~/x/c.pem, key: /k.pem}}";
    let folder = folder(&[("clouds.yaml", file)]);
    let cloud = find([("HOME", "/home/u")], &[folder.path()]).unwrap().cloud(None).unwrap();
    assert_eq!(cloud.tls.ca, Some(PathBuf::from("/home/u/ca.pem")));
    assert_eq!(cloud.tls.certificate, Some(PathBuf::from("/home/u/x/c.pem")));
    assert_eq!(cloud.tls.key, Some(PathBuf::from("/k.pem")));
}

#[test]
fn names_in_braces_are_filled_in() {
    let read = with(
        "region_name: one\nauth: {auth_url: 'http://{region_name}.a/v3', token: t}\n\
         compute_endpoint_override: http://{region_name}/compute\ncacert: /ca/{region_name}.pem",
    );
    let read = read.unwrap();
    assert_eq!(read.auth_url, "http://one.a/v3");
    assert_eq!(read.services["compute"].endpoint.as_deref(), Some("http://one/compute"));
    assert_eq!(read.tls.ca, Some(PathBuf::from("/ca/one.pem")));
    let chosen =
        with("regions: [one, two]\nauth: {auth_url: 'http://{region_name}.a/v3', token: t}");
    assert_eq!(chosen.unwrap().auth_url, "http://one.a/v3");
    assert_eq!(
        with("auth: {auth_url: 'http://{regoin}.a', token: t}").unwrap_err(),
        "clouds.yaml:3: `auth_url` refers to `regoin` in braces, which is not a key of the cloud; \
         name a key of the cloud, or write `{{` and `}}` for braces"
    );
}

#[test]
fn a_password_keeps_its_braces() {
    let read = with("auth: {auth_url: 'http://a', username: u, password: '{x}'}").unwrap();
    let Credential::Password { password, .. } = read.credential else { panic!() };
    assert_eq!(password.expose_secret(), "{x}");
}

#[test]
fn a_url_with_a_pasted_ending_is_cut_and_says_so() {
    for (url, expected) in [
        ("http://a/identity/v3/auth/tokens", "http://a/identity/v3"),
        ("http://a/?x=1", "http://a/"),
        ("http://a/v3#top", "http://a/v3"),
    ] {
        let read = with(&format!("auth: {{auth_url: '{url}', token: t}}")).unwrap();
        assert_eq!(read.auth_url, expected);
        let note = &read.notes[0];
        assert!(note.contains(&format!("`{expected}` is used")), "{note}");
        assert!(!note.contains("tokens") && !note.contains("x=1"), "{note}");
    }
}

#[test]
fn keys_of_a_single_service_go_by_any_of_its_names() {
    use squall_client::ServiceDescription;
    let read = with(
        "interface: internal\nvolumev3_interface: publicURL\nblock_storage_region_name: two\n\
         volume_endpoint_override: http://v\nvolume_service_type: volumev3\n\
         identity_endpoint: http://i\nidentity_endpoint_type: adminURL\n\
         key_manager_service_name: barbican\nobject-store_endpoint_override: http://o",
    );
    let read = read.unwrap();
    let described = |name: &str, service_type: &str| ServiceDescription {
        name: name.to_owned().into(),
        service_type: service_type.to_owned().into(),
        version_path: "".into(),
        versions: squall_model::VersionRange::ALL,
    };
    let volume = read.for_service(&described("volume", "block-storage"));
    assert_eq!(
        (volume.interface, volume.region.as_deref()),
        (Some(Interface::Public), Some("two"))
    );
    assert_eq!(volume.endpoint.as_deref(), Some("http://v"));
    assert_eq!(volume.service_type.as_deref(), Some("volumev3"));
    let identity = read.for_service(&described("identity", "identity"));
    assert_eq!(
        (identity.endpoint.as_deref(), identity.interface),
        (Some("http://i"), Some(Interface::Admin))
    );
    let keys = read.for_service(&described("keys", "key-manager"));
    assert_eq!(keys.service_name.as_deref(), Some("barbican"));
    let store = read.for_service(&described("object_storage", "object-store"));
    assert_eq!(store.endpoint.as_deref(), Some("http://o"));
    assert!(read.notes.is_empty(), "{:?}", read.notes);
    assert_eq!(read.for_service(&described("compute", "compute")), ServiceConfig::default());
}

#[test]
fn a_version_that_is_not_called_is_a_note() {
    let read = with("volume_api_version: 2\ncompute_api_version: 2.1\nidentity_api_version: 3");
    assert_eq!(
        read.unwrap().notes,
        ["`volume_api_version: 2` has no effect: volume is called at version 3"]
    );
}

#[test]
fn a_key_without_effect_is_a_note_with_its_line() {
    let read = with("regoin_name: one\nauth:\n  auth_url: http://a\n  token: t\n  projct_name: x");
    let notes = read.unwrap().notes;
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes[0].ends_with(
        "clouds.yaml:3: unknown key `regoin_name` of a cloud, which has no effect; did you mean \
         `region_name`?"
    ));
    assert!(notes[1].ends_with(
        "clouds.yaml:7: unknown key `projct_name` of `auth`, which has no effect; did you mean \
         `project_name`?"
    ));
    let known = with(
        "networks: []\nimage_format: raw\nfloating_ip_source: neutron\nhas_network: true\n\
         compute_status_code_retries: 3\nrequires_floating_ip: true\nmetrics: {}",
    );
    assert!(known.unwrap().notes.is_empty(), "openstacksdk knows these");
}

#[test]
fn insecure_wins_and_booleans_are_spelled_as_yaml_1_1_does() {
    for (lines, verify) in [
        ("insecure: true", false),
        ("insecure: yes\nverify: true", false),
        ("verify: off", false),
        ("verify: No", false),
        ("insecure: false", true),
        ("verify: on", true),
    ] {
        assert_eq!(with(lines).unwrap().tls.verify, verify, "{lines}");
    }
    assert!(with("verify: perhaps").unwrap_err().contains("`verify` must be `true` or `false`"));
}

#[test]
fn the_first_of_several_regions_is_used_and_says_so() {
    for lines in ["regions: [one, two]", "region_name: one,two", "region_name: [one, two]"] {
        let read = with(lines).unwrap();
        assert_eq!(read.region.as_deref(), Some("one"), "{lines}");
        assert!(read.notes[0].contains("region `one` is used, the first of one, two"), "{lines}");
    }
    assert!(with("regions: [one]").unwrap().notes.is_empty());
}

#[test]
fn the_profiles_of_openstacksdk_are_known() {
    let read =
        with("profile: ovh\nregion_name: GRA\nauth: {username: u, password: p, project_name: q}");
    let read = read.unwrap();
    assert_eq!(read.auth_url, "https://auth.cloud.ovh.net/");
    assert_eq!(read.region.as_deref(), Some("GRA"));
    let Credential::Password { user, .. } = &read.credential else { panic!() };
    assert_eq!(*user, User::Name { name: "u".into(), domain: Domain::Name("Default".into()) });
    let newer = with("profile: ovh\nregion_name: GRA99\nauth: {token: t}").unwrap();
    assert_eq!(newer.region.as_deref(), Some("GRA99"), "its own region replaces the profile's");
    let read = with("profile: otc\nauth: {username: u, password: p, project_name: q}").unwrap();
    assert_eq!(read.auth_url, "https://iam.eu-de.otc.t-systems.com/v3");
    for (name, part) in
        [("internap", "no longer exists"), ("https://c.example", "profiles are not fetched")]
    {
        let error = with(&format!("profile: '{name}'\nauth: {{token: t}}")).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
    let error = with("profile: acme\nauth: {token: t}").unwrap_err();
    assert!(error.contains("unknown profile `acme`; known: `auro`, "), "{error}");
}

#[test]
fn merge_keys_and_a_byte_order_mark_are_read() {
    let text = "\u{feff}base: &base {auth_url: 'http://a', project_name: one}\nmore: &more {username: u}\n\
                clouds:\n  a:\n    auth:\n      <<: [*base, *more]\n      password: p\n";
    let read = cloud(text).unwrap();
    assert_eq!(read.auth_url, "http://a");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    /// Whatever stands in the file, the cloud is read or refused.
    #[test]
    fn no_file_makes_the_reader_panic(
        lines in proptest::collection::vec(
            (
                proptest::sample::select(vec![
                    "auth", "auth_url", "region_name", "regions", "profile", "interface", "verify",
                    "cacert", "api_timeout", "compute_endpoint_override", "_interface",
                    "has_network", "volume_default_microversion", "identity_api_version",
                ]),
                proptest::sample::select(vec![
                    "", "~", "[]", "[a, b]", "{}", "{name: a, values: {auth: ~}}", "http://{a}",
                    "https://c/v3/auth/tokens?x#y", "'{'", "ovh", "1e400", "2.90", "[{name: a}, ~]",
                    "-1", "a,b,,", "{auth_url: 'http://a', token: t}",
                ]),
            ),
            0..8,
        ),
    ) {
        let mut seen = std::collections::BTreeSet::new();
        let mut text = "clouds:\n  a:\n    username: u\n    password: p\n".to_owned();
        for (key, value) in lines.into_iter().filter(|(key, _)| seen.insert(*key)) {
            text += &["    ", key, ": ", value, "\n"].concat();
        }
        let _ = cloud(&text);
    }
}
