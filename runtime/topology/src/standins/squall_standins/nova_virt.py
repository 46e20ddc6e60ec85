"""A hypervisor without machines: nova's own fake driver, adapted to long-lived clouds.

It differs from ``nova.virt.fake.FakeDriver``, which is written for tests that last
seconds, as follows:

* A node's identity is read from ``state_path/compute_id``. The fake driver generates
  a new one at each start, and nova-compute then refuses to start again.
* Servers survive a restart: those that nova has on this host are taken over.
* A snapshot is uploaded to the image service. The fake driver leaves the image
  ``queued``.
* A port can be attached again after its server was deleted, and detached after a
  restart or a migration. The fake driver never forgets a port, and does not
  know those added in another way.
* The node reports its uptime; a paused server is shown as paused; a console has
  enough lines to request only the last ones.
"""

import io
import time

from nova.compute import power_state
from nova.compute import task_states
from nova.compute import vm_states
from nova import context as nova_context
from nova import exception
from nova.image import glance
from nova import objects
from nova.virt import fake
from nova.virt import node

#: The data of a snapshot.
CONTENT = bytes(64 * 1024)
CONSOLE_LINES = 50
#: States in which a server is on no host.
ABSENT = (vm_states.BUILDING, vm_states.DELETED, vm_states.SHELVED_OFFLOADED)


class Driver(fake.FakeDriver):
    """The hypervisor of one node."""

    def __init__(self, virtapi, read_only=False):
        super().__init__(virtapi, read_only=read_only)
        self._images = set()

    # Identity

    def get_nodenames_by_uuid(self, refresh=False):
        return {node.get_local_node_uuid(): self.get_available_nodes()[0]}

    def get_available_resource(self, nodename):
        resource = super().get_available_resource(nodename)
        if resource:
            resource["uuid"] = node.get_local_node_uuid()
        return resource

    def get_host_uptime(self):
        """Returns the format of ``uptime``, as libvirt's driver does."""
        with open("/proc/uptime") as file:
            minutes = int(float(file.read().split()[0])) // 60
        with open("/proc/loadavg") as file:
            load = ", ".join(file.read().split()[:3])
        days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
        now = time.strftime("%H:%M:%S")
        return f" {now} up {days} days, {hours:2}:{minutes:02},  0 users,  load average: {load}"

    # Servers from before this process started

    def init_host(self, host):
        super().init_host(host)
        instances = objects.InstanceList.get_by_host(
            nova_context.get_admin_context(), host, expected_attrs=["flavor"]
        )
        for instance in instances:
            if instance.launched_at and instance.vm_state not in ABSENT:
                self._take_over(instance)

    def plug_vifs(self, instance, network_info):
        """Called for each server of the host when nova-compute starts."""
        for vif in network_info or ():
            self._interfaces[vif["id"]] = vif

    def _take_over(self, instance):
        flavor = instance.flavor
        self.resources.claim(vcpus=flavor.vcpus, mem=flavor.memory_mb, disk=flavor.root_gb)
        state = instance.power_state or power_state.RUNNING
        self.instances[instance.uuid] = fake.FakeInstance(instance.name, state, instance.uuid)

    # Ports

    def attach_interface(self, context, instance, image_meta, vif):
        self._interfaces[vif["id"]] = vif

    def detach_interface(self, context, instance, vif):
        self._interfaces.pop(vif["id"], None)

    # Server operations

    def pause(self, instance):
        self._set_state(instance, power_state.PAUSED)

    def unpause(self, instance):
        self._set_state(instance, power_state.RUNNING)

    def _set_state(self, instance, state):
        if instance.uuid not in self.instances:
            raise exception.InstanceNotFound(instance_id=instance.uuid)
        self.instances[instance.uuid].state = state

    def get_console_output(self, context, instance):
        return "\n".join(
            f"[{second:5}.000000] {instance.name}: nothing runs here"
            for second in range(CONSOLE_LINES)
        )

    def snapshot(self, context, instance, image_id, update_task_state):
        if instance.uuid not in self.instances:
            raise exception.InstanceNotRunning(instance_id=instance.uuid)
        update_task_state(task_state=task_states.IMAGE_PENDING_UPLOAD)
        images = glance.API()
        image = images.get(context, image_id)
        update_task_state(
            task_state=task_states.IMAGE_UPLOADING,
            expected_state=task_states.IMAGE_PENDING_UPLOAD,
        )
        metadata = {
            "name": image["name"],
            "status": "active",
            "disk_format": image.get("disk_format") or "raw",
            "container_format": image.get("container_format") or "bare",
            "properties": {
                "image_location": "snapshot",
                "image_state": "available",
                "owner_id": instance.project_id,
            },
        }
        images.update(context, image_id, metadata, data=io.BytesIO(CONTENT), purge_props=False)

    def cache_image(self, context, image_id):
        """Returns whether the image was fetched now, as drivers with a cache do."""
        is_new = image_id not in self._images
        self._images.add(image_id)
        return is_new
