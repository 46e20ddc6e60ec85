"""Holds the authored operations of object storage against swift's released package.

Swift has no schemas, no policy rules and no table of routes: what its API is stands in
`object_storage_operations`. What can be checked is: the methods that the proxy's
controllers make public are exactly the operations there and those left out with a reason.
"""

import inspect

from swift.common.middleware import copy, list_endpoints
from swift.proxy.controllers.account import AccountController
from swift.proxy.controllers.container import ContainerController
from swift.proxy.controllers.info import InfoController
from swift.proxy.controllers.obj import BaseObjectController

import facts
import object_storage_operations as authored

# The controller that answers a path, and how the tables call it.
CONTROLLERS = {
    "/": ("account", AccountController),
    "/{container}": ("container", ContainerController),
    "/{container}/{object}": ("object", BaseObjectController),
    "/info": ("info", InfoController),
}

# What middleware answers in front of the controllers.
MIDDLEWARE = {
    ("COPY", "/{container}/{object}"): (copy.ServerSideCopyMiddleware, "handle_COPY"),
    ("GET", "/v1/endpoints"): (list_endpoints.ListEndpointsMiddleware, "__call__"),
}


def main():
    """Writes the facts and digests of the object storage service."""
    check_public_methods()
    book = facts.Facts("object_storage", ["swift"])
    for (method, path), row in authored.OPERATIONS.items():
        cls, handler = MIDDLEWARE.get((method, path)) or (CONTROLLERS[path][1], method)
        operation = facts.operation(method, path, None, cls, handler)
        operation.update(id=row["id"], summary=row["summary"], root=path in authored.AT_ROOT)
        operation["statuses"] = [_status(code) for code in row["statuses"]]
        operation["errors"] = [_status(code) for code in row["errors"]]
        operation["request"] = _body(book, row["request"])
        operation["response"] = _body(book, row["response"])
        operation["query"] = _query(book, row["query"])
        # Access is by ACLs in the metadata, not by rules.
        operation["unenforced"] = True
        if (method, path) in authored.PAGED:
            operation["paging"] = {"collection": "", "field": authored.PAGED[method, path]}
        book.operation(operation)
    book.write()


def check_public_methods():
    """Refuses a table that has what swift does not, or leaves out what it has unsaid."""
    for path, (name, controller) in CONTROLLERS.items():
        public = {
            method
            for method, function in inspect.getmembers(controller, inspect.isfunction)
            if getattr(function, "publicly_accessible", False)
        }
        rows = {method for method, of in authored.OPERATIONS if of == path}
        rows -= {method for method, of in MIDDLEWARE if of == path}
        said = rows | {method for of, method in authored.NOT_OPERATIONS if of == name}
        if public != said:
            raise SystemExit(
                f"{name}: swift makes {sorted(public)} public, the table has {sorted(said)}"
            )
    for cls, handler in MIDDLEWARE.values():
        if not hasattr(cls, handler):
            raise SystemExit(f"{cls.__name__} no longer has {handler}")


def _body(book, body):
    if body is None:
        return facts.body(state="none")
    media_type, schema = body
    found = facts.body([book.entry(None, None, schema)], media_type=media_type)
    return {**found, "provenance": "authored"}


def _query(book, parameters):
    if not parameters:
        return facts.body(state="none")
    schema = {"type": "object", "properties": parameters}
    return {**facts.body([book.entry(None, None, schema)]), "provenance": "authored"}


def _status(code):
    return {"code": code, **facts.version_range()}


if __name__ == "__main__":
    main()
