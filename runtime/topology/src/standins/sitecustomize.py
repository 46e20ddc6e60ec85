"""Makes the stand-in for a hypervisor known to nova, in any Python that has it.

Nova looks its drivers up below ``nova.virt`` only (nova/virt/driver.py,
``load_compute_driver``). Environments are shared between clouds and are not written
to; so the module is given by a finder that answers for this one name. Nothing is
imported until nova asks for it.
"""

import importlib.util
import os
import sys

NAME = "nova.virt.squall"
FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "squall_standins", "nova_virt.py")


class Finder:
    """Finds the stand-in and nothing else."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == NAME:
            return importlib.util.spec_from_file_location(name, FILE)
        return None


sys.meta_path.append(Finder)
