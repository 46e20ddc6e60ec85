"""Holds the authored operations of object storage against swift's released package.

Swift has no schemas, no policy rules and no table of routes: what its API is stands in
`object_storage_operations`, and its headers in `object_storage_headers`. Two things are checked:
the methods that the proxy's controllers make public are exactly the operations there and those
left out with a reason; and what swift answers in this process (`object_storage_witness`) has the
statuses, the headers and the bodies of the tables.
"""

import inspect
import re

import jsonschema

from swift.common.middleware import copy, list_endpoints
from swift.proxy.controllers.account import AccountController
from swift.proxy.controllers.container import ContainerController
from swift.proxy.controllers.info import InfoController
from swift.proxy.controllers.obj import BaseObjectController

import agreement
import edition
import errors
import facts
import object_storage_headers as headers
import object_storage_operations as authored

# The controller that answers a path, and how the tables call it.
CONTROLLERS = {
    "/": ("account", AccountController),
    "/{container}": ("container", ContainerController),
    "/{container}/{object}": ("object", BaseObjectController),
    "/info": ("info", InfoController),
}

# The headers of errors, by form. 401 is that of swob, to which keystonemiddleware adds its own.
SPECIAL = {
    "Unauthorized": {"www-authenticate": errors.header(required=True)},
    "MethodNotAllowed": {"allow": errors.header(required=True)},
    "RangeNotSatisfiable": {
        "content-range": errors.header(omitted="a dynamic large object of many segments has none"),
        "accept-ranges": errors.header(),
        "etag": errors.header(),
        "last-modified": errors.header(errors.DATE),
        "x-timestamp": errors.header(headers.TIMESTAMP),
    },
}
FORMS = {401: "Unauthorized", 405: "MethodNotAllowed", 416: "RangeNotSatisfiable"}
# What a refusal may have of the object that was asked for, for whoever reads it.
_ANY_ERROR = {name: errors.header() for name in ("etag", "last-modified", "x-timestamp", "vary")}

# The report of `slo` and `bulk` on what they refuse, where the client accepts JSON.
MANIFEST_REPORT = {
    "type": "object",
    "required": ["Errors"],
    "properties": {"Errors": authored.DELETED["properties"]["Errors"]},
    "additionalProperties": False,
}

# Statuses that the witness does not provoke, and why.
UNSEEN = {
    # Only where `allow_account_management` is on.
    ("DELETE", "/", 204),
}

# What middleware answers in front of the controllers.
MIDDLEWARE = {
    ("COPY", "/{container}/{object}"): (copy.ServerSideCopyMiddleware, "handle_COPY"),
    ("GET", "/v1/endpoints"): (list_endpoints.ListEndpointsMiddleware, "__call__"),
}


def main():
    """Writes the facts and digests of the object storage service."""
    check_public_methods()
    check_answers(agreement.run("object_storage_witness.py"))
    book = facts.Facts("object_storage", ["swift"])
    book.messages(messages())
    for (method, path), row in authored.OPERATIONS.items():
        cls, handler = MIDDLEWARE.get((method, path)) or (CONTROLLERS[path][1], method)
        operation = facts.operation(method, path, None, cls, handler)
        operation.update(id=row["id"], summary=row["summary"], root=path in authored.AT_ROOT)
        operation["statuses"] = [
            {"code": code, **facts.version_range(), "bodiless": code in row["bodiless"]}
            for code in row["statuses"]
        ]
        describe_messages(operation, (method, path))
        operation["request"] = _body(book, row["request"])
        operation["response"] = _body(book, row["response"])
        operation["query"] = _query(book, row["query"])
        # Access is by ACLs in the metadata, not by rules.
        operation["unenforced"] = True
        if (method, path) in authored.PAGED:
            operation["paging"] = {"collection": "", "field": authored.PAGED[method, path]}
        book.operation(operation)
    book.write()


def messages():
    """Returns what the messages of all operations have in common."""
    found = errors.Messages()
    # A page of swob (`RESPONSE_REASONS`), or a sentence; HEAD has no body. A manifest that is
    # refused is answered in the type that the client accepts (`slo`, `bulk.get_response_body`).
    page = {"text/html": authored.STRING, "text/plain": authored.STRING}
    found.form(errors.ERROR, "A page or a sentence of swift.", page, optional=True)
    for name, described in SPECIAL.items():
        # A range that is refused keeps the type of the object.
        more = {authored.BYTES: authored.DATA} if name == "RangeNotSatisfiable" else {}
        found.form(name, "A page of swift.", {**page, **more}, described, optional=True)
    # The version that marks a deletion has a type of its own (`object_versioning`), and keeps it.
    mark = {**page, "application/x-deleted": authored.DATA}
    found.form("DeletionMark", "A page of swift, or the mark of a deletion.", mark, optional=True)
    report = {**page, facts.JSON: MANIFEST_REPORT, "text/xml": authored.STRING}
    found.form("Refused", "A page, a sentence or a report of swift.", report, optional=True)
    found.every_answer(headers.EVERY_ANSWER)
    found.every_request(headers.EVERY_REQUEST)
    return found


def describe_messages(operation, key):
    """Adds the errors and headers of an operation."""
    for code in codes(key):
        form = FORMS.get(code, errors.ERROR)
        if key == ("PUT", "/{container}/{object}") and code == 400:
            form = "Refused"
        if key == ("GET", "/{container}/{object}") and code == 404:
            form = "DeletionMark"
        errors.add(operation, code, form=form)
    for code, described in headers.ANSWERS.get(key, {}).items():
        for name, header in described.items():
            errors.answer_header(operation, name, header, codes=[code])
    for name, header in headers.REQUESTS.get(key, {}).items():
        errors.request_header(operation, name, header)
    errors.described(operation, errors="authored", headers="authored")


def codes(key):
    """Returns the statuses of failure of an operation."""
    own = authored.OPERATIONS[key]["errors"]
    return sorted({*own, *(() if key[1] in authored.AT_ROOT else authored.REFUSED)})


def check_answers(answers):
    """Fails with everything that swift answered and the tables do not allow."""
    wrong = sorted({line for answer in answers for line in _wrong(answer)})
    seen = {(answer["method"], answer["path"], answer["status"]) for answer in answers}
    for (method, path), row in authored.OPERATIONS.items():
        wrong += [
            f"{method} {path}: {code} was not seen"
            for code in row["statuses"]
            if answers and (method, path, code) not in seen | UNSEEN
        ]
    if wrong:
        edition.unfit("\n".join(["swift answers otherwise:", *wrong]))


def _wrong(answer):
    """Yields what the tables do not allow of an answer."""
    key, status = (answer["method"], answer["path"]), answer["status"]
    row = authored.OPERATIONS.get(key)
    place = f"{' '.join(key)}{answer['query']} {status}"
    parameter = authored.OF_A_PARAMETER.get((*key, status))
    if row is None or (parameter and f"{parameter}=" in answer["query"]):
        return
    if status not in {*row["statuses"], *codes(key)}:
        yield f"{place}: the status is in no table"
        return
    described = dict(headers.EVERY_ANSWER)
    if status < 400:
        described |= headers.ANSWERS.get(key, {}).get(status, {})
    elif status in FORMS:
        described |= SPECIAL[FORMS[status]]
    else:
        described |= _ANY_ERROR
    for name, header in described.items():
        if header["required"] and name not in answer["headers"]:
            yield f"{place}: {name} is missing"
    for name, value in answer["headers"].items():
        header = described.get(name) or next(
            (one for family, one in described.items() if _is_of(family, name)), None
        )
        if header is None:
            yield f"{place}: {name} is in no table"
        elif not _fits(header["schema"], value):
            yield f"{place}: {name} is {value!r}"
    if status >= 400 and answer["body"] and not _is_described(key, status, answer["headers"]):
        yield f"{place}: the body is {answer['headers']['content-type']}"
    if answer["body"] and (status in row["bodiless"] or (status < 400 and not row["response"])):
        yield f"{place}: there is a body"
    if "json" in answer and status < 400 and row["response"] and row["response"][0] == facts.JSON:
        for error in jsonschema.Draft7Validator(row["response"][1]).iter_errors(answer["json"]):
            yield f"{place}: {error.message}"


def _is_described(key, status, found):
    """Whether the form of an error has the media type of a body."""
    types = {"text/html", "text/plain"}
    if status == 416:
        types.add(authored.BYTES)
    if (*key, status) == ("GET", "/{container}/{object}", 404):
        types.add("application/x-deleted")
    if (*key, status) == ("PUT", "/{container}/{object}", 400):
        types |= {facts.JSON, "text/xml"}
    return found["content-type"].split(";")[0] in types


def _is_of(family, name):
    return family.endswith("*") and name.startswith(family[:-1])


def _fits(schema, value):
    if schema["type"] == "integer":
        return value.isdigit()
    if schema["type"] == "boolean":
        return value.lower() in ("true", "false")
    return value in schema.get("enum", [value]) and re.search(schema.get("pattern", ""), value)


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


if __name__ == "__main__":
    main()
