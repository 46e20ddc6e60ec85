"""Records what a service answers that runs in this process.

A witness (`network_witness.py` and its like) makes the service's application, sends requests
that make at least one resource of each kind, and prints the shapes of the answers. A shape says
what values have in common, and nothing that differs from run to run.
"""

import json

import webob

JSON_TYPES = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}


class Recorder:
    """Sends requests to an application, and keeps what came back by method and path."""

    def __init__(self, app, prepare):
        """`prepare` completes a request before it is sent: it says who asks."""
        self._app = app
        self._prepare = prepare
        self.answers = {}
        self.failures = []

    def get(self, template, *ids):
        """Reads one resource, or a list."""
        return self.send("GET", template, ids)

    def put(self, template, *ids, body=None):
        """Changes a resource, or calls an action."""
        return self.send("PUT", template, ids, body)

    def patch(self, template, *ids, **body):
        """Changes a resource; `body` is one key, its envelope."""
        return self.send("PATCH", template, ids, body)

    def post(self, template, *ids, **body):
        """Creates a resource; `body` is one key, its envelope. Returns the new resource."""
        answer = self.send("POST", template, ids, body)
        return next(iter(answer.values())) if answer else {"id": "missing"}

    def all_of(self, template, *ids, item, body=None):
        """Lists the resources at a path, shows one of them, and changes it where it can be."""
        self.get(template, *ids)
        self.get(template + "/{id}", *ids, item)
        if body is not None:
            self.put(template + "/{id}", *ids, item, body=body)

    def send(self, method, template, ids, body=None, query=""):
        """Sends one request; notes the answer, or the refusal. Returns the answer."""
        path = template
        for one in ids:
            path = path.replace(path[path.index("{") : path.index("}") + 1], str(one), 1)
        request = webob.Request.blank(path + query, method=method)
        if body is not None:
            request.content_type = "application/json"
            request.body = json.dumps(body).encode()
        self._prepare(request)
        try:
            response = request.get_response(self._app)
        except Exception as error:  # noqa: BLE001, what failed is told with all the others
            self.failures.append(f"{method} {path}: {error!r}")
            return None
        if response.status_int >= 300:
            self.failures.append(f"{method} {path}: {response.status_int} {response.text[:300]}")
            return None
        answer = response.json if response.body else None
        self.answers.setdefault(f"{method} {template}", []).append(answer)
        self.headers = response.headers
        return answer

    def check(self):
        """Fails with every request that was refused."""
        if self.failures:
            raise SystemExit("\n".join(["the service refused:", *self.failures]))


def shape(values):
    """Returns what values have in common: their JSON types, and for objects the keys.

    `always` are the keys of every object, `keys` the shape of each, `items` that of the items.
    """
    found = {"types": sorted({JSON_TYPES[type(value)] for value in values})}
    objects = [value for value in values if isinstance(value, dict)]
    if objects:
        names = sorted({name for value in objects for name in value})
        found["always"] = [name for name in names if all(name in value for value in objects)]
        found["keys"] = {
            name: shape([value[name] for value in objects if name in value]) for name in names
        }
    items = [item for value in values if isinstance(value, list) for item in value]
    return {**found, "items": shape(items)} if items else found
