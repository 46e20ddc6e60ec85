"""Marks the schemas of answers with what a table knows of their leaves.

The table (`compute_leaves.py`) says by pointer why an answer may lack a property (`omitted`) or
have keys that no spec lists (`open`), and where the service is stricter than its own schema: a
property that is always there, an object without other keys, a type. What is stricter needs a
second source: answers of the service's own tests, which `check` compares. Where the schema is
wrong (`wrong`), the table has the schema of what the code answers. A line that applies to no
schema is an error.

In a pointer, `*` is an item of a list and `{}` a value of a map.
"""

import json
import pathlib
import re

import agreement
import edition
import facts

ALWAYS, CLOSED = "always", "closed"
# What a template of an answer has in place of a number.
NUMBER = re.compile(r'(?<!["\w/:@.-])%\(\w+\)s(?!["\w])')
# The item of a list and a single resource are the same line of the table.
PLURAL = re.compile(r"^(\w+?)s/\*")


class Leaves:
    """Marks schemas, and finds out which lines of the table apply to none."""

    def __init__(self, omitted, open_objects, stricter, wrong, samples):
        """Takes the lines by the start of a path and the pointer.

        Lines of `stricter` are in rows, each with the pattern of the templates below `samples`
        that have to agree, and the version since which the service is so, if it was not always.
        """
        self._rows, self._samples = stricter, pathlib.Path(samples)
        strict = {
            start: {
                pointer: (mark, since)
                for _, since, marks in rows
                for pointer, mark in marks.items()
            }
            for start, rows in stricter.items()
        }
        self._tables = {
            "omitted": omitted,
            "open": open_objects,
            "strict": strict,
            "wrong": wrong,
        }
        self._starts = {start for table in self._tables.values() for start in table}
        self._closed = {}
        self._unused = {
            _line(start, pointer)
            for table in self._tables.values()
            for start, marks in table.items()
            for pointer in marks
        }

    def marked(self, path, schema, minimum):
        """Returns the schema of a response at a path with its marks; it is for `minimum` on."""
        starts = [start for start in self._starts if _is_below(path, start)]
        found = max(starts, key=len, default=None)
        if found is None:
            return schema
        marks = {name: table.get(found, {}) for name, table in self._tables.items()}
        marks["strict"] = {
            pointer: mark
            for pointer, (mark, since) in marks["strict"].items()
            if facts.version_key(minimum) >= facts.version_key(since)
        }
        return self._walk(schema, (), found, marks)

    def check(self):
        """Refuses lines that apply to nothing, and answers of tests that contradict a line."""
        if self._unused:
            edition.unfit(f"lines on leaves that apply to no schema: {sorted(self._unused)}")
        for start, rows in self._rows.items():
            for pattern, _, marks in rows:
                self._compare(start, pattern, marks)

    def _compare(self, start, pattern, marks):
        """Holds the lines of one row against the answers of the service's tests."""
        files = sorted(self._samples.rglob(f"{pattern}.json.tpl"))
        bodies = [json.loads(NUMBER.sub("0", file.read_text(encoding="utf-8"))) for file in files]
        seen = 0
        for pointer, mark in marks.items():
            parts = pointer.split("/") if pointer else []
            at = parts[:-1] if mark == ALWAYS else parts
            for value in (value for body in bodies for value in _at(body, at)):
                seen += 1
                if mark == ALWAYS:
                    fits = parts[-1] in value
                elif mark == CLOSED:
                    fits = set(value) <= self._closed[start, pointer]
                else:
                    fits = isinstance(value, bool)
                if not fits:
                    edition.unfit(f"{start} {pointer}: an answer of the tests contradicts {mark}")
        if not seen:
            edition.unfit(f"{start}: no answer of the tests is at {pattern}")

    def _walk(self, schema, place, start, marks):
        if not isinstance(schema, dict):
            return schema
        pointer = "/".join(place)
        if pointer in marks["wrong"]:
            self._use(start, pointer)
            return marks["wrong"][pointer]
        out = dict(schema)
        if pointer in marks["open"] and out.get("additionalProperties", True) is True:
            self._use(start, pointer)
            out = agreement.marked(out, {"open": marks["open"][pointer]})
        strict = marks["strict"].get(pointer)
        if strict == CLOSED and "properties" in out:
            self._use(start, pointer)
            self._closed.setdefault((start, pointer), set()).update(out["properties"])
            out["additionalProperties"] = False
        for name, inner in out.get("properties", {}).items():
            below = (*place, name)
            inner = self._walk(inner, below, start, marks)
            mark = self._mark("/".join(below), name, out, start, marks)
            out["properties"] = {**out["properties"], name: _with(inner, mark)}
            if marks["strict"].get("/".join(below)) == ALWAYS:
                out["required"] = sorted({*out.get("required", ()), name})
        if isinstance(out.get("items"), dict):
            out["items"] = self._walk(out["items"], (*place, "*"), start, marks)
        if isinstance(out.get("additionalProperties"), dict):
            out["additionalProperties"] = self._walk(
                out["additionalProperties"], (*place, "{}"), start, marks
            )
        for word in ("anyOf", "oneOf"):
            if word in out:
                out[word] = [self._walk(branch, place, start, marks) for branch in out[word]]
        return out

    def _mark(self, pointer, name, holder, start, marks):
        """Returns what is added to a property's schema, if anything."""
        strict = marks["strict"].get(pointer)
        if isinstance(strict, dict):
            self._use(start, pointer)
            return strict
        if strict == ALWAYS or pointer in marks["omitted"]:
            self._use(start, pointer)
        why = None if name in holder.get("required", ()) else marks["omitted"].get(pointer)
        return {"x-openstack": {"omitted": why}} if why else {}

    def _use(self, start, pointer):
        self._unused.discard(_line(start, pointer))


def _with(schema, more):
    """Returns a property's schema with a type or a mark; one that says nothing is `true`."""
    if not more:
        return schema
    return {**(schema if isinstance(schema, dict) else {}), **more}


def _line(start, pointer):
    return start, PLURAL.sub(r"\1", pointer)


def _is_below(path, start):
    return path == start or (start != "/" and path.startswith(start + "/"))


def _at(value, parts):
    """Yields the values at a pointer."""
    if not parts:
        yield value
        return
    first, *rest = parts
    if isinstance(value, list) and first == "*":
        inner = value
    elif isinstance(value, dict) and first == "{}":
        inner = value.values()
    elif isinstance(value, dict) and first in value:
        inner = [value[first]]
    else:
        inner = []
    for one in inner:
        yield from _at(one, rest)
