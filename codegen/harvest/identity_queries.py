"""Reads which query parameters a handler of keystone looks at, where no schema says it.

Handlers get at the query in four ways (keystone 30.0.0): `flask.request.args.get("x")`,
`"x" in flask.request.args`, `query_filter_is_true("x")`, and `build_driver_hints(filters)`,
which makes a filter of each name and lets clients append a comparator (`name__contains`).
Whatever a handler does not look at is ignored.
"""

import ast

import handlers

TEXT = {"type": "string"}
PACKAGE = "keystone.api."


def read(handler, owner, depth=2):
    """Returns the names of the parameters."""
    names = set()
    root = handlers.tree(handler)
    lists = _lists(root)
    for node in handlers.own_nodes(root):
        if isinstance(node, ast.Compare) and _is_query(node.comparators[0]):
            names.update(_strings(node.left, lists))
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called.endswith("query_filter_is_true") or (
            called.endswith(".get") and _is_query(node.func.value)
        ):
            names.update(_strings(node.args[0], lists))
        elif called.endswith("build_driver_hints"):
            names.update(*(_strings(argument, lists) for argument in node.args))
        target, _ = handlers.callee(node, owner, handler) if depth else (None, None)
        if target is not None and target.__module__.startswith(PACKAGE):
            names |= read(target, owner, depth - 1)
    return names


def schema(names):
    """Returns the schema of a query of which the names alone are known.

    Other names are ignored, or are these with a comparator.
    """
    return {
        "type": "object",
        "properties": {name: TEXT for name in sorted(names)},
        "additionalProperties": True,
    }


def _is_query(node):
    return ast.unparse(node) == "flask.request.args"


def _lists(root):
    """Returns the names that local variables list: `filters = ['name']`."""
    return {
        node.targets[0].id: node.value
        for node in handlers.own_nodes(root)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }


def _strings(node, lists):
    """Returns the strings in an expression, or in the list that a variable names."""
    if isinstance(node, ast.Name):
        node = lists.get(node.id, node)
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else set()
    return {one.value for one in getattr(node, "elts", ()) if isinstance(one, ast.Constant)}
