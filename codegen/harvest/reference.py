"""Reads the API reference that a service's source package carries.

Of each operation it takes the parameters of the response, with their types and versions, and
the samples. The reference is written by hand, which is what makes it worth something beside the
code: it is a source of its own. It says nothing certain of what may be null.

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


@dataclasses.dataclass
class Documented:
    """What the reference says of an operation's answers."""

    # {name: types}
    names: dict = dataclasses.field(default_factory=dict)
    # {pointer: types}
    places: dict = dataclasses.field(default_factory=dict)

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
    operation, title, response, parameters = None, "", False, None
    for line, following in zip(lines, [*lines[1:], ""]):
        if line.strip() and re.match(r"^([=~\-*^])\1{2,}\s*$", following):
            title, parameters = line, None
            response = line.lower().startswith("response")
        elif match := METHOD.match(line):
            path = template(version_path.sub("", match[2]) or "/")
            key = (match[1], path, _action(title, path))
            operation, response, parameters = found.setdefault(key, Documented()), False, None
        elif match := PARAMETERS.match(line):
            parameters = _parameters(file.parent / match[1])
        elif not operation or not response:
            continue
        elif parameters is not None and (match := PARAMETER.match(line)):
            _note(operation, match[1], parameters.get(match[2]))
        elif match := INCLUDE.match(line):
            _note_sample(operation, file.parent / match[1], maps)


def _action(title, path):
    """Returns the action that a section's title names, if its path is that of actions."""
    match = ACTION.search(title)
    return match[1] if match and path.endswith("/action") else None


def _note(operation, name, parameter):
    if not parameter or parameter.get("in") != "body":
        return
    kind = TYPES.get(str(parameter.get("type")).strip().lower())
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
        cache[file] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return cache[file]
