"""Reads from the source which exceptions a method may let through.

`Reader.of(instance, name)` gives the classes that the method raises itself or that escape from
what it calls: methods of the same object, functions of the service's packages, methods of
objects that the instance holds, and callbacks that are registered for what it publishes. What
a `try` catches and does not raise again is left out. The objects are those of a running
service, so that a name means what it means there.

A call that cannot be resolved counts as raising nothing, and calls are followed to a limited
depth: what is found is real, and not everything is found.
"""

import ast
import builtins
import functools
import inspect
import textwrap
import types
import weakref

UNKNOWN = object()


class Reader:
    """Reads methods of a running service; what was read once is kept."""

    def __init__(self, packages, depth, published=None, plugins=None, getters=()):
        """Follows calls into `packages`, `depth` levels down.

        `published(resource, event)` returns the callbacks of an event. `plugins` maps a
        function that looks an object up to what it returns, by its arguments; `getters` are
        names of methods without arguments that do.
        """
        self._packages = tuple(packages)
        self._depth = depth
        self._published = published or (lambda *_: ())
        self._plugins = plugins or {}
        self._getters = getters
        self._known = {}

    def of(self, instance, name):
        """Returns the exception classes that escape from a method of an instance."""
        instance = itself(instance)
        return self._escaping(_method(instance, name), instance, self._depth)

    def _escaping(self, function, instance, depth):
        while isinstance(function, functools.partial):
            function = function.func
        instance = getattr(function, "__self__", instance)
        function = getattr(function, "__func__", function)
        function = inspect.unwrap(function) if callable(function) else None
        if not isinstance(function, types.FunctionType) or depth < 0:
            return frozenset()
        if not self._is_of_service(function):
            return frozenset()
        key = (function, _kind(instance), depth)
        if key not in self._known:
            # A function that calls itself raises nothing more by that.
            self._known[key] = frozenset()
            self._known[key] = frozenset(_Body(self, function, instance, depth).escaping())
        return self._known[key]


    def _is_of_service(self, function):
        """Whether a function is in the packages, also if its file was loaded under another name."""
        folders = function.__code__.co_filename.split("/")
        return any(package in folders for package in self._packages)


class _Body:
    """One function's body with the objects that its names mean."""

    def __init__(self, reader, function, instance, depth):
        self._reader = reader
        self._function = function
        self._instance = instance
        self._depth = depth
        self._locals = {}

    def escaping(self):
        try:
            source = textwrap.dedent(inspect.getsource(self._function))
            (definition,) = ast.parse(source).body
        except (OSError, SyntaxError, TypeError, ValueError):
            return set()
        if not isinstance(definition, ast.FunctionDef):
            return set()
        names = [argument.arg for argument in definition.args.args]
        if names and names[0] in ("self", "cls"):
            self._locals[names[0]] = self._instance
        for node in ast.walk(definition):
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                self._assigned(node.targets[0], node.value)
        return self._of_all(definition.body)

    def _assigned(self, target, value):
        if isinstance(target, ast.Name):
            found = self._value(value)
            if found is not UNKNOWN:
                self._locals.setdefault(target.id, found)

    def _of_all(self, nodes):
        return set().union(*(self._of(node) for node in nodes))

    def _of(self, node):
        """Returns what escapes from a statement or an expression."""
        if isinstance(node, ast.Try):
            handled = [(self._kinds(h.type), _raises_again(h)) for h in node.handlers]
            inside = {one for one in self._of_all(node.body) if _escapes(one, handled)}
            rest = [*node.orelse, *node.finalbody, *(s for h in node.handlers for s in h.body)]
            return inside | self._of_all(rest)
        found = self._of_all(ast.iter_child_nodes(node))
        if isinstance(node, ast.Raise) and isinstance(node.exc, (ast.Name, ast.Attribute)):
            found |= self._exceptions(node.exc) - {NotImplementedError}
        if isinstance(node, ast.Call):
            # Without words it only says that a class leaves the method to others.
            if node.args or self._value(node.func) is not NotImplementedError:
                found |= self._exceptions(node.func)
            found |= self._called(node)
        return found

    def _exceptions(self, node):
        kind = self._value(node)
        return {kind} if _is_exception(kind) else set()

    def _kinds(self, node):
        if node is None:
            return [Exception]
        nodes = node.elts if isinstance(node, ast.Tuple) else [node]
        kinds = [self._value(one) for one in nodes]
        return [kind for kind in kinds if _is_exception(kind)]

    def _called(self, call):
        """Returns what escapes from the function that is called, or published to."""
        depth = self._depth - 1
        if _is_super(call.func):
            owner = _owner(_kind(self._instance), self._function)
            function = _after(_kind(self._instance), owner, call.func.attr)
            return set(self._reader._escaping(function, self._instance, depth))
        found = set()
        if isinstance(call.func, ast.Attribute) and call.func.attr == "publish":
            words = [self._value(argument) for argument in call.args[:2]]
            for callback in self._reader._published(*words):
                owner = getattr(callback, "__self__", None)
                found |= self._reader._escaping(callback, owner, depth)
        # A function that is handed on is called by who gets it.
        for node in [call.func, *call.args]:
            if isinstance(node, (ast.Name, ast.Attribute)):
                function, owner = self._function_of(node)
                found |= self._reader._escaping(function, owner, depth)
        return found

    def _function_of(self, node):
        """Returns the function that an expression names, and the object that it is called on."""
        if isinstance(node, ast.Attribute):
            owner = self._value(node.value)
            if owner is UNKNOWN:
                return None, None
            return _method(owner, node.attr), owner
        found = self._value(node)
        return (None if found is UNKNOWN else found), None

    def _value(self, node):
        """Returns what an expression means in the running service, if that can be told."""
        return itself(self._named(node))

    def _named(self, node):
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            if node.id in self._locals:
                return self._locals[node.id]
            names = self._function.__globals__
            return names.get(node.id, getattr(builtins, node.id, UNKNOWN))
        if isinstance(node, ast.Attribute):
            owner = self._value(node.value)
            if owner is UNKNOWN or owner is None:
                return UNKNOWN
            try:
                return getattr(owner, node.attr, UNKNOWN)
            except Exception:  # noqa: BLE001, what cannot be told is unknown
                return UNKNOWN
        if isinstance(node, ast.Call):
            looked_up = self._reader._plugins.get(self._value(node.func))
            if looked_up:
                words = [self._value(argument) for argument in node.args]
                return looked_up(*words) if UNKNOWN not in words else UNKNOWN
            if isinstance(node.func, ast.Attribute) and node.func.attr in self._reader._getters:
                return self._got(node.func)
            # An object that is made here is known by its class.
            kind = self._value(node.func)
            return kind if inspect.isclass(kind) else UNKNOWN
        return UNKNOWN


    def _got(self, function):
        """Returns what a getter of the instance returns."""
        getter = self._value(function)
        try:
            return getter()
        except Exception:  # noqa: BLE001, what cannot be told is unknown
            return UNKNOWN


def itself(value):
    """Returns the object behind a weak reference, as which services hold each other."""
    is_proxy = type(value) in weakref.ProxyTypes
    return value.__repr__.__self__ if is_proxy else value


def _is_exception(value):
    return inspect.isclass(value) and issubclass(value, Exception)


def _raises_again(handler):
    """Whether a handler raises what it caught."""
    return any(
        isinstance(node, ast.Raise) and node.exc is None
        or isinstance(node, ast.Attribute) and node.attr == "save_and_reraise_exception"
        for node in ast.walk(handler)
    )


def _escapes(kind, handled):
    """Whether an exception leaves a `try`; the first handler that is for it decides."""
    for kinds, raises_again in handled:
        if issubclass(kind, tuple(kinds)):
            return raises_again
    return True


def _is_super(node):
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "super"
    )


def _owner(kind, function):
    """Returns the class of a hierarchy that defines a function."""
    for one in kind.__mro__:
        found = vars(one).get(function.__name__)
        if found is not None and inspect.unwrap(getattr(found, "__func__", found)) is function:
            return one
    return kind


def _after(kind, owner, name):
    """Returns the method that `super()` in a class finds."""
    after = kind.__mro__[kind.__mro__.index(owner) + 1 :] if owner in kind.__mro__ else ()
    return next((vars(one)[name] for one in after if name in vars(one)), None)


def _kind(value):
    return value if inspect.isclass(value) else type(value)


def _method(owner, name):
    """Returns a method, without what binds it where that can be avoided."""
    found = inspect.getattr_static(_kind(owner), name, None)
    if isinstance(found, property):
        # Its value is no function that is known by name, and may ask a database.
        return None
    return found if isinstance(found, types.FunctionType) else getattr(owner, name, None)
