"""What cinder's versioned objects and tables say of the types of attributes.

A handler that is asked with unknown values (`volume_runs.py`) reads attributes of resources; what
these are is known from the class of the resource, and of some calls which class they give.
"""

import inspect
import re

import sqlalchemy
from cinder import objects
from oslo_versionedobjects import fields as ovo_fields

import symbols

try:
    from cinder.db import models
except ImportError:  # Before cinder 29.
    from cinder.db.sqlalchemy import models

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


KNOWLEDGE = Objects()
