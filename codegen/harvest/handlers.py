"""Reads what a request handler's source says: the ways it returns, what it calls and raises.

A handler is only read, never called: a fact counts when it stands in the source
of the handler itself or of a method of its own service that it calls. What a
plugin or a driver does is out of reach, and is not guessed.
"""

import ast
import dataclasses
import inspect
import textwrap

NO_SOURCE = (OSError, TypeError, SyntaxError)
UNRESOLVED = object()


@dataclasses.dataclass(frozen=True)
class Outcome:
    """One way a handler returns: its status (None: the default) and whether with a body."""

    status: int | None
    body: bool


def decorators(function):
    """Returns the function and every function that it wraps, the outermost first."""
    chain = [function]
    while hasattr(chain[-1], "__wrapped__"):
        chain.append(chain[-1].__wrapped__)
    return chain


def innermost(function):
    """Returns the function below all its decorators."""
    return decorators(function)[-1]


def closure(function):
    """Returns the free variables of a decorator's wrapper, by name."""
    cells = getattr(function, "__closure__", None) or ()
    values = {}
    for name, cell in zip(function.__code__.co_freevars if cells else (), cells):
        try:
            values[name] = cell.cell_contents
        except ValueError:  # A cell that was never filled.
            continue
    return values


def tree(function):
    """Returns the syntax tree of the function, or None where there is no source."""
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(innermost(function)))).body[0]
    except NO_SOURCE:
        return None


def evaluate(node, function):
    """Evaluates a constant expression in the function's module; UNRESOLVED if that fails."""
    if any(isinstance(n, ast.Call) for n in ast.walk(node)):
        return UNRESOLVED
    try:
        code = compile(ast.Expression(node), "<handler>", "eval")
        return eval(code, innermost(function).__globals__)  # noqa: S307, upstream's own constants
    except Exception:  # noqa: BLE001, a local variable: the value is not in the source
        return UNRESOLVED


def outcomes(function, owner, depth=2):
    """Returns the ways the handler returns, each once.

    A `webob.Response` made from nothing but a status has no body, and neither
    has a handler that returns nothing: both frameworks that use this send what
    a handler returned and nothing else. What another method of `owner` returns
    in its place is followed.
    """
    root = tree(function)
    if root is None:
        return [Outcome(None, True)]
    returns = [node.value for node in own_nodes(root) if isinstance(node, ast.Return)]
    found = set()
    for value in returns:
        is_call = isinstance(value, ast.Call)
        target, its = callee(value, owner, function) if is_call else (None, None)
        if target is not None and depth:
            found.update(outcomes(target, its, depth - 1))
        elif not _is_none(value):
            found.add(_outcome(value, function))
    return sorted(found or {Outcome(None, False)}, key=lambda o: (o.status or 0, o.body))


def raised(function):
    """Returns the statuses of the webob exceptions that the handler itself raises."""
    root = tree(function)
    found = set()
    for node in own_nodes(root) if root else ():
        if isinstance(node, ast.Raise) and node.exc is not None:
            made = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            value = evaluate(made, function)
            code = getattr(value, "code", None)
            if isinstance(value, type) and isinstance(code, int):
                found.add(code)
    return sorted(found)


def own_nodes(root):
    """Walks a function's nodes without those of functions nested in it."""
    pending = list(ast.iter_child_nodes(root))
    while pending:
        node = pending.pop(0)
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            pending[:0] = ast.iter_child_nodes(node)


def _is_none(value):
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def _outcome(value, function):
    if not isinstance(value, ast.Call):
        return Outcome(None, True)
    made = evaluate(value.func, function)
    if getattr(made, "__name__", "") != "Response" or value.args:
        return Outcome(None, True)
    given = {k.arg: k.value for k in value.keywords}
    status = evaluate(given.get("status_int") or given.get("status"), function) if given else 200
    bodiless = not set(given) - {"status_int", "status"}
    return Outcome(int(status) if isinstance(status, int) else None, not bodiless)


def is_soft(call):
    """Whether a refusal only changes the response: `fatal=False`, or glance's `check`."""
    return _name(call) == "check" or any(
        k.arg == "fatal" and isinstance(k.value, ast.Constant) and k.value.value is False
        for k in call.keywords
    )


def _name(call):
    """Returns the last part of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def rules_of_call(reader, call, function, owner):
    """Returns the rules that a call enforces, if it checks policy."""
    name = _name(call)
    if isinstance(call.func, ast.Attribute):
        yield from reader.methods.get(name, ())
    if name not in reader.verbs and not any(word in name for word in ("authorize", "enforce")):
        return
    for argument in [*call.args, *(k.value for k in call.keywords)]:
        value = evaluate(argument, function)
        if not isinstance(value, str):
            continue
        if value in reader.rules:
            yield value
        elif (full := _templated(call, value, owner)) in reader.rules:
            yield full


def _templated(call, value, owner):
    """Completes a rule's name by the `%` template of the owner's `authorize` method.

    cinder 29.0.0, `api.contrib.admin_actions.VolumeAdminController.authorize`.
    """
    method = getattr(type(owner), "authorize", None)
    is_own = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "self"
    root = tree(method) if method and is_own else None
    for node in own_nodes(root) if root else ():
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and "%(action)s" in text:
            return text % {"action": value}
    return None


def callee(call, owner, function):
    """Resolves `self.method(…)`, `self.held.method(…)` and `function(…)`, and the owner."""
    if isinstance(call.func, ast.Name):
        target = innermost(function).__globals__.get(call.func.id)
        return (target, None) if inspect.isfunction(target) else (None, None)
    if not isinstance(call.func, ast.Attribute):
        return None, None
    place, name = call.func.value, call.func.attr
    held = None
    if isinstance(place, ast.Name) and place.id == "self":
        held = owner
    elif isinstance(place, ast.Attribute) and ast.unparse(place.value) == "self":
        held = vars(owner).get(place.attr) if hasattr(owner, "__dict__") else None
    elif isinstance(place, ast.Call) and ast.unparse(place.func) == "super":
        held = owner
        for base in type(owner).__mro__[1:]:
            if inspect.isfunction(vars(base).get(name)):
                return vars(base)[name], owner
    method = inspect.getattr_static(type(held), name, None) if held is not None else None
    return (method, held) if inspect.isfunction(method) else (None, None)
