"""Describes answers that upstream has no schema of, out of sources that do not know each other.

Three sources are asked of each property of an answer:

- the code: what handlers write (`symbols.py`), with the versions and conditions of each key;
- the recording: what upstream's own tests were answered (`recording.py`);
- the reference: what people documented (`reference.py`).

A property is accepted when two of them have it, and its type when two of them agree on that, or
when the code leaves no choice. It has the versions of the code, or of the recording where the
code does not know it. It may be null where the code declares it or a null was seen. It is
required where the code always writes it and no recorded object lacked it. An object is closed
where the code spells all its keys and all of them were accepted.

Whatever one source alone says is undecided. It is listed, and leaves its object open; a person
decides on it in `overrides.yaml`. A property that was seen at a version at which the code does
not write it is an error: one of the readers is wrong.
"""

import copy
import dataclasses
import itertools

import edition
import recording
import symbols

CODE, RECORDING, REFERENCE = "code", "recording", "reference"
NO_BODY = {"type": "null"}
STRUCTURES = {"array", "object"}


@dataclasses.dataclass
class Operation:
    """The answers of one operation, as its sources have them."""

    # (method, path, action)
    place: tuple
    # [(version, Form)], ascending; the form is None where an answer has no body, and an open
    # one where the code could not be asked.
    forms: list
    seen: recording.Seen
    documented: object
    # Properties whose content others make, such as drivers, with the reason: they stay open.
    foreign: dict = dataclasses.field(default_factory=dict)
    # Properties whose keys are values.
    maps: frozenset = frozenset()


class Answers:
    """Describes answers, and keeps account of what each description stands on."""

    def __init__(self):
        """Starts the account."""
        self.evidence = []
        self.undecided = []
        self.errors = []

    def describe(self, operation):
        """Returns [(first version, last version, schema)] of an operation."""
        return _Description(operation, self).entries()

    def text(self):
        """Returns the lines that say what each part of the answers stands on.

        A line is: method, path, action, pointer, `name` or `type`, and the sources.
        """
        lines = {
            "\t".join((method, path, action or "-", *rest, " ".join(sources))) + "\n"
            for (method, path, action), *rest, sources in self.evidence
        }
        return "".join(sorted(lines))

    def finish(self):
        """Refuses to go on where sources contradict each other about versions."""
        for error in sorted(set(self.errors)):
            edition.unfit(error)


@dataclasses.dataclass
class _Cell:
    versions: list
    form: symbols.Form


class _Description:
    """One operation's description while it is made."""

    def __init__(self, operation, account):
        self._op, self._account = operation, account
        self._cells = _cells(operation.forms)
        maps = {}
        for cell in self._cells:
            if cell.form:
                _note_maps(cell.form, "", maps)
        # Keys of what the code makes a map are values, whatever they look like.
        self._seen = dataclasses.replace(
            operation.seen, places=_folded(operation.seen.places, maps, operation.maps)
        )
        self._documented = dataclasses.replace(
            operation.documented, places=_folded(operation.documented.places, maps, operation.maps)
        )
        # {(pointer, what the code knows of the type there): versions}
        self._where = {}
        # {pointer: versions at which the code writes something there}
        self._written = {}
        for cell in self._cells:
            if cell.form:
                self._note(cell.form, "", frozenset(cell.versions))
        self._listed = set()

    def entries(self):
        found = []
        for cell in self._cells:
            schema = NO_BODY
            if cell.form:
                schema = self._schema(cell.form, "", frozenset(cell.versions))
            if found and found[-1][2] == schema:
                found[-1][1] = cell.versions[-1]
            else:
                found.append([cell.versions[0], cell.versions[-1], schema])
        self._check_guards()
        return found

    def _note(self, form, pointer, versions):
        """Notes at which versions the code knows what of a place."""
        key = (pointer, _known(form))
        self._where[key] = self._where.get(key, frozenset()) | versions
        self._written[pointer] = self._written.get(pointer, frozenset()) | versions
        for token, inner in _inside(form):
            self._note(inner, f"{pointer}/{token}", versions)

    def _schema(self, form, pointer, versions):
        """Returns the schema of a place that the code knows, for the versions of a cell."""
        if reason := self._op.foreign.get(pointer.rsplit("/", 1)[-1]):
            self._stands(pointer, "open", [reason])
            return {}
        if form.open and not form.types and not pointer:
            return self._seen_schema("", versions)
        alike = self._where[(pointer, _known(form))]
        witnessed = self._seen.types(pointer, alike)
        if _known(form) == (frozenset({"null"}), False) and witnessed <= {"null"}:
            return {"type": "null"}
        types = self._types(form, pointer, witnessed, alike)
        if "object" in types:
            return self._object(form, pointer, versions, alike, types, witnessed)
        if "array" in types:
            items = self._inner(form, form.items, pointer, recording.ITEMS, versions, alike)
            return {**_typed(types, form, witnessed), "items": items}
        out = _typed(types, form, witnessed)
        if words := self._words(form, pointer, versions):
            out["enum"] = words + [None] if "null" in out["type"] else words
        return out

    def _words(self, form, pointer, versions):
        """Returns the words that a text may be, if the code spells all that were seen."""
        ever = self._seen.words(pointer, self._seen.at(pointer))
        spelled = not form.open and form.types <= {"string", "null"}
        agreed = ever and self._seen.words(pointer, versions) <= form.words
        return sorted(form.words) if spelled and agreed else []

    def _types(self, form, pointer, witnessed, alike):
        """Returns the types that a place may have, without null; empty if they are undecided."""
        code = set() if form.open else form.types - {"null"}
        if code and "object" not in code and not self._seen.below(pointer):
            # A stand-in of a test, which the application wrote as an empty object.
            witnessed = witnessed - {"object"}
        by_source = {
            CODE: code,
            RECORDING: witnessed - {"null"},
            REFERENCE: self._documented.types(pointer),
        }
        return self._agreed(pointer, by_source, alike)

    def _agreed(self, pointer, by_source, versions):
        """Returns the types that two sources agree on, and notes what they stand on."""
        have = {source: _widened(types) for source, types in by_source.items() if types}
        if types := self._two(pointer, have):
            return types
        if list(have) == [CODE] and have[CODE] & STRUCTURES:
            return have[CODE]
        if have:
            said = ", ".join(f"{source} {'/'.join(sorted(types))}" for source, types in have.items())
            self._list(pointer, versions, list(have), f"its type: {said}")
        else:
            self._list(pointer, versions, [], "its type: no source says it")
        return set()

    def _two(self, pointer, have):
        """Returns the types that two sources agree on and none contradicts."""
        witnessed = have.get(RECORDING, set())
        for one, other in itertools.combinations(have, 2):
            # What was seen is some of what there may be, never all of it.
            wider = [have[s] for s in (one, other) if s != RECORDING]
            types = next((t for t in wider if all(_covers(t, have[s]) for s in (one, other))), None)
            # Tests make up some values: they may have others besides, but not others alone.
            seen_too = RECORDING not in (one, other) and types and types & witnessed
            if types and (_covers(types, witnessed) or seen_too):
                self._stands(pointer, "type", [one, other])
                # The reference speaks of all versions, of which each has one structure.
                return types - (STRUCTURES - witnessed) if CODE not in (one, other) else types
        return set()

    def _object(self, form, pointer, versions, alike, types, witnessed):
        out = {**_typed(types, form, witnessed)}
        properties, required, closed = {}, [], not form.open and bool(form.keys)
        for key, inner in sorted(form.keys.items()):
            place = f"{pointer}/{recording.escaped(key)}"
            sources = self._sources(place, inner)
            if len(sources) < 2:
                self._list(place, self._written[place], sources, "only there")
                closed = False
                continue
            self._stands(place, "name", sources)
            properties[key] = self._schema(inner, place, versions)
            if form.always(key) and not self._lacked(place, versions):
                required.append(key)
        for key, schema in self._others(pointer, alike):
            closed = False
            if schema is not None:
                properties[key] = schema
        if properties:
            out["properties"] = properties
        if required:
            out["required"] = sorted(required)
        if form.values or recording.MAP in self._seen.below(pointer):
            out["additionalProperties"] = self._inner(
                form, form.values, pointer, recording.MAP, versions, alike
            )
        elif closed:
            out["additionalProperties"] = False
        return out

    def _inner(self, form, inner, pointer, token, versions, alike):
        """Returns the schema of the items of a list or the values of a map."""
        place = f"{pointer}/{token}"
        if inner and (inner.types or inner.open) and (place, _known(inner)) in self._where:
            return self._schema(inner, place, versions)
        return self._seen_schema(place, alike)

    def _seen_schema(self, pointer, versions):
        """Returns the schema of a place that the code does not know."""
        by_source = {
            RECORDING: self._seen.types(pointer, versions) - {"null"},
            REFERENCE: self._documented.types(pointer),
        }
        types = self._agreed(pointer, by_source, versions)
        null = {"null"} & self._seen.types(pointer, versions) if types else set()
        out = _spelled(types, null)
        tokens = self._seen.below(pointer)
        if "array" in types:
            out["items"] = self._seen_schema(f"{pointer}/{recording.ITEMS}", versions)
        if "object" in types and recording.MAP in tokens:
            out["additionalProperties"] = self._seen_schema(f"{pointer}/{recording.MAP}", versions)
        words = [token for token in tokens if token not in (recording.MAP, recording.ITEMS)]
        for token in words if "object" in types else ():
            place = f"{pointer}/{token}"
            if self._documented.has(place):
                self._stands(place, "name", [RECORDING, REFERENCE])
                named = out.setdefault("properties", {})
                named[unescaped(token)] = self._seen_schema(place, versions)
            else:
                self._list(place, versions, [RECORDING], "only there")
        return out

    def _sources(self, pointer, inner):
        """Returns the sources that have a property that the code writes."""
        found = [CODE]
        if self._seen.places.get(pointer):
            found.append(RECORDING)
        if self._documented.has(pointer):
            found.append(REFERENCE)
        return found

    def _lacked(self, pointer, versions):
        """Whether some recorded object lacked a key that the code always writes."""
        return bool(self._seen.places.get(pointer, {}).get(recording.ABSENT, set()) & versions)

    def _others(self, pointer, versions):
        """Yields the keys that were seen and that the code is not known to write.

        With a schema if they are documented, which makes two sources; with None if not.
        """
        for token in self._seen.below(pointer):
            place = f"{pointer}/{token}"
            if token in (recording.MAP, recording.ITEMS) or place in self._written:
                continue
            where = frozenset(self._seen.at(place) & versions)
            if where and self._documented.has(place):
                self._stands(place, "name", [RECORDING, REFERENCE])
                yield unescaped(token), self._seen_schema(place, where)
            elif where:
                self._list(place, where, [RECORDING], "only there")
                yield unescaped(token), None

    def _check_guards(self):
        """Notes an error for each property seen where the code does not write it."""
        for pointer in self._seen.places:
            written = self._written.get(pointer)
            parent = pointer.rpartition("/")[0]
            if written is None or parent not in self._written:
                continue
            early = (self._seen.at(pointer) & self._written[parent]) - written
            early = sorted(early, key=recording.version_key)
            if early:
                place = " ".join(filter(None, self._op.place))
                self._account.errors.append(
                    f"{place}: {pointer} was seen at {', '.join(early)}, "
                    f"where the code does not write it"
                )

    def _stands(self, pointer, what, sources):
        self._account.evidence.append((self._op.place, pointer or "/", what, sources))

    def _list(self, pointer, versions, sources, what):
        key = (pointer, what)
        if key in self._listed:
            return
        self._listed.add(key)
        method, path, action = self._op.place
        answered = [version for version, _ in self._op.forms]
        self._account.undecided.append({
            "method": method,
            "path": path,
            "action": action,
            "pointer": pointer or "/",
            "versions": recording.spans(versions, answered),
            "sources": sources,
            "what": what,
        })


def unescaped(token):
    """Returns the key that a token of a pointer stands for."""
    return token.replace("~1", "/").replace("~0", "~")


def _note_maps(form, pointer, maps):
    """Notes the pointers of maps, with the keys that the code spells besides."""
    if form.values:
        maps.setdefault(pointer, set()).update(form.keys)
    for token, inner in _inside(form):
        _note_maps(inner, f"{pointer}/{token}", maps)


def _folded(places, maps, named):
    """Returns places by pointer with the keys of maps made one."""
    found = {}
    for pointer, there in places.items():
        folded = ""
        for token in pointer.split("/")[1:]:
            spelled = folded not in maps or unescaped(token) in maps[folded]
            spelled &= folded.rsplit("/", 1)[-1] not in named
            special = token in (recording.MAP, recording.ITEMS)
            folded += "/" + (token if spelled or special else recording.MAP)
        if folded in found:
            _unite(found[folded], there)
        else:
            found[folded] = copy.deepcopy(there)
    return found


def _unite(one, other):
    """Adds what is at one place to what is at another: types, or versions by type."""
    if isinstance(one, set):
        one |= other
        return
    for what, versions in other.items():
        # A key of a map that others lack is no key that is absent.
        if what != recording.ABSENT:
            one[what] = one.get(what, set()) | versions


def _cells(forms):
    """Joins consecutive versions at which the code writes the same form."""
    cells = []
    for version, form in forms:
        signature = _signature(form)
        if cells and cells[-1][0] == signature:
            cells[-1][1].versions.append(version)
        else:
            cells.append((signature, _Cell([version], form)))
    return [cell for _, cell in cells]


def _signature(form):
    """Returns what makes a form another one; words count, they may come with a version."""
    if form is None:
        return None
    words = frozenset(word for word in form.words if symbols.TEXT not in word)
    inside = tuple((token, _signature(inner)) for token, inner in _inside(form))
    return (_known(form), words, frozenset(filter(form.always, form.keys)), inside)


def _known(form):
    return (frozenset(form.types), form.open)


def _inside(form):
    """Returns the places right below one, in order."""
    found = [(recording.escaped(key), form.keys[key]) for key in sorted(form.keys)]
    found += [(recording.MAP, form.values)] if form.values else []
    return found + ([(recording.ITEMS, form.items)] if form.items else [])


def _covers(types, others):
    """Whether types allow all others."""
    return all(t in types or (t == "integer" and "number" in types) for t in others)


def _widened(types):
    """Returns types, numbers standing for integers where both are."""
    return types - {"integer"} if {"integer", "number"} <= types else set(types)


def _typed(types, form, witnessed):
    null = {"null"} if "null" in form.types or "null" in witnessed else set()
    return _spelled(types, null)


def _spelled(types, null=frozenset()):
    """Returns the schema of a set of types; nothing is said of undecided ones."""
    if not types:
        return {}
    names = sorted(types) + sorted(null)
    return {"type": names[0] if len(names) == 1 else names}
