"""A query of which nothing is known, for code that is run with unknown values (`symbols.py`).

It stands in for the dictionary of parameters of WebOb and notes what the code reads of it.
"""

import sys

import symbols


class Reads:
    """What handlers read of the query at a version, over all runs."""

    def __init__(self):
        """Starts with nothing read."""
        self.clear()

    def clear(self):
        """Forgets what was read."""
        self.names, self.booleans, self.filters, self.dropped = set(), set(), set(), set()
        self.cleared = False

    def copy(self):
        """Returns what was read so far."""
        found = Reads()
        found.names, found.booleans = set(self.names), set(self.booleans)
        found.filters, found.cleared = self.filters - self.dropped, self.cleared
        return found


READS = Reads()


class Query:
    """A query of which nothing is known: each parameter is there in some runs.

    A parameter that the code takes out without looking at it is not read after that, and once
    filters are checked only those that everyone may use count.
    """

    def __init__(self, gone=()):
        """Makes a query, in which some parameters are not looked at any more."""
        self._gone, self._allowed = set(gone), None

    def __contains__(self, name):
        if name not in self._gone and (self._allowed is None or name in self._allowed):
            READS.names.add(name)
        # With a limit there are pages, and links to the next one, whatever else is decided.
        return symbols.decide(("query", name), (True, False) if name == "limit" else (False, True))

    def allow(self, names):
        """Notes that of the parameters that are left, everyone may use some as filters."""
        self._allowed = set(names)
        READS.filters |= self._allowed - self._gone

    def get(self, name, default=None):
        """Returns the parameter or the default."""
        return symbols.Unknown(f"query.{name}") if name in self else default

    def pop(self, name, default=None):
        """Returns the parameter or the default, after which it is gone."""
        if symbols.is_dropped(sys._getframe(1)):  # noqa: SLF001, the only way to know
            value = default
            READS.dropped.add(name)
        else:
            value = self.get(name, default)
        self._gone.add(name)
        return value

    def __getitem__(self, name):
        if name in self:
            return symbols.Unknown(f"query.{name}")
        raise KeyError(name)

    def copy(self):
        """Returns the same query, from which parameters can be taken out."""
        return Query(self._gone)

    def clear(self):
        """Takes all parameters out."""
        READS.cleared = True
        self._allowed = set()

    def __delitem__(self, name):
        self._gone.add(name)

    def __iter__(self):
        return iter(())

    keys = items = values = __iter__

    def __setitem__(self, *_):
        pass

    update = setdefault = getall = __setitem__

    def __bool__(self):
        return True
