"""Describes the answers of one operation by what its sources agree on (`answers.py`)."""

import dataclasses
import itertools

import places
import recording
from places import CODE, DECISION, KIN, RECORDING, REFERENCE, STRUCTURES

NO_BODY = {"type": "null"}


class Description:
    """One operation's description while it is made."""

    def __init__(self, operation, account):
        self._op, self._account = operation, account
        self._cells = places.cells(operation.forms)
        maps = {}
        for cell in self._cells:
            if cell.form:
                places.note_maps(cell.form, "", maps)
        # Keys of what the code makes a map are values, whatever they look like.
        self._seen = dataclasses.replace(
            operation.seen, places=places.folded(operation.seen.places, maps, operation.maps)
        )
        self._documented = dataclasses.replace(
            operation.documented,
            places=places.folded(operation.documented.places, maps, operation.maps),
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
        key = (pointer, places.known(form))
        self._where[key] = self._where.get(key, frozenset()) | versions
        self._written[pointer] = self._written.get(pointer, frozenset()) | versions
        for token, inner in places.inside(form):
            self._note(inner, f"{pointer}/{token}", versions)

    def _schema(self, form, pointer, versions):
        """Returns the schema of a place that the code knows, for the versions of a cell."""
        if reason := self._op.foreign.get(pointer.rsplit("/", 1)[-1]):
            self._stands(pointer, "open", [reason])
            return {}
        if (decided := self._decision(pointer)) is not None:
            return decided
        if form.open and not form.types and not pointer:
            return self._seen_schema("", versions)
        alike = self._where[(pointer, places.known(form))]
        witnessed = self._seen.types(pointer, alike)
        if places.known(form) == (frozenset({"null"}), False) and witnessed <= {"null"}:
            return {"type": "null"}
        types = self._types(form, pointer, witnessed, alike)
        if "object" in types:
            return self._object(form, pointer, versions, alike, types, witnessed)
        if "array" in types:
            items = self._inner(form, form.items, pointer, recording.ITEMS, versions, alike)
            return {**places.typed(types, form, witnessed), "items": items}
        out = places.typed(types, form, witnessed)
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
            KIN: self._account.kin(pointer),
        }
        return self._agreed(pointer, by_source, alike)

    def _agreed(self, pointer, by_source, versions):
        """Returns the types that two sources agree on, and notes what they stand on."""
        have = {source: places.widened(types) for source, types in by_source.items() if types}
        if types := self._two(pointer, have):
            return types
        if list(have) == [KIN] and pointer in self._written:
            # The code writes something there, and it is known elsewhere what that is.
            self._stands(pointer, "type", [CODE, KIN])
            return have[KIN]
        if list(have) == [CODE] and have[CODE] & STRUCTURES:
            self._account.agree(pointer, have[CODE])
            return have[CODE]
        if have:
            said = (f"{source} {'/'.join(sorted(types))}" for source, types in have.items())
            self._list(pointer, versions, list(have), f"its type: {', '.join(said)}")
        else:
            self._list(pointer, versions, [], "its type: no source says it")
        return set()

    def _decision(self, pointer):
        """Returns the schema that a person decided on for a place, if there is one."""
        where = self._decided(pointer)
        if where is None:
            return None
        self._account.decided.add((self._op.place, where) if where == pointer else where)
        self._settle(self._op.decided[where], pointer)
        return self._op.decided[where]

    def _decided(self, pointer):
        """Returns under what a place is decided: its pointer, what is kin to it, or None."""
        ways = (pointer, places.kin(pointer))
        return next((way for way in ways if way in self._op.decided), None)

    def _settle(self, schema, pointer):
        """Notes that everything in a schema stands on a decision, and on what made it due."""
        source = RECORDING if pointer in self._seen.places else CODE
        self._stands(pointer, "type", [source, DECISION])
        for key, inner in schema.get("properties", {}).items():
            place = f"{pointer}/{recording.escaped(key)}"
            source = RECORDING if place in self._seen.places else CODE
            self._stands(place, "name", [source, DECISION])
            self._settle(inner, place)
        inner = {recording.ITEMS: schema.get("items")}
        inner[recording.MAP] = schema.get("additionalProperties")
        for token, found in inner.items():
            if isinstance(found, dict):
                self._settle(found, f"{pointer}/{token}")

    def _two(self, pointer, have):
        """Returns the types that two sources agree on and none contradicts."""
        witnessed = have.get(RECORDING, set())
        for one, other in itertools.combinations(have, 2):
            # What was seen is some of what there may be, never all of it.
            wider = [have[s] for s in (one, other) if s != RECORDING]
            agreed = (t for t in wider if all(places.covers(t, have[s]) for s in (one, other)))
            types = next(agreed, None)
            # Tests make up some values: they may have others besides, but not others alone.
            seen_too = RECORDING not in (one, other) and types and types & witnessed
            if types and (places.covers(types, witnessed) or seen_too):
                self._stands(pointer, "type", [one, other])
                if KIN not in (one, other):
                    self._account.agree(pointer, types)
                # The reference speaks of all versions, of which each has one structure.
                return types - (STRUCTURES - witnessed) if CODE not in (one, other) else types
        return set()

    def _object(self, form, pointer, versions, alike, types, witnessed):
        out = {**places.typed(types, form, witnessed)}
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
        if inner and (inner.types or inner.open) and (place, places.known(inner)) in self._where:
            return self._schema(inner, place, versions)
        return self._seen_schema(place, alike)

    def _seen_schema(self, pointer, versions):
        """Returns the schema of a place that the code does not know."""
        if (decided := self._decision(pointer)) is not None:
            return decided
        by_source = {
            RECORDING: self._seen.types(pointer, versions) - {"null"},
            REFERENCE: self._documented.types(pointer),
            KIN: self._account.kin(pointer),
        }
        types = self._agreed(pointer, by_source, versions)
        null = {"null"} & self._seen.types(pointer, versions) if types else set()
        out = places.spelled(types, null)
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
                named[places.unescaped(token)] = self._seen_schema(place, versions)
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
        if len(found) == 1 and self._account.kin(pointer):
            found.append(KIN)
        if len(found) == 1 and self._decided(pointer) is not None:
            found.append(DECISION)
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
                yield places.unescaped(token), self._seen_schema(place, where)
            elif where and self._decided(place) is not None:
                self._stands(place, "name", [RECORDING, DECISION])
                yield places.unescaped(token), self._seen_schema(place, where)
            elif where:
                self._list(place, where, [RECORDING], "only there")
                yield places.unescaped(token), None

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
