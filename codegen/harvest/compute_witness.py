"""Runs nova's API in this process and prints how it refuses requests, and with which headers.

The application is the real one, with the middleware that makes faults and request ids; in place
of keystonemiddleware stands an administrator. There is no database and no message bus, so only
requests are sent that end before either is needed. Printed as JSON: a list of answers, each with
status, headers and body. `compute_messages.py` holds its tables against it.
"""

import json
import logging
from unittest import mock

import webob
from nova import context, rpc
from nova import config as _options  # noqa: F401, it registers the settings
from nova.api import auth, compute_req_id
from nova.api.openstack import FaultWrapper, compute
from nova.api.openstack.compute import versions
from nova.conf import CONF

NEW, UNREADABLE, UNKNOWN = "compute 2.90", "compute x", "compute 2.999"
JSON = "application/json"

# (method, path, version, media type, body), each with another end.
REQUESTS = [
    ("GET", "/extensions", None, None, b""),
    ("GET", "/versions/v2.1", NEW, None, b""),
    ("GET", "/versions/v9", NEW, None, b""),
    ("GET", "/os-networks", NEW, None, b""),
    ("GET", "/servers", UNKNOWN, None, b""),
    ("GET", "/servers", UNREADABLE, None, b""),
    ("POST", "/servers", NEW, JSON, b'{"server": {}}'),
    ("POST", "/servers", NEW, JSON, b'{"server'),
    ("POST", "/servers", NEW, "text/csv", b"server"),
    ("POST", "/servers/x/action", NEW, JSON, b'{"fly": null}'),
]


def application():
    """Returns the API behind the middleware, and the document of its version."""
    CONF([], project="nova")
    rpc.TRANSPORT = rpc.NOTIFIER = rpc.LEGACY_NOTIFIER = mock.Mock()
    rpc.get_client = mock.Mock()
    admin = context.RequestContext("user", "project", is_admin=True)
    api = auth.InjectContext(admin, compute.APIRouterV21())
    return [
        compute_req_id.ComputeReqIdMiddleware(FaultWrapper(app))
        for app in (api, versions.VersionsV2())
    ]


def answer(app, method, path, version, media_type, body):
    """Sends a request; returns what came back."""
    request = webob.Request.blank(path, method=method, body=body)
    if version:
        request.headers["OpenStack-API-Version"] = version
    if media_type:
        request.content_type = media_type
    response = request.get_response(app)
    headers = {name.lower(): response.headers.getall(name) for name in response.headers}
    return {
        "request": [method, path, version],
        "status": response.status_int,
        "headers": headers,
        "body": response.json,
    }


def main():
    """Prints the answers."""
    logging.disable(logging.CRITICAL)
    api, document = application()
    found = [answer(api, *request) for request in REQUESTS]
    found += [answer(document, "GET", "/", v, None, b"") for v in (None, NEW, UNKNOWN, UNREADABLE)]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
