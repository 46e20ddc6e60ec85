"""Finds out which requests Tempest's service clients can send.

Every public method of every client is called with made-up arguments, and the transport
below them notes the request and goes no further. Nothing is sent, and what a method would
do with the answer does not matter.
"""

import importlib
import inspect
import json
import pkgutil
import sys
from unittest import mock

import client_requests
from tempest.lib.common import rest_client

SERVICES = (
    "compute", "identity", "image", "network", "object_storage", "placement", "volume",
)
# Clients of APIs that no release has any more.
GONE = (".identity.v2", ".volume.v1", ".volume.v2", ".image.v1")


def main():
    """Writes the requests of all clients."""
    book = client_requests.Requests()
    noted = []

    # The arguments are those of `RestClient`, which are given by their positions.
    def note(_self, method, url, extra_headers=False, headers=None, body=None, chunked=False):
        noted.append((method, url, _first_key(body)))
        raise client_requests.Sent

    def raw(self, url, method, headers=None, body=None, *_args, **_more):
        note(self, method, url, body=body)

    rest_client.RestClient.request = note
    rest_client.RestClient.raw_request = raw
    base = set(dir(rest_client.RestClient))
    for service in SERVICES:
        for name, client in _clients(service):
            for method, function in inspect.getmembers(client, inspect.isfunction):
                if method.startswith("_") or method in base:
                    continue
                noted.clear()
                _call(function, _made(client, service))
                for request in noted:
                    book.add(service, *request, f"{name}.{method}")
    book.write()


def _clients(service):
    """Yields the clients of a service with their names."""
    package = importlib.import_module(f"tempest.lib.services.{service}")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if any(gone in module.name for gone in GONE):
            continue
        loaded = importlib.import_module(module.name)
        for name, found in list(vars(loaded).items()):
            is_client = inspect.isclass(found) and issubclass(found, rest_client.RestClient)
            if is_client and found.__module__ == module.name:
                yield name, found


def _made(client, service):
    """Makes a client; those of tokens take a URL and nothing else."""
    if "auth_url" in inspect.signature(client).parameters:
        return client("https://example.org/v3")
    return client(mock.MagicMock(), service, "region")


def _call(function, client):
    """Calls a method with as few arguments as it takes, or with one more."""
    positional, named = client_requests.arguments(function, skip=1)
    for more in ({}, {"name": "a"}):
        try:
            function(client, *positional, **named, **more)
        except client_requests.Sent:
            return
        except Exception:  # What is wrong with made-up arguments is of no interest.
            continue


def _first_key(body):
    """Returns the first key of a JSON body, which is what names an action."""
    try:
        return next(iter(json.loads(body)), None)
    except (TypeError, ValueError):
        return None


if __name__ == "__main__":
    sys.exit(main())
