"""Notes what neutron's plugins give a controller that creates, before it is filtered.

A controller answers so where several resources are created and its plugin makes them one after the
other (`neutron.api.v2.base.Controller._emulate_bulk_create`): it looks for what is to be left out
among the keys of the request's item, which is in an envelope that no attribute map has.
"""

import json


def key(controller):
    """Returns what the controllers of a collection have in common: each loading makes new ones."""
    return controller._collection, controller._parent_id_name


def watch():
    """Returns what is created from now on, by the controller's key: lists that grow."""
    from neutron.api.v2 import base
    from oslo_serialization import jsonutils

    found, creating = {}, []
    create, view = base.Controller._create, base.Controller._view

    def noted_create(controller, *args, **kwargs):
        creating.append(controller)
        try:
            return create(controller, *args, **kwargs)
        finally:
            creating.pop()

    def noted_view(controller, context, data, *args, **kwargs):
        if creating and creating[-1] is controller:
            found.setdefault(key(controller), []).append(json.loads(jsonutils.dumps(data)))
        return view(controller, context, data, *args, **kwargs)

    base.Controller._create, base.Controller._view = noted_create, noted_view
    return found
