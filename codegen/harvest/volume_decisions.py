"""What a person decided of cinder's answers where one source alone speaks.

Each entry names what settles it in cinder 29.0.0. One that decides nothing any more is an error.
"""

import edition

STRING, NUMBER, BOOLEAN = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}


def closed(required, optional=()):
    """Returns the schema of an object of which all keys are known."""
    return {
        "type": "object",
        "required": sorted(required),
        "properties": {**required, **dict(optional)},
        "additionalProperties": False,
    }


def array(items):
    """Returns the schema of a list."""
    return {"type": "array", "items": items}


def nullable(name):
    """Returns the schema of a value that may be null."""
    return {"type": [name, "null"]}


LINKS = array(closed({"href": STRING, "rel": STRING}))
EXTENSION = closed({
    "alias": STRING,
    "description": nullable("string"),
    # Always empty.
    "links": array({"type": "object"}),
    "name": STRING,
    "updated": STRING,
})
# The names of quotas of volume types end in the type's name.
QUOTAS = {"type": "object", "additionalProperties": NUMBER}
NAMED_QUOTAS = {**QUOTAS, "required": ["id"], "properties": {"id": STRING}}
RATE = closed({
    "limit": array(
        closed({
            "next-available": STRING,
            "remaining": NUMBER,
            "unit": STRING,
            "value": NUMBER,
            "verb": STRING,
        })
    ),
    "regex": STRING,
    "uri": STRING,
})
# An image service may say how the image is protected, and who sees it.
UPLOADED = closed(
    {
        "container_format": STRING,
        "disk_format": STRING,
        "display_description": nullable("string"),
        "id": STRING,
        "image_id": STRING,
        "image_name": nullable("string"),
        "size": NUMBER,
        "status": {"type": "string", "enum": ["uploading"]},
        "updated_at": nullable("string"),
        # All fields of the versioned object.
        "volume_type": nullable("object"),
    },
    {"is_public": BOOLEAN, "protected": BOOLEAN, "visibility": STRING},
)

# Places of all operations, by what is kin to them (`places.kin`).
EVERYWHERE = {
    ((), "links"): (LINKS, "`_get_collection_links` in cinder.api.common"),
    (("metadata",), "{}"): (STRING, "the columns `value` of metadata in cinder.db.models"),
    (("volume_image_metadata",), "{}"): (STRING, "`VolumeGlanceMetadata.value`"),
    (("meta",), "{}"): (STRING, "the columns `value` of metadata in cinder.db.models"),
}

# {(method, path, action): {pointer: (schema, what settles it)}}
DECIDED = {
    ("GET", "/extensions", None): {
        "/extensions/*": (EXTENSION, "`_translate` in cinder.api.extensions"),
    },
    ("GET", "/extensions/{id}", None): {
        "/extension": (EXTENSION, "`_translate` in cinder.api.extensions"),
    },
    ("GET", "/group_types/{group_type_id}/group_specs/{id}", None): {
        "/{}": (STRING, "`GroupTypeSpecs.value` in cinder.db.models"),
    },
    ("GET", "/limits", None): {
        "/limits/rate/*": (RATE, "`_build_rate_limits` in cinder.api.views.limits"),
    },
    ("GET", "/os-availability-zone", None): {
        "/availabilityZoneInfo/*/zoneState/available": (
            BOOLEAN,
            "`list_availability_zones` in cinder.volume.api",
        ),
    },
    ("GET", "/os-quota-class-sets/{id}", None): {
        "/quota_class_set": (NAMED_QUOTAS, "`show` in cinder.api.contrib.quota_classes"),
    },
    ("PUT", "/os-quota-class-sets/{id}", None): {
        "/quota_class_set": (QUOTAS, "`update` in cinder.api.contrib.quota_classes"),
    },
    ("GET", "/os-quota-sets/{id}/defaults", None): {
        "/quota_set": (NAMED_QUOTAS, "`defaults` in cinder.api.contrib.quotas"),
    },
    ("PUT", "/os-hosts/{id}", None): {
        "/host": (STRING, "`_set_enabled_status` in cinder.api.contrib.hosts"),
        "/status": (
            {"type": "string", "enum": ["disabled", "enabled"]},
            "`_set_enabled_status` in cinder.api.contrib.hosts",
        ),
    },
    **{
        (method, path, None): {
            pointer: (STRING, "`QualityOfServiceSpecs.value` in cinder.db.models")
        }
        for method, path, pointer in (
            ("GET", "/qos-specs", "/qos_specs/*/specs/{}"),
            ("POST", "/qos-specs", "/qos_specs/specs/{}"),
            ("GET", "/qos-specs/{id}", "/qos_specs/specs/{}"),
        )
    },
    ("GET", "/qos-specs/{id}/associations", None): {
        "/qos_associations/*": (
            closed({
                "association_type": {"type": "string", "enum": ["volume_type"]},
                "id": STRING,
                "name": STRING,
            }),
            "`get_associations` in cinder.volume.qos_specs",
        ),
    },
    **{
        ("GET", f"/manageable_{word}/detail", None): {
            f"/manageable-{word}/*/{key}": (
                nullable("string"),
                "`get_manageable_resources` of the drivers (cinder.volume.volume_utils)",
            )
            for key in ("cinder_id", "reason_not_safe")
        }
        for word in ("snapshots", "volumes")
    },
    ("GET", "/volumes/summary", None): {
        "/volume-summary/metadata/{}": (array(STRING), "`get_volume_summary` in cinder.db.api"),
    },
    ("GET", "/volumes/{volume_id}/encryption", None): {
        "": (
            closed(
                {"encryption_key_id": nullable("string")},
                {
                    "cipher": nullable("string"),
                    "control_location": STRING,
                    "key_size": nullable("integer"),
                    "provider": STRING,
                },
            ),
            "`volume_encryption_metadata_get` in cinder.db.api",
        ),
    },
    ("POST", "/groups/{id}/action", "list_replication_targets"): {
        "": (
            closed({"replication_targets": array({"type": "object"})}),
            "`list_replication_targets` in cinder.volume.manager",
        ),
    },
    ("GET", "/types/{type_id}/encryption/{id}", None): {
        "/{}": (
            {"type": ["integer", "string", "null"]},
            "`key_size` is a number (`Encryption` in cinder.db.models)",
        ),
    },
    ("GET", "/types/{type_id}/extra_specs", None): {
        "/extra_specs": (
            {"type": "object", "additionalProperties": STRING},
            "`VolumeTypeExtraSpecs.value` in cinder.db.models",
        ),
    },
    ("GET", "/types/{type_id}/extra_specs/{id}", None): {
        "/{}": (STRING, "`VolumeTypeExtraSpecs.value` in cinder.db.models"),
    },
    ("GET", "/types/{type_id}/os-volume-type-access", None): {
        "/volume_type_access": (
            array(closed({"project_id": STRING, "volume_type_id": STRING})),
            "`_marshall_volume_type_access` in cinder.api.contrib.volume_type_access",
        ),
    },
    ("POST", "/os-volume-manage", None): {
        "/volume/volume_type": (nullable("string"), "`_get_volume_type` of the view"),
    },
    ("POST", "/volumes/{id}/action", "os-migrate_volume_completion"): {
        "/save_volume_id": (STRING, "`migrate_volume_completion` in cinder.volume.api"),
    },
    ("POST", "/volumes/{id}/action", "os-volume_upload_image"): {
        "/os-volume_upload_image": (UPLOADED, "`copy_volume_to_image` in cinder.volume.api"),
    },
    ("POST", "/workers/cleanup", None): {
        f"/{word}/*/id": (NUMBER, "`Service.id` in cinder.db.models")
        for word in ("cleaning", "unavailable")
    },
}


def of(place):
    """Returns what was decided for an operation: {pointer or kin: schema}."""
    found = {**EVERYWHERE, **DECIDED.get(place, {})}
    return {where: schema for where, (schema, _) in found.items()}


def used(decided):
    """Refuses decisions on what is no longer open; `decided` are the places and what is kin."""
    known = {(place, pointer) for place, found in DECIDED.items() for pointer in found}
    idle = [*map(str, known - decided), *map(str, EVERYWHERE.keys() - decided)]
    if idle:
        edition.unfit("decisions on answers that are not open: " + ", ".join(sorted(idle)))
