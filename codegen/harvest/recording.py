"""Reduces what a service answered to facts of form, and keeps them as lines of text.

Upstream's own tests are the best witness of answers that no schema describes. A recorder
(`record_placement.py` and its like) runs them and hands each answer to a `Recorder`, which
keeps no value: only where in a body there was something, of which JSON type, and at which
versions. The same tests give the same lines, in any order. A line is

    method, path, action, status, pointer, what was there, versions

In a pointer `*` stands for the items of a list, and `{}` for the keys of a map, which are
values and not words of the API. What was there is a JSON type; or a word after `=`, for the few
properties whose values are words of the API; or `absent`, if some object lacked a key that
another one had; or `answered`, with no pointer; or `header`, with the header's name in its place,
and `lacked`, if some answer lacked a header that another one had.
A range of versions covers those between its ends at which the operation was
seen to answer with that status, and no others.
"""

import dataclasses
import re

ANSWERED, HEADER, LACKED, ABSENT, WORD = "answered", "header", "lacked", "absent", "="
TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
MAP, ITEMS = "{}", "*"

# Keys that are values: ids, and names of resource classes, traits and types of consumers.
VALUE = re.compile(r"^([0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}|[A-Z][A-Z0-9_]{2,})$")

# The bodies of errors have one form for all operations of a service.
EVERY_OPERATION = ("*", "*", "-")


class Recorder:
    """Collects answers, and writes what they have in common."""

    def __init__(self, maps=(), words=()):
        """Starts a recording.

        `maps` names the properties whose keys are values, `words` those whose values are words.
        """
        self._maps, self._words = frozenset(maps), frozenset(words)
        self._seen = {}  # {place: {(pointer, what): versions}}
        self._keys = {}  # {(place, pointer): {version: keys of every object}}
        self._headers = {}  # {place: {version: headers of every answer}}

    def answer(self, operation, version, status, body=None, headers=(), whole=True):
        """Notes an answer of an operation, which is (method, path, action).

        `whole` is false if something may still be added to the answer: what it lacks then
        says nothing.
        """
        method, path, action = operation
        place = (method, path, action or "-", status)
        self._note(place, "-", ANSWERED, version)
        names = {name.lower() for name in headers}
        for name in names:
            self._note(place, name, HEADER, version)
        if names:
            # An answer without any did not come from the application.
            every = self._headers.setdefault(place, {})
            every[version] = every.get(version, names) & names
        if body is not None and status >= 400:
            place = (*EVERY_OPERATION, status)
            self._note(place, "-", ANSWERED, version)
        if body is not None:
            self._walk(place, "", body, version, whole)

    def text(self):
        """Returns the lines, sorted."""
        below = {}
        for place, facts in self._seen.items():
            for pointer in (pointer for pointer, _ in facts if pointer.startswith("/")):
                parent, _, key = pointer.rpartition("/")
                below.setdefault((place, parent), set()).add(key)
        for (place, pointer), objects in self._keys.items():
            for version, keys in objects.items():
                for key in below.get((place, pointer), set()) - keys - {MAP, ITEMS}:
                    self._note(place, f"{pointer}/{key}", ABSENT, version)
        for place, every in self._headers.items():
            known = {name for name, what in self._seen[place] if what == HEADER}
            for version, names in every.items():
                for name in known - names:
                    self._note(place, name, LACKED, version)
        lines = []
        for place, facts in self._seen.items():
            answered = sorted(facts[("-", ANSWERED)], key=version_key)
            for (pointer, what), versions in facts.items():
                among = " ".join(answered) if what == ANSWERED else spans(versions, answered)
                columns = (*map(str, place), pointer or "/", what, among)
                lines.append("\t".join(columns) + "\n")
        return "".join(sorted(lines))

    def _note(self, place, pointer, what, version):
        self._seen.setdefault(place, {}).setdefault((pointer, what), set()).add(version)

    def _walk(self, place, pointer, value, version, whole):
        self._note(place, pointer, type_of(value), version)
        if isinstance(value, list):
            for inner in value:
                self._walk(place, f"{pointer}/{ITEMS}", inner, version, whole)
        if isinstance(value, str) and pointer.rsplit("/", 1)[-1] in self._words:
            self._note(place, pointer, WORD + value, version)
        if not isinstance(value, dict):
            return
        named = set()
        for key, inner in value.items():
            token = MAP if self._is_value(pointer, key) else escaped(key)
            self._walk(place, f"{pointer}/{token}", inner, version, whole)
            named.add(token)
        if whole:
            objects = self._keys.setdefault((place, pointer), {})
            objects[version] = objects.get(version, named) & named

    def _is_value(self, pointer, key):
        return pointer.rsplit("/", 1)[-1] in self._maps or VALUE.match(key) is not None


@dataclasses.dataclass
class Seen:
    """What a recording says of an operation and status."""

    answered: list
    # {name: versions at which some answer had it}
    headers: dict
    # {pointer: {type, word or `absent`: set of versions}}
    places: dict
    # {name: versions at which some answer did not have it}
    lacked: dict = dataclasses.field(default_factory=dict)

    def types(self, pointer, versions=None):
        """Returns the types seen at a pointer, at the given versions or at any."""
        found = self.places.get(pointer, {})
        return {
            what
            for what, where in found.items()
            if what in TYPES and (versions is None or where & versions)
        }

    def words(self, pointer, versions):
        """Returns the words seen at a pointer, at the given versions."""
        found = self.places.get(pointer, {}).items()
        return {w.removeprefix(WORD) for w, at in found if w.startswith(WORD) and at & versions}

    def at(self, pointer):
        """Returns the versions at which there was something at a pointer."""
        found = self.places.get(pointer, {}).items()
        return set().union(*(versions for what, versions in found if what in TYPES))

    def below(self, pointer):
        """Returns the tokens seen right below a pointer."""
        start = pointer + "/"
        return sorted({p[len(start):].split("/")[0] for p in self.places if p.startswith(start)})


def read(text):
    """Reads a recording: {(method, path, action, status): Seen}."""
    found, lines = {}, [line.split("\t") for line in text.splitlines()]
    for *place, status, pointer, what, versions in lines:
        if what == ANSWERED:
            found[(*place, int(status))] = Seen(versions.split(" "), {}, {})
    for *place, status, pointer, what, versions in lines:
        seen = found[(*place, int(status))]
        if what in (HEADER, LACKED):
            kept = seen.headers if what == HEADER else seen.lacked
            kept[pointer] = unfolded(versions, seen.answered)
        elif what != ANSWERED:
            pointer = "" if pointer == "/" else pointer
            seen.places.setdefault(pointer, {})[what] = unfolded(versions, seen.answered)
    return found


def merged(all_seen):
    """Returns what was seen with several statuses of one operation together."""
    found = Seen([], {}, {})
    for seen in all_seen:
        found.answered += [v for v in seen.answered if v not in found.answered]
        for pointer, kinds in seen.places.items():
            for what, versions in kinds.items():
                at = found.places.setdefault(pointer, {})
                at[what] = at.get(what, set()) | versions
    return found


def spans(versions, answered):
    """Folds versions into ranges over the versions at which there was an answer."""
    found, start, last = [], None, None
    for version in [*answered, None]:
        if version in versions:
            start, last = start or version, version
        elif start:
            found.append(start if start == last else f"{start}-{last}")
            start = None
    return " ".join(found)


def unfolded(text, answered):
    """Returns the set of versions that folded ranges stand for."""
    found = set()
    for span in text.split(" "):
        low, _, high = span.partition("-")
        first, last = answered.index(low), answered.index(high or low)
        found.update(answered[first : last + 1])
    return found


def type_of(value):
    """Returns the JSON type of a value."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    kinds = {int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return kinds[type(value)]


def escaped(key):
    """Returns a key as a token of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1").replace("\t", " ")


def version_key(version):
    """Returns the sort key of a version."""
    return tuple(int(part) for part in version.split("."))
