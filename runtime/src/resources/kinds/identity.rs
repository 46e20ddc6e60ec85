//! The kinds of identity.

use super::{Find, Gone, Kind, Listed, Step, Sweep};

/// Every kind of this file.
pub(super) const KINDS: &[&Kind] = &[
    &APPLICATION_CREDENTIAL,
    &CREDENTIAL,
    &DOMAIN,
    &DOMAIN_ROLE_ASSIGNMENT,
    &ENDPOINT,
    &GROUP,
    &IDENTITY_PROVIDER,
    &MAPPING,
    &POLICY,
    &PROJECT,
    &REGION,
    &ROLE,
    &ROLE_ASSIGNMENT,
    &SERVICE,
    &SYSTEM_ROLE_ASSIGNMENT,
    &USER,
];

const NAME: &[(&str, &str)] = &[("name", "{name}")];

/// A project.
///
/// Network gives every project that is looked at a security group `default`,
/// which would outlive it.
pub static PROJECT: Kind = Kind::new("identity.project")
    .standing_on(&["identity.domain"])
    .named_at(&["/project/name"])
    .made_by(&["identity.projects.create"])
    .with_id("project_id", &["/project/id"])
    .found_by(Find::listed("identity.projects.list", "/projects").with_query(NAME))
    .undone_by(&[Step::of("identity.projects.delete")])
    .gone_when(Gone::Deleted("identity.projects.show"))
    .sweeping(&[Sweep {
        listed: Listed {
            query: &[("project_id", "{project_id}")],
            ..Listed::new("network.security_groups.list", "/security_groups")
        },
        of: Some(("/project_id", "project_id")),
        delete: "network.security_groups.delete",
        id_param: "security_group_id",
        delete_query: &[],
        until_empty: false,
    }]);

/// A user.
pub static USER: Kind = Kind::new("identity.user")
    .standing_on(&["identity.domain", "identity.project"])
    .named_at(&["/user/name"])
    .made_by(&["identity.users.create"])
    .with_id("user_id", &["/user/id"])
    .found_by(Find::listed("identity.users.list", "/users").with_query(NAME))
    .undone_by(&[Step::of("identity.users.delete")])
    .gone_when(Gone::Deleted("identity.users.show"));

/// A group of users.
pub static GROUP: Kind = Kind::new("identity.group")
    .standing_on(&["identity.domain", "identity.project"])
    .named_at(&["/group/name"])
    .made_by(&["identity.groups.create"])
    .with_id("group_id", &["/group/id"])
    .found_by(Find::listed("identity.groups.list", "/groups").with_query(NAME))
    .undone_by(&[Step::of("identity.groups.delete")])
    .gone_when(Gone::Deleted("identity.groups.show"));

/// A role.
pub static ROLE: Kind = Kind::new("identity.role")
    .standing_on(&["identity.domain", "identity.project"])
    .named_at(&["/role/name"])
    .made_by(&["identity.roles.create"])
    .with_id("role_id", &["/role/id"])
    .found_by(Find::listed("identity.roles.list", "/roles").with_query(NAME))
    .undone_by(&[Step::of("identity.roles.delete")])
    .gone_when(Gone::Deleted("identity.roles.show"));

/// A role given to a user in a project.
pub static ROLE_ASSIGNMENT: Kind = Kind::new("identity.role_assignment")
    .standing_on(&["identity.project", "identity.role", "identity.user"])
    .made_by(&["identity.project_user_roles.add"])
    .undone_by(&[Step::of("identity.project_user_roles.remove")])
    .gone_when(Gone::Deleted("identity.project_user_roles.check"));

/// A role given to a user in a domain.
pub static DOMAIN_ROLE_ASSIGNMENT: Kind = Kind::new("identity.domain_role_assignment")
    .standing_on(&["identity.domain", "identity.role", "identity.user"])
    .made_by(&["identity.domain_user_roles.add"])
    .undone_by(&[Step::of("identity.domain_user_roles.remove")])
    .gone_when(Gone::Deleted("identity.domain_user_roles.check"));

/// A role given to a user in the whole cloud.
pub static SYSTEM_ROLE_ASSIGNMENT: Kind = Kind::new("identity.system_role_assignment")
    .standing_on(&["identity.role", "identity.user"])
    .made_by(&["identity.system_user_roles.add"])
    .undone_by(&[Step::of("identity.system_user_roles.remove")])
    .gone_when(Gone::Deleted("identity.system_user_roles.check"));

/// A domain, which has to be disabled before it can go.
pub static DOMAIN: Kind = Kind::new("identity.domain")
    .named_at(&["/domain/name"])
    .made_by(&["identity.domains.create"])
    .with_id("domain_id", &["/domain/id"])
    .found_by(Find::listed("identity.domains.list", "/domains").with_query(NAME))
    .undone_by(&[
        Step::of("identity.domains.update").with_body(r#"{"domain":{"enabled":false}}"#),
        Step::of("identity.domains.delete"),
    ])
    .gone_when(Gone::Deleted("identity.domains.show"));

/// An application credential of a user.
pub static APPLICATION_CREDENTIAL: Kind = Kind::new("identity.application_credential")
    .standing_on(&["identity.role_assignment", "identity.user"])
    .named_at(&["/application_credential/name"])
    .made_by(&["identity.user_application_credentials.create"])
    .with_id("application_credential_id", &["/application_credential/id"])
    .found_by(
        Find::listed("identity.user_application_credentials.list", "/application_credentials")
            .with_query(NAME),
    )
    .undone_by(&[Step::of("identity.user_application_credentials.delete")])
    .gone_when(Gone::Deleted("identity.user_application_credentials.show"));

/// A region; give it its name as id.
pub static REGION: Kind = Kind::new("identity.region")
    .named_at(&["/region/id"])
    .made_by(&["identity.regions.create", "identity.regions.create_with_id"])
    .with_id("region_id", &["/region/id"])
    .found_by(Find::listed("identity.regions.list", "/regions").with_pointers("/id", "/id"))
    .undone_by(&[Step::of("identity.regions.delete")])
    .gone_when(Gone::Deleted("identity.regions.show"));

/// A service of the catalog.
pub static SERVICE: Kind = Kind::new("identity.service")
    .named_at(&["/service/name"])
    .made_by(&["identity.services.create"])
    .with_id("service_id", &["/service/id"])
    .found_by(Find::listed("identity.services.list", "/services").with_query(NAME))
    .undone_by(&[Step::of("identity.services.delete")])
    .gone_when(Gone::Deleted("identity.services.show"));

/// An endpoint; it has no name, so its URL holds it.
pub static ENDPOINT: Kind = Kind::new("identity.endpoint")
    .standing_on(&["identity.region", "identity.service"])
    .made_by(&["identity.endpoints.create"])
    .with_id("endpoint_id", &["/endpoint/id"])
    .found_by(
        Find::listed("identity.endpoints.list", "/endpoints")
            .with_pointers("/url", "/id")
            .with_name_inside(),
    )
    .undone_by(&[Step::of("identity.endpoints.delete")])
    .gone_when(Gone::Deleted("identity.endpoints.show"));

/// A credential of a user, as for EC2; it has no name, so its blob holds it.
pub static CREDENTIAL: Kind = Kind::new("identity.credential")
    .standing_on(&["identity.project", "identity.user"])
    .made_by(&["identity.credentials.create"])
    .with_id("credential_id", &["/credential/id"])
    .found_by(
        Find::listed("identity.credentials.list", "/credentials")
            .with_pointers("/blob", "/id")
            .with_name_inside(),
    )
    .undone_by(&[Step::of("identity.credentials.delete")])
    .gone_when(Gone::Deleted("identity.credentials.show"));

/// A policy document that identity keeps for others; its blob holds its name.
pub static POLICY: Kind = Kind::new("identity.policy")
    .made_by(&["identity.policies.create"])
    .with_id("policy_id", &["/policy/id"])
    .found_by(
        Find::listed("identity.policies.list", "/policies")
            .with_pointers("/blob", "/id")
            .with_name_inside(),
    )
    .undone_by(&[Step::of("identity.policies.delete")])
    .gone_when(Gone::Deleted("identity.policies.show"));

/// An identity provider; its name is its id.
pub static IDENTITY_PROVIDER: Kind = Kind::new("identity.identity_provider")
    .standing_on(&["identity.domain"])
    .made_by(&["identity.identity_providers.create"])
    .with_name_as_id("idp_id")
    .counted_in(Listed {
        by: "/id",
        ..Listed::new("identity.identity_providers.list", "/identity_providers")
    })
    .undone_by(&[Step::of("identity.identity_providers.delete")])
    .gone_when(Gone::Deleted("identity.identity_providers.show"));

/// A mapping of what an identity provider says; its name is its id.
pub static MAPPING: Kind = Kind::new("identity.mapping")
    .made_by(&["identity.mappings.create"])
    .with_name_as_id("mapping_id")
    .counted_in(Listed { by: "/id", ..Listed::new("identity.mappings.list", "/mappings") })
    .undone_by(&[Step::of("identity.mappings.delete")])
    .gone_when(Gone::Deleted("identity.mappings.show"));
