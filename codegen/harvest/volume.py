"""Reads cinder's API out of its released package.

The routes come from the router itself, built with no database, no message bus and
no configuration file. A route's controller gives handlers, their version ranges and
their statuses; request schemas stand in the closures of the decorators
(`cinder.api.validation.schema`), since the handler's own `_request_schema` keeps the
outermost alone. Responses are in no schema: they are described from what the handlers
write, what upstream's tests recorded and what its reference says (`answers.py`).
"""

import inspect

import volume_routes  # the options must be registered before anything else of cinder is imported
from cinder import policies
from cinder.api import microversions
from cinder.api.openstack import api_version_request

import answers
import documented
import edition
import enforced
import facts
import handlers
import recording
import reference
import volume_answers
import volume_decisions
import volume_errors
import volume_formats
import volume_queries
import volume_runs
from volume_policies import CORRECTIONS

PACKAGES = ["cinder"]
TWIN = volume_routes.TWIN

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

# Answers that are a value alone, which WebOb sends as text (`show` in
# `api.contrib.volume_encryption_metadata`).
TEXTS = {("GET", "/volumes/{volume_id}/encryption/{id}")}

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
    reader = enforced.Reader(frozenset(rule.name for rule in rules), "cinder.", depth=5)
    refusals = volume_errors.Refusals()
    book.messages(volume_errors.messages())
    router = volume_routes.build_router()
    for method, path, action, owner, ranged, extensions in volume_routes.handled(router):
        operation = _operation(method, path, action, owner, ranged, book)
        operation["policies"] += _rules(owner, ranged, extensions, reader)
        if not left_out(operation):
            described.ask(operation, owner, ranged, extensions, book)
        place = (operation["method"], operation["path"].removeprefix(TWIN))
        for rule in documenting.get(documented.key(*place, operation["action"]), ()):
            operation["policies"].append({"rule": rule, "source": "documented"})
        operation["unenforced"] = place in UNENFORCED
        if operation["unenforced"] and operation["policies"]:
            edition.unfit(f"{place} now checks a policy rule: remove it from UNENFORCED")
        refusals.describe(operation, owner, ranged, *described.known(operation))
        book.operation(operation)
    described.describe(book)
    book.answers(described.account)
    book.write()


def is_bodiless(seen):
    """Whether success was recorded, and never with a body."""
    return bool(seen.answered) and not any(pointer.startswith("/") for pointer in seen.places)


class Described:
    """Describes what upstream has no schemas of: the answers and queries of operations."""

    def __init__(self, recorded, documented_answers):
        """Starts with no operation."""
        self.account = None
        self._asked = []
        self._recorded, self._documented = recorded, documented_answers
        self._first = str(api_version_request._MIN_API_VERSION)
        last = facts.version_key(api_version_request._MAX_API_VERSION)
        self._versions = [f"{last[0]}.{minor}" for minor in range(last[1] + 1)]

    def ask(self, operation, owner, ranged, extensions, book):
        """Adds the query of an operation, and asks its handlers what they answer."""
        place = (operation["method"], operation["path"], operation["action"])
        ranged = [(r["min"], r["max"], f) for r, (_, _, f) in zip(operation["versions"], ranged)]
        versions = [
            version
            for version in self._versions
            if any(volume_runs.covers(low, high, version) for low, high, _ in ranged)
        ]
        asked = (versions, place, owner, ranged, extensions, _entries)
        seen, known = self.known(operation)
        query = self._entries(volume_queries.queries(*asked, known), ranged, book)
        operation["query"] = facts.body(query, state=None if query else "none")
        if operation["response"]["state"] == "unknown":
            successes = recording.merged(f for status, f in seen.items() if status < 400)
            found = answers.Operation(
                place=place,
                forms=volume_answers.forms(*asked, bodiless=is_bodiless(successes)),
                seen=successes,
                documented=known,
                foreign=volume_answers.FOREIGN,
                maps=frozenset(volume_answers.MAPS),
                decided=volume_decisions.of(place),
            )
            self._asked.append((operation, ranged, found))

    def describe(self, book):
        """Adds the answers of all operations that were asked, first to know which are kin."""
        kin = answers.Answers()
        for _, _, found in self._asked:
            kin.describe(found)
        self.account = answers.Answers(kin)
        for operation, ranged, found in self._asked:
            if (operation["method"], operation["path"].removeprefix(TWIN)) in TEXTS:
                text = [book.entry(None, None, {"type": "string"})]
                operation["response"] = facts.body(text, media_type="text/html", provenance="authored")
                continue
            entries = self._entries(self.account.describe(found), ranged, book)
            operation["response"] = facts.body(entries, provenance=facts.REPLAYED)
        volume_decisions.used(self.account.decided)

    def known(self, operation):
        """Returns the recorded answers of an operation by status, and what is documented."""
        method, path, action = (operation[word] for word in ("method", "path", "action"))
        path = path.removeprefix(TWIN) or "/"
        seen = {
            status: found
            for (*at, status), found in self._recorded.items()
            if at == [method, path, action or "-"]
        }
        at = (method, reference.template(path), action)
        return seen, self._documented.get(at, reference.Documented())

    def _entries(self, found, ranged, book):
        """Returns the schema entries of what was found, open at the ends of the service."""
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


def _operation(method, path, action, owner, ranged, book):
    """Describes one operation, the facts of all its handlers together."""
    minimum = MINIMUM_IN_HANDLER.get("/" + path.removeprefix(TWIN).split("/")[1])
    ranged = [(low or minimum, high, handler) for low, high, handler in ranged]
    own = facts.operation(method, path, action, type(owner), ranged[0][2].__name__)
    own["versions"] = [facts.version_range(low, high) for low, high, _ in ranged]
    own["statuses"], own["errors"] = _statuses(owner, ranged)
    own["request"] = _request(ranged, book)
    own["response"]["state"] = _response_state(owner, ranged)
    own["alias"] = TWIN_REASON if path.startswith(TWIN) else None
    unreachable = volume_routes.unreachable(method, path, action, ranged)
    own["phantom"] = VERSION_DOCUMENT if path == "/" else unreachable
    if method == "GET" and action is None:
        collection = PAGED.get(path.removeprefix(TWIN).removesuffix("/detail"))
        own["paging"] = {"collection": collection, "field": "id"} if collection else None
    return own


def _rules(owner, ranged, extensions, reader):
    """Returns the policy rules that the handlers check, and what adds to their answers."""
    checked = [(handler, owner) for _, _, handler in ranged]
    checked += [(extension, getattr(extension, "__self__", None)) for extension in extensions]
    return [
        {"rule": check.rule, "source": "code", "conditional": check.conditional}
        for handler, its in checked
        for check in reader.checks(handler, its)
    ]


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
            strict = volume_formats.spelled_out(schema)
            entries.append(book.entry(first or low, last or high, schema, fixups, strict))
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


if __name__ == "__main__":
    main()
