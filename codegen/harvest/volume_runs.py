"""Runs cinder's handlers with unknown values in place of the rest of the service.

A handler is called with a real request at a version; what its controller and module know beyond
the API is replaced with unknown values (`symbols.py`), and extensions add to what it gave as the
application has them do. Only the versions at which the code compares the request's are run.
"""

import contextlib
import inspect
import re
import sys
from unittest import mock

from cinder import exception, policy, utils
from cinder.api import api_utils, common
from cinder.api.openstack import api_version_request, wsgi
from cinder.api.validation import validators
from oslo_serialization import jsonutils
from oslo_utils import strutils

import facts
import handlers
import symbols
from unknown_query import READS, Query

# What the modules of controllers and views know of the rest of the service, by the start of the
# name of the module that has it. The rest of `cinder.api` is the code that is asked.
REPLACED = (
    "cinder.backup",
    "cinder.compute",
    "cinder.consistencygroup",
    "cinder.db",
    "cinder.group",
    "cinder.image",
    "cinder.keymgr",
    "cinder.message",
    "cinder.objects",
    "cinder.quota",
    "cinder.rpc",
    "cinder.scheduler",
    "cinder.transfer",
    "cinder.volume",
    "keystoneauth1",
    "keystoneclient",
    "oslo_config",
)

# Modules that only have names of exceptions and of values.
KEPT = ("exceptions", "fields", "exception")

def by_version(versions, operation, owner, ranged, extensions, schemas, use, links=True):
    """Returns [(version, what `use` made of the handler)] for the versions of an operation.

    `operation` is (method, path, action), `schemas` gives the entries of a handler's body. `use`
    is called with a function that runs the handler once. Without `links` no links to a next page
    are made, which are of interest for what is answered only.
    """
    known, found = {}, []
    with contextlib.ExitStack() as stack:
        compared = replace(stack, owner, extensions)
        if not links:
            no_links = mock.patch.object(common.ViewBuilder, "_get_collection_links", lambda *_: [])
            stack.enter_context(no_links)
            stack.enter_context(mock.patch.object(common, "limited", limited))
        pending = [low or versions[0] for low, _, _ in ranged]
        while pending:
            version = pending.pop(0)
            if version in known or version not in versions:
                continue
            compared.clear()
            READS.clear()
            known[version] = use(run_of(version, operation, owner, ranged, extensions, schemas))
            for other in sorted(compared - {version}, key=facts.version_key):
                pending += [other, following(other)]
    last = None
    for version in versions:
        last = known.get(version, last)
        found.append((version, last))
    return found


def run_of(version, operation, owner, ranged, extensions, schemas):
    """Returns a function that runs the handler of an operation at one version."""
    _, path, _ = operation
    handler = next(f for low, high, f in ranged if covers(low, high, version))
    function = handlers.innermost(handler)
    parameters = inspect.signature(function).parameters
    given = {
        name: symbols.Unknown(f"path.{name}")
        for name in re.findall(r"\{(\w+)\}", path)
        if name in parameters
    }
    schema = next((s for low, high, s in schemas(handler) if covers(low, high, version)), {})

    def run():
        WRITTEN.clear()
        request = request_of(path, version)
        arguments = dict(given)
        if "body" in parameters:
            arguments["body"] = symbols.given(schema, "body") if schema else symbols.Unknown("body")
        result = function(owner, request, **arguments)
        return extended(result, extensions, request, arguments)

    return run


# The documents that a run wrote as JSON itself.
WRITTEN = []


def covers(low, high, version):
    """Whether a range of versions has a version."""
    key = facts.version_key(version)
    return facts.version_key(low) <= key and (high is None or key <= facts.version_key(high))


def request_of(path, version):
    """Makes a request as it reaches a handler."""
    request = wsgi.Request.blank(path, base_url="http://localhost/v3")
    request.api_version_request = api_version_request.APIVersionRequest(version)
    request.environ["cinder.context"] = symbols.Unknown("context")
    return request


def extended(result, extensions, request, arguments):
    """Returns what extensions make of a handler's result."""
    if isinstance(result, wsgi.ResponseObject):
        result = result.obj
    if isinstance(result, symbols.Unknown):
        # What it stands for may have any attribute, and is no response.
        return result
    if hasattr(result, "status_int"):
        # A response of its own, for its headers; its body was written as JSON before.
        return WRITTEN[-1] if WRITTEN and result.body else None
    if result is None:
        return None
    response = wsgi.ResponseObject(result)
    for extension in extensions:
        if not inspect.isgeneratorfunction(handlers.innermost(extension)):
            with contextlib.suppress(exception.VersionNotFoundForAPIMethod):
                extension(req=request, resp_obj=response, **arguments)
    return response.obj


def replace(stack, owner, extensions):
    """Replaces what the code reaches out of the API with; returns the set of compared versions."""
    compared = set()
    owners = [owner, *(getattr(extension, "__self__", None) for extension in extensions)]
    for each in filter(None, owners):
        for word, value in list(vars(each).items()):
            place = type(getattr(value, "__self__", value)).__module__
            is_view = word == "_view_builder" or isinstance(value, common.ViewBuilder)
            if place.startswith(("cinder.", "unittest")) and not is_view:
                stack.enter_context(mock.patch.object(each, word, symbols.Unknown(word)))
    for name, module in list(sys.modules.items()):
        if name.startswith(("cinder.api.v3", "cinder.api.contrib", "cinder.api.views")):
            replace_in(stack, module)
    replace_in(stack, api_utils)
    patch = stack.enter_context
    query = property(lambda _: Query())
    patch(mock.patch.object(wsgi.Request, "params", query))
    patch(mock.patch.object(wsgi.Request, "GET", query))
    patch(mock.patch.object(utils, "get_bool_param", boolean))
    patch(mock.patch.object(common, "reject_invalid_filters", rejecting))
    patch(mock.patch.object(api_utils, "remove_invalid_filter_options", removing))
    patch(mock.patch.object(strutils, "bool_from_string", boolean_of(strutils.bool_from_string)))
    patch(mock.patch.object(utils, "notifications_enabled", lambda _: False))
    # Otherwise the loggers of this very process would be in the answer.
    patch(mock.patch.object(utils, "get_log_levels", lambda _: {symbols.Unknown("log"): "DEBUG"}))
    patch(mock.patch.object(wsgi.Controller, "validate_string_length", lambda *_, **__: None))
    patch(mock.patch.object(policy, "authorize", lambda *_, **__: True))
    patch(mock.patch.object(validators._SchemaValidator, "validate", lambda *_, **__: None))
    patch(mock.patch.object(api_utils, "add_visible_admin_metadata", lambda *_: None))
    version = api_version_request.APIVersionRequest
    for word in ("__lt__", "__le__", "__gt__", "__ge__", "__eq__"):
        patch(mock.patch.object(version, word, noting(getattr(version, word), compared)))
    return compared


def replace_in(stack, module):
    """Replaces modules and their objects in a module, if they are not the API's."""
    for word, value in list(vars(module).items()):
        if value is jsonutils:
            stack.enter_context(mock.patch.object(module, word, Writer))
            continue
        place = value.__name__ if inspect.ismodule(value) else type(value).__module__
        if place.startswith(REPLACED) and not place.endswith(KEPT):
            stack.enter_context(mock.patch.object(module, word, symbols.Unknown(word)))
    stack.enter_context(mock.patch.object(module, "dict", Dictionary, create=True))


class Writer:
    """`jsonutils` for code under question."""

    loads = jsonutils.loads

    @staticmethod
    def dumps(document, *_, **__):
        """Keeps the document; what it is as text is not known."""
        WRITTEN.append(document)
        return symbols.TEXT


class IsDictionary(type):
    """Makes `isinstance` of `Dictionary` that of dictionaries."""

    def __instancecheck__(cls, value):
        return isinstance(value, dict)


class Dictionary(dict, metaclass=IsDictionary):
    """`dict` for code under question: what is made of an unknown value is that value."""

    def __new__(cls, value=(), **named):
        return value if isinstance(value, symbols.Unknown) else dict(value, **named)


def removing(_, filters, allowed):
    """`api_utils.remove_invalid_filter_options`, as it is for everyone."""
    if isinstance(filters, Query):
        filters.allow(allowed)


def rejecting(_, filters, resource, like=False):
    """`common.reject_invalid_filters`, as it is for everyone.

    From the version of likeness on, a filter may end in a tilde.
    """
    if isinstance(filters, Query):
        names = common.get_enabled_resource_filters(resource)[resource]
        filters.allow([*names, *(f"{name}~" for name in names)] if like else names)


def limited(items, request, *_):
    """`common.limited`, which also takes a marker out of the query and does nothing with it."""
    for name in ("limit", "offset"):
        request.GET.get(name)
    return items


def boolean(name, query, default=False):
    """`utils.get_bool_param` of an unknown query."""
    if isinstance(query, Query) and name in query:
        READS.booleans.add(name)
    return symbols.decide(("query", name), (False, True))


def boolean_of(known):
    """`strutils.bool_from_string` for texts that are unknown."""

    def found(subject, *rest, **named):
        if isinstance(subject, symbols.Unknown) or subject == symbols.TEXT:
            return symbols.decide(("boolean", repr(rest)), (True, False))
        return known(subject, *rest, **named)

    return found


def noting(compare, compared):
    """Has a comparison of versions note what the version of the request is compared with."""

    def noted(self, other):
        compared.update(filter(None, (v.get_string() for v in (self, other) if v)))
        return compare(self, other)

    return noted


def following(version):
    """Returns the version after one."""
    major, minor = facts.version_key(version)
    return f"{major}.{minor + 1}"
