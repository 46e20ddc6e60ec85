"""Finds the policy rules that every request to a handler passes, whichever way it takes.

A rule that each branch of an `if` checks is a gate like one that stands before it. A branch
that ends in `raise` refuses the request anyway and asks for no rule of its own.
"""

import ast

import handlers


def certain(reader, function, owner, depth=None):
    """Returns the rules that every request which is not refused has passed."""
    root = handlers.tree(function)
    if root is None:
        return set()
    depth = reader.depth if depth is None else depth
    behind, returned = _of_block(_Place(reader, function, owner, depth), root.body)
    return _common([*returned, behind]) or set()


class _Place:
    """The handler that is read, and how far calls are still followed."""

    def __init__(self, reader, function, owner, depth):
        self.reader, self.function, self.owner, self.depth = reader, function, owner, depth

    def of_expression(self, node):
        """Returns the rules that evaluating an expression checks in any case."""
        found = set()
        for call in _sure_calls(node):
            if handlers.is_soft(call):
                continue
            found.update(handlers.rules_of_call(self.reader, call, self.function, self.owner))
            target, its = handlers.callee(call, self.owner, self.function)
            if target and self.depth and target.__module__.startswith(self.reader.package):
                found |= certain(self.reader, target, its, self.depth - 1)
        return found


def _of_block(place, statements):
    """Returns the rules that are checked before what follows, and those before each `return`.

    None stands for the rules of a way that ends here, by `return` or by `raise`.
    """
    found, returned = set(), []
    for statement in statements:
        if isinstance(statement, ast.Raise):
            return None, returned
        if isinstance(statement, ast.Return):
            last = place.of_expression(statement.value) if statement.value else set()
            return None, [*returned, found | last]
        if isinstance(statement, ast.If):
            found |= place.of_expression(statement.test)
            ways = [_of_block(place, branch) for branch in (statement.body, statement.orelse)]
        elif isinstance(statement, (ast.Try, ast.With)):
            blocks = [[*statement.body, *getattr(statement, "orelse", ())]]
            blocks += [caught.body for caught in getattr(statement, "handlers", ())]
            ways = [_of_block(place, block) for block in blocks]
        elif isinstance(statement, (ast.For, ast.While)):
            # The second way is that of no round at all.
            ways = [_of_block(place, statement.body), (set(), [])]
        elif isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            continue
        else:
            found |= place.of_expression(statement)
            continue
        returned += [found | rules for _, others in ways for rules in others]
        behind = _common([rules for rules, _ in ways])
        if behind is None:
            return None, returned
        found |= behind
    return found, returned


def _common(ways):
    """Returns the rules that all ways have in common; None if no way leads on."""
    open_ways = [rules for rules in ways if rules is not None]
    return set.intersection(*open_ways) if open_ways else None


def _sure_calls(node):
    """Yields the calls in a node that are made whatever its values are."""
    if isinstance(node, (ast.Lambda, ast.FunctionDef, ast.IfExp, ast.BoolOp, ast.ListComp)):
        return
    if isinstance(node, ast.Call):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _sure_calls(child)
