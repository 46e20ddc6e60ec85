"""Runs a service's own code with unknown values, to see what form its answers have.

A handler is called with `Unknown` values where the database and the request would be. Where the
code asks such a value something that decides its way (whether it is true, equal, empty, null),
the answer is a decision of the run; `explore` runs the code again with each decision made the
other way. What comes back are real dictionaries and lists: a key that the code spells is a word
of the API, a key that is an unknown value makes the dictionary a map, and a leaf that is an
unknown value has the type that is known of the attribute it was read from.

Single decisions and what follows from them are turned, not all their combinations. This finds
every key that is written under one condition or under nested ones.
"""

import collections
import dataclasses
import datetime
import dis
import sys

# What an unknown value is as text.
TEXT = "\N{REPLACEMENT CHARACTER}"

# Runs of one call; handlers of the services need fewer than a tenth of it.
MOST_RUNS = 400
# How often a decision is turned that only some ways lead to.
MOST_TURNS = 2
# How many ways are tried until one comes to an end.
MOST_DEAD_ENDS = 100

# What methods of text give, by the type of what they give.
OF_TEXT = {
    **dict.fromkeys(("lower", "upper", "strip", "isoformat", "format", "decode", "join"), "string"),
    **dict.fromkeys(("startswith", "endswith", "isdigit"), "boolean"),
}

_run = None


@dataclasses.dataclass(frozen=True)
class Kind:
    """What is known of a value: its JSON types, and what kind its attributes have."""

    types: frozenset = frozenset()
    nullable: bool = False
    # The name of the class whose fields it has, and of what it has as items or values.
    fields: str = ""
    inner: "Kind | None" = None


NOTHING = Kind()


class Dead(Exception):
    """A run that came to nothing: it cannot answer with success."""


class Knowledge:
    """What a service's sources declare; this one knows nothing."""

    def attribute(self, kind, name):
        """Returns the kind of an attribute or key."""
        return NOTHING

    def call(self, name):
        """Returns the kind of what a call gives; `name` says what is called."""
        return NOTHING


class Unknown:
    """A value that a run knows nothing of but its origin."""

    def __init__(self, name, kind=NOTHING, parent=None, word=""):
        """Makes a value; `name` says where it is from, `word` is the last part of that."""
        values = {"name": name, "kind": kind, "parent": parent, "word": word, "run": None}
        object.__setattr__(self, "_unknown", values)

    def __getattr__(self, word):
        if word.startswith("__") or word == "_unknown":
            raise AttributeError(word)
        return _child(self, word)

    def __setattr__(self, word, value):
        _own(self)[word] = value

    def __getitem__(self, key):
        if isinstance(key, str):
            return _child(self, key)
        return self if isinstance(key, slice) else _item(self)

    def __setitem__(self, key, value):
        if isinstance(key, str):
            _own(self)[key] = value

    def __delitem__(self, key):
        _own(self).pop(key, None)

    def __call__(self, *arguments, **named):
        return _called(self, arguments, named)

    def __iter__(self):
        count = _targets(sys._getframe(1))  # noqa: SLF001, the only way to know
        if count:
            own, name = _own(self), self._unknown["name"]
            parts = [f"{name}[{at}]" for at in range(count)]
            return iter([own.setdefault(part, Unknown(part)) for part in parts])
        some = decide((self._unknown["name"], "items"), (True, False))
        return iter([_item(self)] if some else [])

    def __bool__(self):
        return decide((self._unknown["name"], "true"), (True, False))

    def __eq__(self, other):
        return self is other or decide((self._unknown["name"], "is", _spelled(other)), (True, False))

    def __ne__(self, other):
        return not self == other

    def __lt__(self, other):
        return decide((self._unknown["name"], "below", _spelled(other)), (False, True))

    __le__ = __gt__ = __ge__ = __lt__

    def __contains__(self, key):
        if key in _own(self):
            return True
        return decide((self._unknown["name"], "has", _spelled(key)), (True, False))

    def __hash__(self):
        # Equal for all, so that a set with unknown values has to ask whether one is in it.
        return 0

    def __len__(self):
        return decide((self._unknown["name"], "size"), (1, 0))

    def __int__(self):
        return 1

    __index__ = __int__

    def __float__(self):
        return 1.0

    def __str__(self):
        return TEXT

    def __format__(self, _):
        return TEXT

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False

    def _same(self, *_):
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _same
    __truediv__ = __floordiv__ = __mod__ = __neg__ = __or__ = __and__ = _same
    __abs__ = __round__ = __pos__ = __invert__ = __rtruediv__ = __iadd__ = __isub__ = _same


def given(schema, name):
    """Returns what a schema admits: each optional property in some runs, leaves unknown."""
    inner = [*schema.get("patternProperties", {}).values()]
    if isinstance(schema.get("additionalProperties"), dict):
        inner.append(schema["additionalProperties"])
    found = {
        key: given(value, f"{name}.{key}")
        for key, value in properties(schema)
        if key in schema.get("required", ()) or decide((name, "given", key), (True, False))
    }
    if inner:
        found[Unknown(f"{name}.key")] = given(inner[0], f"{name}*")
    if found:
        return found
    if isinstance(schema.get("items"), dict) and schema.get("type") == "array":
        return [given(schema["items"], f"{name}*")]
    kinds = schema.get("type", ())
    return Unknown(name, Kind(frozenset([kinds] if isinstance(kinds, str) else kinds)))


def properties(schema):
    """Yields the properties of a schema; some of cinder's hold words that are no schemas."""
    for key, value in schema.get("properties", {}).items():
        if isinstance(value, dict):
            yield key, value


def decide(key, options):
    """Returns the option that this run takes at a decision."""
    if key not in _run.taken:
        _run.taken[key] = (_run.fixed.get(key, 0), len(options))
    return options[_run.taken[key][0]]


def explore(call, knowledge=None):
    """Runs a call with each decision turned; yields what the runs give, in a fixed order.

    First a way is found on which the call comes to an end: where it is refused, the last
    decision before that is turned first. On that way every decision is turned once, and what
    these runs have to decide besides is turned in them.
    """
    knowledge = knowledge or Knowledge()
    pending, tried = [{}], 0
    while pending and tried < MOST_DEAD_ENDS:
        fixed = pending.pop()
        tried += 1
        taken, result, error = _once(call, fixed, knowledge)
        yield result, error
        if error is None:
            break
        pending += [run for key in taken for run in _turned(fixed, key, taken)]
    else:
        return
    base, turned = set(taken), collections.Counter()
    pending = [run for key in taken for run in _turned(fixed, key, taken)]
    while pending and tried < MOST_RUNS:
        fixed = pending.pop(0)
        tried += 1
        taken, result, error = _once(call, fixed, knowledge)
        yield result, error
        for key in taken:
            if key not in base and turned[key] < MOST_TURNS:
                turned[key] += 1
                pending += _turned(fixed, key, taken)


def _turned(fixed, key, taken):
    """Returns runs like one, but with a decision made the other ways."""
    if key in fixed:
        return []
    choice, size = taken[key]
    return [{**fixed, key: other} for other in range(size) if other != choice]


@dataclasses.dataclass
class _Run:
    fixed: dict
    knowledge: Knowledge
    taken: dict = dataclasses.field(default_factory=dict)


def _once(call, fixed, knowledge):
    global _run
    _run = _Run(fixed, knowledge)
    try:
        return _run.taken, call(), None
    except Exception as error:  # noqa: BLE001, refusals of the service end a run like any other
        return _run.taken, None, error
    finally:
        _run = None


def _targets(frame):
    """Returns how many names the code assigns the items of a value to; 0 if it walks them."""
    code, at = frame.f_code.co_code, frame.f_lasti
    return code[at + 1] if dis.opname[code[at]] == "UNPACK_SEQUENCE" else 0


def is_dropped(frame):
    """Whether the code does nothing with what the call at which it stands gives."""
    code, at = frame.f_code.co_code, frame.f_lasti
    words = (dis.opname[op] for op in code[at::2])
    next(words)
    return next((word for word in words if word != "CACHE"), "") == "POP_TOP"


def _own(value):
    """Returns what a value has got in this run: nothing is kept from the one before."""
    found = value._unknown
    if found["run"] is not _run:
        found["run"], found["own"] = _run, {}
    return found["own"]


def _child(value, word):
    own = _own(value)
    if word in own:
        return own[word]
    if word == "objects" and value._unknown["kind"].inner:
        return value
    kind = _run.knowledge.attribute(value._unknown["kind"], word) if _run else NOTHING
    name = f"{value._unknown['name']}.{word}"
    # The same place is the same value throughout a run.
    if kind.nullable and decide((name, "null"), (False, True)):
        return None
    return own.setdefault(word, Unknown(name, kind, value, word))


def _item(value):
    kind = value._unknown["kind"].inner or NOTHING
    return _own(value).setdefault("*", Unknown(f"{value._unknown['name']}*", kind))


def _called(value, arguments, named):
    """Returns what a call gives: methods of dictionaries and texts are known, others are not."""
    word, parent = value._unknown["word"], value._unknown["parent"]
    first = arguments[0] if arguments else None
    if word in ("get", "pop", "setdefault", "getone") and isinstance(first, str):
        return _child(parent, first)
    if word == "items" and not arguments:
        return [(Unknown(f"{parent._unknown['name']}.key"), _item(parent))] if parent else []
    if word == "keys" and not arguments:
        return [Unknown(f"{parent._unknown['name']}.key")]
    if word == "values" and not arguments:
        return [_item(parent)]
    if word in ("copy", "deepcopy", "to_dict", "obj_to_primitive") and not arguments:
        return parent
    name = f"{value._unknown['name']}()"
    if word in OF_TEXT:
        return Unknown(name, Kind(frozenset({OF_TEXT[word]})))
    kind = _run.knowledge.call(value._unknown["name"]) if _run else NOTHING
    return _own(value).setdefault("()", Unknown(name, kind))


def _spelled(value):
    return value._unknown["name"] if isinstance(value, Unknown) else repr(value)


@dataclasses.dataclass
class Form:
    """What the values at one place of an answer have in common."""

    types: set = dataclasses.field(default_factory=set)
    # Whether some value had a type that is not known.
    open: bool = False
    # The texts that the code spells; a text made of unknown parts has `TEXT` in it.
    words: set = dataclasses.field(default_factory=set)
    objects: int = 0
    keys: dict = dataclasses.field(default_factory=dict)
    seen: dict = dataclasses.field(default_factory=dict)
    values: "Form | None" = None
    items: "Form | None" = None

    def add(self, value):
        """Adds a value that a run gave."""
        if isinstance(value, Unknown):
            self._add_unknown(value._unknown["kind"])
        elif isinstance(value, dict):
            self.types.add("object")
            self.objects += 1
            for key, inner in value.items():
                self._at(key).add(inner)
                if not isinstance(key, Unknown):
                    self.seen[key] = self.seen.get(key, 0) + 1
        elif isinstance(value, (list, tuple, set, frozenset)) or hasattr(value, "__next__"):
            self.types.add("array")
            self.items = self.items or Form()
            for inner in value:
                self.items.add(inner)
        elif type(value) in PLAIN:
            self.types.add(PLAIN[type(value)])
            if isinstance(value, str):
                self.words.add(value)
        else:
            self.open = True

    def always(self, key):
        """Whether every object had the key."""
        return self.seen[key] == self.objects

    def _at(self, key):
        if isinstance(key, Unknown):
            self.values = self.values or Form()
            return self.values
        return self.keys.setdefault(str(key), Form())

    def _add_unknown(self, kind):
        self.types |= kind.types
        self.words |= {TEXT} if "string" in kind.types else set()
        if not kind.types:
            self.open = True
        if kind.inner and "object" in kind.types:
            self.objects += 1
            self.values = self.values or Form()
            self.values._add_unknown(kind.inner)
        if kind.inner and "array" in kind.types:
            self.items = self.items or Form()
            self.items._add_unknown(kind.inner)


PLAIN = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    datetime.datetime: "string",
}
