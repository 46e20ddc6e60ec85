"""Places of an answer's forms: cells of versions, pointers into them, keys of maps made one.

What `description.py` needs to walk the forms that code writes (`symbols.py`) and what was seen or
documented at the same pointers.
"""

import copy
import dataclasses

import recording
import symbols

# What says something of a place. The first three do not know each other; `KIN` is what two of
# them say of the same property of the same resource in another answer, `DECISION` is a person's.
CODE, RECORDING, REFERENCE = "code", "recording", "reference"
KIN, DECISION = "kin", "decision"

STRUCTURES = {"array", "object"}


def kin(pointer):
    """Returns what a property has in common with those of the same resource elsewhere.

    That is its name and that of what it is in, whether there is one of that or a list. Links to a
    next page are named after the list.
    """
    tokens = [t for t in pointer.split("/") if t not in ("", recording.ITEMS)]
    tokens = ["links" if token.endswith("_links") else token for token in tokens]
    return tuple(token.rstrip("s") for token in tokens[-2:-1]), tokens[-1] if tokens else ""


@dataclasses.dataclass
class Cell:
    versions: list
    form: symbols.Form


def unescaped(token):
    """Returns the key that a token of a pointer stands for."""
    return token.replace("~1", "/").replace("~0", "~")


def note_maps(form, pointer, maps):
    """Notes the pointers of maps, with the keys that the code spells besides."""
    if form.values:
        maps.setdefault(pointer, set()).update(form.keys)
    for token, inner in inside(form):
        note_maps(inner, f"{pointer}/{token}", maps)


def folded(places, maps, named):
    """Returns places by pointer with the keys of maps made one."""
    found = {}
    for pointer, there in places.items():
        whole = ""
        for token in pointer.split("/")[1:]:
            spelled = whole not in maps or unescaped(token) in maps[whole]
            spelled &= whole.rsplit("/", 1)[-1] not in named
            special = token in (recording.MAP, recording.ITEMS)
            whole += "/" + (token if spelled or special else recording.MAP)
        if whole in found:
            unite(found[whole], there)
        else:
            found[whole] = copy.deepcopy(there)
    return found


def unite(one, other):
    """Adds what is at one place to what is at another: types, or versions by type."""
    if isinstance(one, set):
        one |= other
        return
    for what, versions in other.items():
        # A key of a map that others lack is no key that is absent.
        if what != recording.ABSENT:
            one[what] = one.get(what, set()) | versions


def cells(forms):
    """Joins consecutive versions at which the code writes the same form."""
    joined = []
    for version, form in forms:
        signature = signature_of(form)
        if joined and joined[-1][0] == signature:
            joined[-1][1].versions.append(version)
        else:
            joined.append((signature, Cell([version], form)))
    return [cell for _, cell in joined]


def signature_of(form):
    """Returns what makes a form another one; words count, they may come with a version."""
    if form is None:
        return None
    words = frozenset(word for word in form.words if symbols.TEXT not in word)
    below = tuple((token, signature_of(inner)) for token, inner in inside(form))
    return (known(form), words, frozenset(filter(form.always, form.keys)), below)


def known(form):
    return (frozenset(form.types), form.open)


def inside(form):
    """Returns the places right below one, in order."""
    found = [(recording.escaped(key), form.keys[key]) for key in sorted(form.keys)]
    found += [(recording.MAP, form.values)] if form.values else []
    return found + ([(recording.ITEMS, form.items)] if form.items else [])


def covers(types, others):
    """Whether types allow all others."""
    return all(t in types or (t == "integer" and "number" in types) for t in others)


def widened(types):
    """Returns types, numbers standing for integers where both are."""
    return types - {"integer"} if {"integer", "number"} <= types else set(types)


def typed(types, form, witnessed):
    null = {"null"} if "null" in form.types or "null" in witnessed else set()
    return spelled(types, null)


def spelled(types, null=frozenset()):
    """Returns the schema of a set of types; nothing is said of undecided ones."""
    if not types:
        return {}
    names = sorted(types) + sorted(null)
    return {"type": names[0] if len(names) == 1 else names}
