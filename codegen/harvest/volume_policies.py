"""Finds the operations that cinder's policy rules document.

The documented paths are prose, and some name no route. Each correction below names
the rule that has it; one that matches no rule any more is an error.
"""

import re

# (rule, documented method, documented path) -> what the route is called (cinder 29.0.0,
# cinder.policies.*). None: the operation does not exist.
CORRECTIONS = {
    ("clusters:update", "PUT", "/clusters/{cluster_id}"): [
        ("PUT", "/clusters/enable"),
        ("PUT", "/clusters/disable"),
    ],
    (
        "snapshot_extension:snapshot_actions:update_snapshot_status",
        "POST",
        "/snapshots/{snapshot_id}/action (update_snapshot_status)",
    ): [("POST", "/snapshots/{snapshot_id}/action (os-update_snapshot_status)")],
    ("backup:backup-import", "POST", "/backups/{backup_id}/import_record"): [
        ("POST", "/backups/import_record")
    ],
    ("backup:export-import", "POST", "/backups/{backup_id}/export_record"): [
        ("GET", "/backups/{backup_id}/export_record")
    ],
    ("group:update_group_snapshot", "PUT", "/group_snapshots/{group_snapshot_id}"): [],
    ("volume_extension:quotas:show", "GET", "/os-quota-sets/{project_id}/default"): [
        ("GET", "/os-quota-sets/{project_id}/defaults")
    ],
    ("volume_extension:services:update", "PUT", "/os-services/{action}"): [
        ("PUT", f"/os-services/{word}")
        for word in (
            "enable",
            "disable",
            "disable-log-reason",
            "freeze",
            "thaw",
            "failover_host",
            "get-log",
            "set-log",
        )
    ],
    ("volume_extension:type_update", "PUT", "/types"): [("PUT", "/types/{type_id}")],
    ("volume_extension:type_delete", "DELETE", "/types"): [("DELETE", "/types/{type_id}")],
    ("volume:get_all_transfers", "GET", "/volume_transfers"): [("GET", "/volume-transfers")],
    ("volume:create_transfer", "POST", "/volume_transfers"): [("POST", "/volume-transfers")],
    ("volume:update", "PUT", "/volumes"): [("PUT", "/volumes/{volume_id}")],
    ("volume_extension:default_set_or_update", "PUT", "/default-types"): [
        ("PUT", "/default-types/{project_id}")
    ],
}

ACTION = re.compile(r"^(\S*)\s+\((\S+)\)$")


def documented(rules):
    """Gives the rules that document each (method, path without names, action)."""
    found = {}
    unused = set(CORRECTIONS)
    for rule in rules:
        for operation in getattr(rule, "operations", None) or ():
            key = (rule.name, operation["method"], operation["path"])
            unused.discard(key)
            for method, path in CORRECTIONS.get(key, [key[1:]]):
                names = found.setdefault(normalised(method, *split_action(path)), [])
                if rule.name not in names:
                    names.append(rule.name)
    if unused:
        raise SystemExit(f"corrections of policy documentation that match nothing: {sorted(unused)}")
    return found


def split_action(path):
    """Splits a documented path into path and action: `/x/{id}/action (os-y)`."""
    matched = ACTION.match(path)
    return matched.groups() if matched else (path, None)


def normalised(method, path, action):
    """Gives a key in which parameters have no names, queries and last slashes no place."""
    path = re.sub(r"\{[^}]*\}", "{}", path.split("?")[0]).rstrip("/")
    return method, path or "/", action
