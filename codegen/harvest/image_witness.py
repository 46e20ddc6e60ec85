"""Runs glance in this process and prints the shapes of its answers.

The service is the real one, over SQLite and three file stores in a temporary folder, behind
glance's own middleware. In place of keystonemiddleware the requests have its headers. At least
one resource of each kind is created, shown, listed and changed; what depends on what an image
has is asked with and without it. Then every operation is asked in ways that it refuses
(`refusals`). Printed as JSON: the shapes of answers, and what else came back by status
(`witness.summary`). `image.py` holds its descriptions against it.
"""

import json
import logging
import pathlib
import sys
import tempfile
import time
import uuid
from unittest import mock

import webob

import image_witness_refusals as refusals
import witness

STORES = ("one", "two", "three")
PASTE = """
[pipeline:glance-api]
pipeline = context cache cachemanage rootapp
[composite:rootapp]
paste.composite_factory = glance.api:root_app_factory
/: apiversions
/v2: apiv2app
[app:apiversions]
paste.app_factory = glance.api.versions:create_resource
[app:apiv2app]
paste.app_factory = glance.api.v2.router:API.factory
[filter:context]
paste.filter_factory = glance.api.middleware.context:ContextMiddleware.factory
[filter:cache]
paste.filter_factory = glance.api.middleware.cache:CacheFilter.factory
[filter:cachemanage]
paste.filter_factory = glance.api.middleware.cache_manage:CacheManageFilter.factory
"""
SETTINGS = """
[DEFAULT]
enabled_backends = one:file,two:file,three:file
enabled_import_methods = [glance-direct,web-download,copy-image]
worker_self_reference_url = http://worker
image_cache_dir = {folder}/cache
image_cache_driver = centralized_db
show_multiple_locations = true
show_image_direct_url = true
node_staging_uri = file://{folder}/staging
[database]
connection = sqlite:///{folder}/glance.db?timeout=60
[glance_store]
default_backend = one
[os_glance_staging_store]
filesystem_store_datadir = {folder}/staging
[os_glance_tasks_store]
filesystem_store_datadir = {folder}/tasks
[paste_deploy]
config_file = {folder}/paste.ini
[oslo_policy]
policy_file = {folder}/policy.yaml
[taskflow_executor]
engine_mode = serial
"""
STORE = """
[{name}]
filesystem_store_datadir = {folder}/{name}
store_description = Store {name}
"""


def application(folder):
    """Returns glance's application over an empty database."""
    settings, paste = pathlib.Path(folder, "glance-api.conf"), pathlib.Path(folder, "paste.ini")
    text = SETTINGS + "".join(STORE.format(name=name, folder="{folder}") for name in STORES)
    settings.write_text(text.format(folder=folder))
    paste.write_text(PASTE)
    for name in (*STORES, "staging", "tasks", "cache"):
        pathlib.Path(folder, name).mkdir()
    import glance_store
    from glance import async_
    from glance.common import config, wsgi_app
    from glance.db.sqlalchemy import api, models, models_metadef

    config.set_config_defaults()
    conf = wsgi_app.CONF
    conf([], project="glance", prog="glance-api", default_config_files=[str(settings)])
    async_.set_threadpool_model("native")
    glance_store.register_store_opts(conf, reserved_stores=wsgi_app.RESERVED_STORES)
    glance_store.create_multi_stores(conf, reserved_stores=wsgi_app.RESERVED_STORES)
    glance_store.verify_store()
    models.register_models(api.get_engine())
    models_metadef.register_models(api.get_engine())
    return config.load_paste_app("glance-api")


class Glance(witness.Recorder):
    """Asks as an administrator in a project."""

    PROJECT = uuid.uuid4().hex
    USER = uuid.uuid4().hex

    def __init__(self, app):
        """The paths of operations have no version; those of the application do."""
        super().__init__(app, self.authenticated)

    def authenticated(self, request, roles="admin,member,reader", project=None):
        """Adds what keystonemiddleware says of a valid token."""
        request.path_info = "/v2" + request.path_info
        request.headers.update(
            {
                "X-Identity-Status": "Confirmed",
                "X-User-Id": self.USER,
                "X-Tenant-Id": project or self.PROJECT,
                "X-Project-Id": project or self.PROJECT,
                "X-Roles": roles,
            }
        )

    def put_data(self, path, image, data=b"data", **how):
        """Sends the bytes of an image."""
        content = (data, "application/octet-stream")
        return self.send("PUT", path, [image], content=content, **how)

    def change(self, image, *changes):
        """Changes an image by a JSON patch."""
        body = json.dumps(list(changes)).encode()
        content = (body, "application/openstack-images-v2.1-json-patch")
        return self.send("PATCH", "/images/{image_id}", [image], content=content)

    def make(self, **values):
        """Creates an image, and returns its id."""
        answer = self.send("POST", "/images", [], {"disk_format": "raw", "container_format": "bare", **values})
        return (answer or {}).get("id", "missing")


def everything(cloud):
    """Makes at least one resource of each kind."""
    for name in (
        *("image", "images", "member", "members", "task", "tasks"),
        *(f"metadefs/{kind}" for kind in METADEFS),
    ):
        cloud.get(f"/schemas/{name}")
    images(cloud)
    for what in ("import", "stores", "stores/detail", "usage"):
        cloud.get(f"/info/{what}")
    metadefs(cloud)


METADEFS = (
    *("namespace", "namespaces", "resource_type", "resource_types", "property", "properties"),
    *("object", "objects", "tag", "tags"),
)


def images(cloud):
    """Makes images, gives them data, shares, imports and caches them."""
    image = cloud.make(name="a", tags=["t"], min_disk=1, some="text")
    bare = cloud.make()
    cloud.put_data("/images/{image_id}/file", image)
    cloud.send("GET", "/images/{image_id}/file", [image])
    cloud.send("GET", "/images/{image_id}/file", [bare])
    part = {"headers": {"Range": "bytes=0-1"}}
    cloud.send("GET", "/images/{image_id}/file", [image], **part)
    cloud.change(image, {"op": "replace", "path": "/name", "value": "b"})
    cloud.change(bare, {"op": "add", "path": "/description", "value": "x"})
    for action in ("deactivate", "reactivate"):
        cloud.send("POST", "/images/{image_id}/actions/" + action, [image])
    cloud.put("/images/{image_id}/tags/{tag_value}", image, "u")
    cloud.send("DELETE", "/images/{image_id}/tags/{tag_value}", [image, "u"])
    members(cloud, cloud.make(visibility="shared"))
    staged = cloud.make(visibility="public")
    cloud.put_data("/images/{image_id}/stage", staged)
    imported = {"method": {"name": "glance-direct"}, "stores": ["one", "two"]}
    cloud.send("POST", "/images/{image_id}/import", [staged], imported)
    wait(cloud, f"/images/{staged}", "active")
    cloud.get("/images/{image_id}/tasks", staged)
    cloud.get("/images/{image_id}", staged)
    cloud.get("/images/{image_id}", bare)
    located(cloud)
    cached(cloud, image)
    cloud.get("/images")
    cloud.send("GET", "/images", [], query="?limit=1")
    cloud.send("DELETE", "/stores/{store_id}/{image_id}", ["two", staged])
    guarded(cloud, image)
    cloud.send("DELETE", "/images/{image_id}", [bare])


def guarded(cloud, image):
    """Asks again of images as a cloud answers that shows no locations, which is usual."""
    from oslo_config import cfg

    for option in ("show_multiple_locations", "show_image_direct_url"):
        cfg.CONF.set_override(option, False)
    bare = cloud.make()
    cloud.get("/images")
    cloud.get("/images/{image_id}", image)
    cloud.change(bare, {"op": "replace", "path": "/name", "value": "c"})
    for option in ("show_multiple_locations", "show_image_direct_url"):
        cfg.CONF.clear_override(option)


def located(cloud):
    """Gives an image a location, asks for those of an image, and imports in the old way."""
    image = cloud.make()
    # Nothing answers there; the filter keeps requests from reaching the cloud's own machines.
    nowhere = "http://127.0.0.1:1/image"
    path, service = "/images/{image_id}/locations", {"X-Roles": "admin,member,reader,service"}
    old = {"import_from": nowhere, "import_from_format": "raw", "image_properties": {}}
    with mock.patch("glance.common.utils.validate_uri", return_value=True, create=True):
        cloud.send("POST", path, [image], {"url": nowhere}, headers=service)
        for task in cloud.get("/images/{image_id}/tasks", image)["tasks"]:
            wait(cloud, "/tasks/" + task["id"], "failure")
        made = cloud.send("POST", "/tasks", [], {"type": "import", "input": old}) or {}
        wait(cloud, "/tasks/" + made.get("id", "missing"), "failure")
    image = cloud.make()
    cloud.put_data("/images/{image_id}/file", image)
    cloud.get(path, image)
    cloud.get("/tasks")
    cloud.get("/tasks/{task_id}", made.get("id", "missing"))


def members(cloud, image):
    path, who = "/images/{image_id}/members", uuid.uuid4().hex
    cloud.send("POST", path, [image], {"member": who})
    cloud.get(path, image)
    item = path + "/{member_id}"
    cloud.get(item, image, who)
    cloud.send("PUT", item, [image, who], {"status": "accepted"})
    cloud.send("DELETE", item, [image, who])


def cached(cloud, image):
    """Queues an image, and asks for what is cached."""
    cloud.send("PUT", "/cache/{image_id}", [image])
    cloud.get("/cache")
    cloud.get("/cache/nodes/{image_id}", image)
    cloud.send("POST", "/cache/clean", [])
    cloud.send("POST", "/cache/prune", [])
    cloud.send("DELETE", "/cache/{image_id}", [image])
    cloud.send("DELETE", "/cache", [])


def wait(cloud, path, status):
    """Waits for a status: tasks are done in threads of their own."""
    for _ in range(200):
        request = webob.Request.blank(path)
        cloud.authenticated(request)
        response = request.get_response(cloud.app)
        if response.status_int == 200 and response.json["status"] == status:
            return
        time.sleep(0.05)
    cloud.failures.append(f"{path} never was {status}")


def metadefs(cloud):
    """Makes a namespace, and what is in one."""
    path = "/metadefs/namespaces"
    more = {"display_name": "N", "description": "x", "visibility": "public", "protected": False}
    cloud.send("POST", path, [], {"namespace": "bare"})
    cloud.send("POST", path, [], {"namespace": "n", **more})
    scalar = {"title": "S", "type": "string", "enum": ["a"], "minLength": 1, "operators": ["<or>"]}
    filled = {
        "properties": {"p": scalar},
        "objects": [{"name": "o", "properties": {"p": scalar}}],
        "tags": [{"name": "t"}],
        "resource_type_associations": [{"name": "OS::Cinder::Volume", "prefix": "c_"}],
    }
    cloud.send("POST", path, [], {"namespace": "filled", **filled})
    cloud.get(path + "/{namespace}", "filled")
    cloud.get(path + "/{namespace}/properties", "filled")
    cloud.get(path + "/{namespace}/objects", "filled")
    item = path + "/{namespace}"
    cloud.get(path)
    cloud.send("POST", item + "/resource_types", ["n"], {"name": "OS::Glance::Image", "prefix": "p_"})
    cloud.send("POST", item + "/resource_types", ["n"], {"name": "OS::Nova::Flavor"})
    cloud.get(item + "/resource_types", "n")
    cloud.get("/metadefs/resource_types")
    typed = {"name": "p", "title": "P", "type": "string"}
    full = {"name": "q", "title": "Q", "type": "array", "description": "x", "default": ["a"]}
    cloud.send("POST", item + "/properties", ["n"], typed)
    cloud.send("POST", item + "/properties", ["n"], {**full, "items": {"type": "string"}})
    cloud.get(item + "/properties", "n")
    one = item + "/properties/{property_name}"
    cloud.get(one, "n", "p")
    cloud.get(one, "n", "q")
    cloud.send("PUT", one, ["n", "p"], {**typed, "title": "R"})
    inside = {"properties": {"s": {"title": "S", "type": "string"}}, "required": ["s"]}
    cloud.send("POST", item + "/objects", ["n"], {"name": "o"})
    cloud.send("POST", item + "/objects", ["n"], {"name": "v", "description": "x", **inside})
    cloud.get(item + "/objects", "n")
    one = item + "/objects/{object_name}"
    cloud.get(one, "n", "v")
    cloud.get(one, "n", "o")
    cloud.send("PUT", one, ["n", "o"], {"name": "o", "description": "y"})
    one = item + "/tags/{tag_name}"
    cloud.send("POST", item + "/tags", ["n"], {"tags": [{"name": "a"}, {"name": "b"}]})
    cloud.send("POST", one, ["n", "c"])
    cloud.get(item + "/tags", "n")
    cloud.get(one, "n", "a")
    cloud.send("PUT", one, ["n", "a"], {"name": "d"})
    cloud.get(item, "n")
    cloud.get(item, "bare")
    cloud.get(path)
    cloud.send("PUT", item, ["bare"], {"namespace": "bare", "description": "y"})
    cloud.send("DELETE", one, ["n", "b"])
    cloud.send("DELETE", item + "/objects/{object_name}", ["n", "o"])
    cloud.send("DELETE", item + "/properties/{property_name}", ["n", "p"])
    cloud.send("DELETE", item + "/resource_types/{resource_type}", ["n", "OS::Nova::Flavor"])
    for kind in ("tags", "objects", "properties"):
        cloud.send("DELETE", f"{item}/{kind}", ["n"])
    cloud.send("DELETE", item, ["n"])


def main():
    """Prints the shapes, or fails with the requests that glance refused."""
    if not sys.flags.dev_mode:
        logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        cloud = Glance(application(folder))
        everything(cloud)
        refusals.everything(cloud)
        cloud.check()
    found = {place: witness.shape(bodies) for place, bodies in sorted(cloud.answers.items())}
    json.dump({"answers": found, "seen": witness.summary(cloud.exchanges)}, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
