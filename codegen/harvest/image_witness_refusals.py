"""Sends glance requests that it refuses, to see statuses, forms and headers of its errors.

Every route is asked for resources that do not exist, by an administrator and by a reader of
another project, with a body that no schema allows, and with each media type that a client may
prefer: errors of glance are those of WebOb, which answers in HTML unless JSON is asked for.
"""

import uuid

import webob

import witness

ACCEPTED = (None, "*/*", "application/json")
WRONG = b'{"name": 1, "namespace": 2, "tags": 3, "member": 4, "type": 5, "url": 6}'
JSON = "application/json"


def everything(cloud):
    """Asks every operation, and the ones that depend on a state."""
    for method, path in routes():
        for roles in ("admin,member,reader", "reader"):
            for accepted in ACCEPTED:
                probe(cloud, method, path, roles, accepted)
            if method in ("PATCH", "POST", "PUT"):
                probe(cloud, method, path, roles, None, (WRONG, JSON))
                probe(cloud, method, path, roles, None, (b"[", JSON))
                probe(cloud, method, path, roles, None, (b"x", "text/plain"))
    states(cloud)


def routes():
    """Returns the methods and paths of the router."""
    from glance.api.v2 import router
    from glance.common import wsgi

    mapper = wsgi.APIMapper()
    router.API(mapper)
    found = []
    for route in mapper.matchlist:
        path = "/".join(
            f"{{{part[1:]}}}" if part.startswith(":") else part for part in route.routepath.split("/")
        )
        resource, name = route.defaults.get("controller"), route.defaults.get("action")
        if name and name != "reject" and hasattr(getattr(resource, "controller", None), name):
            found += [(method, path) for method in (route.conditions or {}).get("method", ["GET"])]
    return list(dict.fromkeys(found))


def probe(cloud, method, template, roles, accepted, content=None):
    """Sends one request for resources that do not exist, and keeps what comes back."""
    path = template
    while "{" in path:
        path = path[: path.index("{")] + str(uuid.uuid4()) + path[path.index("}") + 1 :]
    request = webob.Request.blank(path, method=method)
    cloud.authenticated(request, roles, uuid.uuid4().hex)
    if accepted:
        request.accept = accepted
    if content:
        request.body, request.content_type = content
    response = request.get_response(cloud.app)
    if response.status_int >= 400:
        cloud.exchanges.append(witness.exchange(f"{method} {template}", response))


def states(cloud):
    """Asks for what an image's or a namespace's state forbids."""

    def refused(method, path, *ids, body=None, **how):
        cloud.send(method, path, ids, body, refused=True, **how)

    data = {"content": (b"data", "application/octet-stream")}
    image = cloud.make(protected=True)
    item = "/images/{image_id}"
    cloud.put_data(item + "/file", image)
    refused("DELETE", item, image)
    refused("POST", "/images", body={"id": image})
    refused("PUT", item + "/file", image, **data)
    refused("PUT", item + "/stage", image, **data)
    refused("POST", item + "/import", image, body={"method": {"name": "glance-direct"}})
    refused("GET", item + "/file", image, headers={"Range": "bytes=100-"})
    shared, who = cloud.make(visibility="shared"), uuid.uuid4().hex
    cloud.send("POST", item + "/members", [shared], {"member": who})
    refused("POST", item + "/members", shared, body={"member": who})
    refused("POST", item + "/actions/deactivate", shared)
    refused("PATCH", item, image, content=(b"[]", JSON))
    public = cloud.make(visibility="public")
    refused("GET", item + "/members", public)
    path = "/metadefs/namespaces"
    cloud.send("POST", path, [], {"namespace": "kept", "protected": True})
    refused("POST", path, body={"namespace": "kept"})
    refused("DELETE", path + "/{namespace}", "kept")
    for kind, body in (
        ("properties", {"name": "p", "title": "P", "type": "string"}),
        ("objects", {"name": "o"}),
    ):
        cloud.send("POST", f"{path}/{{namespace}}/{kind}", ["kept"], body)
        refused("POST", f"{path}/{{namespace}}/{kind}", "kept", body=body)
    cloud.send("POST", path + "/{namespace}/tags/{tag_name}", ["kept", "t"])
    refused("POST", path + "/{namespace}/tags/{tag_name}", "kept", "t")
