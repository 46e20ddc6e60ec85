"""Sends keystone requests that it refuses, to see statuses, forms and headers of its errors.

Every operation is asked in the same ways: without a token, as a user without any role, and as an
administrator of a project and of the system, for resources that do not exist and with a body that
no schema allows. What
is answered is kept as it comes (`witness.summary`); nothing is expected here.
"""

import uuid

import webob

import witness

FORM = "application/x-www-form-urlencoded"

# A body that no schema allows.
WRONG = b'{"auth": 1, "config": {"x": 1}, "user": 1}'
BODIES = {"PATCH": WRONG, "POST": WRONG, "PUT": WRONG}


def everything(cloud, routes, nobody, made):
    """Asks every operation; `routes` are (method, path), `nobody` has no role anywhere.

    `made` are (method, path, ids, body) of what exists already, or is in use.
    """
    for method, path in routes:
        probe(cloud, method, path, {})
        probe(cloud, method, path, {"X-Auth-Token": nobody})
        for token in (cloud.token, cloud.system):
            probe(cloud, method, path, {"X-Auth-Token": token}, BODIES.get(method))
    for method, path, ids, body in made:
        cloud.send(method, path, ids, body, refused=True)


def probe(cloud, method, template, headers, body=None):
    """Sends one request for resources that do not exist, and keeps what comes back."""
    path = template
    while "{" in path:
        path = path[: path.index("{")] + uuid.uuid4().hex + path[path.index("}") + 1 :]
    request = webob.Request.blank("/v3" + path, method=method)
    request.headers.update(headers)
    if path == "/auth/tokens":
        request.headers["X-Subject-Token"] = uuid.uuid4().hex
    if body is not None:
        request.content_type = FORM if "OAUTH2" in path else "application/json"
        request.body = body
    try:
        response = request.get_response(cloud.app)
    except Exception:  # noqa: BLE001, an error of keystone's own, which a server makes a 500
        return
    if response.status_int >= 400:
        cloud.exchanges.append(witness.exchange(f"{method} {template}", response))
