"""Describes errors and headers: what an operation is answered beside its responses of success.

A service has a few forms of errors, which its operations share, and headers that every message
of it has: `Messages` holds both. Of an operation there are the statuses of failure
(`add`, `base`) and the headers beyond those of every message (`answer_header`,
`request_header`). An introspector uses it like this:

    messages = errors.Messages()
    messages.form(errors.ERROR, "An error of the service.", {facts.JSON: SCHEMA})
    messages.rejection()
    messages.every_answer({"x-openstack-request-id": errors.header(required=True)})
    book.messages(messages)
    ...
    errors.base(operation)
    errors.add(operation, 409, "1.28", reason="...")
    errors.answer_header(operation, "location", errors.header(errors.URI, required=True), codes=[201])
    errors.described(operation, errors="in-tree", headers="in-tree")

Schemas are JSON Schema with the version marks of the spec under `x-openstack`, so that one
schema holds for all versions: `{"properties": {"code": {"type": "string", "x-openstack":
{"min-ver": "1.23"}}}}`. Keys that are required since a version are listed under
`x-openstack: {"required": [{"name": "code", "min-ver": "1.23"}]}`.
"""

import facts

# The forms that an error has unless it names another one: the service's own, and that of
# keystonemiddleware, which answers 401 in front of the service.
ERROR = "Error"
UNAUTHORIZED = "Unauthorized"

# What the text of a header may say.
TEXT = {"type": "string"}
INTEGER = {"type": "integer", "minimum": 0}
BOOLEAN = {"type": "boolean"}
URI = {"type": "string", "format": "uri"}
DATE = {"type": "string", "format": "http-date"}
TIME = {"type": "string", "format": "date-time"}

# The body of keystonemiddleware's 401, whatever media type the client accepts
# (`AuthProtocol.process_request` in `keystonemiddleware.auth_token`).
REJECTED = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "title", "message"],
            "properties": {
                "code": {"type": "integer", "enum": [401]},
                "title": {"type": "string", "enum": ["Unauthorized"]},
                "message": {"type": "string"},
            },
            "additionalProperties": False,
        }
    },
    "additionalProperties": False,
}


class Messages:
    """The forms of a service's errors, and the headers of its messages."""

    def __init__(self):
        self._forms = {}
        self._requests = []
        self._answers = []

    def form(self, name, description, content=None, headers=None, optional=False):
        """Adds a form of errors.

        `content` has a schema for each media type; without any, the error has no body.
        `optional` says that the body may be missing, as it may be where a gateway answers.
        """
        if name in self._forms:
            raise SystemExit(f"the form {name} is described twice")
        self._forms[name] = {
            "description": description,
            "content": facts.plain(content or {}),
            "optional": optional,
            "headers": _headers(headers),
        }

    def rejection(self):
        """Adds the form of keystonemiddleware's 401, which names where tokens are issued."""
        challenge = {"type": "string", "pattern": '^Keystone uri="'}
        self.form(
            UNAUTHORIZED,
            "keystonemiddleware refused the token.",
            {facts.JSON: REJECTED},
            headers={"www-authenticate": header(challenge, required=True)},
        )

    def every_answer(self, headers):
        """Adds headers that every answer has, of success and of failure."""
        self._answers += _headers(headers)

    def every_request(self, headers):
        """Adds headers that every request may have."""
        self._requests += _headers(headers)

    def complete(self, operation):
        """Gives the errors of an operation that name no form the form that is usual."""
        for error in operation["errors"]:
            usual = UNAUTHORIZED if error["code"] == 401 and UNAUTHORIZED in self._forms else ERROR
            if usual in self._forms:
                error.setdefault("form", usual)
            if error.get("form") not in {*self._forms, None}:
                place = f"{operation['method']} {operation['path']}"
                raise SystemExit(f"{place}: {error['code']} has the unknown form {error['form']}")

    def facts(self):
        """Returns what `facts.json` has of it."""
        return {
            "forms": self._forms,
            "request_headers": self._requests,
            "response_headers": self._answers,
        }


def header(schema=None, required=False, minimum=None, maximum=None, omitted=None):
    """Describes a header: the schema of its text, and whether every such message has it.

    `omitted` says why an answer may lack it, as where a setting or a state decides.
    """
    return {
        "schema": facts.plain(schema or TEXT),
        "required": required,
        "omitted": omitted,
        **facts.version_range(minimum, maximum),
    }


def add(operation, code, minimum=None, maximum=None, form=None, reason=None):
    """Adds a status of failure, of the usual form unless it names another one.

    A status that is there already is extended: ranges of versions are joined by the merge.
    `reason` is for a status that no rule and no schema explains.
    """
    error = {"code": code, **facts.version_range(minimum, maximum)}
    if form:
        error["form"] = form
    if reason:
        error["reason"] = reason
    if error not in operation["errors"]:
        operation["errors"].append(error)
        operation["errors"].sort(key=lambda e: (e["code"], facts.version_key(e["min"])))


def base(operation, token=True, versions=None, checked=True):
    """Adds the statuses that follow from what is known of an operation; call it last.

    - 401, if a token is needed (`token`);
    - 403, if a policy rule gates it, always or in some cases;
    - 404, if its path has an id;
    - 400, if the service checks the body or the query against a schema (`checked`);
    - the status for a microversion that the service does not have (`versions`, mostly 406).
    """
    if token:
        add(operation, 401)
    if operation["policies"] and not operation["unenforced"]:
        add(operation, 403)
    if "{" in operation["path"]:
        add(operation, 404)
    if checked and any(operation[part]["state"] == "described" for part in ("request", "query")):
        add(operation, 400)
    if versions:
        add(operation, versions)
    operation["errors_provenance"] = operation["errors_provenance"] or "in-tree"


def answer_header(operation, name, described, codes=()):
    """Adds a header of the responses with these statuses of success; of all without any."""
    operation["response_headers"].append({"name": _name(name), "codes": list(codes), **described})


def request_header(operation, name, described):
    """Adds a header that the operation reads in requests."""
    operation["request_headers"].append({"name": _name(name), **described})


def described(operation, errors=None, headers=None):
    """Notes the provenance of the errors and of the headers of an operation.

    An operation whose answers have no header but those of every answer is described as well.
    """
    operation["errors_provenance"] = errors or operation["errors_provenance"]
    operation["headers_provenance"] = headers or operation["headers_provenance"]


def no_query(operation):
    """Notes that the operation reads no query parameter."""
    operation["query"] = facts.body(state="none")


def unknown(operation, part, reason):
    """Notes why a part of an operation is not described: request, query, response, errors or
    headers."""
    operation["unknown"][part] = reason


def _headers(found):
    return [{"name": _name(name), **described} for name, described in sorted((found or {}).items())]


def _name(name):
    if name != name.lower():
        raise SystemExit(f"the header {name} is written in lower case")
    return name
