"""Asks cinder's handlers what they answer, version by version.

A handler is called with a real request at a version, and with unknown values in place of what
its controller and module know of the rest of the service (`symbols.py`). Extensions then add to
what it gave, as the application has them do. Only the versions at which the code compares the
request's are asked.
"""

import contextlib
import inspect
import re
import sys
from unittest import mock

import sqlalchemy
from cinder import exception, objects, policy, utils
from cinder.api import api_utils
from cinder.api.openstack import api_version_request, wsgi
from cinder.api.validation import validators
from oslo_serialization import jsonutils
from oslo_utils import strutils
from oslo_versionedobjects import fields as ovo_fields

import facts
import handlers
import symbols

try:
    from cinder.db import models
except ImportError:  # Before cinder 29.
    from cinder.db.sqlalchemy import models

# Properties whose keys are values (`cinder.objects`, `cinder.api`).
MAPS = {
    "connection_info",
    "connector",
    "extra_specs",
    "group_specs",
    "levels",
    "meta",
    "metadata",
    "source_reference",
    "specs",
    "volume_image_metadata",
}
WORDS = {"rel"}

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

# What calls give, by a pattern of the call's name: a class of `cinder.objects`.
GIVES = (
    (r"^volume_api\.(get|get_volume|create|update|manage_existing)$", "Volume"),
    (r"^volume_api\.get_all$", "VolumeList"),
    (r"^volume_api\.(get_snapshot|create_snapshot\w*|manage_existing_snapshot)$", "Snapshot"),
    (r"^volume_api\.get_all_snapshots$", "SnapshotList"),
    (r"^volume_api\.attachment_(create|update)$", "VolumeAttachment"),
    (r"^volume_types\.(get_\w*type\w*|create|update)$", "VolumeType"),
    (r"^volume_types\.get_all_types\w*$", "VolumeTypeList"),
    (r"^group_types\.(get_\w*type\w*|create|update)$", "GroupType"),
    (r"^group_types\.get_all_group_types\w*$", "GroupTypeList"),
    (r"^backup_api\.(get|create|import_record)$", "Backup"),
    (r"^backup_api\.get_all$", "BackupList"),
    (r"^group_api\.(get|create|create_from_src)$", "Group"),
    (r"^group_api\.get_all$", "GroupList"),
    (r"^group_api\.(get_group_snapshot|create_group_snapshot)$", "GroupSnapshot"),
    (r"^group_api\.get_all_group_snapshots$", "GroupSnapshotList"),
    (r"^group_snapshot_api\.(get_group_snapshot|create_group_snapshot)$", "GroupSnapshot"),
    (r"^group_snapshot_api\.get_all_group_snapshots$", "GroupSnapshotList"),
)

# Properties whose content is not cinder's own.
FOREIGN = {
    "connection_info": "what a driver says of a connection",
    "properties": "the capabilities that a driver reports",
    "reference": "how a driver names a volume",
    "source_reference": "how a driver names a volume",
}

# What calls count (`cinder.db.sqlalchemy.api.calculate_resource_count`).
COUNTS = re.compile(r"\.calculate_resource_count$")

OBJECT = re.compile(r"^objects\.(\w+)\.\w+$")


class Objects(symbols.Knowledge):
    """Types and nullability of attributes, by versioned objects and by columns.

    Only an object that is known by its class says what may be null. Of any other value, an
    attribute has the type that all fields and columns of its name have.
    """

    def __init__(self):
        """Reads the fields of all objects and the columns of all tables."""
        self._classes = {
            name: vars(objects)[name].fields
            for name in sorted(vars(objects))
            if inspect.isclass(vars(objects)[name]) and hasattr(vars(objects)[name], "fields")
        }
        found = {}
        for declared in self._classes.values():
            for name, field in declared.items():
                found.setdefault(name, set()).add(kind_of(field).types)
        for mapper in models.BASE.registry.mappers:
            for column in mapper.columns:
                types = next((t for c, t in COLUMNS if isinstance(column.type, c)), None)
                found.setdefault(column.key, set()).add(frozenset(filter(None, [types])))
        self._by_name = {n: types for n, (types, *more) in found.items() if not more}

    def attribute(self, kind, name):
        declared = self._classes.get(kind.fields, {})
        if name in declared:
            return kind_of(declared[name])
        return symbols.Kind(self._by_name.get(name, frozenset()))

    def call(self, name):
        if match := OBJECT.match(name):
            return self._of_class(match[1])
        if COUNTS.search(name):
            return symbols.Kind(frozenset({"integer"}))
        for pattern, given in GIVES:
            if re.match(pattern, name):
                return self._of_class(given)
        return symbols.NOTHING

    def _of_class(self, name):
        inner = name.removesuffix("List")
        if inner != name and inner in self._classes:
            return symbols.Kind(inner=symbols.Kind(fields=inner))
        return symbols.Kind(fields=name)


def kind_of(field):
    """Returns the kind of a field of a versioned object."""
    types, inner, fields = frozenset(), None, ""
    if isinstance(field, ovo_fields.ObjectField):
        of_items = field.objname.removesuffix("List")
        fields = field.objname
        inner = symbols.Kind(fields=of_items) if of_items != fields else None
    elif isinstance(field, (ovo_fields.DictOfStringsField, ovo_fields.DictOfNullableStringsField)):
        nullable = isinstance(field, ovo_fields.DictOfNullableStringsField)
        types = frozenset({"object"})
        inner = symbols.Kind(frozenset({"string"} | ({"null"} if nullable else set())))
    elif isinstance(field, ovo_fields.ListOfObjectsField):
        inner = symbols.Kind(fields=field.objname)
    else:
        types = next((frozenset({t}) for c, t in SCALARS if isinstance(field, c)), frozenset())
    return symbols.Kind(types, bool(field.nullable), fields, inner)


# The types of columns (`cinder.db.models`).
COLUMNS = (
    (sqlalchemy.Boolean, "boolean"),
    (sqlalchemy.Integer, "integer"),
    (sqlalchemy.Float, "number"),
    (sqlalchemy.String, "string"),
    (sqlalchemy.DateTime, "string"),
)

SCALARS = (
    (ovo_fields.BooleanField, "boolean"),
    (ovo_fields.IntegerField, "integer"),
    (ovo_fields.FloatField, "number"),
    (ovo_fields.DateTimeField, "string"),
    (ovo_fields.UUIDField, "string"),
    (ovo_fields.StringField, "string"),
    (ovo_fields.BaseEnumField, "string"),
)


class Query:
    """A query of which nothing is known: each parameter is there in some runs."""

    def __contains__(self, name):
        return symbols.decide(("query", name), (False, True))

    def get(self, name, default=None):
        """Returns the parameter or the default."""
        return symbols.Unknown(f"query.{name}") if name in self else default

    pop = get

    def __getitem__(self, name):
        if name in self:
            return symbols.Unknown(f"query.{name}")
        raise KeyError(name)

    def copy(self):
        """Returns the query; nothing is changed in it."""
        return self

    def __iter__(self):
        return iter(())

    keys = items = values = __iter__

    def __setitem__(self, *_):
        pass

    update = setdefault = getall = clear = __delitem__ = __setitem__

    def __bool__(self):
        return True


def forms(versions, operation, owner, ranged, extensions, schemas):
    """Returns [(version, Form or None)] of what the handlers answer with success.

    `operation` is (method, path, action), `schemas` gives the entries of a handler's body.
    """
    known, found = {}, []
    with contextlib.ExitStack() as stack:
        compared = replace(stack, owner, extensions)
        pending = [low or versions[0] for low, _, _ in ranged]
        while pending:
            version = pending.pop(0)
            if version in known or version not in versions:
                continue
            compared.clear()
            known[version] = form(version, operation, owner, ranged, extensions, schemas)
            for other in sorted(compared - {version}, key=facts.version_key):
                pending += [other, following(other)]
    last = None
    for version in versions:
        last = known.get(version, last)
        found.append((version, last))
    return found


def form(version, operation, owner, ranged, extensions, schemas):
    """Returns the form of the answers at one version; None if they have no body."""
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

    def call():
        WRITTEN.clear()
        request = request_of(path, version)
        arguments = dict(given)
        if "body" in parameters:
            arguments["body"] = symbols.given(schema, "body") if schema else symbols.Unknown("body")
        result = function(owner, request, **arguments)
        return extended(result, extensions, request, arguments)

    found, answered, errors = symbols.Form(), False, {}
    for result, error in symbols.explore(call, KNOWLEDGE):
        if error is not None:
            errors[type(error).__name__] = error
            continue
        answered = True
        if result is not None:
            found.add(result)
    if not answered:
        SILENT.setdefault(operation, errors)
        return symbols.Form(open=True)
    return found if found.types or found.open else None


# The documents that a run wrote as JSON itself.
WRITTEN = []

# Operations whose handler no run got through, with the errors: the code says nothing of them.
SILENT = {}


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
            if place.startswith(("cinder.", "unittest")) and word != "_view_builder":
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
    patch(mock.patch.object(strutils, "bool_from_string", boolean_of(strutils.bool_from_string)))
    patch(mock.patch.object(utils, "notifications_enabled", lambda _: False))
    # Otherwise the loggers of this very process would be in the answer.
    patch(mock.patch.object(utils, "get_log_levels", lambda _: {symbols.Unknown("log"): "DEBUG"}))
    patch(mock.patch.object(wsgi.Controller, "validate_string_length", lambda *_, **__: None))
    patch(mock.patch.object(policy, "authorize", lambda *_, **__: True))
    patch(mock.patch.object(validators._SchemaValidator, "validate", lambda *_, **__: None))
    patch(mock.patch.object(api_utils, "add_visible_admin_metadata", lambda *_: None))
    patch(mock.patch.object(api_utils, "remove_invalid_filter_options", lambda *_: None))
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


def boolean(name, _, default=False):
    """`utils.get_bool_param` of an unknown query."""
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


KNOWLEDGE = Objects()
