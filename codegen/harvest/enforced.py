"""Finds the policy rules that a request handler enforces.

It is read with `handlers.py`; which rules every request passes is found by `branches.py`.
"""

import ast
import dataclasses

import branches
import handlers


@dataclasses.dataclass(frozen=True)
class Check:
    """A policy rule that a handler enforces, and whether only some requests reach it."""

    rule: str
    conditional: bool


@dataclasses.dataclass(frozen=True)
class Reader:
    """What a service's rules are called, and how far its own code is followed."""

    rules: frozenset
    package: str
    # Methods of the service's policy classes, with the rules each enforces.
    methods: dict = dataclasses.field(default_factory=dict)
    depth: int = 3
    # Calls that check policy besides those that say so (`authorize`, `enforce`).
    verbs: tuple = ("check",)

    def checks(self, function, owner):
        """Returns the policy rules that the handler enforces, in the order of the source.

        `owner` is the object the handler belongs to. Calls to its own methods, to
        functions of its module and to methods of objects it holds are followed while
        they stay inside the package. A rule counts as conditional when an `if`, a
        loop or `fatal=False` stands between it and the request, unless every branch of the
        `if` checks it.
        """
        found = {}
        _collect(self, function, owner, self.depth, False, found, set())
        sure = branches.certain(self, function, owner)
        return [
            Check(rule, conditional and rule not in sure) for rule, conditional in found.items()
        ]


def _collect(reader, function, owner, depth, conditional, found, seen):
    root = handlers.tree(function)
    if root is None or handlers.innermost(function) in seen:
        return
    seen.add(handlers.innermost(function))
    for call, under_condition in _calls(root):
        maybe = conditional or under_condition or handlers.is_soft(call)
        for rule in handlers.rules_of_call(reader, call, function, owner):
            found[rule] = found.get(rule, True) and maybe
        target, its_owner = handlers.callee(call, owner, function)
        if target is not None and depth and target.__module__.startswith(reader.package):
            _collect(reader, target, its_owner, depth - 1, maybe, found, seen)


def _calls(root):
    """Returns every call in the function, and whether it is conditional."""

    def walk(node, conditional):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                continue
            if isinstance(child, ast.Call):
                yield child, conditional
            ways = (ast.If, ast.IfExp, ast.For, ast.While, ast.ExceptHandler, ast.BoolOp)
            yield from walk(child, conditional or isinstance(child, ways))

    yield from walk(root, False)
