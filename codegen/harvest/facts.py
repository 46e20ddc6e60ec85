"""Collects the facts of one service and writes them down, the same bytes every time.

An introspector (`compute.py` and its like) makes one `Facts`, adds what it finds in
the installed packages, and calls `write`. Two files come out:

- `facts.json`: everything, for the merge (`codegen/xtask/src/harvest/merge/`);
- `digests.tsv`: a line for each schema entry as upstream states it, and where the spec
  does not carry all of it, the digest of what it does carry and why. It is committed
  beside the spec, so that the test for exactness has something to hold the spec
  against that no code of the merge has touched. A schema that is not upstream's own but
  described from other sources (`answers.py`) says so in the last column.

If answers were described so, `evidence.tsv` says what each part of them stands on.

This module knows no service. How a handler's source is read stands in `handlers.py`,
how documented paths find their routes in `documented.py`.
"""

import argparse
import hashlib
import importlib.metadata
import importlib.util
import inspect
import json
import pathlib
import re

import corrections
from corrections import LISTS, MAPS, SINGLES

# The corrections that an entry may name, by the name that the merge has for them too.
CORRECTIONS = {"stray-type-in-properties": corrections.without_strays}

DIRECTIONS = ("request", "query", "response")
STATES = ("unknown", "none", "described")
JSON = "application/json"

# The provenance of schemas that `answers.py` describes.
REPLAYED = "replayed"

HEADING = re.compile(r"^(\d+\.\d+)\b")
UNDERLINE = re.compile(r"^([-=~^\"'`#*+])\1{2,}\s*$")


class Facts:
    """The facts of one service, and the pool of its schemas."""

    def __init__(self, service, packages, out=None):
        """Starts the facts of `service`, whose API comes from `packages`.

        `out` is the directory to write to; `--out` names it where it is not given.
        """
        self._out = pathlib.Path(out) if out else arguments(service).out
        self._schemas = {}
        self._answers = None
        self._messages = None
        self._policies = {}
        self._operations = {}
        self._head = {
            "service": service,
            "packages": [
                {"name": name, "version": importlib.metadata.version(name)} for name in packages
            ],
            "min": None,
            "max": None,
            "versions": [],
        }

    def version_range(self, minimum, maximum):
        """Notes the oldest and newest microversion that the service implements."""
        self._head["min"], self._head["max"] = str(minimum), str(maximum)

    def versions(self, titles):
        """Notes the microversions and upstream's headings, as (version, title)."""
        ordered = sorted(titles, key=lambda pair: version_key(pair[0]))
        self._head["versions"] = [{"version": v, "title": title} for v, title in ordered]

    def versions_from_history(self, path):
        """Notes the microversions that upstream's history page has a heading for."""
        self.versions(headings(path))

    def policies(self, rules):
        """Adds the default rules of oslo.policy, as `list_rules()` returns them."""
        for rule in rules:
            if rule.name in self._policies:
                raise SystemExit(f"policy rule {rule.name} is registered twice")
            self._policies[rule.name] = _policy(rule)

    def entry(self, minimum, maximum, schema, fixups=(), strict=None):
        """Adds a schema to the pool; returns the entry for versions `minimum` to `maximum`.

        The schema is noted as upstream states it. `fixups` names corrections of upstream
        defects that the merge has to make before anything can use it. `strict` is the same
        schema with what a witness adds to it (`agreement.py`); the spec then carries that.
        """
        entry = {"min": minimum, "max": maximum, "schema": self.schema(strict or schema)}
        upstream = digest(_unmarked(plain(schema)))
        # Marks that change nothing that the schema accepts leave it upstream's own.
        if strict is not None and digest(_unmarked(plain(strict))) != upstream:
            entry["upstream"] = upstream
        return {**entry, "fixups": sorted(fixups)} if fixups else entry

    def schema(self, schema):
        """Adds a schema to the pool and returns its digest."""
        raw = plain(schema)
        found = digest(raw)
        self._schemas.setdefault(found, raw)
        return found

    def operation(self, operation):
        """Notes an operation made by the function `operation` of this module."""
        key = (operation["path"], operation["method"], operation["action"] or "")
        if key in self._operations:
            raise SystemExit(f"{key} is described twice: the introspector must choose one")
        _check(operation)
        self._operations[key] = operation

    def answers(self, answers):
        """Notes what described answers stand on, and what is undecided of them."""
        answers.finish()
        self._answers = answers

    def messages(self, messages):
        """Notes what all messages have in common (`errors.Messages`)."""
        self._messages = messages

    def write(self):
        """Writes the files."""
        if self._messages:
            for found in self._operations.values():
                self._messages.complete(found)
        facts = {
            **self._head,
            **({"messages": self._messages.facts()} if self._messages else {}),
            "operations": [self._operations[key] for key in sorted(self._operations)],
            "policies": [self._policies[name] for name in sorted(self._policies)],
            "schemas": self._schemas,
            "undecided": self._answers and self._answers.undecided,
        }
        self._out.mkdir(parents=True, exist_ok=True)
        text = json.dumps(facts, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
        (self._out / "facts.json").write_text(text + "\n", encoding="utf-8")
        lines = sorted(_digest_lines(facts["operations"], self._schemas))
        (self._out / "digests.tsv").write_text("".join(lines), encoding="utf-8")
        if self._answers:
            (self._out / "evidence.tsv").write_text(self._answers.text(), encoding="utf-8")


def operation(method, path, action, controller, handler):
    """Makes an operation of which nothing more than its place is known yet.

    `controller` is the class or module that has the handler, `handler` its name there.
    The state of each body starts as "unknown": what upstream does not say is not guessed.
    """
    return {
        "method": method,
        "path": path,
        "action": action,
        "controller": controller.__name__
        if inspect.ismodule(controller)
        else f"{controller.__module__}.{controller.__qualname__}",
        "handler": handler,
        "versions": [version_range()],
        "removed": None,
        "phantom": None,
        "alias": None,
        "statuses": [],
        "errors": [],
        "request_headers": [],
        "response_headers": [],
        "errors_provenance": None,
        "headers_provenance": None,
        "unknown": {},
        **{direction: body() for direction in DIRECTIONS},
        "policies": [],
        "unenforced": False,
        "extension": None,
        "paging": None,
    }


def body(entries=(), state=None, media_type=None, provenance=None):
    """Makes the description of a body or of a query.

    Without entries the state is "unknown" unless it is given; with entries it is
    "described", and the media type is JSON's unless it is given. The provenance is the
    service's own schemas unless it is given.
    """
    entries = sorted(entries, key=lambda entry: version_key(entry["min"]))
    state = state or ("described" if entries else "unknown")
    return {
        "state": state,
        "media_type": media_type or (JSON if entries else None),
        "entries": entries,
        "provenance": provenance,
    }


def version_range(minimum=None, maximum=None):
    """Makes an inclusive range of versions; None is an open end."""
    return {"min": minimum, "max": maximum}


def version_key(version):
    """Returns the sort key of a version; an open end is the lowest."""
    return tuple(int(part) for part in version.split(".")) if version else (0, 0)


def joined(codes):
    """Joins consecutive ranges of the same code; returns the codes in order."""
    found = []
    for code in sorted(codes, key=lambda code: (code["code"], version_key(code["min"]))):
        last = found[-1] if found else None
        if last and last["code"] == code["code"] and _follows(last["max"], code["min"]):
            last["max"] = code["max"]
        else:
            found.append(dict(code))
    return found


def canonical(schema):
    """Sorts `required` and type lists at schema positions, and nothing else.

    The order of keys is left to `digest`. `squall_model::canonical` does the same.
    """
    if not isinstance(schema, dict):
        return schema
    return {key: _canonical_keyword(key, value) for key, value in schema.items()}


def digest(schema):
    """Returns the SHA-256 of a plain schema's canonical text."""
    return hashlib.sha256(_compact(canonical(schema)).encode("utf-8")).hexdigest()


def plain(value):
    """Converts a value to JSON types with the same meaning.

    Sets become sorted lists, compiled patterns their text, translated strings text.
    """
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(inner) for inner in value), key=_compact)
    if isinstance(value, re.Pattern):
        return value.pattern
    raise TypeError(f"a schema contains a {type(value).__name__}, which JSON cannot express")


def headings(path):
    """Returns (version, heading) of each section of a microversion history page."""
    lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines()
    for line, following in zip(lines, lines[1:]):
        found = HEADING.match(line)
        if found and UNDERLINE.match(following):
            yield found.group(1), line.strip()


def package_file(package, path):
    """Returns the path of a file in an installed package."""
    return pathlib.Path(importlib.util.find_spec(package).origin).parent / path


def _follows(end, start):
    """Whether the next range starts right after the end of a range."""
    if end is None or start is None:
        return False
    (major, minor), following = version_key(end), version_key(start)
    return following == (major, minor + 1)


def _canonical_keyword(key, value):
    if key in ("required", "type") and isinstance(value, list):
        return sorted(value, key=_compact)
    if key in MAPS and isinstance(value, dict):
        return {name: canonical(inner) for name, inner in value.items()}
    if (key in LISTS or key == "items") and isinstance(value, list):
        return [canonical(inner) for inner in value]
    return canonical(value) if key in SINGLES else value


def _unmarked(value):
    """Returns what a schema accepts where the cloud's extensions are not known.

    The marks are gone; what every answer has without an extension is required.
    """
    if isinstance(value, list):
        return [_unmarked(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    out = {key: _unmarked(inner) for key, inner in value.items() if key != "x-openstack"}
    properties = value.get("properties")
    if isinstance(properties, dict):
        always = [name for name, inner in properties.items() if _is_always_there(inner)]
        if always:
            out["required"] = [*out.get("required", []), *always]
    return out


def _is_always_there(schema):
    marks = schema.get("x-openstack", {}) if isinstance(schema, dict) else {}
    return bool(marks.get("always")) and "extension" not in marks


def _compact(value):
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def _policy(rule):
    """Describes a rule; `operations` are spelled as upstream documents them."""
    deprecated = rule.deprecated_rule
    return {
        "name": rule.name,
        "check": rule.check_str,
        "scope_types": list(rule.scope_types) if rule.scope_types else None,
        "operations": list(documented_operations(rule)),
        "deprecated": deprecated and {
            "name": deprecated.name,
            "check": deprecated.check_str,
            # Newer releases of oslo.policy moved the word to the deprecated rule.
            "since": getattr(deprecated, "deprecated_since", None) or rule.deprecated_since,
        },
        "deprecated_for_removal": bool(rule.deprecated_for_removal),
    }


def documented_operations(rule):
    """Yields {method, path} of each operation a rule documents; a method may be a list."""
    for place in getattr(rule, "operations", None) or ():
        methods = [place["method"]] if isinstance(place["method"], str) else place["method"]
        for method in methods:
            yield {"method": method, "path": place["path"]}


def _check(operation):
    """Refuses what the merge would misread."""
    place = f"{operation['method']} {operation['path']} {operation['action'] or ''}"
    for direction in DIRECTIONS:
        found = operation[direction]
        if found["state"] not in STATES:
            raise SystemExit(f"{place}: the state of {direction} is {found['state']!r}")
        if bool(found["entries"]) != (found["state"] == "described"):
            raise SystemExit(f"{place}: the state of {direction} does not match its entries")


def _carried(raw, fixups, sources):
    """Returns the digest of what the spec carries of a schema, and why it is another one.

    The corrections are made here and again by the merge, so that neither agrees with
    itself alone.
    """
    reasons = [*sources, *fixups]
    carried = _unmarked(raw)
    for name in fixups:
        carried = CORRECTIONS[name](carried)
    silent = corrections.without_prose(carried)
    if silent != carried:
        reasons.append("prose")
    return [digest(silent), ",".join(reasons)] if reasons else []


def _digest_lines(operations, schemas):
    """Yields a line for each schema entry, also of operations that are left out.

    The digest is of what the schema accepts: marks under `x-openstack`, which say what
    brings a property, are gone from a materialised schema, and do not count here.
    """
    for found in operations:
        for direction in DIRECTIONS:
            for entry in found[direction]["entries"]:
                raw = schemas[entry["schema"]]
                sources = ["stricter-by-witness"] if "upstream" in entry else []
                sources += [REPLAYED] if found[direction]["provenance"] == REPLAYED else []
                columns = [
                    found["method"],
                    found["path"],
                    found["action"] or "-",
                    direction,
                    entry["min"] or "-",
                    entry["max"] or "-",
                    entry.get("upstream") or digest(_unmarked(raw)),
                    *_carried(raw, entry.get("fixups", []), sources),
                ]
                yield "\t".join(columns) + "\n"


def arguments(service):
    """Reads the command line of an introspector."""
    parser = argparse.ArgumentParser(description=f"Write the facts of the {service} service.")
    parser.add_argument("--out", required=True, type=pathlib.Path, help="the directory to write to")
    parser.add_argument("--recording", type=pathlib.Path, help="what its tests were answered")
    parser.add_argument("--reference", type=pathlib.Path, help="its API reference")
    return parser.parse_args()
