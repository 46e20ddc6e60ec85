"""Makes schemas as strict as two sources agree: what is written down and what was answered.

What is written down is upstream's own schema, an attribute map, or an authored schema; what was
answered is a witness's (`witness.py`). A key that both have and that every answer had is
required (the mark `always`); a key that some answers lacked says so (`omitted`); an object is
closed where it is described and no answer had another key. Where the two contradict each other
a person has to decide: `disagreements` lists it.
"""

import json
import pathlib
import subprocess
import sys

import edition

# Keywords that say what else an object may have.
RESTS = {"additionalProperties", "patternProperties", "unevaluatedProperties"}
EXTRA = "its schema allows any further key"


class Agreement:
    """Holds schemas against the shapes of answers."""

    def __init__(self, service):
        """`service` names the package and version that answered, for reasons."""
        self._service = service
        self.disagreements = []

    def check(self):
        """Fails with the places in which the sources contradict each other."""
        if self.disagreements:
            lines = sorted(set(self.disagreements))
            edition.unfit("\n".join([f"{self._service} answers otherwise:", *lines]))

    def inside(self, schema, seen, place):
        """Returns the schema of a value with what the witness saw inside."""
        out = dict(schema)
        types = _types(schema)
        if types and seen["types"]:
            if "null" in seen["types"] and "null" not in types:
                out["type"] = sorted(types | {"null"})
                if "enum" in out:
                    out["enum"] = [*out["enum"], None]
            if other := set(seen["types"]) - types - {"null"} - _wider(types):
                self.disagreements.append(f"{place}: {sorted(other)} is not {sorted(types)}")
        if "properties" in schema and "keys" in seen:
            out["properties"] = {
                name: marked(
                    self.inside(inner, seen["keys"].get(name, {"types": []}), f"{place}.{name}"),
                    {} if name in schema.get("required", ()) else self._mark_inside(name, inner, seen),
                )
                for name, inner in schema["properties"].items()
            }
            unknown = set(seen["keys"]) - set(schema["properties"])
            if schema.get("additionalProperties") is True:
                out = marked(out, {"open": EXTRA})
            elif not RESTS.isdisjoint(schema):
                pass
            elif unknown:
                self.disagreements.append(f"{place}: {sorted(unknown)} is in no description")
            else:
                out["additionalProperties"] = False
        if isinstance(schema.get("items"), dict) and "items" in seen:
            out["items"] = self.inside(schema["items"], seen["items"], f"{place}[]")
        return out

    def _mark_inside(self, name, schema, seen):
        """Returns the mark that says whether every answer has a key, or why not.

        What an extension adds may be missing because the witness does not load it; of what the
        description says itself that it may be missing, answers of a witness prove nothing.
        """
        if "omitted" in schema.get("x-openstack", {}):
            return {}
        if name in seen["always"]:
            return {"always": True}
        if name not in seen["keys"] and "extension" in schema.get("x-openstack", {}):
            return {}
        return {"omitted": f"not in every answer of {self._service}"}


def run(script):
    """Runs a witness in a process of its own; returns what it printed.

    Nothing is known of an earlier release in which the witness does not work.
    """
    path = pathlib.Path(__file__).with_name(script)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(path)], check=False, capture_output=True, text=True
    )
    if done.returncode:
        edition.unfit(f"{script}: {done.stderr[-2000:]}")
        return {}
    return json.loads(done.stdout)


def marked(schema, mark):
    """Returns the schema with a mark beside those that it has."""
    if not mark:
        return schema
    return {**schema, "x-openstack": {**schema.get("x-openstack", {}), **mark}}


def _types(schema):
    found = schema.get("type", [])
    return set(found if isinstance(found, list) else [found])


def _wider(types):
    """Returns the types that a wider one includes: an integer is a number."""
    return {"integer"} if "number" in types else set()
