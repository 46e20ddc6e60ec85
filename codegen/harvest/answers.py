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

What the code alone writes is accepted as well if two sources agree on the same property of the
same resource in another answer (`places.kin`). Whatever else one source alone says is undecided. It is
listed, and leaves its object open, until a person decides on it. A property that was seen at a version at which the code does
not write it is an error: one of the readers is wrong.
"""

import dataclasses

import edition
import places
import recording
from description import Description


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
    # What a person decided: {pointer, or what is kin to it: schema}.
    decided: dict = dataclasses.field(default_factory=dict)


class Answers:
    """Describes answers, and keeps account of what each description stands on."""

    def __init__(self, kin=None):
        """Starts the account; `kin` is an earlier one of the same operations."""
        self._kin = kin
        self._agreed = {}
        # What a person decided on: operation and pointer, or what is kin.
        self.decided = set()
        self.evidence = []
        self.undecided = []
        self.errors = []

    def describe(self, operation):
        """Returns [(first version, last version, schema)] of an operation."""
        return Description(operation, self).entries()

    def agree(self, pointer, types):
        """Notes the types that two sources agree on."""
        self._agreed.setdefault(places.kin(pointer), set()).add(frozenset(types))

    def kin(self, pointer):
        """Returns the types of the same property of the same resource in other answers.

        If they are not the same everywhere, this says nothing.
        """
        found = self._kin._agreed.get(places.kin(pointer), ()) if self._kin else ()
        return set(*found) if len(found) == 1 else set()

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


