"""Finds which statuses of failure a handler of keystone can answer with.

Handlers call managers (`PROVIDERS.catalog_api`), managers their drivers, and each raises
exceptions that keystone turns into a status of their own (`keystone.exception`). Source is
followed along these calls, as far as it is keystone's own; what a `try` on the way catches and
does not raise again does not count. The drivers are those of the default configuration.

What the running service was seen to refuse (`identity_witness_refusals.py`) has to be among
what is found here.
"""

import ast
import functools
import importlib
import importlib.metadata
import inspect
import pkgutil

import handlers
import keystone
import keystone.conf
from keystone import exception
from keystone.common import manager

# How far calls are followed: handler, helper, manager, helper, driver, helper.
DEPTH = 7

# Checks policy, and loads the target of the check first: that is the operation's own resource,
# of which the handler asks again.
POLICY = ("enforce_call", "enforcer")

# A decorator that turns the database's refusal of a duplicate into 409 (`keystone.common.sql`).
CONFLICT = "handle_conflicts"


def statuses(handler, view):
    """Returns the statuses below 500 that a handler's source can lead to."""
    found = raised(handlers.innermost(handler), view, DEPTH)
    codes = {int(one.code) for one in found if getattr(one, "code", None) is not None}
    return sorted(code for code in codes if 400 <= code < 500)


@functools.cache
def raised(function, owner, depth):
    """Returns the exceptions that leave a function; `owner` is the class that it is called on."""
    root = handlers.tree(function)
    if root is None or depth == 0:
        return frozenset()
    found = set()
    for decorator in root.decorator_list:
        if CONFLICT in ast.unparse(decorator):
            found.add(exception.Conflict)
    return frozenset(found | _of(root.body, function, owner, depth))


def _of(nodes, function, owner, depth):
    found = set()
    for node in nodes:
        if isinstance(node, ast.Try):
            found |= _of_try(node, function, owner, depth)
            continue
        if isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
            continue
        if isinstance(node, ast.Raise) and node.exc is not None:
            found |= _exceptions(node.exc, function)
        if isinstance(node, ast.Call):
            target, its_owner = _callee(node, function, owner)
            if target is not None:
                found |= raised(target, its_owner, depth - 1)
        found |= _of(ast.iter_child_nodes(node), function, owner, depth)
    return found


def _of_try(node, function, owner, depth):
    """Returns what leaves a `try`: what no handler keeps, and what handlers raise."""
    found = _of(node.body, function, owner, depth)
    for caught in node.handlers:
        again = any(isinstance(n, ast.Raise) and _is_again(n, caught) for n in ast.walk(caught))
        kinds = tuple(_exceptions(caught.type, function)) if caught.type else (Exception,)
        if not again:
            found = {one for one in found if not issubclass(one, kinds)}
        found |= _of(caught.body, function, owner, depth)
    return found | _of([*node.orelse, *node.finalbody], function, owner, depth)


def _is_again(node, caught):
    return node.exc is None or (isinstance(node.exc, ast.Name) and node.exc.id == caught.name)


def _exceptions(node, function):
    """Returns the exceptions that an expression names: a class, a call of it, or several."""
    if isinstance(node, ast.Tuple):
        return set().union(*(_exceptions(one, function) for one in node.elts))
    made = node.func if isinstance(node, ast.Call) else node
    value = _value(made, function)
    if isinstance(value, type) and issubclass(value, Exception):
        return {value} if hasattr(value, "code") or not isinstance(node, ast.Call) else set()
    return set()


def _value(node, function):
    found = handlers.evaluate(node, function)
    return None if found is handlers.UNRESOLVED else found


def _callee(call, function, owner):
    """Returns the function that a call leads to, and the class that it is called on."""
    text = ast.unparse(call.func)
    first, _, rest = text.partition(".")
    parts = [*_aliases(function).get(first, first).split("."), *rest.split(".")] if rest else [first]
    if any(word in text for word in POLICY) or not all(part.isidentifier() for part in parts):
        return _super(call, owner)
    if parts[0] == "PROVIDERS" and len(parts) == 3:
        return _of_manager(managers().get(parts[1]), parts[2])
    if parts[0] == "driver" and len(parts) == 2:
        # The identity manager chooses a driver by domain; each has the same methods.
        return _method(driver(owner), parts[1])
    if parts[0] in ("self", "cls"):
        if len(parts) == 2:
            return _of_manager(owner, parts[1])
        if len(parts) == 3 and parts[1] == "driver":
            return _method(driver(owner), parts[2])
        return None, None
    value = _value(call.func, function)
    if inspect.isfunction(value) and value.__module__.startswith("keystone."):
        cls = _value(call.func.value, function) if len(parts) > 1 else None
        return handlers.innermost(value), cls if isinstance(cls, type) else owner
    if inspect.ismethod(value) and value.__module__.startswith("keystone."):
        return handlers.innermost(value.__func__), value.__self__
    return None, None


@functools.cache
def _aliases(function):
    """Returns the local names of managers: `api = PROVIDERS.catalog_api`."""
    return {
        node.targets[0].id: ast.unparse(node.value)
        for node in handlers.own_nodes(handlers.tree(function))
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and ast.unparse(node.value).startswith("PROVIDERS.")
        and isinstance(node.value, ast.Attribute)
    }


def _super(call, owner):
    if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "super()":
        for base in owner.__mro__[1:] if isinstance(owner, type) else ():
            if inspect.isfunction(vars(base).get(call.func.attr)):
                return handlers.innermost(vars(base)[call.func.attr]), owner
    return None, None


def _of_manager(owner, name):
    """Returns a method of a manager, or of its driver, which has whatever the manager lacks."""
    target, cls = _method(owner, name)
    if target is None and isinstance(owner, type) and issubclass(owner, manager.Manager):
        return _method(driver(owner), name)
    return target, cls


def _method(owner, name):
    value = inspect.getattr_static(owner, name, None) if owner is not None else None
    value = getattr(value, "__func__", value)
    return (handlers.innermost(value), owner) if inspect.isfunction(value) else (None, None)


@functools.cache
def managers():
    """Returns the classes behind `PROVIDERS`, by name."""
    for module in pkgutil.walk_packages(keystone.__path__, "keystone."):
        if module.name.endswith(".core") and ".tests" not in module.name:
            importlib.import_module(module.name)
    pending, found = [manager.Manager], {}
    while pending:
        cls = pending.pop()
        pending += cls.__subclasses__()
        if name := getattr(cls, "_provides_api", None):
            found[name] = cls
    return found


@functools.cache
def driver(cls):
    """Returns the class of a manager's driver in the default configuration."""
    namespace = getattr(cls, "driver_namespace", None)
    group = (namespace or "").removeprefix("keystone.")
    options = getattr(keystone.conf.CONF, group, None) if namespace else None
    name = getattr(options, "driver", None) or "sql"
    for point in importlib.metadata.entry_points(group=namespace or "none"):
        if point.name == name:
            return point.load()
    return None
