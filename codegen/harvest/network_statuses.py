"""Finds the statuses of failure of each operation in neutron's source, for its witness.

A plugin's method is followed by `raised.py` to the exceptions that escape from it, with the
callbacks that are registered before and within its changes; `neutron_lib.api.faults.FAULT_MAP`
gives each its status, and a `NotImplementedError` with words is a 501
(`neutron.api.api_common.convert_exception_to_http_exc`). What is nobody's fault but the service's
(500) is no fact of the API.
"""

import re

import network_created
import raised
import witness

DEPTH = 6
VERBS = ("index", "create", "show", "update", "delete")


def statuses():
    """Returns the statuses that the source has for each route, by method and path.

    Parameters of a path have no names here.
    """
    from neutron.api import extensions
    from neutron_lib.plugins import directory

    import network_attributes

    reader = _reader(directory)
    found = {}
    core = directory.get_plugin()
    for collection, resource in network_attributes.CORE.items():
        _generic(reader, found, f"/{collection}", core, _names(collection, resource))
    for extension in extensions.PluginAwareExtensionManager.get_instance().get_resources():
        controller = getattr(extension.controller, "controller", extension.controller)
        path = _path(extension)
        handlers = getattr(controller, "_plugin_handlers", None)
        if handlers:
            _generic(reader, found, path, controller.plugin, handlers)
        else:
            _special(reader, found, path, controller)
        for name, method in extension.member_actions.items():
            owner = controller.plugin if handlers else controller
            _note(reader, found, method, f"{path}/{{}}/{name}", owner, name)
        for name, method in extension.collection_methods.items():
            _note(reader, found, method, path, controller, name)
    return {place: sorted(codes) for place, codes in sorted(found.items())}


def quotas():
    """Returns the names of the resources that have a quota: one more may be too many."""
    from neutron.quota import resource_registry

    return sorted(resource_registry.get_all_resources())


def bulk():
    """Returns the collections of which several can be created by one request, by path.

    The core's controller always takes them; that of an extension where it is allowed to, and
    finds them only under the resource's name with an `s`
    (`neutron.api.v2.base.Controller.prepare_request_body`).
    """
    import network_attributes

    found = {f"/{collection}": collection for collection in network_attributes.CORE}
    found |= {path: controller._collection for path, controller in _creating_several()}
    return dict(sorted(found.items()))


def one_by_one(created):
    """Returns what plugins gave that create several resources one after the other, by path.

    `created` is what they gave (`network_created.py`). A plugin that creates several at once is
    not among them.
    """
    found = {
        path: witness.shape(created.get(network_created.key(controller), []))
        for path, controller in _creating_several()
        if not controller._native_bulk
    }
    return dict(sorted(found.items()))


def _creating_several():
    """Yields the paths and controllers of extensions that create several with one request."""
    from neutron.api import extensions

    for extension in extensions.PluginAwareExtensionManager.get_instance().get_resources():
        controller = getattr(extension.controller, "controller", extension.controller)
        is_allowed = getattr(controller, "_allow_bulk", False)
        if is_allowed and controller._collection == f"{controller.resource}s":
            yield _path(extension), controller


def _names(collection, resource):
    names = {word: f"{word}_{resource}" for word in ("create", "update", "delete")}
    return {"list": f"get_{collection}", "show": f"get_{resource}", **names}


def _path(extension):
    base = extension.path_prefix or ""
    if extension.parent:
        base += f"/{extension.parent['collection_name']}/{{}}"
    return f"{base}/{extension.collection}"


def _generic(reader, found, path, plugin, handlers):
    _note(reader, found, "GET", path, plugin, handlers["list"])
    _note(reader, found, "POST", path, plugin, handlers["create"])
    _note(reader, found, "GET", f"{path}/{{}}", plugin, handlers["show"])
    _note(reader, found, "PUT", f"{path}/{{}}", plugin, handlers["update"])
    _note(reader, found, "DELETE", f"{path}/{{}}", plugin, handlers["delete"])


def _special(reader, found, path, controller):
    for name, method in zip(VERBS, ("GET", "POST", "GET", "PUT", "DELETE")):
        place = f"{path}/{{}}" if name in ("show", "update", "delete") else path
        _note(reader, found, method, place, controller, name)


def _note(reader, found, method, path, owner, name):
    kinds = reader.of(owner, _handler(owner, name))
    codes = {code for code in map(_code, kinds) if code}
    found.setdefault(f"{method} {path}", set()).update(codes)


def _handler(owner, name):
    """Returns the name of the method that a handler's name stands for.

    One method of the QoS plugin does for all kinds of rules
    (`neutron.extensions.qos.QoSPluginBase.__getattr__`).
    """
    for pattern in getattr(owner, "qos_rule_method_patterns", ()):
        if not hasattr(type(raised.itself(owner)), name) and (match := re.match(pattern, name)):
            word = match.group("rule_type") + "_"
            return name.replace(word, "").replace("alias_", "")
    return name


def _reader(directory):
    from neutron_lib.callbacks import registry

    callbacks = registry._get_callback_manager()._callbacks

    def published(resource, event):
        """Returns the callbacks whose failure fails the request."""
        if not str(event).startswith(("before_", "precommit_")):
            return []
        groups = callbacks.get(resource, {}).get(event, [])
        return [callback for group in groups for callback in group.pri_callbacks.values()]

    lookups = {directory.get_plugin: directory.get_plugin}
    packages = ("neutron", "neutron_lib")
    return raised.Reader(packages, DEPTH, published, lookups, getters=("get_plugin",))


def _code(kind):
    from neutron_lib.api import faults
    import webob.exc

    if issubclass(kind, webob.exc.HTTPException):
        return kind.code if kind.code < 500 else None
    if issubclass(kind, NotImplementedError):
        return 501
    codes = (answer.code for fault, answer in faults.FAULT_MAP.items() if issubclass(kind, fault))
    return next(codes, None)
