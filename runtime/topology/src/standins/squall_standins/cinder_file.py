"""A volume back end of plain files: real data without device mapper or iSCSI.

Volumes and snapshots are sparse files, in one folder per back end. They are attached
through os-brick's ``local`` connector, which returns the path itself.
"""

import os

from oslo_config import cfg

from cinder import exception
from cinder.image import image_utils
from cinder import interface
from cinder import utils
from cinder.volume import configuration
from cinder.volume import driver
from cinder.volume import volume_utils

OPTIONS = [
    cfg.StrOpt(
        "squall_folder",
        default="$state_path/volumes",
        help="The folder that holds the files of this back end.",
    ),
]
cfg.CONF.register_opts(OPTIONS, group=configuration.SHARED_CONF_GROUP)

GIB = 1 << 30
#: The reported free space: files are sparse, and suites create volumes of any size.
CAPACITY = 10000


@interface.volumedriver
class FileDriver(driver.VolumeDriver):
    """Volumes as sparse files."""

    VERSION = "1.0"
    CI_WIKI_NAME = "none"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.configuration.append_config_values(OPTIONS)
        self._folder = self.configuration.squall_folder

    @staticmethod
    def get_driver_options():
        return OPTIONS

    def do_setup(self, context):
        os.makedirs(self._folder, exist_ok=True)

    def check_for_setup_error(self):
        if not os.access(self._folder, os.W_OK):
            raise exception.InvalidConfigurationValue(
                option="squall_folder", value=self._folder
            )

    def local_path(self, volume):
        return os.path.join(self._folder, volume["name"])

    # Volumes and snapshots

    def create_volume(self, volume):
        with open(self.local_path(volume), "wb") as file:
            file.truncate(volume["size"] * GIB)

    def delete_volume(self, volume):
        try:
            os.unlink(self.local_path(volume))
        except FileNotFoundError:
            # A volume that failed to be created has no file.
            pass

    def create_snapshot(self, snapshot):
        self._copy(self.local_path(snapshot["volume"]), self.local_path(snapshot))

    def delete_snapshot(self, snapshot):
        self.delete_volume(snapshot)

    def create_volume_from_snapshot(self, volume, snapshot):
        self._copy(self.local_path(snapshot), self.local_path(volume), volume["size"])

    def create_cloned_volume(self, volume, src_vref):
        self._copy(self.local_path(src_vref), self.local_path(volume), volume["size"])

    def revert_to_snapshot(self, context, volume, snapshot):
        self._copy(self.local_path(snapshot), self.local_path(volume), volume["size"])

    def extend_volume(self, volume, new_size):
        os.truncate(self.local_path(volume), new_size * GIB)

    def _copy(self, source, target, size=0):
        utils.execute("cp", "--sparse=always", "--reflink=auto", source, target)
        self._grow(target, size)

    @staticmethod
    def _grow(path, size):
        if os.path.getsize(path) < size * GIB:
            os.truncate(path, size * GIB)

    # Images

    def copy_image_to_volume(
        self, context, volume, image_service, image_id, disable_sparse=False
    ):
        path = self.local_path(volume)
        image_utils.fetch_to_raw(
            context,
            image_service,
            image_id,
            path,
            self.configuration.volume_dd_blocksize,
            size=volume["size"],
            run_as_root=False,
        )
        self._grow(path, volume["size"])

    def copy_volume_to_image(self, context, volume, image_service, image_meta):
        volume_utils.upload_volume(
            context,
            image_service,
            image_meta,
            self.local_path(volume),
            volume,
            run_as_root=False,
        )

    # Changing type and host

    def retype(self, context, volume, new_type, diff, host):
        """Nothing needs converting while the volume stays on its back end."""
        here, there = (
            volume_utils.extract_host(name, level="backend")
            for name in (volume["host"], host["host"])
        )
        return here == there

    def update_migrated_volume(self, ctxt, volume, new_volume, original_volume_status):
        """Renames the copy to the volume that it replaces."""
        name = cfg.CONF.volume_name_template % volume["id"]
        copy, target = self.local_path(new_volume), os.path.join(self._folder, name)
        if os.path.exists(copy) and not os.path.exists(target):
            os.rename(copy, target)
            return {"_name_id": None, "provider_location": None}
        name_id = new_volume["_name_id"] or new_volume["id"]
        return {"_name_id": name_id, "provider_location": None}

    # Attaching

    def ensure_export(self, context, volume):
        pass

    def create_export(self, context, volume, connector):
        pass

    def remove_export(self, context, volume):
        pass

    def create_export_snapshot(self, context, snapshot, connector):
        pass

    def remove_export_snapshot(self, context, snapshot):
        pass

    def initialize_connection(self, volume, connector, **kwargs):
        path = self.local_path(volume)
        return {"driver_volume_type": "local", "data": {"device_path": path}}

    def terminate_connection(self, volume, connector, **kwargs):
        """Restores the size: `cinder-backup` truncates what it restores to, unless it is a device
        (`cinder.backup.manager.BackupManager._run_restore`)."""
        self._grow(self.local_path(volume), volume["size"])

    def initialize_connection_snapshot(self, snapshot, connector, **kwargs):
        return self.initialize_connection(snapshot, connector)

    def terminate_connection_snapshot(self, snapshot, connector, **kwargs):
        pass

    # Managing and unmanaging files

    def manage_existing(self, volume, existing_ref):
        os.rename(self._found(existing_ref), self.local_path(volume))

    def manage_existing_get_size(self, volume, existing_ref):
        return -(-os.path.getsize(self._found(existing_ref)) // GIB)

    def unmanage(self, volume):
        pass

    def manage_existing_snapshot(self, snapshot, existing_ref):
        self.manage_existing(snapshot, existing_ref)

    def manage_existing_snapshot_get_size(self, snapshot, existing_ref):
        return self.manage_existing_get_size(snapshot, existing_ref)

    def unmanage_snapshot(self, snapshot):
        pass

    def get_manageable_volumes(
        self, cinder_volumes, marker, limit, offset, sort_keys, sort_dirs
    ):
        entries = self._manageable(cinder_volumes, "volume-")
        return volume_utils.paginate_entries_list(
            entries, marker, limit, offset, sort_keys, sort_dirs
        )

    def get_manageable_snapshots(
        self, cinder_snapshots, marker, limit, offset, sort_keys, sort_dirs
    ):
        entries = self._manageable(cinder_snapshots, "snapshot-")
        for entry in entries:
            # A copy does not record its source.
            entry["source_reference"] = {}
        return volume_utils.paginate_entries_list(
            entries, marker, limit, offset, sort_keys, sort_dirs
        )

    def _manageable(self, managed, prefix):
        ids = {item["name"]: item["id"] for item in managed}
        names = [name for name in sorted(os.listdir(self._folder)) if name.startswith(prefix)]
        return [self._entry(name, ids.get(name)) for name in names]

    def _entry(self, name, cinder_id):
        size = os.path.getsize(os.path.join(self._folder, name))
        return {
            "reference": {"source-name": name},
            "size": -(-size // GIB),
            "cinder_id": cinder_id,
            "extra_info": None,
            "safe_to_manage": cinder_id is None,
            "reason_not_safe": "already managed" if cinder_id else None,
        }

    def _found(self, reference):
        name = reference.get("source-name")
        path = os.path.join(self._folder, os.path.basename(name or ""))
        if not name or not os.path.isfile(path):
            raise exception.ManageExistingInvalidReference(
                existing_ref=reference, reason="it has to name a file as `source-name`"
            )
        return path

    # Reports to the scheduler

    def _update_volume_stats(self):
        name = self.configuration.safe_get("volume_backend_name") or "files"
        pool = {
            "pool_name": name,
            "total_capacity_gb": CAPACITY,
            "free_capacity_gb": CAPACITY,
            "provisioned_capacity_gb": 0,
            "allocated_capacity_gb": 0,
            "reserved_percentage": 0,
            "max_over_subscription_ratio": 20.0,
            "thin_provisioning_support": True,
            "thick_provisioning_support": False,
            "multiattach": True,
            "QoS_support": False,
            "consistent_group_snapshot_enabled": False,
            "filter_function": self.get_filter_function(),
            "goodness_function": self.get_goodness_function(),
        }
        self._stats = {
            "volume_backend_name": name,
            "vendor_name": "Squall",
            "driver_version": self.VERSION,
            "storage_protocol": "local",
            "pools": [pool],
        }
