"""Finds the operations that policy rules document.

What a rule documents is prose: parameters have names of their own, actions stand in
parentheses, and some paths name no route. A service gives its corrections as data; one
that matches nothing any more is an error, so that it goes when upstream heals.
"""

import re

import edition
import facts

ACTION = re.compile(r"^(\S*)\s*\(([^)]+)\)$")


def rules_by_operation(rules, corrections=None, strip=""):
    """Returns the names of the rules that document each operation, by `key`.

    `corrections` maps (rule, method, path), spelled as documented, to the list of (method,
    path) that are meant, an empty list where there is no such operation. `strip` is the
    version path that documented paths start with and routes do not.
    """
    corrections = corrections or {}
    unused = set(corrections)
    found = {}
    for rule in rules:
        for place in facts.documented_operations(rule):
            documented = (rule.name, place["method"], place["path"])
            unused.discard(documented)
            for method, path in corrections.get(documented, [documented[1:]]):
                route = path.strip().removeprefix(strip)
                names = found.setdefault(key(method, *split_action(route)), [])
                if rule.name not in names:
                    names.append(rule.name)
    if unused:
        edition.unfit(f"corrections of documented paths that do not match: {sorted(unused)}")
    return found


def key(method, path, action=None):
    """Returns an operation's key, in which parameters have no names."""
    path = re.sub(r"\{[^}]*\}", "{}", path.split("?")[0]).rstrip("/")
    return method, path or "/", action


def split_action(path):
    """Splits a documented path into path and action: `/x/{id}/action (os-y)`."""
    matched = ACTION.match(path)
    return matched.groups() if matched else (path, None)
