"""Runs keystone in this process and prints the shapes of its answers.

The service is the real one, with its middleware, over SQLite in memory: bootstrapped as
`keystone-manage bootstrap` does it, and asked as the administrator. At least one resource of
each kind is created, shown, listed and changed; where answers depend on what was asked for,
also a second one with more in it. Printed as JSON: by method and path, the shape of the whole
answer (`witness.shape`). `identity.py` holds keystone's response schemas against it.
"""

import json
import logging
import pathlib
import re
import sys
import tempfile
from unittest import mock

from cryptography import fernet

import identity_witness_delegation as delegation
import identity_witness_refusals as refusals
import witness

PASSWORD = "secret-enough"
HOST = "http://127.0.0.1:5000"


def application(folder):
    """Returns keystone's application over an empty, bootstrapped database."""
    settings = pathlib.Path(folder, "keystone.conf")
    settings.write_text(
        f"""
[DEFAULT]
public_endpoint = {HOST}
[database]
connection = sqlite://
[fernet_tokens]
key_repository = {folder}/fernet
[credential]
key_repository = {folder}/credential
[fernet_receipts]
key_repository = {folder}/fernet
[auth]
methods = password,token,application_credential,totp,oauth1,mapped,ec2credential
[identity]
domain_config_dir = {folder}
[federation]
trusted_dashboard = {HOST}
sso_callback_template = {folder}/callback.html
[saml]
idp_entity_id = {HOST}
idp_sso_endpoint = {HOST}
idp_metadata_path = {folder}/metadata.xml
[token]
allow_rescope_scoped_token = true
"""
    )
    pathlib.Path(folder, "callback.html").write_text("<html>$host $token</html>")
    pathlib.Path(folder, "metadata.xml").write_text("<EntityDescriptor/>")
    for repository in ("fernet", "credential"):
        keys = pathlib.Path(folder, repository)
        keys.mkdir()
        for name in ("0", "1"):
            (keys / name).write_bytes(fernet.Fernet.generate_key())
    from keystone.server.flask import core

    app = core.initialize_application(name="public", config_files=[str(settings)])
    from keystone.cmd import bootstrap
    from keystone.common import sql

    with sql.session_for_write() as session:
        sql.ModelBase.metadata.create_all(session.get_bind())
    # The application has loaded the backends, which can be done once.
    with mock.patch.object(bootstrap.backends, "load_backends"):
        admin = bootstrap.Bootstrapper()
    admin.admin_password = PASSWORD
    admin.admin_username = "admin"
    admin.project_name = "admin"
    admin.admin_role_name = "admin"
    admin.service_name = "keystone"
    admin.region_id = "RegionOne"
    admin.public_url = admin.internal_url = admin.admin_url = f"{HOST}/v3"
    admin.bootstrap()
    return app


class Keystone(witness.Recorder):
    """Asks as the administrator."""

    def __init__(self, app):
        """The paths of operations have no version; those of the application do."""
        super().__init__(app, self._authenticated)
        self.token = None

    def _authenticated(self, request):
        request.path_info = "/v3" + request.path_info
        if self.token:
            request.headers["X-Auth-Token"] = self.token
            request.headers["X-Subject-Token"] = self.token

    def log_in(self, **auth):
        """Gets a token, and uses it from then on. Returns what it says."""
        body = self.post("/auth/tokens", auth=auth)
        self.token = self.headers.get("X-Subject-Token", self.token)
        self.get("/auth/tokens")
        return body


def password(user):
    """Returns the identity part of a request for a token."""
    who = {**user, "password": PASSWORD}
    return {"methods": ["password"], "password": {"user": who}}


def everything(cloud):
    """Makes at least one resource of each kind."""
    admin = {"name": "admin", "domain": {"id": "default"}}
    cloud.log_in(identity=password(admin))
    cloud.log_in(identity=password(admin), scope={"system": {"all": True}})
    project = {"name": "admin", "domain": {"id": "default"}}
    token = cloud.log_in(identity=password(admin), scope={"project": project})
    me, home = token["user"]["id"], token["project"]["id"]
    for path in ("tokens", "catalog", "projects", "domains", "system"):
        cloud.get(f"/auth/{path}")
    granted = "/domains/{domain_id}/users/{user_id}/roles/{role_id}"
    cloud.put(granted, "default", me, token["roles"][0]["id"])
    cloud.get("/auth/domains")
    made = resources(cloud, me, home)
    revoked = delegation.token(cloud, identity=password(admin))
    cloud.send("DELETE", "/auth/tokens", [], headers={"X-Subject-Token": revoked})
    cloud.get("/OS-REVOKE/events")
    role = token["roles"][0]["id"]
    delegation.everything(cloud, me, home, role, made, PASSWORD)
    # An operation may be for administrators of the system alone.
    system = delegation.token(cloud, identity=password(admin), scope={"system": {"all": True}})
    cloud.system = system
    cloud.post("/users", user={"name": "nobody", "password": PASSWORD, "domain_id": "default"})
    nobody = {"name": "nobody", "domain": {"id": "default"}}
    nobody = delegation.token(cloud, identity=password(nobody))
    refusals.everything(cloud, routes(cloud.app), nobody, taken(me, role))


def routes(app):
    """Returns the methods and paths of the application's operations."""
    return [
        (method, re.sub(r"<(?:[^:>]*:)?([^>]+)>", r"{\1}", str(rule)).removeprefix("/v3"))
        for rule in app.url_map.iter_rules()
        if str(rule).startswith("/v3/")
        for method in sorted(rule.methods & {"DELETE", "GET", "PATCH", "POST", "PUT"})
    ]


def taken(me, role):
    """Returns requests for what exists already, or is in use."""
    rules = [{"local": [{"user": {"name": "{0}"}}], "remote": [{"type": "UserName"}]}]
    federation = "/OS-FEDERATION"
    credential = {"type": "ec2", "blob": '{"access": "a", "secret": "b"}', "user_id": me}
    return [
        ("POST", "/domains", [], {"domain": {"name": "d"}}),
        ("POST", "/projects", [], {"project": {"name": "p"}}),
        ("POST", "/users", [], {"user": {"name": "v"}}),
        ("POST", "/groups", [], {"group": {"name": "h"}}),
        ("POST", "/roles", [], {"role": {"name": "s"}}),
        ("POST", "/regions", [], {"region": {"id": "r2"}}),
        ("PUT", "/regions/{region_id}", ["r3"], {"region": {}}),
        ("POST", "/credentials", [], {"credential": {**credential, "project_id": me}}),
        (
            "POST",
            "/users/{user_id}/application_credentials",
            [me],
            {"application_credential": {"name": "a"}},
        ),
        (
            "PUT",
            federation + "/identity_providers/{idp_id}",
            ["i"],
            {"identity_provider": {"remote_ids": ["a"]}},
        ),
        ("PUT", federation + "/mappings/{mapping_id}", ["m"], {"mapping": {"rules": rules}}),
        (
            "PUT",
            federation + "/service_providers/{service_provider_id}",
            ["s"],
            {"service_provider": {"auth_url": HOST, "sp_url": HOST}},
        ),
        ("DELETE", "/domains/{domain_id}", ["default"], None),
    ]


def main():
    """Prints the shapes, or fails with the requests that keystone refused."""
    if not sys.flags.dev_mode:
        logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        cloud = Keystone(application(folder))
        everything(cloud)
        cloud.check()
    found = {place: witness.shape(bodies) for place, bodies in sorted(cloud.answers.items())}
    found = {"answers": found, "seen": witness.summary(cloud.exchanges)}
    json.dump(found, sys.stdout, indent=1)


def resources(cloud, me, home):
    domain = cloud.post("/domains", domain={"name": "d"})
    cloud.post("/domains", domain={"name": "e", "description": "x", "enabled": False})
    each(cloud, "/domains", domain["id"], domain={"description": "m"})
    project = cloud.post("/projects", project={"name": "p"})
    cloud.post("/projects", project={"name": "q", "tags": ["a"], "options": {"immutable": False}})
    each(cloud, "/projects", project["id"], project={"description": "m"})
    path = "/projects/{project_id}"
    cloud.put(path + "/tags", project["id"], body={"tags": ["a", "b"]})
    cloud.get(path + "/tags", project["id"])
    cloud.put(path + "/tags/{value}", project["id"], "c")
    cloud.send("GET", path, [project["id"]], query="?parents_as_list&subtree_as_list")
    user = cloud.post("/users", user={"name": "u", "password": PASSWORD})
    cloud.post(
        "/users",
        user={"name": "v", "default_project_id": home, "email": "v@example.org", "enabled": True},
    )
    each(cloud, "/users", user["id"], user={"name": "w"})
    group = cloud.post("/groups", group={"name": "g"})
    cloud.post("/groups", group={"name": "h", "description": "x"})
    each(cloud, "/groups", group["id"], group={"name": "m"})
    cloud.put("/groups/{group_id}/users/{user_id}", group["id"], user["id"])
    cloud.get("/groups/{group_id}/users", group["id"])
    cloud.get("/users/{user_id}/groups", user["id"])
    role = cloud.post("/roles", role={"name": "r"})
    other = cloud.post("/roles", role={"name": "s", "description": "x"})
    each(cloud, "/roles", role["id"], role={"name": "m"})
    implies = "/roles/{prior_role_id}/implies"
    cloud.put(implies + "/{implied_role_id}", role["id"], other["id"])
    cloud.get(implies + "/{implied_role_id}", role["id"], other["id"])
    cloud.get(implies, role["id"])
    cloud.get("/role_inferences")
    grants(cloud, domain["id"], project["id"], user["id"], group["id"], role["id"])
    cloud.get("/users/{user_id}/projects", me)
    catalog(cloud, home)
    credentials(cloud, me, home, role["id"], user["id"], project["id"])
    federation(cloud)
    limits(cloud, domain["id"], project["id"])
    configuration(cloud, domain["id"])
    domains = "/projects/{project_id}/users/{user_id}/roles/{role_id}"
    cloud.put(domains, home, user["id"], role["id"])
    return {"id": user["id"], "password": PASSWORD}


def each(cloud, template, item, **changes):
    """Lists the resources at a path, shows one of them, and changes it where it can be."""
    cloud.get(template)
    place = template + "/{" + template.rsplit("/", 1)[-1].rstrip("s") + "_id}"
    cloud.get(place, item)
    if changes:
        cloud.patch(place, item, **changes)


def grants(cloud, domain, project, user, group, role):
    for kind, target in (("domains/{domain_id}", domain), ("projects/{project_id}", project)):
        for holder, actor in (("users/{user_id}", user), ("groups/{group_id}", group)):
            path = f"/{kind}/{holder}/roles"
            cloud.put(path + "/{role_id}", target, actor, role)
            cloud.get(path, target, actor)
            path = f"/OS-INHERIT/{kind}/{holder}/roles"
            cloud.put(path + "/{role_id}/inherited_to_projects", target, actor, role)
            if target == domain:
                cloud.get(path + "/inherited_to_projects", target, actor)
    for holder, actor in (("users/{user_id}", user), ("groups/{group_id}", group)):
        cloud.put(f"/system/{holder}/roles/{{role_id}}", actor, role)
        cloud.get(f"/system/{holder}/roles", actor)
    cloud.get("/role_assignments")
    cloud.send("GET", "/role_assignments", [], query="?include_names=1")
    cloud.send("GET", "/role_assignments", [], query="?effective=1")


def catalog(cloud, project):
    region = cloud.post("/regions", region={"description": "x"})
    cloud.post("/regions", region={"id": "r2", "parent_region_id": region["id"]})
    each(cloud, "/regions", region["id"], region={"description": "m"})
    cloud.put("/regions/{region_id}", "r3", body={"region": {}})
    service = cloud.post("/services", service={"type": "t"})
    cloud.post("/services", service={"type": "t", "name": "n", "description": "x"})
    each(cloud, "/services", service["id"], service={"name": "m"})
    made = {"interface": "public", "url": HOST, "service_id": service["id"]}
    endpoint = cloud.post("/endpoints", endpoint=made)
    cloud.post("/endpoints", endpoint={**made, "region_id": region["id"], "name": "n"})
    each(cloud, "/endpoints", endpoint["id"], endpoint={"interface": "admin"})
    path = "/OS-EP-FILTER/endpoint_groups"
    group = {"name": "g", "filters": {"interface": "public"}}
    group = cloud.post(path, endpoint_group=group)
    # The filters are those that the client wrote, whichever these are.
    other = {"name": "h", "filters": {"service_id": service["id"]}}
    other = cloud.post(path, endpoint_group=other)
    each(cloud, path, group["id"], endpoint_group={"description": "m"})
    each(cloud, path, other["id"], endpoint_group={"description": "m"})
    item = path + "/{endpoint_group_id}"
    cloud.put(item + "/projects/{project_id}", group["id"], project)
    cloud.put(item + "/projects/{project_id}", other["id"], project)
    cloud.get(item + "/projects/{project_id}", group["id"], project)
    cloud.get(item + "/projects", group["id"])
    cloud.get(item + "/endpoints", group["id"])
    path = "/OS-EP-FILTER/projects/{project_id}"
    cloud.put(path + "/endpoints/{endpoint_id}", project, endpoint["id"])
    cloud.get(path + "/endpoints", project)
    cloud.get(path + "/endpoint_groups", project)
    cloud.get("/OS-EP-FILTER/endpoints/{endpoint_id}/projects", endpoint["id"])
    policy = cloud.post("/policies", policy={"blob": "{}", "type": "application/json"})
    each(cloud, "/policies", policy["id"])
    cloud.get("/policies/{policy_id}", policy["id"])
    cloud.patch("/policies/{policy_id}", policy["id"], policy={"blob": "[]"})
    path = "/policies/{policy_id}/OS-ENDPOINT-POLICY"
    cloud.put(path + "/endpoints/{endpoint_id}", policy["id"], endpoint["id"])
    cloud.put(path + "/services/{service_id}", policy["id"], service["id"])
    cloud.get(path + "/endpoints", policy["id"])
    cloud.get("/endpoints/{endpoint_id}/OS-ENDPOINT-POLICY/policy", endpoint["id"])


def credentials(cloud, me, home, role, user, project):
    credential = {"type": "cert", "blob": "{}", "user_id": me}
    credential = cloud.post("/credentials", credential=credential)
    cloud.post(
        "/credentials",
        credential={
            "type": "ec2",
            "blob": '{"access": "a", "secret": "b"}',
            "user_id": me,
            "project_id": home,
        },
    )
    each(cloud, "/credentials", credential["id"], credential={"blob": "[]"})
    path = "/users/{user_id}/credentials/OS-EC2"
    made = cloud.send("POST", path, [me], {"tenant_id": home})
    cloud.get(path, me)
    cloud.get(path + "/{credential_id}", me, made["credential"]["access"])
    path = "/users/{user_id}/application_credentials"
    made = cloud.post(path, me, application_credential={"name": "a"})
    rules = [{"service": "compute", "method": "GET", "path": "/v2.1/servers"}]
    more = {"name": "b", "description": "x", "expires_at": "2099-01-01T00:00:00", "secret": "s"}
    used = cloud.post(path, me, application_credential={**more, "access_rules": rules})
    cloud.get(path, me)
    cloud.get(path + "/{application_credential_id}", me, made["id"])
    cloud.get(path + "/{application_credential_id}", me, used["id"])
    cloud.get("/users/{user_id}/access_rules", me)
    rule = used["access_rules"][0]["id"] if "access_rules" in used else "missing"
    cloud.get("/users/{user_id}/access_rules/{access_rule_id}", me, rule)
    trust = {
        "trustor_user_id": me,
        "trustee_user_id": user,
        "impersonation": False,
        "project_id": home,
        "roles": [{"name": "admin"}],
    }
    trust = cloud.post("/OS-TRUST/trusts", trust=trust)
    cloud.get("/OS-TRUST/trusts")
    cloud.get("/OS-TRUST/trusts/{trust_id}", trust["id"])
    cloud.get("/OS-TRUST/trusts/{trust_id}/roles", trust["id"])
    held = trust["roles"][0]["id"] if "roles" in trust else "missing"
    cloud.get("/OS-TRUST/trusts/{trust_id}/roles/{role_id}", trust["id"], held)
    consumer = cloud.post("/OS-OAUTH1/consumers", consumer={"description": "x"})
    path = "/OS-OAUTH1/consumers"
    cloud.get(path)
    cloud.get(path + "/{consumer_id}", consumer["id"])
    cloud.patch(path + "/{consumer_id}", consumer["id"], consumer={"description": "m"})
    cloud.get("/users/{user_id}/OS-OAUTH1/access_tokens", me)


def federation(cloud):
    path = "/OS-FEDERATION/identity_providers"
    cloud.put(path + "/{idp_id}", "i", body={"identity_provider": {"remote_ids": ["a"]}})
    cloud.put(path + "/{idp_id}", "j", body={"identity_provider": {"description": "x"}})
    cloud.get(path)
    cloud.get(path + "/{idp_id}", "i")
    cloud.patch(path + "/{idp_id}", "i", identity_provider={"enabled": True})
    rules = [{"local": [{"user": {"name": "{0}"}}], "remote": [{"type": "UserName"}]}]
    mapping = "/OS-FEDERATION/mappings"
    cloud.put(mapping + "/{mapping_id}", "m", body={"mapping": {"rules": rules}})
    cloud.get(mapping)
    cloud.get(mapping + "/{mapping_id}", "m")
    cloud.patch(mapping + "/{mapping_id}", "m", mapping={"rules": rules})
    path += "/{idp_id}/protocols"
    cloud.put(path + "/{protocol_id}", "i", "saml2", body={"protocol": {"mapping_id": "m"}})
    cloud.get(path, "i")
    cloud.get(path + "/{protocol_id}", "i", "saml2")
    cloud.patch(path + "/{protocol_id}", "i", "saml2", protocol={"mapping_id": "m"})
    path = "/OS-FEDERATION/service_providers"
    provider = {"auth_url": HOST, "sp_url": HOST}
    cloud.put(path + "/{service_provider_id}", "s", body={"service_provider": provider})
    cloud.get(path)
    cloud.get(path + "/{service_provider_id}", "s")
    cloud.patch(path + "/{service_provider_id}", "s", service_provider={"enabled": True})


def limits(cloud, domain, project):
    service = cloud.post("/services", service={"type": "l", "name": "l"})
    limit = {"service_id": service["id"], "resource_name": "n", "default_limit": 5}
    made = cloud.post("/registered_limits", registered_limits=[limit])
    made = made[0] if isinstance(made, list) else made
    each(cloud, "/registered_limits", made["id"], registered_limit={"default_limit": 6})
    limit = {"service_id": service["id"], "resource_name": "n", "resource_limit": 5}
    both = [{**limit, "project_id": project}, {**limit, "domain_id": domain}]
    made = cloud.post("/limits", limits=both)
    made = made[0] if isinstance(made, list) else made
    each(cloud, "/limits", made["id"], limit={"resource_limit": 4})
    cloud.get("/limits/model")


def configuration(cloud, domain):
    config = {"config": {"identity": {"driver": "ldap"}, "ldap": {"url": "ldap://x"}}}
    path = "/domains/{domain_id}/config"
    cloud.put(path, domain, body=config)
    cloud.get(path, domain)
    cloud.send("PATCH", path, [domain], {"config": {"ldap": {"url": "ldap://y"}}})
    cloud.send("PATCH", path + "/{group}", [domain, "ldap"], {"config": {"ldap": {"url": "ldap://z"}}})
    cloud.send("PATCH", path + "/{group}/{option}", [domain, "ldap", "url"], {"config": {"url": "ldap://a"}})
    cloud.get(path + "/{group}", domain, "ldap")
    cloud.get(path + "/{group}/{option}", domain, "ldap", "url")
    cloud.get("/domains/config/default")
    cloud.get("/domains/config/{group}/default", "ldap")
    cloud.get("/domains/config/{group}/{option}/default", "ldap", "url")


if __name__ == "__main__":
    main()
