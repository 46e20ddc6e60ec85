"""Spells out the formats of cinder's request schemas that are enumerations.

A format is a function of cinder's own (`cinder.api.validation.validators`), which no other
validator knows. Those that compare a text with a list of words are enumerations; cinder compares
without regard to case, and the spec has its own spelling.
"""

import copy

from cinder.objects import fields

LEVELS = ("debug", "error", "info", "warning")

# {format: words}
WORDS = {
    "backup_status": [fields.BackupStatus.AVAILABLE, fields.BackupStatus.ERROR],
    "group_snapshot_status": fields.GroupSnapshotStatus.ALL,
    # The validator asks for the words of group snapshots.
    "group_status": fields.GroupSnapshotStatus.ALL,
    "level": [*LEVELS, *(level.upper() for level in LEVELS)],
    "snapshot_status": fields.SnapshotStatus.ALL,
    "volume_attach_status": [
        fields.VolumeAttachStatus.ATTACHED,
        fields.VolumeAttachStatus.DETACHED,
    ],
    "volume_migration_status": fields.VolumeMigrationStatus.ALL,
    "volume_status": fields.VolumeStatus.ALL,
}


def spelled_out(schema):
    """Returns a schema with enumerations in place of formats."""
    if isinstance(schema, (list, tuple)):
        return [spelled_out(inner) for inner in schema]
    if not isinstance(schema, dict):
        return copy.deepcopy(schema)
    found = {key: spelled_out(inner) for key, inner in schema.items()}
    words = WORDS.get(found.get("format")) if isinstance(found.get("format"), str) else None
    if words is None or "enum" in found:
        return found
    del found["format"]
    # The validators let null through where the type does.
    nothing = [None] if "null" in found.get("type", ()) else []
    return {**found, "enum": sorted(map(str, words)) + nothing}
