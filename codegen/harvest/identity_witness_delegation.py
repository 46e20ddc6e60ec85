"""Asks keystone for what it answers to those who act for others: the rest of `identity_witness`.

OAuth 1 and 2, EC2 and S3 signatures, trusts, application credentials, and federation, where a
web server in front of keystone would say who asks. Nothing here signs SAML: `xmlsec1` is a
program of its own, and what it adds is inside the document.
"""

import base64
import datetime
import hashlib
import hmac
from unittest import mock

from keystoneclient.contrib.ec2 import utils as ec2
from oauthlib import oauth1

# The address that keystone is configured with, and the one that requests here have.
HOST = "http://127.0.0.1:5000"
ASKED = "http://localhost"
FORM = "application/x-www-form-urlencoded"

# What a web server that authenticates for keystone adds to a request.
VISITOR = {"UserName": "visitor", "REMOTE_IDP": "remote"}


def everything(cloud, me, home, role, roles_user, secret):
    """Asks in every way in which another one's rights can be used."""
    oauth(cloud, me, home, role)
    client_credentials(cloud, me, secret)
    signatures(cloud, me, home)
    trusted(cloud, me, home, roles_user)
    federated(cloud, home)


def oauth(cloud, me, home, role):
    """Goes through OAuth 1: a request token, its authorization, an access token, and its use."""
    consumer = cloud.post("/OS-OAUTH1/consumers", consumer={"description": "o"})
    key, secret = consumer["id"], consumer.get("secret", "")

    def signed(path, body=None, host=ASKED, **more):
        client = oauth1.Client(key, client_secret=secret, **more)
        _, headers, _ = client.sign(f"{host}/v3{path}", http_method="POST", headers=extra)
        return cloud.send("POST", path, [], body, headers=headers)

    extra = {"Requested-Project-Id": home}
    answer = _form(signed("/OS-OAUTH1/request_token", callback_uri="oob"))
    asked = answer.get("oauth_token", "missing")
    allowed = cloud.put("/OS-OAUTH1/authorize/{request_token_id}", asked, body={"roles": [{"id": role}]})
    verifier = (allowed or {}).get("token", {}).get("oauth_verifier", "")
    extra = {}
    answer = _form(
        signed(
            "/OS-OAUTH1/access_token",
            resource_owner_key=asked,
            resource_owner_secret=answer.get("oauth_token_secret", ""),
            verifier=verifier,
        )
    )
    path, token = "/users/{user_id}/OS-OAUTH1/access_tokens", answer.get("oauth_token", "missing")
    cloud.get(path, me)
    cloud.get(path + "/{access_token_id}", me, token)
    cloud.get(path + "/{access_token_id}/roles", me, token)
    cloud.get(path + "/{access_token_id}/roles/{role_id}", me, token, role)
    signed(
        "/auth/tokens",
        host=HOST,
        body={"auth": {"identity": {"methods": ["oauth1"], "oauth1": {}}}},
        resource_owner_key=token,
        resource_owner_secret=answer.get("oauth_token_secret", ""),
    )


def client_credentials(cloud, me, secret):
    """Gets a token of OAuth 2 for an application credential, and tokens in keystone's own way."""
    path = "/users/{user_id}/application_credentials"
    rules = [{"service": "compute", "method": "GET", "path": "/v2.1/servers"}]
    made = cloud.post(
        path, me, application_credential={"name": "o", "secret": secret, "access_rules": rules}
    )
    pair = base64.b64encode(f"{made['id']}:{secret}".encode()).decode()
    cloud.send(
        "POST",
        "/OS-OAUTH2/token",
        [],
        headers={"Authorization": f"Basic {pair}"},
        content=(b"grant_type=client_credentials", FORM),
    )
    credential = {"id": made["id"], "secret": secret}
    token(cloud, identity={"methods": ["application_credential"], "application_credential": credential})


def signatures(cloud, me, home):
    """Signs requests as clients of EC2 and S3 do."""
    path = "/users/{user_id}/credentials/OS-EC2"
    made = (cloud.send("POST", path, [me], {"tenant_id": home}) or {}).get("credential", {})
    access, secret = made.get("access", ""), made.get("secret", "")
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    request = {
        "access": access,
        "host": "localhost",
        "verb": "GET",
        "path": "/",
        "params": {"SignatureVersion": "2", "SignatureMethod": "HmacSHA256", "Timestamp": now},
    }
    request["signature"] = ec2.Ec2Signer(secret).generate(dict(request))
    cloud.send("POST", "/ec2tokens", [], {"credentials": request})
    text = b"GET\n\n\n\n/"
    digest = hmac.new(secret.encode(), text, hashlib.sha1).digest()
    request = {
        "access": access,
        "token": base64.urlsafe_b64encode(text).decode(),
        "signature": base64.encodebytes(digest).decode().strip(),
    }
    cloud.send("POST", "/s3tokens", [], {"credentials": request})


def trusted(cloud, me, home, user):
    """Gets tokens of a domain and of a trust, with the password of each user."""
    trust = {
        "trustor_user_id": me,
        "trustee_user_id": user["id"],
        "impersonation": False,
        "project_id": home,
        "roles": [{"name": "admin"}],
    }
    trust = cloud.post("/OS-TRUST/trusts", trust=trust)
    who = {"methods": ["password"], "password": {"user": user}}
    unscoped = token(cloud, identity=who)
    again = {"methods": ["token"], "token": {"id": unscoped}}
    token(cloud, identity=again, scope={"OS-TRUST:trust": {"id": trust["id"]}})


def federated(cloud, home):
    """Logs in as a visitor whom a web server vouches for, and asks for assertions."""
    group = cloud.post("/groups", group={"name": "visitors"})
    rules = [
        {
            "local": [{"user": {"name": "{0}"}, "group": {"id": group["id"]}}],
            "remote": [{"type": "UserName"}],
        }
    ]
    idps = "/OS-FEDERATION/identity_providers/{idp_id}"
    cloud.put("/OS-FEDERATION/mappings/{mapping_id}", "visit", body={"mapping": {"rules": rules}})
    provider = {"enabled": True, "remote_ids": ["remote"]}
    cloud.put(idps, "front", body={"identity_provider": provider})
    protocol = {"mapping_id": "visit", "remote_id_attribute": "REMOTE_IDP"}
    path = idps + "/protocols/{protocol_id}"
    cloud.put(path, "front", "mapped", body={"protocol": protocol})
    for method in ("GET", "POST"):
        cloud.send(method, path + "/auth", ["front", "mapped"], environ=VISITOR)
        websso = "/auth" + path + "/websso"
        query = f"?origin={HOST}"
        cloud.send(method, websso, ["front", "mapped"], query=query, environ=VISITOR)
        websso = "/auth/OS-FEDERATION/websso/{protocol_id}"
        cloud.send(method, websso, ["mapped"], query=query, environ=VISITOR)
    cloud.get("/OS-FEDERATION/saml2/metadata")
    partner = {"auth_url": HOST, "sp_url": HOST, "enabled": True}
    provider = "/OS-FEDERATION/service_providers/{service_provider_id}"
    cloud.put(provider, "partner", body={"service_provider": partner})
    scope = {"service_provider": {"id": "partner"}}
    identity = {"methods": ["token"], "token": {"id": cloud.token}}
    with mock.patch("keystone.federation.idp._sign_assertion", lambda assertion: assertion):
        for path in ("/auth/OS-FEDERATION/saml2", "/auth/OS-FEDERATION/saml2/ecp"):
            cloud.send("POST", path, [], {"auth": {"identity": identity, "scope": scope}})
    # With a partner known, every token lists it.
    token(cloud, identity=identity, scope={"project": {"id": home}})
    cloud.get("/auth/tokens")


def token(cloud, **auth):
    """Gets a token that is not used from then on, and looks at it. Returns its id."""
    cloud.post("/auth/tokens", auth=auth)
    made = cloud.headers.get("X-Subject-Token", "missing")
    about = {"X-Subject-Token": made, "OpenStack-Identity-Access-Rules": "1.0"}
    cloud.send("GET", "/auth/tokens", [], headers=about)
    return made


def _form(text):
    """Returns the fields of an answer in the form of a web page."""
    return dict(pair.split("=", 1) for pair in (text or "").split("&") if "=" in pair)
