"""What the spec does not carry of a schema as upstream states it.

Each correction is a function from schema to schema that knows where subschemas stand
and touches nothing else. `codegen/xtask/src/harvest/merge/fixups.rs` makes the same.
"""

# Where subschemas stand in a schema: the same lists as `squall_model::materialise`.
MAPS = {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"}
LISTS = {"oneOf", "anyOf", "allOf", "prefixItems"}
SINGLES = {
    "items",
    "additionalProperties",
    "additionalItems",
    "propertyNames",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "unevaluatedProperties",
    "unevaluatedItems",
    "contentSchema",
}

PROSE = {"description", "$comment", "examples"}


def without_prose(schema):
    """Drops the keywords that explain and do not constrain: facts are carried, not words."""
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if key not in PROSE}
    return _walked(kept, without_prose)


def without_strays(schema):
    """Drops what stands among the properties and is no schema."""
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: {name: inner for name, inner in value.items() if isinstance(inner, (dict, bool))}
        if key in MAPS and isinstance(value, dict)
        else value
        for key, value in schema.items()
    }
    return _walked(kept, without_strays)


def _walked(schema, each):
    """Returns the schema with `each` of its subschemas changed."""
    return {key: _walked_keyword(key, value, each) for key, value in schema.items()}


def _walked_keyword(key, value, each):
    if key in MAPS and isinstance(value, dict):
        return {name: each(inner) for name, inner in value.items()}
    if (key in LISTS or key == "items") and isinstance(value, list):
        return [each(inner) for inner in value]
    return each(value) if key in SINGLES else value
