"""Says what keystone takes and answers where its handlers have no schema: one row an operation.

Keystone 30.0.0 describes most of its API by schemas on the handlers. The rest was read off the
handlers of `keystone.api`, with keystone's own schemas of the same objects wherever there are
any, and every answer here is held against the running service (`identity_witness.py`).

A row is a schema of JSON, `Text` of another media type, or None where there is no body.
"""

import dataclasses

from keystone.api.validation import response_types
from keystone.assignment import schema as assignment
from keystone.auth import schema as auth
from keystone.catalog import schema as catalog
from keystone.federation import schema as federation
from keystone.federation import utils as mapping
from keystone.identity import schema as identity
from keystone.oauth1 import schema as oauth1
from keystone.policy import schema as policy
from keystone.resource import config_backends  # noqa: F401, registers the options
from keystone.resource import core as resources
from keystone.resource import schema as resource
from oslo_config import types

import keystone.conf

FORM = "application/x-www-form-urlencoded"
HTML = "text/html"
XML = "text/xml"

STRING = {"type": "string"}
NULLABLE = {"type": ["string", "null"]}
BOOLEAN = {"type": "boolean"}
TIME = {"type": "string", "format": "date-time"}
URL = {"type": "string", "format": "uri"}

# What a client may write as the value of an option: whatever options of the kinds below take.
ANY_VALUE = {
    "type": ["array", "boolean", "integer", "null", "number", "string"],
    "items": {"type": "string"},
}


@dataclasses.dataclass(frozen=True)
class Text:
    """A body that is not JSON."""

    media_type: str
    schema: dict = dataclasses.field(default_factory=lambda: STRING)


def _closed(required=(), /, **properties):
    return _open(required, **properties) | {"additionalProperties": False}


def _open(required=(), /, **properties):
    out = {"type": "object", "properties": properties}
    return {**out, "required": sorted(required)} if required else out


def _all(**properties):
    """A closed object with every one of its properties."""
    return _closed(properties, **properties)


def _omitted(schema, why):
    """A property that not every answer has."""
    return {**schema, "x-openstack": {"omitted": why}}


def _list(name, item):
    """What `ResourceBase.wrap_collection` answers."""
    links = {name: response_types.links, "truncated": response_types.truncated}
    return _closed(
        [name, "links"],
        **{name: {"type": "array", "items": item}},
        links=links[name],
        truncated=links["truncated"],
    )


def _array(items):
    return {"type": "array", "items": items}


LINK = _all(self=URL)

# `assignment.role_api.get_role`; `render_token` has id and name of it, and of an application
# credential everything.
ROLE = assignment.role_schema
TOKEN_ROLE = _closed(
    ["id", "name"],
    id=STRING,
    name=STRING,
    description=NULLABLE,
    domain_id=NULLABLE,
    options=resource.domain_schema["properties"]["options"],
)

NAMED = _all(id=STRING, name=STRING)
OWNED = _all(id=STRING, name=STRING, domain=_all(id=NULLABLE, name=NULLABLE))

# `catalog.backends.sql.Catalog.get_v3_catalog`.
CATALOG = _array(
    _all(
        id=STRING,
        name=STRING,
        type=STRING,
        endpoints=_array(
            _closed(
                ["id", "interface", "region", "region_id", "url"],
                id=STRING,
                interface={"type": "string", "enum": ["admin", "internal", "public"]},
                region=NULLABLE,
                region_id=NULLABLE,
                url=STRING,
                name=STRING,
            )
        ),
    )
)

# `application_credential.backends.base`.
ACCESS_RULE = _all(id=STRING, service=STRING, path=STRING, method=STRING)

# `common.render_token.render_token_response_from_model`.
CLAIMS = dict(
    methods=_array(STRING),
    user=_closed(
        ["domain", "id", "name"],
        domain=NAMED,
        id=STRING,
        name=STRING,
        password_expires_at=NULLABLE,
        **{
            "OS-FEDERATION": _omitted(
                _all(
                    groups=_array(_all(id=STRING)),
                    identity_provider=_all(id=STRING),
                    protocol=_all(id=STRING),
                ),
                "a mapping to a user of the cloud itself has none",
            )
        },
    ),
    audit_ids=_array(STRING),
    expires_at=TIME,
    issued_at=TIME,
    roles=_array(TOKEN_ROLE),
    system=_all(all={"type": "boolean", "enum": [True]}),
    domain=NAMED,
    project=OWNED,
    is_domain=BOOLEAN,
    is_admin_project=BOOLEAN,
    catalog=CATALOG,
    service_providers=_omitted(
        _array(_all(id=STRING, auth_url=STRING, sp_url=STRING)),
        "only where a service provider is enabled",
    ),
    application_credential=_closed(
        ["id", "name", "restricted"],
        id=STRING,
        name=STRING,
        restricted=BOOLEAN,
        access_rules=_omitted(
            _array(ACCESS_RULE), "only a credential with access rules has them"
        ),
    ),
    oauth2_credential=_all(**{"x5t#S256": STRING}),
    **{
        "OS-OAUTH1": _all(access_token_id=STRING, consumer_id=STRING),
        "OS-TRUST:trust": _all(
            id=STRING,
            impersonation=BOOLEAN,
            trustor_user=_all(id=STRING),
            trustee_user=_all(id=STRING),
        ),
    },
)


def _token(*more):
    """An answer with a token that always has these claims besides."""
    always = ["methods", "user", "audit_ids", "expires_at", "issued_at", *more]
    return _all(token=_closed(always, **CLAIMS))


TOKEN = _token()

# A signature is that of a credential for one project.
PROJECT_TOKEN = _token("project", "is_domain", "roles", "catalog")

PROJECTS = resource.project_index_response_body
ROLES = resource.grants_get_response_body
ENDPOINTS = _list("endpoints", catalog.endpoint_schema)

# `policy.backends.sql.PolicyModel`: what a client adds stands beside its columns.
POLICY = _open(["id", "blob", "type", "links"], id=STRING, blob=STRING, type=STRING, links=LINK)

# `oauth1.backends.sql.Consumer`; the secret is in the answer to the creation alone.
CONSUMER = _open(["id", "description", "links"], id=STRING, description=NULLABLE, links=LINK)
NEW_CONSUMER = _open(
    ["id", "description", "links", "secret"],
    id=STRING,
    description=NULLABLE,
    links=LINK,
    secret=STRING,
)

# `api.users._format_token_entity`.
ACCESS_TOKEN = _all(
    id=STRING,
    consumer_id=STRING,
    authorizing_user_id=STRING,
    project_id=STRING,
    expires_at=NULLABLE,
    links=_all(self=URL, roles=URL),
)

# `api.users._format_role_entity` takes the description away.
BARE_ROLE = _all(
    id=STRING,
    name=STRING,
    domain_id=NULLABLE,
    options=resource.domain_schema["properties"]["options"],
    links=LINK,
)

# `api.users._convert_v3_to_ec2_credential`.
EC2 = _all(
    access=STRING,
    secret=STRING,
    tenant_id=NULLABLE,
    user_id=STRING,
    trust_id=NULLABLE,
    links=LINK,
)

# `models.revoke_model.RevokeEvent.to_dict`: what is not None.
REVOCATION = _closed(
    ["issued_before", "revoked_at"],
    **{
        name: STRING
        for name in (
            "user_id",
            "role_id",
            "domain_id",
            "domain_scope_id",
            "project_id",
            "audit_id",
            "audit_chain_id",
            "OS-TRUST:trust_id",
            "OS-OAUTH1:consumer_id",
            "OS-OAUTH1:access_token_id",
        )
    },
    expires_at=TIME,
    issued_before=TIME,
    revoked_at=TIME,
)


def _inlined(schema, definitions):
    """Returns a schema with each local reference replaced by what it names."""
    if isinstance(schema, list):
        return [_inlined(one, definitions) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].removeprefix("#/definitions/")], definitions)
    return {k: _inlined(v, definitions) for k, v in schema.items() if k != "definitions"}


# The newest of the three schemas allows whatever the older ones do.
RULES = _inlined(
    mapping.IDP_ATTRIBUTE_MAPPING_SCHEMA_3_0,
    mapping.IDP_ATTRIBUTE_MAPPING_SCHEMA_3_0["definitions"],
)


def _given(schema):
    """Returns a schema of what a client wrote, which may lack what is not required of it."""
    if isinstance(schema, list):
        return [_given(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: _given(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict):
        mark = {"x-openstack": {"omitted": "only if the client wrote it"}}
        out["properties"] = {
            name: value if name in schema.get("required", ()) else {**value, **mark}
            for name, value in out["properties"].items()
        }
    return out


MAPPING = _all(
    id=STRING, rules=_given(RULES["properties"]["rules"]), schema_version=STRING, links=LINK
)


# `resource.core.DomainConfigManager`: the groups and options that a domain may set. A domain's
# own values are what a client wrote, of whatever type; the defaults are those of the options.
def _options(value):
    groups = resources.DomainConfigManager.whitelisted_options
    secret = resources.DomainConfigManager.sensitive_options
    return {
        group: {
            name: value(group, name)
            for name in [*groups[group], *([] if value is _default else secret.get(group, []))]
        }
        for group in groups
    }


def _own(group, name):
    return ANY_VALUE


KINDS = {types.Boolean: "boolean", types.Integer: "integer", types.Float: "number"}


def _default(group, name):
    option = keystone.conf.CONF._groups[group]._opts[name]["opt"]
    kind = next((word for cls, word in KINDS.items() if isinstance(option.type, cls)), "string")
    if isinstance(option.type, (types.List, types.Dict)) or option.multi:
        return {"type": ["array", "null"], "items": STRING}
    return {"type": sorted([kind, "null"])}


def _config(options, required):
    """The three forms of a configuration: whole, one group of it, and one option."""
    groups = {
        group: _closed(sorted(inner) if required else (), **inner)
        for group, inner in options.items()
    }
    names = {name: schema for inner in options.values() for name, schema in inner.items()}
    return [
        _all(config=_closed(sorted(groups) if required else (), **groups)),
        _all(config=_closed((), **groups)),
        _all(config=_closed((), **names)),
    ]


OWN = _config(_options(_own), required=False)
DEFAULTS = _config(_options(_default), required=True)

# `receipt.handlers._render_receipt_response_from_model`: more methods are needed.
RECEIPT = _all(
    receipt=_all(
        methods=_array(STRING),
        user=_all(id=STRING, name=STRING, domain=NAMED),
        expires_at=TIME,
        issued_at=TIME,
    ),
    required_auth_methods=_array(_array(STRING)),
)

# `oauth2.handlers.build_response`
OAUTH2_ERROR = _all(error=STRING, error_description=STRING)
OAUTH2 = {("POST", "/OS-OAUTH2/token")}

IDP = "/OS-FEDERATION/identity_providers/{idp_id}/protocols/{protocol_id}"
CONFIG = "/domains/{domain_id}/config"
FILTER = "/OS-EP-FILTER"
ACCESS = "/users/{user_id}/OS-OAUTH1/access_tokens"
KEYS = "/users/{user_id}/credentials/OS-EC2"

# Where an operation's own schemas are wrong, and the right one of the same module
# (keystone 30.0.0, `api.os_federation.IdentityProviderResource.get` has the one of the list).
CORRECTED = {
    ("GET", "/OS-FEDERATION/identity_providers/{idp_id}"): federation.identity_provider_response_body,
}

RESPONSES = {
    # api.auth
    ("GET", "/auth/tokens"): TOKEN,
    ("POST", "/auth/tokens"): TOKEN,
    ("GET", "/auth/catalog"): _all(catalog=CATALOG, links=LINK),
    ("GET", "/auth/projects"): PROJECTS,
    ("GET", "/auth/domains"): _list("domains", resource.domain_schema),
    ("GET", "/auth/system"): _all(
        system=_array(_all(all={"type": "boolean", "enum": [True]})), links=LINK
    ),
    ("POST", "/auth/OS-FEDERATION/saml2"): Text(XML),
    ("POST", "/auth/OS-FEDERATION/saml2/ecp"): Text(XML),
    **{
        (method, f"/auth{path}/websso" if path == IDP else path): Text(HTML)
        for method in ("GET", "POST")
        for path in (IDP, "/auth/OS-FEDERATION/websso/{protocol_id}")
    },
    # api.os_federation
    ("GET", f"{IDP}/auth"): TOKEN,
    ("POST", f"{IDP}/auth"): TOKEN,
    ("GET", "/OS-FEDERATION/saml2/metadata"): Text(XML),
    ("GET", "/OS-FEDERATION/mappings"): _list("mappings", MAPPING),
    **{
        (method, "/OS-FEDERATION/mappings/{mapping_id}"): _all(mapping=MAPPING)
        for method in ("GET", "PUT", "PATCH")
    },
    # api.os_oauth1, api.os_oauth2
    ("GET", "/OS-OAUTH1/consumers"): _list("consumers", CONSUMER),
    ("POST", "/OS-OAUTH1/consumers"): _all(consumer=NEW_CONSUMER),
    ("GET", "/OS-OAUTH1/consumers/{consumer_id}"): _all(consumer=CONSUMER),
    ("PATCH", "/OS-OAUTH1/consumers/{consumer_id}"): _all(consumer=CONSUMER),
    ("POST", "/OS-OAUTH1/request_token"): Text(FORM),
    ("POST", "/OS-OAUTH1/access_token"): Text(FORM),
    ("PUT", "/OS-OAUTH1/authorize/{request_token_id}"): _all(token=_all(oauth_verifier=STRING)),
    ("POST", "/OS-OAUTH2/token"): _all(
        access_token=STRING,
        token_type={"type": "string", "enum": ["Bearer"]},
        expires_in={"type": "integer"},
    ),
    # api.ec2tokens, api.s3tokens
    ("POST", "/ec2tokens"): PROJECT_TOKEN,
    ("POST", "/s3tokens"): PROJECT_TOKEN,
    # api.os_ep_filter
    ("GET", f"{FILTER}/endpoint_groups/{{endpoint_group_id}}/endpoints"): ENDPOINTS,
    ("GET", f"{FILTER}/endpoint_groups/{{endpoint_group_id}}/projects"): PROJECTS,
    ("GET", f"{FILTER}/endpoint_groups/{{endpoint_group_id}}/projects/{{project_id}}"): _all(
        project_endpoint_group=_all(endpoint_group_id=STRING, project_id=STRING, links=_all(self=STRING))
    ),
    ("GET", f"{FILTER}/endpoints/{{endpoint_id}}/projects"): PROJECTS,
    ("GET", f"{FILTER}/projects/{{project_id}}/endpoint_groups"): _list(
        "endpoint_groups", catalog.endpoint_group_schema
    ),
    ("GET", f"{FILTER}/projects/{{project_id}}/endpoints"): ENDPOINTS,
    # api.os_inherit, api.trusts
    **{
        ("GET", f"/OS-INHERIT/domains/{{domain_id}}/{who}/roles/inherited_to_projects"): ROLES
        for who in ("groups/{group_id}", "users/{user_id}")
    },
    ("GET", "/OS-TRUST/trusts/{trust_id}/roles"): ROLES,
    ("GET", "/OS-TRUST/trusts/{trust_id}/roles/{role_id}"): _all(role=ROLE),
    # api.os_revoke
    ("GET", "/OS-REVOKE/events"): _all(events=_array(REVOCATION), links=response_types.links),
    # api.domains
    ("GET", CONFIG): OWN[0],
    ("PUT", CONFIG): OWN[0],
    ("PATCH", CONFIG): OWN[0],
    ("GET", f"{CONFIG}/{{group}}"): OWN[1],
    ("PATCH", f"{CONFIG}/{{group}}"): OWN[0],
    ("GET", f"{CONFIG}/{{group}}/{{option}}"): OWN[2],
    ("PATCH", f"{CONFIG}/{{group}}/{{option}}"): OWN[0],
    ("GET", "/domains/config/default"): DEFAULTS[0],
    ("GET", "/domains/config/{group}/default"): DEFAULTS[1],
    ("GET", "/domains/config/{group}/{option}/default"): DEFAULTS[2],
    # api.policy
    ("GET", "/policies"): _list("policies", POLICY),
    ("POST", "/policies"): _all(policy=POLICY),
    ("GET", "/policies/{policy_id}"): _all(policy=POLICY),
    ("PATCH", "/policies/{policy_id}"): _all(policy=POLICY),
    ("GET", "/policies/{policy_id}/OS-ENDPOINT-POLICY/endpoints"): ENDPOINTS,
    ("GET", "/endpoints/{endpoint_id}/OS-ENDPOINT-POLICY/policy"): _all(policy=POLICY),
    # api.groups, api.users
    ("GET", "/groups/{group_id}/users"): identity.user_index_response_body,
    ("GET", "/users/{user_id}/groups"): _list(
        "groups",
        _closed(
            ["id", "name", "domain_id", "description", "links", "membership_expires_at"],
            id=STRING,
            name=STRING,
            domain_id=STRING,
            description=NULLABLE,
            links=LINK,
            membership_expires_at=NULLABLE,
        ),
    ),
    ("GET", "/users/{user_id}/projects"): PROJECTS,
    ("GET", ACCESS): _list("access_tokens", ACCESS_TOKEN),
    ("GET", f"{ACCESS}/{{access_token_id}}"): _all(access_token=ACCESS_TOKEN),
    ("GET", f"{ACCESS}/{{access_token_id}}/roles"): _list("roles", BARE_ROLE),
    ("GET", f"{ACCESS}/{{access_token_id}}/roles/{{role_id}}"): _all(role=BARE_ROLE),
    ("GET", KEYS): _list("credentials", EC2),
    ("POST", KEYS): _all(credential=EC2),
    ("GET", f"{KEYS}/{{credential_id}}"): _all(credential=EC2),
}


def _in(name, schema):
    """A request in which a handler validates what one key has (`lazy_validate`)."""
    return _open([name], **{name: schema})


# `api._shared.EC2_S3_Resource.ResourceBase.handle_authenticate`: whichever key it finds first.
SIGNED = _open(
    ["access", "signature"],
    access=STRING,
    signature=STRING,
    host=STRING,
    verb=STRING,
    path=STRING,
    params={"type": "object"},
    headers={"type": "object"},
    body_hash=STRING,
    token=STRING,
)

REQUESTS = {
    ("POST", "/auth/tokens"): _in("auth", auth.token_issue),
    ("POST", "/auth/OS-FEDERATION/saml2"): _in("auth", federation.saml_create),
    ("POST", "/auth/OS-FEDERATION/saml2/ecp"): _in("auth", federation.saml_create),
    ("PUT", "/OS-FEDERATION/mappings/{mapping_id}"): _in("mapping", RULES),
    ("PATCH", "/OS-FEDERATION/mappings/{mapping_id}"): _in("mapping", RULES),
    ("POST", "/OS-OAUTH1/consumers"): _in("consumer", oauth1.consumer_create),
    ("PATCH", "/OS-OAUTH1/consumers/{consumer_id}"): _in("consumer", oauth1.consumer_update),
    ("PUT", "/OS-OAUTH1/authorize/{request_token_id}"): _in(
        "roles", oauth1.request_token_authorize
    ),
    ("POST", "/OS-OAUTH2/token"): Text(
        FORM,
        _open(
            ["grant_type"],
            grant_type={"type": "string", "enum": ["client_credentials"]},
            client_id=STRING,
            client_secret=STRING,
        ),
    ),
    ("POST", "/policies"): _in("policy", policy.policy_create),
    ("PATCH", "/policies/{policy_id}"): _in("policy", policy.policy_update),
    ("POST", "/users/{user_id}/password"): _in("user", identity.password_change),
    ("POST", KEYS): _open(["tenant_id"], tenant_id=STRING),
    **{
        ("POST", path): _open(credentials=SIGNED, credential=SIGNED, ec2Credentials=SIGNED)
        for path in ("/ec2tokens", "/s3tokens")
    },
    ("PUT", CONFIG): OWN[0],
    ("PATCH", CONFIG): OWN[0],
    ("PATCH", f"{CONFIG}/{{group}}"): OWN[1],
    ("PATCH", f"{CONFIG}/{{group}}/{{option}}"): OWN[2],
    # `api.users.UserAppCredGetDeleteResource.get` has its schema of the query where that of
    # the body belongs (keystone 30.0.0); it does not look at a body.
    ("GET", "/users/{user_id}/application_credentials/{application_credential_id}"): None,
}

# Who authenticates here may be asked for more methods, with a receipt of the first ones.
ISSUES_TOKENS = {
    ("POST", "/auth/tokens"),
    ("GET", f"{IDP}/auth"),
    ("POST", f"{IDP}/auth"),
}

# Headers that handlers look at, and whether they cannot do without.
SUBJECT = {"x-subject-token": True}
OAUTH = {"authorization": True}
REQUEST_HEADERS = {
    ("GET", "/auth/tokens"): {**SUBJECT, "openstack-identity-access-rules": False},
    ("DELETE", "/auth/tokens"): SUBJECT,
    ("POST", "/auth/tokens"): {"openstack-auth-receipt": False, "authorization": False},
    ("POST", "/OS-OAUTH1/request_token"): {**OAUTH, "requested-project-id": True},
    ("POST", "/OS-OAUTH1/access_token"): OAUTH,
    ("POST", "/OS-OAUTH2/token"): {"authorization": False},
}
