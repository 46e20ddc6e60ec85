"""Makes swift's proxy with an account, a container and an object server behind it.

The proxy has the middleware of a cloud with keystone; the servers listen on loopback sockets and
keep everything in one folder. Where a token would be checked, `Keystone` stands in.
"""

import pathlib

from eventlet import listen, spawn, wsgi
from swift.account.server import AccountController
from swift.common import storage_policy, utils
from swift.common.http_protocol import SwiftHttpProtocol
from swift.common.middleware import (
    account_quotas,
    bulk,
    catch_errors,
    container_quotas,
    copy,
    dlo,
    gatekeeper,
    healthcheck,
    keystoneauth,
    list_endpoints,
    listing_formats,
    proxy_logging,
    slo,
    symlink,
    tempurl,
)
from swift.common.middleware.versioned_writes import filter_factory as versioned_writes
from swift.common.ring import RingData
from swift.container.server import ContainerController
from swift.obj.server import ObjectController
from swift.proxy.server import Application

DEVICE = "disk"
# Who asks: the project and the role by the token.
TOKENS = {
    "owner": ("ours", "admin"),
    "reseller": ("ours", "ResellerAdmin"),
    "stranger": ("other", "none"),
}


class Keystone:
    """Stands in for keystonemiddleware: says who has the token, and lets requests without pass."""

    def __init__(self, app):
        self._app = app

    def __call__(self, environ, start):
        project, role = TOKENS.get(environ.get("HTTP_X_AUTH_TOKEN"), (None, None))
        if project:
            environ.update(
                HTTP_X_IDENTITY_STATUS="Confirmed",
                HTTP_X_USER_ID="user",
                HTTP_X_USER_NAME="user",
                HTTP_X_USER_DOMAIN_ID="default",
                HTTP_X_USER_DOMAIN_NAME="Default",
                HTTP_X_TENANT_ID=project,
                HTTP_X_TENANT_NAME=project,
                HTTP_X_PROJECT_ID=project,
                HTTP_X_PROJECT_NAME=project,
                HTTP_X_PROJECT_DOMAIN_ID="default",
                HTTP_X_PROJECT_DOMAIN_NAME="Default",
                HTTP_X_ROLES=role,
            )
        return self._app(environ, start)


class Memory(dict):
    """Stands in for memcached."""

    def set(self, key, value, **_):
        self[key] = value

    def get(self, key, **_):
        return super().get(key)

    def incr(self, key, delta=1, **_):
        self[key] = self.get(key) + delta if key in self else delta
        return self[key]

    def delete(self, key, **_):
        self.pop(key, None)


def application(folder):
    """Returns the proxy's pipeline in front of its servers."""
    utils.HASH_PATH_SUFFIX = b"suffix"
    settings = {
        "swift_dir": folder,
        "devices": folder,
        "mount_check": "false",
        "log_level": "CRITICAL",
        "account_autocreate": "true",
        "allow_versioned_writes": "true",
        "allow_object_versioning": "true",
    }
    pathlib.Path(folder, DEVICE, "tmp").mkdir(parents=True)
    storage_policy._POLICIES = storage_policy.StoragePolicyCollection(
        [
            storage_policy.StoragePolicy(0, "gold", True),
            storage_policy.StoragePolicy(1, "silver", False),
        ]
    )
    servers = {
        "account": AccountController(settings),
        "container": ContainerController(settings),
        "object": ObjectController(settings),
    }
    for name, server in servers.items():
        socket = listen(("127.0.0.1", 0))
        port = socket.getsockname()[1]
        device = {"id": 0, "region": 1, "zone": 0, "device": DEVICE, "ip": "127.0.0.1"}
        device |= {"port": port, "replication_ip": "127.0.0.1", "replication_port": port}
        for ring in ["object", "object-1"] if name == "object" else [name]:
            RingData([[0, 0, 0, 0]], [device], 30).save(f"{folder}/{ring}.ring.gz")
        spawn(wsgi.server, socket, server, utils.NullLogger(), protocol=SwiftHttpProtocol)
    app = Application(settings)
    for make in (
        symlink.filter_factory,
        versioned_writes,
        dlo.filter_factory,
        slo.filter_factory,
        account_quotas.filter_factory,
        container_quotas.filter_factory,
        copy.filter_factory,
        keystoneauth.filter_factory,
        lambda settings: Keystone,
        tempurl.filter_factory,
        bulk.filter_factory,
        listing_formats.filter_factory,
        list_endpoints.filter_factory,
        proxy_logging.filter_factory,
        healthcheck.filter_factory,
        gatekeeper.filter_factory,
        catch_errors.filter_factory,
    ):
        app = make(settings)(app)
    return app
