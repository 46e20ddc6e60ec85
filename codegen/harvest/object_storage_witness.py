"""Runs swift in this process and prints the headers and the forms of its answers.

Each operation is asked in several ways, also in ways that it refuses. Printed as JSON: a list of
answers, each with method, path, query, status, headers, whether there is a body, and the body
where it is JSON. `object-storage.py` holds its tables against it.
"""

import hashlib
import hmac
import json
import logging
import tempfile
import time

from swift.common.swob import Request

import object_storage_service

ACCOUNT = "AUTH_ours"
BASE = f"/v1/{ACCOUNT}"
KEY = "a-key"


class Swift:
    """Sends requests and keeps the answers."""

    def __init__(self, app):
        self._app, self._memory = app, object_storage_service.Memory()
        self.answers = []

    def send(self, method, path, headers=None, body=b"", who="owner", query=""):
        """Sends one request below the account, or below the host where the path has a host's."""
        below = "" if path.startswith(("/info", "/endpoints")) else BASE
        environ = {"REQUEST_METHOD": method, "swift.cache": self._memory}
        request = Request.blank(below + path + query, environ=environ, headers=headers, body=body)
        if who:
            request.headers["X-Auth-Token"] = who
        response = request.get_response(self._app)
        found = {
            "method": method,
            "path": template(path),
            "query": query,
            "status": response.status_int,
            "headers": {name.lower(): value for name, value in response.headers.items()},
        }
        text = response.body
        found["body"] = bool(text)
        if "json" in found["headers"].get("content-type", "") and text and method != "HEAD":
            found["json"] = json.loads(text)
        self.answers.append(found)
        return response


def template(path):
    """Returns the path of the operation."""
    if path.startswith("/endpoints"):
        return "/v1/endpoints"
    if path == "/info":
        return path
    parts = [part for part in path.split("/", 2) if part]
    return "/" + "/".join(("{container}", "{object}")[: len(parts)])


def everything(swift):
    """Asks each operation in several ways."""
    accounts(swift)
    containers(swift)
    objects(swift)
    large_objects(swift)
    refusals(swift)


def accounts(swift):
    for method in ("HEAD", "GET"):
        swift.send(method, "")
    for name in ("first", "second"):
        swift.send("PUT", f"/{name}", {"X-Storage-Policy": "gold"})
    swift.send("PUT", "/first", {"X-Container-Meta-Color": "red", "X-Container-Read": ".r:*"})
    swift.send(
        "POST",
        "",
        {
            "X-Account-Meta-Color": "red",
            "X-Account-Meta-Temp-URL-Key": KEY,
            "X-Account-Access-Control": '{"admin":["x"]}',
        },
    )
    swift.send("POST", "", {"X-Account-Meta-Quota-Bytes": "1000000"}, who="reseller")
    for query in ("", "?format=json", "?format=xml", "?format=json&delimiter=s", "?limit=0"):
        swift.send("GET", "", query=query)
        swift.send("GET", "", query=query, who="reseller")
    swift.send("GET", "", query="?prefix=none")
    swift.send("HEAD", "")


def containers(swift):
    swift.send(
        "POST",
        "/first",
        {
            "X-Container-Meta-Color": "blue",
            "X-Container-Write": "ours:owner",
            "X-Container-Meta-Quota-Bytes": "100000",
            "X-Container-Meta-Quota-Count": "1000",
            "X-Container-Meta-Temp-URL-Key": KEY,
            "X-Container-Meta-Access-Control-Allow-Origin": "*",
            "X-Container-Sync-Key": "key",
        },
    )
    swift.send("PUT", "/versioned", {"X-Versions-Enabled": "true"})
    swift.send("PUT", "/archive")
    swift.send("PUT", "/history", {"X-History-Location": "archive"})
    swift.send("PUT", "/stack", {"X-Versions-Location": "archive"})
    swift.send("PUT", "/silver", {"X-Storage-Policy": "silver"})
    swift.send("PUT", "/first/folder/one", body=b"one")
    swift.send("PUT", "/versioned/a", body=b"one")
    swift.send("PUT", "/versioned/a", body=b"two")
    swift.send("PUT", "/stack/a", body=b"one")
    swift.send("PUT", "/stack/a", body=b"two")
    names = ("first", "second", "versioned", "history", "stack", "silver")
    for name in names:
        for query in ("", "?format=json", "?format=xml", "?format=json&delimiter=/", "?limit=0"):
            swift.send("GET", f"/{name}", query=query)
        swift.send("HEAD", f"/{name}")
    swift.send("GET", "/versioned", query="?versions&format=json")


def objects(swift):
    text = {"Content-Type": "text/plain"}
    swift.send(
        "PUT",
        "/first/a",
        {
            **text,
            "X-Object-Meta-Color": "red",
            "Content-Disposition": "attachment",
            "Content-Encoding": "gzip",
            "X-Delete-After": "100000",
        },
        b"content",
    )
    swift.send("PUT", "/first/plain", {}, b"content")
    swift.send("PUT", "/first/etag", {"ETag": hashlib.md5(b"x").hexdigest()}, b"x")
    swift.send("PUT", "/first/link", {"X-Symlink-Target": "first/a", **text})
    for name in ("first/a", "first/plain", "first/link", "versioned/a"):
        swift.send("GET", f"/{name}")
        swift.send("HEAD", f"/{name}")
        swift.send("GET", f"/{name}", {"Range": "bytes=0-1"})
    swift.send("GET", "/first/a", {"Range": "bytes=0-1,3-4"})
    swift.send("GET", "/first/link", query="?symlink=get")
    swift.send("HEAD", "/first/link", query="?symlink=get")
    swift.send("POST", "/first/a", {"X-Object-Meta-Color": "blue"})
    swift.send("POST", "/versioned/a", {"X-Object-Meta-Color": "blue"})
    swift.send("COPY", "/first/a", {"Destination": "second/b"})
    swift.send("PUT", "/second/c", {"X-Copy-From": "first/a"})
    swift.send("PUT", "/second/d", {"X-Copy-From": "versioned/a"})
    expires = int(time.time()) + 1000
    for method in ("GET", "HEAD"):
        signed = f"GET\n{expires}\n{BASE}/first/a".encode()
        signature = hmac.new(KEY.encode(), signed, hashlib.sha256).hexdigest()
        query = f"?temp_url_sig={signature}&temp_url_expires={expires}"
        swift.send(method, "/first/a", query=query, who=None)
    current = swift.send("HEAD", "/versioned/a").headers.get("X-Object-Version-Id", "")
    for method in ("GET", "HEAD", "PUT", "DELETE"):
        swift.send(method, "/versioned/a", query=f"?version-id={current}")
    swift.send("DELETE", "/second/b")
    swift.send("DELETE", "/stack/a")
    swift.send("PUT", "/history/a", body=b"one")
    swift.send("DELETE", "/history/a")


def large_objects(swift):
    swift.send("PUT", "/second/segment/1", body=b"one")
    tag = hashlib.md5(b"one").hexdigest()
    manifest = [{"path": "/second/segment/1", "etag": tag, "size_bytes": 3}]
    for query in ("?multipart-manifest=put", "?multipart-manifest=put&heartbeat=on"):
        swift.send("PUT", "/second/static", {}, json.dumps(manifest).encode(), query=query)
    swift.send("PUT", "/second/dynamic", {"X-Object-Manifest": "second/segment/"})
    for name in ("static", "dynamic"):
        for method in ("GET", "HEAD"):
            swift.send(method, f"/second/{name}")
            swift.send(method, f"/second/{name}", query="?multipart-manifest=get")
            swift.send(method, f"/second/{name}", query="?part-number=1")
    swift.send("GET", "/second/static", {"Range": "bytes=0-1"})
    swift.send("POST", "/second/static", {"X-Object-Meta-Color": "red"})
    swift.send("COPY", "/second/static", {"Destination": "second/copy"})
    swift.send(
        "COPY",
        "/second/static",
        {"Destination": "second/manifest"},
        query="?multipart-manifest=get",
    )
    for accept in ("application/json", "text/plain", "text/xml"):
        swift.send(
            "POST",
            "",
            {"Accept": accept, "Content-Type": "text/plain"},
            b"second/none\nsecond/c\n",
            query="?bulk-delete",
        )
    swift.send(
        "DELETE",
        "/second/static",
        {"Accept": "application/json"},
        query="?multipart-manifest=delete",
    )
    swift.send("GET", "/info")
    for path in ("", "/first", "/first/a"):
        for version in ("v1", "v2"):
            swift.send("GET", f"/endpoints/{version}/{ACCOUNT}{path}", who=None)
    swift.send("GET", "/endpoints/v1/", who=None)
    swift.send("POST", f"/endpoints/v1/{ACCOUNT}", who=None)


def refusals(swift):
    swift.send("PUT", "/empty")
    swift.send("DELETE", "/empty")
    swift.send("DELETE", "/first/a", query="?multipart-manifest=delete")
    for method, path in OPERATIONS:
        swift.send(method, path, who=None)
        swift.send(method, path, who="stranger")
    for method in ("GET", "HEAD", "POST", "DELETE"):
        swift.send(method, "/missing")
        swift.send(method, "/first/missing")
        swift.send(method, "/missing/missing")
    swift.send("PUT", "/missing/x", body=b"x")
    swift.send("COPY", "/first/missing", {"Destination": "second/b"})
    swift.send("COPY", "/first/a")
    swift.send("COPY", "/first/a", {"Destination": "wrong"})
    swift.send("COPY", "/first/a", {"Destination": "missing/b"})
    swift.send("PUT", "/first", {"X-Storage-Policy": "silver"})
    swift.send("PUT", "/other", {"X-Storage-Policy": "none"})
    swift.send("PUT", "/other", {"X-Versions-Enabled": "true", "X-Versions-Location": "a"})
    swift.send("PUT", "/other", {"X-Container-Meta-Quota-Bytes": "many"})
    swift.send("PUT", f"/{'x' * 257}")
    swift.send("PUT", "/first/wrong", {"ETag": "0" * 32}, b"x")
    swift.send("PUT", f"/first/{'x' * 1025}", body=b"x")
    swift.send("PUT", "/first/x", {"X-Delete-At": "1"}, b"x")
    swift.send("PUT", "/first/x", {"If-None-Match": "*"}, b"x")
    swift.send("PUT", "/first/plain", {"If-None-Match": "*"}, b"x")
    swift.send("PUT", "/first/x", {"X-Copy-From": "wrong"})
    swift.send("PUT", "/first/x", {"X-Object-Meta-Color": "x" * 300}, b"x")
    for accept in ("application/json", "text/plain", "text/xml", "image/png"):
        for manifest in (b"[]", b'[{"path": "/first/missing"}]', b"{"):
            swift.send(
                "PUT", "/first/x", {"Accept": accept}, manifest, query="?multipart-manifest=put"
            )
    swift.send("PUT", "/first/x%ff", body=b"x")
    swift.send("DELETE", "/first/x%ff")
    swift.send("POST", "", {"Accept": "image/png"}, b"first/a\n", query="?bulk-delete")
    swift.send("POST", "/first/plain", {"X-Delete-At": "1"})
    swift.send("POST", "/first", {"X-Container-Meta-Color": "x" * 300})
    swift.send("POST", "", {"X-Account-Meta-Color": "x" * 300})
    swift.send("POST", "/first", {"X-Container-Read": "::"})
    for path in ("", "/first"):
        swift.send("GET", path, query="?limit=100000")
        swift.send("GET", path, query="?limit=x")
        swift.send("GET", path, query="?delimiter=%ff")
        swift.send("GET", path, {"Accept": "image/png"})
        swift.send("HEAD", path, {"Accept": "image/png"})
    swift.send("GET", "/first/plain", {"Range": "bytes=100-200"})
    for method in ("GET", "HEAD"):
        swift.send(method, "/first/plain", {"If-Match": "0" * 32})
        tag = hashlib.md5(b"content").hexdigest()
        swift.send(method, "/first/plain", {"If-None-Match": tag})
        swift.send(method, "/first/plain", query="?part-number=x")
        swift.send(method, "/second/static", query="?part-number=1000")
        query = "?temp_url_sig=wrong&temp_url_expires=1"
        swift.send(method, "/first/plain", query=query, who=None)
        swift.send(method, "/versioned/a", query="?version-id=none")
    swift.send("POST", "/first", {"X-Container-Meta-Quota-Bytes": "10"})
    swift.send("PUT", "/first/x", body=b"x" * 100)
    swift.send("COPY", "/second/d", {"Destination": "first/x"})
    swift.send("POST", "", {"X-Account-Meta-Quota-Bytes": "10"})
    swift.send("DELETE", "/first")
    swift.send("DELETE", "")
    swift.send("DELETE", "", who="reseller")


OPERATIONS = [
    *((method, "") for method in ("GET", "HEAD", "POST", "DELETE")),
    *((method, "/first") for method in ("GET", "HEAD", "PUT", "POST", "DELETE")),
    *((m, "/first/plain") for m in ("GET", "HEAD", "PUT", "POST", "DELETE", "COPY")),
]


def main():
    """Prints the answers."""
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        swift = Swift(object_storage_service.application(folder))
        everything(swift)
    print(json.dumps(swift.answers))


if __name__ == "__main__":
    main()
