"""Finds out which requests OpenStack's command line can send.

Every command of python-openstackclient and of its plugin for placement runs with made-up
arguments: once with what it needs, and once more with each of its options. Its clients are the real
ones; the session below them notes a request and answers nothing. What a command looks up first
is found, so that it goes on to what it is for. What it does with an answer does not matter.
"""

import argparse
import contextlib
import importlib
import importlib.metadata
import io
import os
import re
import signal
import sys
import tempfile
from unittest import mock

import client_requests
from keystoneclient.v3 import client as keystone
from openstack import proxy, resource
from openstackclient.api import object_store_v1
from osc_lib import utils
from osc_placement import http

GROUPS = (
    "openstack.common",
    "openstack.compute.v2",
    "openstack.identity.v3",
    "openstack.image.v2",
    "openstack.network.v2",
    "openstack.object_store.v1",
    "openstack.placement.v1",
    "openstack.volume.v3",
)

# The packages of the SDK with the proxies that commands use, by attribute of a connection.
PROXIES = {
    "block_storage": "block_storage.v3",
    "compute": "compute.v2",
    "identity": "identity.v3",
    "image": "image.v2",
    "network": "network.v2",
    "object_store": "object_store.v1",
    "placement": "placement.v1",
}

# Our names of the services, by the service type that a client asks the catalog for.
SERVICES = {
    "block-storage": "volume",
    "block-store": "volume",
    "compute": "compute",
    "identity": "identity",
    "image": "image",
    "network": "network",
    "object-store": "object_storage",
    "placement": "placement",
    "volume": "volume",
    "volumev3": "volume",
}

# Values that arguments have; the first one that an argument accepts is taken.
VALUES = ("1", "ID", "a=b", "VCPU=1", "192.0.2.1", "192.0.2.0/24", "2026-11-29", "1:2", "a:b=c", "true")

# Options that wait for what never comes, or ask for it, and those that only shape the output.
SKIPPED = {"--wait", "--help", "--password-prompt", "--column", "--format", "--sort-column"}

# A part of a path that is the id of something made up.
MADE_UP = re.compile(r"<MagicMock[^>]*>")

# The seconds that a command may take.
LIMIT = 2


class Answer:
    """The answer to every request: a success that says nothing."""

    status_code = 200
    ok = True
    headers = {}
    text = "{}"
    content = b"{}"
    url = "http://example.org/"
    links = {}

    def json(self, **_more):
        """Returns the body."""
        return {}

    def iter_content(self, *_args, **_more):
        """Returns the body in chunks."""
        return iter(())

    def raise_for_status(self):
        """Does nothing."""


class Session:
    """Notes what is asked of it; anything else that it has does not matter."""

    def __init__(self):
        self.noted = []
        self.verify = self.cert = None

    def request(self, url, method, *_args, json=None, endpoint_filter=None, **more):
        """Notes a request."""
        body = json if json is not None else more.get("data")
        action = next(iter(body), None) if isinstance(body, dict) else None
        url = MADE_UP.sub("ID", url) if isinstance(url, str) else url
        kind = (endpoint_filter or {}).get("service_type") or more.get("service_type")
        self.noted.append((SERVICES.get(kind), method, url, action))
        return Answer()

    def __getattr__(self, name):
        return mock.MagicMock(name=name)


class ObjectSession(Session):
    """A session of the client for object storage, which names no service type."""

    def __init__(self, session):
        super().__init__()
        self.noted = session.noted

    def request(self, url, method, *_args, **_more):
        """Notes a request."""
        self.noted.append(("object_storage", method, url, None))
        return Answer()


def main():
    """Writes the requests of all commands."""
    book = client_requests.Requests()
    session = Session()
    with contextlib.ExitStack() as stack:
        for patch in patches(session):
            stack.enter_context(patch)
        manager = clients(session)
        os.chdir(stack.enter_context(tempfile.TemporaryDirectory()))
        for name, command in commands():
            for arguments in calls(command, manager):
                run(command, manager, arguments)
                for service, method, path, action in session.noted:
                    if service:
                        book.add(service, method, path, action, f"openstack {name}")
                session.noted.clear()
    book.write()


def commands():
    """Yields the commands with their names."""
    for group in GROUPS:
        found = importlib.metadata.entry_points(group=group)
        for entry in sorted(found, key=lambda entry: entry.name):
            yield entry.name.replace("_", " "), entry.load()


def patches(session):
    """Returns what stands between the commands and the session."""

    def find(self, kind, name_or_id, ignore_missing=True, **_attrs):
        base = (kind.base_path or "") % Uri()
        service = SERVICES.get(self.service_type)
        session.noted.append((service, "GET", f"{base}/ID", None))
        return made(kind)

    def found(manager, name_or_id, **_more):
        one = mock.MagicMock(id="ID", project_id="ID", domain_id="ID", is_public=False)
        one.name = "ID"
        return one

    def listed(self, kind, *args, **more):
        with contextlib.suppress(Exception):  # The answer is no list.
            list(first_of(real_list(self, kind, *args, **more)))
        return iter([made(kind)])

    def fetched(self, kind, value=None, *args, **more):
        real_get(self, kind, value or "ID", *args, **more)
        return made(kind)

    def requested(self, url, method, **more):
        return session.request(
            url, method, endpoint_filter={"service_type": self.service_type}, **more
        )

    real_list, real_get = proxy.Proxy._list, proxy.Proxy._get
    return (
        # The proxy's own request looks into a cache first.
        mock.patch.object(proxy.Proxy, "request", requested),
        mock.patch.object(proxy.Proxy, "_find", find),
        mock.patch.object(proxy.Proxy, "_list", listed),
        mock.patch.object(proxy.Proxy, "_get", fetched),
        mock.patch.object(utils, "find_resource", found),
        mock.patch.object(
            resource.Resource, "_get_microversion", classmethod(lambda *_, **__: None)
        ),
        mock.patch("openstack.utils.supports_microversion", return_value=True),
        mock.patch("openstack.utils.pick_microversion", return_value=None),
        mock.patch("openstack.utils.require_microversion"),
        mock.patch("time.sleep"),
        mock.patch("getpass.getpass", return_value="secret"),
        mock.patch("builtins.input", return_value="y"),
        mock.patch("subprocess.call"),
        mock.patch("subprocess.Popen"),
    )


def first_of(items):
    """Yields the first item of a list, which is what sends the request."""
    for item in items:
        yield item
        return


class Uri(dict):
    """Fills every parameter of a path."""

    def __missing__(self, key):
        return f"ID_{key}"


def made(kind):
    """Returns a resource of a kind that is there."""
    one = kind.new(id="ID", name="ID")
    one._uri = mock.MagicMock()
    one._uri.attributes = Uri()
    return one


def clients(session):
    """Returns what a command gets its clients from."""
    connection = mock.MagicMock()
    session._sdk_connection = connection
    for name, package in PROXIES.items():
        module = importlib.import_module(f"openstack.{package}._proxy")
        kind = name.replace("_", "-")
        client = module.Proxy(session=session, service_type=kind)
        client.get_endpoint_data = mock.MagicMock()
        setattr(connection, name, client)
    connection.volume = connection.block_storage
    connection.config.get_region_name.return_value = "region"
    manager = mock.MagicMock()
    manager.session = session
    manager.sdk_connection = connection
    manager.compute, manager.network = connection.compute, connection.network
    manager.image = connection.image
    manager.identity = keystone.Client(session=session, endpoint_override="http://identity")
    manager.volume = connection.block_storage
    manager.placement = http.SessionClient(
        session=session, ks_filter={"service_type": "placement"}, api_version="1.39"
    )
    manager.object_store = object_store_v1.APIv1(
        session=ObjectSession(session), service_type="object-store", endpoint="http://swift"
    )
    manager.is_network_endpoint_enabled.return_value = True
    manager.is_volume_endpoint_enabled.return_value = True
    manager.is_compute_endpoint_enabled.return_value = True
    manager.auth_ref.project_id = manager.auth_ref.user_id = "ID"
    return manager


def calls(command, manager):
    """Yields the arguments to run a command with."""
    try:
        parser = instance(command, manager).get_parser("openstack")
    except Exception:  # A command that cannot be made sends nothing.
        return
    needed, options = [], []
    for action in parser._actions:
        words = argument(action)
        if words is None:
            continue
        if not action.option_strings:
            needed += words
        elif action.required:
            needed += words
        elif not SKIPPED & set(action.option_strings):
            options.append(words)
    for group in parser._mutually_exclusive_groups:
        if group.required and (words := argument(group._group_actions[0])):
            needed += words
    yield needed
    yield from (option + needed for option in options)


def argument(action):
    """Returns the words of an argument, or `None` if it has no value that it accepts."""
    names = action.option_strings[-1:]
    if action.nargs == 0:
        return names
    count = action.nargs if isinstance(action.nargs, int) else 1
    if action.choices:
        return names + [str(next(iter(action.choices)))] * count
    kind = type(action).__name__
    keys = list(getattr(action, "required_keys", ())) + list(getattr(action, "optional_keys", ()))
    if keys:
        return names + [",".join(f"{key}=1" for key in keys)] * count
    if "KeyValue" in kind:
        return names + ["a=b"] * count
    for value in VALUES:
        try:
            if action.type:
                action.type(value)
        except Exception:  # Another value may do.
            continue
        return names + [value] * count
    return None


def instance(command, manager):
    """Makes a command as the shell does."""
    app = mock.MagicMock(client_manager=manager, stdout=io.StringIO(), stderr=io.StringIO())
    app.options.default_domain = "default"
    return command(app, argparse.Namespace(), cmd_name="command")


def run(command, manager, arguments):
    """Runs a command, whatever comes of it."""

    def late(*_):
        raise TimeoutError

    signal.signal(signal.SIGALRM, late)
    signal.alarm(LIMIT)
    quiet = io.StringIO()
    try:
        with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
            one = instance(command, manager)
            parsed = one.get_parser("openstack").parse_args(arguments)
            made = one.take_action(parsed)
            # Rows are often made when they are printed.
            if isinstance(made, tuple) and len(made) > 1:
                list(made[1])
    except (Exception, SystemExit):  # What is wrong with made-up arguments is of no interest.
        pass
    finally:
        signal.alarm(0)


if __name__ == "__main__":
    sys.exit(main())
