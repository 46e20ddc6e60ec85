"""Says what placement's queries may say, beside its schemas, which take any text.

Handlers parse the values themselves (`normalize_*` in placement.util), and what they take changes
with the version. A pattern says the same.
"""

import copy
import re

import facts

NAME, AMOUNT = r"[^!,:]+", r"[1-9][0-9]*"
NAMES = rf"{NAME}(,{NAME})*"
# Any number of marks is taken off the start of a trait that is forbidden.
FORBIDDEN = r" *!*"

# What a parameter's value looks like, since a version. Parameters of a group have a suffix.
VALUES = {
    "resources": [("1.4", rf"^{NAME}:{AMOUNT}(,{NAME}:{AMOUNT})*$")],
    "required": [
        ("1.17", rf"^{NAMES}$"),
        ("1.22", rf"^{FORBIDDEN}{NAME}(,{FORBIDDEN}{NAME})*$"),
        ("1.39", rf"^({FORBIDDEN}{NAME}(,{FORBIDDEN}{NAME})*|in:{NAMES})$"),
    ],
    "member_of": [
        ("1.3", rf"^({NAME}|in:{NAMES})$"),
        ("1.32", rf"^!?({NAME}|in:{NAMES})$"),
    ],
}

# Parameters that may be there several times, since a version; before it the last one counts, or
# more than one is refused.
SEVERAL = {"required": "1.39", "member_of": "1.24"}

# `/traits` and `/usages` read none of these, and have others of their own.
PATHS = {"/allocation_candidates", "/resource_providers"}


def spans(path, found):
    """Yields (min, max, upstream's schema, the schema with the values) for runs of versions."""
    if path not in PATHS:
        yield from ((low, high, schema, schema) for low, high, schema in found)
        return
    ends = sorted(
        {since for values in VALUES.values() for since, _ in values} | set(SEVERAL.values()),
        key=facts.version_key,
    )
    for low, high, schema in found:
        starts = [end for end in ends if is_between(end, low, high)]
        for start, following in zip([low, *starts], [*starts, None]):
            last = before(following) if following else high
            yield start, last, schema, strict(schema, start)


def strict(schema, version):
    """Returns a schema with what the values look like at a version."""
    found = copy.deepcopy(schema)
    for keyword in ("properties", "patternProperties"):
        for name, inner in found.get(keyword, {}).items():
            # The pattern of a group's parameters begins with the parameter's name.
            word = re.match(r"\^?([a-z_]+)", name)[1]
            patterns = [p for since, p in VALUES.get(word, ()) if at_least(version, since)]
            if not patterns:
                continue
            inner["pattern"] = patterns[-1]
            inner["type"] = "string"
            if word in SEVERAL and at_least(version, SEVERAL[word]):
                items = dict(inner)
                inner.update(type=["string", "array"], items=items)
    return found


def is_between(version, low, high):
    """Whether a version is above the first and not above the last of a range."""
    key = facts.version_key(version)
    is_above = key > facts.version_key(low or "1.0")
    return is_above and (high is None or key <= facts.version_key(high))


def at_least(version, low):
    """Whether a version, or the oldest one, is not below another one."""
    return facts.version_key(version or "1.0") >= facts.version_key(low)


def before(version):
    """Returns the version before one."""
    major, minor = facts.version_key(version)
    return f"{major}.{minor - 1}"
