"""Records what a service answers that runs in this process.

A witness (`network_witness.py` and its like) makes the service's application, sends requests
that make at least one resource of each kind, and prints the shapes of the answers. A shape says
what values have in common, and nothing that differs from run to run.
"""

import dataclasses
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


@dataclasses.dataclass
class Exchange:
    """What came back of one request."""

    # The method and the path template.
    place: str
    status: int
    media_type: str
    headers: dict
    # The document, the text of what is no JSON, or None.
    body: object


class Recorder:
    """Sends requests to an application, and keeps what came back by method and path."""

    def __init__(self, app, prepare):
        """`prepare` completes a request before it is sent: it says who asks."""
        self.app = app
        self._prepare = prepare
        self.answers = {}
        self.exchanges = []
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

    def send(self, method, template, ids, body=None, query="", **how):
        """Sends one request; notes the answer, or the refusal. Returns the answer.

        `how` has what only some requests need: `headers`, `environ` (what a web server would
        say), `content` (a body that is no JSON, as bytes and media type), and `refused`, if the
        service is expected to refuse the request.
        """
        path = template
        for one in ids:
            path = path.replace(path[path.index("{") : path.index("}") + 1], str(one), 1)
        request = webob.Request.blank(path + query, method=method)
        if "content" in how:
            request.body, request.content_type = how["content"]
        elif body is not None:
            request.content_type = "application/json"
            request.body = json.dumps(body).encode()
        self._prepare(request)
        request.headers.update(how.get("headers", {}))
        request.environ.update(how.get("environ", {}))
        try:
            response = request.get_response(self.app)
        except Exception as error:  # noqa: BLE001, what failed is told with all the others
            self.failures.append(f"{method} {path}: {error!r}")
            return None
        kept = exchange(f"{method} {template}", response)
        self.exchanges.append(kept)
        place, answer = kept.place, kept.body
        if (response.status_int >= 300) != bool(how.get("refused")):
            self.failures.append(f"{method} {path}: {response.status_int} {response.text[:300]}")
            return None
        if response.status_int < 300:
            self.answers.setdefault(place, []).append(answer)
        self.headers = response.headers
        return answer

    def check(self):
        """Fails with every request that was refused."""
        if self.failures:
            raise SystemExit("\n".join(["the service refused:", *self.failures]))


def exchange(place, response):
    """Returns what is kept of a response."""
    headers, body = dict(response.headers), _content(response)
    return Exchange(place, response.status_int, response.content_type, headers, body)


def summary(exchanges):
    """Returns what came back by place and status: media types, headers, and bodies of errors."""
    found = {}
    for one in exchanges:
        found.setdefault(one.place, {}).setdefault(str(one.status), []).append(one)
    return {
        place: {status: _summary(some) for status, some in sorted(by_status.items())}
        for place, by_status in sorted(found.items())
    }


def _summary(exchanges):
    """Describes answers of one operation and status.

    `headers` has for each header whether every answer had it.
    """
    names = sorted({name.lower() for one in exchanges for name in one.headers})
    have = [{name.lower() for name in one.headers} for one in exchanges]
    found = {
        "media": sorted({one.media_type or "" for one in exchanges if one.body is not None}),
        "empty": any(one.body is None for one in exchanges),
        "headers": {name: all(name in some for some in have) for name in names},
    }
    documents = [one.body for one in exchanges if isinstance(one.body, (dict, list))]
    return {**found, "shape": shape(documents)} if documents else found


def _content(response):
    """Returns a response's document, its text if that is no JSON, or None if it is empty."""
    if not response.body:
        return None
    if "json" in (response.content_type or ""):
        return response.json
    return response.body.decode("utf-8", "replace")


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
