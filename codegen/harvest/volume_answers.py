"""Asks cinder's handlers what they answer, version by version.

Each handler is run with unknown values (`volume_runs.py`), and what it gives is looked at.
"""

import symbols
import volume_runs
from volume_objects import KNOWLEDGE

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

# Properties whose content is not cinder's own.
FOREIGN = {
    "connection_info": "what a driver says of a connection",
    "extra_info": "what a driver says of a volume besides",
    "capabilities": "the capabilities that a driver reports",
    "properties": "the capabilities that a driver reports",
    "replication_targets": "what a driver says of the backends that it can fail over to",
    "reference": "how a driver names a volume",
    "source_reference": "how a driver names a volume",
}


def forms(versions, operation, owner, ranged, extensions, schemas, *, bodiless):
    """Returns [(version, Form or None)] of what the handlers answer with success.

    `operation` is (method, path, action), `schemas` gives the entries of a handler's body. Where
    the code does not say whether there is a body, `bodiless` does.
    """
    return volume_runs.by_version(
        versions,
        operation,
        owner,
        ranged,
        extensions,
        schemas,
        lambda run: form(run, operation, bodiless),
    )


def form(run, operation, bodiless):
    """Returns the form of the answers at one version; None if they have no body."""
    found, answered, errors = symbols.Form(), False, {}
    for result, error in symbols.explore(run, KNOWLEDGE):
        if error is not None:
            errors[type(error).__name__] = error
            continue
        answered = True
        if isinstance(result, symbols.Unknown):
            found.open = found.open or not bodiless
        elif result is not None:
            found.add(result)
    if not answered:
        SILENT.setdefault(operation, errors)
        return symbols.Form(open=True)
    return found if found.types or found.open else None


# Operations whose handler no run got through, with the errors: the code says nothing of them.
SILENT = {}
