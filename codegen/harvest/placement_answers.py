"""Asks placement's handlers what they answer, version by version.

Each handler is called with unknown values where the database is, and what it hands to the
writer of JSON is kept (`symbols.py`).
"""

import builtins
import contextlib
import inspect
import sys
from unittest import mock

import webob
from oslo_serialization import jsonutils
from placement.db.sqlalchemy import models

import symbols

VERSION_PATH = ""

# Properties whose keys are the caller's or a provider's values (`placement.handlers`).
MAPS = {"allocations", "inventories", "mappings", "provider_summaries", "resources", "usages"}

# Properties whose values are words of the API.
WORDS = {"rel"}

# Modules of placement that handlers reach the database or parse a query with.
REPLACED = ("placement.objects.", "placement.lib", "placement.handlers.util")

# The types of columns (`placement.db.sqlalchemy.models`).
COLUMNS = {"String": "string", "Unicode": "string", "Integer": "integer", "Float": "number"}


class Columns(symbols.Knowledge):
    """Types of attributes by the columns of that name, if all of them have the same type."""

    def __init__(self):
        """Reads the models."""
        found = {}
        for mapper in models.BASE.registry.mappers:
            for column in mapper.columns:
                found.setdefault(column.key, set()).add(COLUMNS.get(type(column.type).__name__))
        self._types = {
            name: frozenset(types) for name, types in found.items() if len(types) == 1
        }

    def attribute(self, kind, name):
        types = self._types.get(name, frozenset())
        return symbols.Kind(types - {None})


def forms(versions, method, path, served, request):
    """Returns [(version, Form or None)] of what a handler answers with success.

    `request` makes the request as it reaches the handler.
    """
    knowledge = Columns()
    with contextlib.ExitStack() as stack:
        written = replace(stack)
        return [
            (version, form(written, knowledge, lambda: request(method, path, version), served))
            for version in versions
        ]


def form(written, knowledge, request, served):
    """Returns the form of the answers at one version; None if they have no body."""

    def call():
        written.clear()
        made = request()
        made.environ["placement.context"] = symbols.Unknown("context")
        return made.get_response(served).status_int, list(written)

    found, answered = symbols.Form(), False
    for result, error in symbols.explore(call, knowledge):
        if error is None and result[0] < 400:
            answered = True
            for document in result[1]:
                found.add(document)
    if not answered:
        raise SystemExit(f"{request().path}: the handler never answered with success")
    return found if found.types or found.open else None


def replace(stack):
    """Replaces what handlers reach the database with; returns the list of written documents."""
    written = []
    stand_in = mock.Mock(dumps=lambda document: written.append(document) or "{}")
    for name, module in list(sys.modules.items()):
        if not name.startswith("placement.handlers."):
            continue
        for word, value in list(vars(module).items()):
            if value is jsonutils:
                stack.enter_context(mock.patch.object(module, word, stand_in))
            elif inspect.ismodule(value) and value.__name__.startswith(REPLACED):
                stack.enter_context(mock.patch.object(module, word, symbols.Unknown(word)))
        # Classes of the database's objects are unknown values now.
        stack.enter_context(mock.patch.object(module, "isinstance", is_instance, create=True))
    stack.enter_context(mock.patch("placement.util.extract_json", lambda _, schema: symbols.given(schema, "body")))
    stack.enter_context(mock.patch("placement.util.validate_query_params", lambda *_: None))
    stack.enter_context(mock.patch("placement.util.pick_last_modified", lambda *_: None))
    for word in ("inventory_url", "resource_class_url", "resource_provider_url", "trait_url"):
        stack.enter_context(mock.patch(f"placement.util.{word}", lambda *_: symbols.TEXT))
    stack.enter_context(mock.patch.object(webob.Response, "last_modified", None))
    return written


def is_instance(value, kind):
    """`isinstance` for unknown values, which are what the code hopes for."""
    if isinstance(kind, symbols.Unknown):
        return isinstance(value, symbols.Unknown)
    return builtins.isinstance(value, kind)
