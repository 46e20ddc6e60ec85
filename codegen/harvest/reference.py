"""Reads the API reference that a service's source package carries.

Of each operation it takes the parameters of the response, with their types and versions, the
samples, the parameters of the query, and the statuses. The reference is written by hand, which is
what makes it worth something beside the code: it is a source of its own. It says nothing certain of
what may be null.

Parameters are listed flat, whatever object they are in: a parameter speaks for every property
of its name in the operation's answer. A sample speaks for its places.
"""

import dataclasses
import json
import pathlib
import re

import yaml

import recording

METHOD = re.compile(r"^\.\. rest_method::\s+(\w+)\s+(\S+)")
PARAMETERS = re.compile(r"^\.\. rest_parameters::\s+(\S+)")
PARAMETER = re.compile(r"^\s+-\s+(\S+)\s*:\s+(\S+)\s*$")
STATUS = re.compile(r"^\s+-\s+([1-5]\d\d)\b")
STATUSES = re.compile(r"^\.\. rest_status_code::\s+\w+")
INCLUDE = re.compile(r"^\.\. literalinclude::\s+(\S+\.json)")
ACTION = re.compile(r"\(['`]*([\w-]+)['`]* action\)", re.IGNORECASE)

# The types of the reference in the words of JSON Schema; other spellings say nothing.
TYPES = {
    "array": "array",
    "list": "array",
    "bool": "boolean",
    "boolean": "boolean",
    "float": "number",
    "int": "integer",
    "integer": "integer",
    "number": "number",
    "dict": "object",
    "object": "object",
    "string": "string",
    "uuid": "string",
}


@dataclasses.dataclass(frozen=True)
class Parameter:
    """A parameter of a query."""

    type: str | None
    required: bool
    min: str | None
    max: str | None


@dataclasses.dataclass
class Documented:
    """What the reference says of an operation's answers."""

    # {name: types}
    names: dict = dataclasses.field(default_factory=dict)
    # {pointer: types}
    places: dict = dataclasses.field(default_factory=dict)
    # {name: Parameter} of the query
    query: dict = dataclasses.field(default_factory=dict)
    # of success and of failure
    statuses: set = dataclasses.field(default_factory=set)

    def types(self, pointer):
        """Returns the types documented at a pointer, without null."""
        name = pointer.rsplit("/", 1)[-1]
        return (self.names.get(name, set()) | self.places.get(pointer, set())) - {"null"}

    def has(self, pointer):
        """Whether there is a parameter of the name or something in a sample."""
        return pointer in self.places or pointer.rsplit("/", 1)[-1] in self.names


def read(folder, version_path="", maps=()):
    """Reads the reference in a folder: {(method, path template, action): Documented}.

    `version_path` is the start of documented paths that routes do not have.
    """
    found = {}
    for file in sorted(pathlib.Path(folder).rglob("*.inc")):
        _read_file(file, re.compile(f"^{version_path}"), maps, found)
    return found


def template(path):
    """Returns a path without the names of its parameters."""
    parts = ("{}" if part.startswith("{") else part for part in path.rstrip("/").split("/"))
    return "/".join(parts) or "/"


def _read_file(file, version_path, maps, found):
    lines = file.read_text(encoding="utf-8").splitlines()
    operation, title, response, parameters, statuses = None, "", False, None, False
    for line, following in zip(lines, [*lines[1:], ""]):
        if line.strip() and re.match(r"^([=~\-*^])\1{2,}\s*$", following):
            title, parameters, statuses = line, None, False
            response = line.lower().startswith("response")
        elif match := METHOD.match(line):
            path = template(version_path.sub("", match[2]) or "/")
            key = (match[1], path, _action(title, path))
            operation, response, parameters = found.setdefault(key, Documented()), False, None
        elif STATUSES.match(line):
            statuses, parameters = True, None
        elif operation and statuses and (match := STATUS.match(line)):
            operation.statuses.add(int(match[1]))
        elif match := PARAMETERS.match(line):
            parameters, statuses = _parameters(file.parent / match[1]), False
        elif not operation:
            continue
        elif parameters is not None and (match := PARAMETER.match(line)):
            parameter = parameters.get(match[2]) or {}
            if response:
                _note(operation, match[1], parameter)
            else:
                _note_query(operation, match[1], parameter)
        elif not response:
            continue
        elif match := INCLUDE.match(line):
            _note_sample(operation, file.parent / match[1], maps)


def _action(title, path):
    """Returns the action that a section's title names, if its path is that of actions."""
    match = ACTION.search(title)
    return match[1] if match and path.endswith("/action") else None


def _note_query(operation, name, parameter):
    if parameter.get("in") == "query":
        operation.query[name] = Parameter(
            _type(parameter),
            parameter.get("required") == "true",
            parameter.get("min_version"),
            parameter.get("max_version"),
        )


def _type(parameter):
    return TYPES.get(str(parameter.get("type")).strip().lower())


def _note(operation, name, parameter):
    if parameter.get("in") != "body":
        return
    kind = _type(parameter)
    operation.names.setdefault(name, set()).update({kind} if kind else ())


def _note_sample(operation, file, maps):
    try:
        sample = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    recorder = recording.Recorder(maps)
    recorder.answer(("", "", None), "0", 200, sample)
    (seen,) = recording.read(recorder.text()).values()
    for pointer in seen.places:
        operation.places.setdefault(pointer, set()).update(seen.types(pointer))


def _parameters(file, cache={}):  # noqa: B006, the file is read once
    if file not in cache:
        # Scalars stay text: the version 3.60 is no number.
        text = file.read_text(encoding="utf-8")
        cache[file] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506, it makes texts only
    return cache[file]
