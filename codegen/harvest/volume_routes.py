"""The operations of cinder's API as its router has them, with the handlers of each version.

The router is built with no database, no message bus and no configuration file.
"""

import inspect
import pathlib
import re
import sys
from unittest import mock

import cinder.common.config  # noqa: F401, registers the options that the router reads
from cinder import objects
from oslo_config import cfg

import facts
import handlers

cfg.CONF([], project="cinder", default_config_files=[])
objects.register_all()

# The start of the paths that name the project, which are there twice.
TWIN = "/{project_id}"

def build_router():
    """Builds the API router with everything that would leave the process mocked."""
    stand_ins = [
        mock.patch("cinder.rpc.get_client"),
        mock.patch("cinder.volume.rpcapi.VolumeAPI"),
        mock.patch("cinder.scheduler.rpcapi.SchedulerAPI"),
        mock.patch("cinder.backup.rpcapi.BackupAPI"),
        # Otherwise `dispose_engine` opens the database.
        mock.patch(
            "cinder.db.base.Base.__init__",
            lambda self, *_, **__: setattr(self, "db", mock.MagicMock()),
        ),
    ]
    for stand_in in stand_ins:
        stand_in.start()
    from cinder.api.v3 import router

    # The filters of lists, as they are shipped.
    shipped = pathlib.Path(sys.prefix, "etc/cinder/resource_filters.json")
    cfg.CONF.set_override("resource_query_filters_file", str(shipped))

    return router.APIRouter()


def routes(router):
    """Yields (method, path, resource, method of the controller) in matching order."""
    for route in router.map.matchlist:
        resource = route.defaults.get("controller")
        if not hasattr(resource, "controller") or "format" in route.routepath:
            continue
        # Parameters are spelled `:name`, `:(name)` and `{name:pattern}`.
        path = re.sub(r"\{(\w+):[^}]*\}", r"{\1}", route.routepath)
        path = re.sub(r":\(?(\w+)\)?", r"{\1}", path)
        for method in (route.conditions or {}).get("method", ["GET"]):
            yield method, path, resource, route.defaults["action"]


def handled(router):
    """Yields (method, path, action, owner, handlers by version, extensions) of each operation.

    `contrib.backups` and `contrib.consistencygroups` route what the core controllers
    already do; the earlier route answers, so the later one is no operation. Extensions are
    methods of other controllers that add to the answer.
    """
    taken = set()
    for method, path, resource, name in routes(router):
        if name == "action":
            found = [
                (action, _handlers(*_action_owner(bound, resource.controller)))
                for action, bound in resource.wsgi_actions.items()
                if action not in ("create", "update", "delete") or _owns_its_word(resource, action)
            ]
        else:
            found = [(None, _handlers_of_route(resource, name))]
        for action, (owner, ranged) in found:
            if ranged and (method, path, action) not in taken:
                taken.add((method, path, action))
                by_word = action or (name if not hasattr(resource.controller, name) else None)
                extensions = (
                    resource.wsgi_action_extensions.get(by_word, ())
                    if by_word
                    else resource.wsgi_extensions.get(name, ())
                )
                yield method, path, action, owner, ranged, list(extensions)


def _owns_its_word(resource, action):
    """Whether `create` and the like is an action and not a method of the collection.

    The controllers of `types` are split: `types_manage` brings `create`, `update` and
    `delete` as actions, which `Resource.get_method` uses for POST, PUT and DELETE since
    the main controller has no such method (cinder 29.0.0, `api.contrib.types_manage`).
    """
    bound = resource.wsgi_actions[action]
    owner, _ = _action_owner(bound, resource.controller)
    return type(owner) is type(resource.controller)


def _handlers_of_route(resource, name):
    """Returns the owner of a route's handler and the handler's versions."""
    owner, ranged = _handlers(resource.controller, name)
    if not ranged and name in resource.wsgi_actions:
        return _handlers(*_action_owner(resource.wsgi_actions[name], owner))
    return owner, ranged


def _action_owner(bound, controller):
    """Returns the controller that an action belongs to, and the name of its handler."""
    owner = getattr(bound, "__self__", None)
    if owner is not None:
        return owner, bound.__name__
    # A versioned action is the closure `version_select` (Controller.__getattribute__).
    selected = handlers.closure(bound)
    return selected.get("self", controller), selected["key"]


def _handlers(owner, name):
    """Returns the owner, and each handler of that name with its range of versions."""
    try:
        # Plain attribute access gives `version_select` instead.
        versioned = object.__getattribute__(owner, "versioned_methods")
    except AttributeError:
        versioned = {}
    if name in versioned:
        ranged = [
            (_text(m.start_version), _text(m.end_version), m.func) for m in versioned[name]
        ]
        return owner, sorted(ranged, key=lambda r: facts.version_key(r[0]))
    handler = getattr(type(owner), name, None)
    return owner, [(None, None, handler)] if handler else []


def unreachable(method, path, action, ranged):
    """Says why no request can reach the handler, or gives None.

    The mapper makes a whole set of routes a resource, whether or not the handler takes
    what the path gives it; `Resource.dispatch` then answers 400 for the TypeError.
    """
    given = set(re.findall(r"\{(\w+)\}", path)) - {"project_id"}
    for _, _, handler in ranged:
        parameters = list(inspect.signature(handler).parameters.values())[2:]
        if any(p.kind is p.VAR_KEYWORD for p in parameters):
            return None
        named = {p.name for p in parameters}
        needed = {p.name for p in parameters if p.default is p.empty}
        if "body" in needed and method in ("GET", "DELETE"):
            return f"the handler demands a body, which {method} does not carry"
        if not given <= named:
            return f"the handler does not take {', '.join(sorted(given - named))}"
        if not needed - {"body"} <= given:
            return f"the handler demands {', '.join(sorted(needed - given - {'body'}))}"
    return None


def _text(version):
    """Returns a version as text, or None for an open end."""
    return version.get_string() if version else None
