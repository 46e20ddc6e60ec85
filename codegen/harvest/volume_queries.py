"""Describes the queries that cinder's handlers take, version by version.

Cinder 29.0.0 checks queries with no schema. Its handlers are run with a query of which nothing is
known (`unknown_query.py`), which gives the parameters that each of them reads at each version. A
list hands what is left of the query to the database as filters: everyone may use those that the
configuration names (the shipped `resource_filters.json`), an administrator may use any column. Of
these the spec names the configured ones and those that the reference documents.
"""

import sqlalchemy
from cinder.api import common
from cinder.api import microversions as mv
from cinder.api.v3 import clusters, resource_common_manage, snapshots, volumes

import facts
import symbols
import volume_runs
from unknown_query import READS
from volume_objects import COLUMNS, KNOWLEDGE, models

# The tables that lists sort, and those that they filter by what is left of the query
# (`PAGINATION_HELPERS` in cinder.db.api).
SORTED = {
    "/attachments": "VolumeAttachment",
    "/backups": "Backup",
    "/consistencygroups": "Group",
    "/group_snapshots": "GroupSnapshot",
    "/group_types": "GroupType",
    "/groups": "Group",
    "/messages": "Message",
    "/os-volume-transfer": "Transfer",
    "/qos-specs": "QualityOfServiceSpecs",
    "/snapshots": "Snapshot",
    "/types": "VolumeType",
    "/volume-transfers": "Transfer",
    "/volumes": "Volume",
}
FILTERED = {*SORTED, "/scheduler-stats/get_pools"} - {"/group_types"}

# Lists whose API takes `all_tenants` out of the filters (`get_all` and its like in
# cinder.volume.api, cinder.backup.api, cinder.group.api, cinder.transfer.api; `_items` of the
# attachments).
ALL_TENANTS = {
    "/attachments",
    "/backups",
    "/consistencygroups",
    "/group_snapshots",
    "/groups",
    "/os-volume-transfer",
    "/snapshots",
    "/volume-transfers",
    "/volumes",
    "/volumes/summary",
}

# Lists that take a part of a text where a filter ends in a tilde (`apply_like_filters`).
LIKE = {
    "/attachments",
    "/backups",
    "/group_snapshots",
    "/groups",
    "/messages",
    "/snapshots",
    "/volumes",
}

# What stands in place of a filter's name inside cinder.
INSIDE = {inside: name for name, inside in common.ATTRIBUTE_CONVERTERS.items()}

# A list may be sorted by `name` where the handler makes `display_name` of it, since the version.
SORTED_BY_NAME = {"/volumes": None, "/snapshots": "3.30", "/backups": "3.37"}

# The types of parameters that one helper reads for all handlers (`cinder.api.common`), and of
# filters that are texts whatever the column is.
TYPES = {
    "limit": {"type": "integer", "minimum": 0},
    "offset": {"type": "integer", "minimum": 0},
    "sort_dir": {"type": "string", "enum": ["asc", "desc"]},
    "all_tenants": {"type": "boolean"},
    # `none` is neither (`_parse_is_public` in cinder.api.api_utils).
    "is_public": {"type": ["boolean", "string"]},
    # A time with a comparison before it (`_handle_time_comparison_filters`).
    "created_at": {"type": "string"},
    "updated_at": {"type": "string"},
}

# Parameters whose type changes: any text but `false` meant true (`check_volume_filters`).
UNTIL = {("/volumes", "bootable"): ("3.1", {"type": "string"})}

# Lists that are sorted by the handler itself.
MANAGED = {
    "/manageable_snapshots",
    "/manageable_volumes",
    "/os-snapshot-manage",
    "/os-volume-manage",
}

# Parameters that a handler refuses to be called without (`QoSSpecsController`, `get_cluster_host`
# before clusters).
REQUIRED = {
    "/qos-specs/{id}/associate": {"vol_type_id": None},
    "/qos-specs/{id}/disassociate": {"vol_type_id": None},
    **{f"{path}{detail}": {"host": "3.16"} for path in MANAGED for detail in ("", "/detail")},
}


def queries(versions, operation, owner, ranged, extensions, schemas, documented):
    """Returns [(first version, last version, schema)]; none if nothing of the query is read."""
    method, path, _ = operation
    read = volume_runs.by_version(
        versions, operation, owner, ranged, extensions, schemas, reads, links=False
    )
    found = []
    for version, seen in read:
        schema = described(method, path, version, seen, documented)
        if found and found[-1][2] == schema:
            found[-1][1] = version
        else:
            found.append([version, version, schema])
    return found if any(schema["properties"] for *_, schema in found) else []


def reads(run):
    """Returns what a handler reads of the query in all its runs."""
    for _ in symbols.explore(run, KNOWLEDGE):
        pass
    return READS.copy()


def described(method, path, version, seen, documented):
    """Returns the schema of the query at a version."""
    if path in CLOSED:
        names = [name for name, low in CLOSED[path].items() if at_least(version, low)]
        properties = {name: typed("/clusters", name, version, set(), documented) for name in names}
        return {"type": "object", "properties": properties, "additionalProperties": False}
    base = path.removesuffix("/detail")
    names = {INSIDE.get(name, name) for name in seen.names}
    passed_on = method == "GET" and base in FILTERED and not seen.cleared
    passed_on &= bool(names or seen.filters)
    if passed_on:
        filters = {INSIDE.get(name, name) for name in seen.filters}
        filters |= {*documented.query, *(name for of, name in ADDED if of == base)}
        names |= {name for name in filters if has(base, name, version, documented)}
    if base in ALL_TENANTS and (passed_on or base not in FILTERED):
        names.add("all_tenants")
    names = {name for name in names if at_least(version, ADDED.get((base, name)))}
    booleans = {INSIDE.get(name, name) for name in seen.booleans}
    out = {
        "type": "object",
        "properties": {
            name: typed(base, name, version, booleans, documented) for name in sorted(names)
        },
    }
    required = [
        name
        for name, last in REQUIRED.get(path, {}).items()
        if name in names and (last is None or at_least(last, version))
    ]
    if required:
        out["required"] = required
    if passed_on:
        out["additionalProperties"] = {"type": "string"}
    return out


def has(path, name, version, documented):
    """Whether a list takes a filter at a version, by the reference.

    A part of a text is looked for where the column has a text.
    """
    if name.endswith("~"):
        column = model(path).__table__.columns.get(name[:-1]) if path in LIKE else None
        name = name[:-1]
        if column is None or not isinstance(column.type, sqlalchemy.String):
            # A name is called otherwise in the tables.
            if path not in LIKE or name != "name":
                return False
    parameter = documented.query.get(name)
    return parameter is None or at_least(version, parameter.min)


def model(path):
    """Returns the table of a list, if it has one."""
    return getattr(models, {**SORTED, "/clusters": "Cluster"}.get(path, ""), None)


def typed(path, name, version, booleans, documented):
    """Returns the schema of a parameter."""
    until, before = UNTIL.get((path, name), (None, None))
    if until and at_least(until, version):
        return before
    if name in TYPES:
        return TYPES[name]
    if name in booleans:
        return {"type": "boolean"}
    if name == "sort_key" and path in MANAGED:
        keys = resource_common_manage.ManageResource.VALID_SORT_KEYS
        return {"type": "string", "enum": sorted(keys)}
    table = model(path)
    if name == "sort_key" and table is not None:
        keys = {attribute.key for attribute in sqlalchemy.inspect(table).column_attrs}
        if path in SORTED_BY_NAME and at_least(version, SORTED_BY_NAME[path]):
            keys.add("name")
        return {"type": "string", "enum": sorted(keys)}
    column = table and table.__table__.columns.get(name)
    if column is not None:
        kinds = (kind for of, kind in COLUMNS if isinstance(column.type, of))
        return {"type": next(kinds, "string")}
    parameter = documented.query.get(name)
    scalar = parameter and parameter.type in ("boolean", "integer", "string")
    return {"type": parameter.type if scalar else "string"}


def at_least(version, low):
    """Whether a version is not below another one; None is the oldest."""
    return low is None or facts.version_key(version) >= facts.version_key(low)


def added():
    """Returns {(path, name): version} of filters that are newer than their lists.

    The tables of controllers have the last version that does not know a filter. They are of no
    effect from 3.31 on, where another function checks filters (`process_general_filtering` in
    cinder.api.common does not call the one that it decorates): a filter of 3.60 is taken from
    3.31 on. It is described as it was meant and is documented.
    """
    tables = {
        "/volumes": volumes._MV_ADDED_FILTERS,  # noqa: SLF001, there is no other place
        "/snapshots": snapshots.SnapshotsController.MV_ADDED_FILTERS,
    }
    pools = "/scheduler-stats/get_pools"
    return {
        (pools, "name"): mv.POOL_FILTER,
        (pools, "volume_type"): mv.POOL_TYPE_FILTER,
        **{
            (path, INSIDE.get(name, name)): volume_runs.following(last)
            for path, table in tables.items()
            for last, name in table
        },
    }


def cluster_filters():
    """Returns {path: {name: version}} of the lists that refuse other parameters."""
    controller = clusters.ClusterController
    since_replication = dict.fromkeys(controller.replication_fields, "3.26")
    names = {name: since_replication.get(name) for name in controller.allowed_list_keys}
    return {"/clusters": names, "/clusters/detail": names}


ADDED = added()
CLOSED = cluster_filters()
