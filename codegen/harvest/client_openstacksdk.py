"""Finds out which requests openstacksdk can send.

What each resource class allows stands in its attributes. Its other methods are called with
made-up arguments on a session that notes the request and goes no further.
"""

import importlib
import inspect
import pkgutil
import sys
from unittest import mock

import client_requests
from openstack import resource

SERVICES = {
    "compute": "compute.v2",
    "identity": "identity.v3",
    "image": "image.v2",
    "network": "network.v2",
    "object_storage": "object_store.v1",
    "placement": "placement.v1",
    "volume": "block_storage.v3",
}

BASE = {name for name, _ in inspect.getmembers(resource.Resource, inspect.isfunction)}


class Uri(dict):
    """Fills every parameter of a path."""

    def __missing__(self, key):
        return f"ID_{key}"


class Session:
    """Notes what is asked of it; anything else that it has does not matter."""

    def __init__(self, noted):
        self._noted = noted

    def request(self, url, method, json=None, **_more):
        """Notes a request."""
        action = next(iter(json), None) if isinstance(json, dict) else None
        self._noted.append((method, url, action))
        raise client_requests.Sent

    def __getattr__(self, name):
        if name in ("get", "post", "put", "patch", "delete", "head"):
            return lambda url, **more: self.request(url, name.upper(), **more)
        return mock.MagicMock()


def main():
    """Writes the requests of all resources."""
    book = client_requests.Requests()
    for patch in (
        mock.patch.object(resource.Resource, "_get_session", classmethod(lambda _, s: s)),
        mock.patch.object(
            resource.Resource, "_get_microversion", classmethod(lambda *_, **__: None)
        ),
        mock.patch("openstack.utils.supports_microversion", return_value=True),
        mock.patch("openstack.utils.pick_microversion", return_value=None),
    ):
        patch.start()
    for service, package in SERVICES.items():
        for name, found in _resources(package):
            for request in [*_allowed(found), *_sent(found)]:
                method, path, action, source = request
                book.add(service, method, path, action, f"{name}.{source}")
    book.write()


def _resources(package):
    """Yields the resource classes of a service with their names."""
    root = importlib.import_module(f"openstack.{package}")
    for module in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
        loaded = importlib.import_module(module.name)
        for name, found in list(vars(loaded).items()):
            is_resource = inspect.isclass(found) and issubclass(found, resource.Resource)
            if is_resource and found.__module__ == module.name:
                yield name, found


def _allowed(found):
    """Yields the requests that a resource's attributes allow."""
    if not found.base_path:
        return
    collection = found.base_path % Uri()
    item = f"{collection}/ID_id" if found.requires_id else collection
    if found.allow_list:
        yield "GET", collection, None, "list"
    if found.allow_fetch:
        yield "GET", item, None, "fetch"
    if found.allow_create:
        path = collection if found.create_method == "POST" else f"{collection}/ID_id"
        yield found.create_method, path, None, "create"
    if found.allow_commit:
        yield found.commit_method, item, None, "commit"
    if found.allow_delete:
        yield "DELETE", item, None, "delete"
    if found.allow_head:
        yield "HEAD", item, None, "head"


def _sent(found):
    """Yields the requests that a resource's own methods send."""
    noted = []
    one = found.new(id="ID_id")
    for name, _ in inspect.getmembers(found, callable):
        if name.startswith("_") or name in BASE:
            continue
        method = getattr(one, name)
        try:
            parameters = list(inspect.signature(method).parameters)
        except (TypeError, ValueError):
            continue
        if not parameters or parameters[0] != "session":
            continue
        noted.clear()
        positional, named = client_requests.arguments(method, skip=1)
        try:
            made = method(Session(noted), *positional, **named)
            if inspect.isgenerator(made):
                next(made, None)
        except client_requests.Sent:
            pass
        except Exception:  # What is wrong with made-up arguments is of no interest.
            continue
        for request in noted:
            yield *request, name


if __name__ == "__main__":
    sys.exit(main())
