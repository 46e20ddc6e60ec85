"""Asks neutron for what it refuses, and how it takes parameters, for its witness.

The requests that worked (`network_process.Cloud.worked`) are sent again with something wrong:
an id of nothing, a body that is no JSON, a caller without rights, an outdated revision, a quota
that is used up, something in use. A status that is seen so is a fact; one that is not may be
answered for another reason, which `network_statuses.py` looks for in the source.
"""

import network_process

NOWHERE = "00000000-0000-0000-0000-000000000000"
# A parameter, an attribute and a value that nothing has.
STRANGE = "squall"
OUTDATED = [("If-Match", "revision_number=99999")]


def queries(cloud):
    """Returns how each operation that reads or changes something takes its query, by its place."""
    found = {}
    for place, (ids, body) in sorted(cloud.worked.items()):
        method, template = place.split(" ", 1)
        path = _filled(template, ids)
        if method == "GET":
            found[place] = _of_get(cloud, path)
        elif method == "PUT" and body is not None:
            chosen = cloud.ask(method, f"{path}?fields={STRANGE}", body)
            found[place] = {"fields": _is_stripped(chosen)}
    return found


def _of_get(cloud, path):
    def status(query):
        return cloud.ask("GET", f"{path}?{query}").status_int

    return {
        "fields": _is_stripped(cloud.ask("GET", f"{path}?fields={STRANGE}")),
        "filters": "refused" if status(f"{STRANGE}=1") == 400 else "ignored",
        "pages": status("limit=no-number") == 400,
        "sorts": status(f"sort_key={STRANGE}&sort_dir=asc") == 400,
    }


def _is_stripped(response):
    """Whether an answer has nothing left of its resources."""
    if response.status_int != 200 or not isinstance(response.json, dict) or len(response.json) != 1:
        return False
    (value,) = response.json.values()
    values = value if isinstance(value, list) else [value]
    return bool(values) and all(one == {} for one in values)


class Refusals:
    """The statuses of failure by place, and the forms of their bodies."""

    def __init__(self, cloud):
        self._cloud = cloud
        self._codes = {}
        # By status: the keys of the body, and those of what is in it; the media type otherwise.
        self.forms = {}

    def codes(self):
        """Returns the statuses by place."""
        return {place: sorted(codes) for place, codes in sorted(self._codes.items())}

    def provoke(self):
        """Sends everything that can be refused without changing what is there."""
        for place, (ids, body) in sorted(self._cloud.worked.items()):
            method, template = place.split(" ", 1)
            self._by_caller(method, template, ids, body)
            if ids:
                self._send(method, template, [*ids[:-1], NOWHERE], body)
                self._send(method, template, [NOWHERE, *ids[1:]], body)
            if body is not None:
                self._send(method, template, ids, text="{")
                self._send(method, template, ids, body={})
                self._send(method, template, ids, body={STRANGE: 1})
            if method == "PUT":
                self._send(method, template, ids, body, headers=OUTDATED)
            if method == "GET":
                for query in (f"{STRANGE}=1", "limit=no-number", f"limit=1&marker={NOWHERE}"):
                    self._send(method, template, ids, query=query)
        self._send("PUT", "/agents/{agent_id}/l3-routers/{id}", [NOWHERE, NOWHERE], {})
        self._send("GET", "/extensions/{alias}", [STRANGE], headers=[("Accept", "text/html")])
        self._send("GET", "/extensions/{alias}", [STRANGE], headers=[("Accept", "text/plain")])
        self._send("GET", "/extensions/{alias}", [STRANGE], headers=[("Accept", "application/json")])

    def exhaust(self):
        """Uses every quota up, and creates again."""
        path = f"/quotas/{network_process.PROJECT}"
        quota = self._cloud.ask("GET", path).json["quota"]
        none = {"force": True, **{name: 0 for name in quota}}
        self._cloud.ask("PUT", path, {"quota": none})
        for place, (ids, body) in sorted(self._cloud.worked.items()):
            method, template = place.split(" ", 1)
            if method == "POST":
                self._send(method, template, ids, body)

    def delete(self):
        """Deletes what was shown, in the order in which it was made; some of it is in use."""
        for place, (ids, _) in list(self._cloud.worked.items()):
            method, template = place.split(" ", 1)
            if method == "GET" and ids and template.endswith("{id}"):
                self._send("DELETE", template, ids, body={})
                self._send("DELETE", template, ids, headers=OUTDATED)
                self._by_caller("DELETE", template, ids, None)
                self._send("DELETE", template, ids)
                self._send("DELETE", template, ids)

    def _by_caller(self, method, template, ids, body):
        for roles in ([], ["reader"]):
            context = network_process.caller(roles)
            self._send(method, template, ids, body, context=context)

    def _send(self, method, template, ids, body=None, query="", **more):
        path = _filled(template, ids)
        response = self._cloud.ask(method, f"{path}?{query}" if query else path, body, **more)
        if response.status_int >= 400:
            place = f"{method} {template}"
            self._codes.setdefault(place, set()).add(response.status_int)
            self.forms.setdefault(response.status_int, set()).add(_form(response))


def _form(response):
    if response.content_type != "application/json":
        return response.content_type
    keys = []
    for key, value in sorted(response.json.items()):
        inner = ",".join(sorted(value)) if isinstance(value, dict) else ""
        keys.append(f"{key}({inner})" if inner else key)
    return " ".join(keys)


def _filled(template, ids):
    for one in ids:
        template = template.replace(template[template.index("{") : template.index("}") + 1], one, 1)
    return template
