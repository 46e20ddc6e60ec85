"""Says which routes cinder's policy rules mean where their documented paths name none.

A table for `documented.rules_by_operation`, where a correction that matches no rule any
more is an error.
"""

# (rule, documented method, documented path) -> the routes (cinder 29.0.0,
# cinder.policies.*). An empty list: there is no such operation.
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
