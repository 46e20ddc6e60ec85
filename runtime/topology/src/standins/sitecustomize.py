"""Registers the hypervisor stand-in with nova.

Nova looks up drivers below ``nova.virt`` only (nova/virt/driver.py,
``load_compute_driver``). Environments are shared between clouds and never changed, so
a finder provides this one module. Nothing is imported until nova asks for it.
"""

import importlib.util
import os
import sys

NAME = "nova.virt.squall"
FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "squall_standins", "nova_virt.py")


class Finder:
    """Finds the stand-in only."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == NAME:
            return importlib.util.spec_from_file_location(name, FILE)
        return None


sys.meta_path.append(Finder)
