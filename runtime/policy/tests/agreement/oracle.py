"""Asks oslo.policy itself: reads worlds as lines of JSON, writes what it decides.

A world has the rules of a service, the text of a policy file, the settings, and checks: a rule, the
credentials and the target. The answer is a list with a word for each check: `allow`, `deny`,
`wrong-scope` or `fails`; or `unreadable` in place of the list if the service would not start. A world to `measure` is answered by
the seconds that its checks take.

Run with the Python of a service's environment, whose package registers checks of its own.
"""

import copy
import importlib
import json
import logging
import pkgutil
import sys
import tempfile
import time
import warnings

from oslo_config import cfg
from oslo_policy import opts
from oslo_policy import policy

# The modules that register checks besides those of oslo.policy.
REGISTER = {"compute": "nova.policy", "network": "neutron.policy"}


def main(service):
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    if service in REGISTER:
        importlib.import_module(REGISTER[service])
    if service == "network":
        prepare_network()
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


def prepare_network():
    """Adds the attributes of all extensions, which a server has loaded before it reads rules, and
    finds the parents of a target in its world."""
    from neutron_lib.api import attributes
    from neutron_lib.api import definitions
    from neutron_lib.plugins import directory

    for module in pkgutil.iter_modules(definitions.__path__):
        definition = importlib.import_module(f"neutron_lib.api.definitions.{module.name}")
        for resource, fields in getattr(definition, "RESOURCE_ATTRIBUTE_MAP", {}).items():
            attributes.RESOURCES.setdefault(resource, {}).update(fields)
    # neutron makes a context of an administrator to look at a parent, and asks its options.
    cfg.CONF([], project="neutron", default_config_files=[], default_config_dirs=[])
    directory.get_plugin = lambda alias=None: Plugin


class Plugin:
    """Stands for every plugin: the resources are those of the world."""

    parents = {}


def get_resource(kind):
    def get(context, id, fields=None):
        return Plugin.parents[kind][id]

    return staticmethod(get)


for kind in ["network", "security_group", "floatingip", "router", "local_ip", "policy"]:
    setattr(Plugin, f"get_{kind}", get_resource(kind))


def answer(world):
    try:
        enforcer = enforcer_of(world)
    except Exception:
        return "unreadable"
    if world.get("measure"):
        return measure(enforcer, world["checks"])
    return [decide(enforcer, check) for check in world["checks"]]


def measure(enforcer, checks):
    """Returns the seconds of the checks alone, which cannot change the credentials."""
    started = time.perf_counter()
    for check in checks:
        try:
            enforcer.enforce(check["rule"], check["target"], check["credentials"])
        except Exception:
            continue
    return time.perf_counter() - started


def enforcer_of(world):
    conf = cfg.ConfigOpts()
    conf([], project="squall", default_config_files=[], default_config_dirs=[])
    opts._register(conf)
    conf.set_override("enforce_new_defaults", world["new_defaults_only"], group="oslo_policy")
    conf.set_override("policy_dirs", [], group="oslo_policy")
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(world["file"])
        file.flush()
        conf.set_override("policy_file", file.name, group="oslo_policy")
        enforcer = policy.Enforcer(conf)
        enforcer.suppress_deprecation_warnings = True
        enforcer.suppress_default_change_warnings = True
        for rule in world["rules"]:
            enforcer.register_default(default(rule))
        enforcer.load_rules()
    # The file is gone; what was read of it stays.
    enforcer.use_conf = False
    return enforcer


def default(rule):
    deprecated = rule.get("deprecated")
    if deprecated:
        deprecated = policy.DeprecatedRule(
            deprecated["name"],
            deprecated["check"],
            deprecated_reason="it was replaced",
            deprecated_since="1",
        )
    return policy.RuleDefault(
        rule["name"],
        rule["check"],
        deprecated_rule=deprecated,
        scope_types=rule.get("scope_types"),
    )


def decide(enforcer, check):
    Plugin.parents = check.get("parents", {})
    credentials = copy.deepcopy(check["credentials"])
    try:
        enforcer.enforce(check["rule"], check["target"], credentials, do_raise=True)
    except policy.PolicyNotAuthorized:
        return "deny"
    except policy.InvalidScope:
        return "wrong-scope"
    except Exception:
        return "fails"
    return "allow"


if __name__ == "__main__":
    main(sys.argv[1])
