"""Reads cinder's API out of its released package.

The routes come from the router itself, built with no database, no message bus and
no configuration file. A route's controller gives handlers, their version ranges and
their statuses; request schemas stand in the closures of the decorators
(`cinder.api.validation.schema`), since the handler's own `_request_schema` keeps the
outermost alone. Responses are in no schema: they are described from what the handlers
write, what upstream's tests recorded and what its reference says (`answers.py`).
"""

import inspect
import re
from unittest import mock

import cinder.common.config  # noqa: F401, registers the options that the router reads
from cinder import objects, policies
from oslo_config import cfg

cfg.CONF([], project="cinder", default_config_files=[])
objects.register_all()

from cinder.api import microversions  # noqa: E402, the options must be registered first
from cinder.api.openstack import api_version_request

import answers
import documented
import edition
import facts
import handlers
import recording
import reference
import volume_answers
from volume_policies import CORRECTIONS

PACKAGES = ["cinder"]
TWIN = "/{project_id}"

# The collections whose view adds a link to the next page
# (`_get_collection_links` in cinder.api.views.* and cinder.api.v3.views.*).
PAGED = {
    "/backups": "backups",
    "/group_snapshots": "group_snapshots",
    "/group_types": "group_types",
    "/groups": "groups",
    "/messages": "messages",
    "/os-volume-transfer": "transfers",
    "/qos-specs": "qos_specs",
    "/snapshots": "snapshots",
    "/types": "volume_types",
    "/volume-transfers": "transfers",
    "/volumes": "volumes",
    "/consistencygroups": "consistencygroups",
}

# Controllers that refuse older versions inside the handler and not in a decorator
# (cinder 29.0.0, `api.v3.resource_common_manage.ManageResource._ensure_min_version`).
MINIMUM_IN_HANDLER = {
    "/manageable_volumes": microversions.MANAGE_EXISTING_LIST,
    "/manageable_snapshots": microversions.MANAGE_EXISTING_LIST,
}

# Operations whose handler and whatever it calls check no rule (cinder 29.0.0,
# `api.v3.attachments`, `api.extensions`, `api.contrib.availability_zones`,
# `api.v3.resource_filters`).
UNENFORCED = {
    ("GET", "/attachments"),
    ("GET", "/attachments/detail"),
    ("GET", "/attachments/{id}"),
    ("GET", "/extensions"),
    ("GET", "/extensions/{id}"),
    ("GET", "/os-availability-zone"),
    ("GET", "/resource_filters"),
}

TWIN_REASON = "the path without the project's id does the same"
VERSION_DOCUMENT = "the version document, which is no operation of the API"
STRAY_TYPE = "stray-type-in-properties"


def main():
    """Writes the facts and digests of the block storage service."""
    given = facts.arguments("volume")
    described = Described(
        recording.read(given.recording.read_text(encoding="utf-8")),
        reference.read(given.reference / "v3", "/v3(/{(admin_)?project_id})?", volume_answers.MAPS),
    )
    book = facts.Facts("volume", PACKAGES)
    book.version_range(api_version_request._MIN_API_VERSION, api_version_request._MAX_API_VERSION)
    book.versions_from_history(
        facts.package_file("cinder", "api/openstack/rest_api_version_history.rst")
    )
    rules = list(policies.list_rules())
    book.policies(rules)
    documenting = documented.rules_by_operation(rules, CORRECTIONS)
    reader = handlers.Reader(frozenset(rule.name for rule in rules), "cinder.")
    for method, path, action, owner, ranged, extensions in handled(build_router()):
        operation = _operation(method, path, action, owner, ranged, book, reader)
        if operation["response"]["state"] == "unknown" and not left_out(operation):
            entries = described.entries(operation, owner, ranged, extensions, book)
            operation["response"] = facts.body(entries, provenance=facts.REPLAYED)
        place = (operation["method"], operation["path"].removeprefix(TWIN))
        for rule in documenting.get(documented.key(*place, operation["action"]), ()):
            operation["policies"].append({"rule": rule, "source": "documented"})
        operation["unenforced"] = place in UNENFORCED
        if operation["unenforced"] and operation["policies"]:
            edition.unfit(f"{place} now checks a policy rule: remove it from UNENFORCED")
        book.operation(operation)
    book.answers(described.account)
    book.write()


class Described:
    """Describes the answers of operations by what was recorded and documented."""

    def __init__(self, recorded, documented_answers):
        """Starts an account of descriptions."""
        self.account = answers.Answers()
        self._recorded, self._documented = recorded, documented_answers
        self._first = str(api_version_request._MIN_API_VERSION)
        last = facts.version_key(api_version_request._MAX_API_VERSION)
        self._versions = [f"{last[0]}.{minor}" for minor in range(last[1] + 1)]

    def entries(self, operation, owner, ranged, extensions, book):
        """Returns the schema entries of an operation's answers."""
        place = (operation["method"], operation["path"], operation["action"])
        ranged = [(r["min"], r["max"], f) for r, (_, _, f) in zip(operation["versions"], ranged)]
        versions = [
            version
            for version in self._versions
            if any(volume_answers.covers(low, high, version) for low, high, _ in ranged)
        ]
        seen = [
            found
            for (*at, status), found in self._recorded.items()
            if at == [place[0], place[1], place[2] or "-"] and status < 400
        ]
        at = (place[0], reference.template(place[1]), place[2])
        found = self.account.describe(
            answers.Operation(
                place=place,
                forms=volume_answers.forms(versions, place, owner, ranged, extensions, _entries),
                seen=recording.merged(seen),
                documented=self._documented.get(at, reference.Documented()),
                foreign=volume_answers.FOREIGN,
                maps=frozenset(volume_answers.MAPS),
            )
        )
        last = self._versions[-1]
        return [
            book.entry(
                None if low == self._first and ranged[0][0] is None else low,
                None if high == last and ranged[-1][1] is None else high,
                schema,
            )
            for low, high, schema in found
        ]


def left_out(operation):
    """Whether an operation does not come into the spec."""
    return operation["alias"] or operation["phantom"]


def build_router():
    """Builds the API router with everything that would leave the process mocked."""
    stand_ins = [
        mock.patch("cinder.rpc.get_client"),
        mock.patch("cinder.volume.rpcapi.VolumeAPI"),
        mock.patch("cinder.scheduler.rpcapi.SchedulerAPI"),
        mock.patch("cinder.backup.rpcapi.BackupAPI"),
        # Otherwise `dispose_engine` opens the database.
        mock.patch(
            "cinder.db.base.Base.__init__",
            lambda self, *_, **__: setattr(self, "db", mock.MagicMock()),
        ),
    ]
    for stand_in in stand_ins:
        stand_in.start()
    from cinder.api.v3 import router

    return router.APIRouter()


def routes(router):
    """Yields (method, path, resource, method of the controller) in matching order."""
    for route in router.map.matchlist:
        resource = route.defaults.get("controller")
        if not hasattr(resource, "controller") or "format" in route.routepath:
            continue
        # Parameters are spelled `:name`, `:(name)` and `{name:pattern}`.
        path = re.sub(r"\{(\w+):[^}]*\}", r"{\1}", route.routepath)
        path = re.sub(r":\(?(\w+)\)?", r"{\1}", path)
        for method in (route.conditions or {}).get("method", ["GET"]):
            yield method, path, resource, route.defaults["action"]


def handled(router):
    """Yields (method, path, action, owner, handlers by version, extensions) of each operation.

    `contrib.backups` and `contrib.consistencygroups` route what the core controllers
    already do; the earlier route answers, so the later one is no operation. Extensions are
    methods of other controllers that add to the answer.
    """
    taken = set()
    for method, path, resource, name in routes(router):
        if name == "action":
            found = [
                (action, _handlers(*_action_owner(bound, resource.controller)))
                for action, bound in resource.wsgi_actions.items()
                if action not in ("create", "update", "delete") or _owns_its_word(resource, action)
            ]
        else:
            found = [(None, _handlers_of_route(resource, name))]
        for action, (owner, ranged) in found:
            if ranged and (method, path, action) not in taken:
                taken.add((method, path, action))
                by_word = action or (name if not hasattr(resource.controller, name) else None)
                extensions = (
                    resource.wsgi_action_extensions.get(by_word, ())
                    if by_word
                    else resource.wsgi_extensions.get(name, ())
                )
                yield method, path, action, owner, ranged, list(extensions)


def _owns_its_word(resource, action):
    """Whether `create` and the like is an action and not a method of the collection.

    The controllers of `types` are split: `types_manage` brings `create`, `update` and
    `delete` as actions, which `Resource.get_method` uses for POST, PUT and DELETE since
    the main controller has no such method (cinder 29.0.0, `api.contrib.types_manage`).
    """
    bound = resource.wsgi_actions[action]
    owner, _ = _action_owner(bound, resource.controller)
    return type(owner) is type(resource.controller)


def _handlers_of_route(resource, name):
    """Returns the owner of a route's handler and the handler's versions."""
    owner, ranged = _handlers(resource.controller, name)
    if not ranged and name in resource.wsgi_actions:
        return _handlers(*_action_owner(resource.wsgi_actions[name], owner))
    return owner, ranged


def _action_owner(bound, controller):
    """Returns the controller that an action belongs to, and the name of its handler."""
    owner = getattr(bound, "__self__", None)
    if owner is not None:
        return owner, bound.__name__
    # A versioned action is the closure `version_select` (Controller.__getattribute__).
    selected = handlers.closure(bound)
    return selected.get("self", controller), selected["key"]


def _handlers(owner, name):
    """Returns the owner, and each handler of that name with its range of versions."""
    try:
        # Plain attribute access gives `version_select` instead.
        versioned = object.__getattribute__(owner, "versioned_methods")
    except AttributeError:
        versioned = {}
    if name in versioned:
        ranged = [
            (_text(m.start_version), _text(m.end_version), m.func) for m in versioned[name]
        ]
        return owner, sorted(ranged, key=lambda r: facts.version_key(r[0]))
    handler = getattr(type(owner), name, None)
    return owner, [(None, None, handler)] if handler else []


def _operation(method, path, action, owner, ranged, book, reader):
    """Describes one operation, the facts of all its handlers together."""
    minimum = MINIMUM_IN_HANDLER.get("/" + path.removeprefix(TWIN).split("/")[1])
    ranged = [(low or minimum, high, handler) for low, high, handler in ranged]
    own = facts.operation(method, path, action, type(owner), ranged[0][2].__name__)
    own["versions"] = [facts.version_range(low, high) for low, high, _ in ranged]
    own["statuses"], own["errors"] = _statuses(owner, ranged)
    own["request"] = _request(ranged, book)
    own["response"]["state"] = _response_state(owner, ranged)
    for _, _, handler in ranged:
        for check in reader.checks(handler, owner):
            own["policies"].append(
                {"rule": check.rule, "source": "code", "conditional": check.conditional}
            )
    own["alias"] = TWIN_REASON if path.startswith(TWIN) else None
    own["phantom"] = VERSION_DOCUMENT if path == "/" else _unreachable(method, path, action, ranged)
    if method == "GET" and action is None:
        collection = PAGED.get(path.removeprefix(TWIN).removesuffix("/detail"))
        own["paging"] = {"collection": collection, "field": "id"} if collection else None
    return own


def _statuses(owner, ranged):
    """Returns the statuses of success and of failure that are certain.

    Success is what the handler makes itself, or what it declares; failure is what it
    raises itself, and 400 where a schema is checked.
    """
    success, failure = [], []
    for low, high, handler in ranged:
        declared = int(getattr(handler, "wsgi_code", 200))
        codes = {o.status or declared for o in handlers.outcomes(handler, owner)}
        codes |= set(handlers.raised(handler))
        if any(True for _ in _entries(handler)):
            codes.add(400)
        for code in sorted(codes):
            found = {"code": code, **facts.version_range(low, high)}
            (success if code < 400 else failure).append(found)
    return success, failure


def _response_state(owner, ranged):
    """A response is none where no handler returns a body; else upstream does not say."""
    found = [o for _, _, handler in ranged for o in handlers.outcomes(handler, owner)]
    bodies = {outcome.body for outcome in found if (outcome.status or 200) < 400}
    return "none" if bodies == {False} else "unknown"


def _request(ranged, book):
    """Returns the request's schemas, each with the versions at which it is checked."""
    entries = []
    for low, high, handler in ranged:
        for first, last, schema in _entries(handler):
            fixups = [STRAY_TYPE] if has_stray_type(schema) else []
            entries.append(book.entry(first or low, last or high, schema, fixups))
    if entries:
        return facts.body(entries)
    takes_body = any("body" in inspect.signature(handler).parameters for _, _, handler in ranged)
    return facts.body(state="unknown" if takes_body else "none")


def _entries(handler):
    """Yields (min, max, schema) of each validating decorator around a handler."""
    for wrapper in handlers.decorators(handler):
        values = handlers.closure(wrapper)
        schema = values.get("request_body_schema")
        if schema is not None:
            yield values.get("min_version"), values.get("max_version"), schema


def has_stray_type(schema):
    """Whether some `properties` of the schema holds a bare `type: 'object'`.

    27 schemas of cinder 29.0.0 are indented wrongly (`api.schemas.*`): the keyword stands
    among the properties, where its value is no schema. The entry is kept as it is, and
    the merge drops what is no schema.
    """
    if isinstance(schema, dict):
        properties = schema.get("properties")
        if isinstance(properties, dict) and any(
            not isinstance(value, (dict, bool)) for value in properties.values()
        ):
            return True
        return any(has_stray_type(value) for value in schema.values())
    return isinstance(schema, (list, tuple)) and any(map(has_stray_type, schema))


def _unreachable(method, path, action, ranged):
    """Says why no request can reach the handler, or gives None.

    The mapper makes a whole set of routes a resource, whether or not the handler takes
    what the path gives it; `Resource.dispatch` then answers 400 for the TypeError.
    """
    given = set(re.findall(r"\{(\w+)\}", path)) - {"project_id"}
    for _, _, handler in ranged:
        parameters = list(inspect.signature(handler).parameters.values())[2:]
        if any(p.kind is p.VAR_KEYWORD for p in parameters):
            return None
        named = {p.name for p in parameters}
        needed = {p.name for p in parameters if p.default is p.empty}
        if "body" in needed and method in ("GET", "DELETE"):
            return f"the handler demands a body, which {method} does not carry"
        if not given <= named:
            return f"the handler does not take {', '.join(sorted(given - named))}"
        if not needed - {"body"} <= given:
            return f"the handler demands {', '.join(sorted(needed - given - {'body'}))}"
    return None


def _text(version):
    """Returns a version as text, or None for an open end."""
    return version.get_string() if version else None


if __name__ == "__main__":
    main()
