"""Runs neutron in this process and prints what it answers.

The service is the real one (`network_process.py`). `network_resources.py` makes something of each
kind, `network_probes.py` sends what is refused, and `network_statuses.py` reads the source beside
the running service. Printed as JSON:

- `resources`, by the path of each collection: the shape of its resources (`witness.shape`), over
  all answers;
- `extensions`: the aliases that are loaded, without which an answer may lack something;
- `worked` and `nulls`: the operations that answered, and those that answer the JSON null;
- `queries`: how operations take their query;
- `refused` and `raised`: statuses of failure, as seen and as the source has them;
- `errors`: the forms of the bodies of failures, by status;
- `quotas` and `bulk`: what has a quota, and what is created in numbers;
- `one by one`: the shape of what is answered where the plugin creates a number one by one.

`network_service.py` runs it and holds the attribute maps against it: a key that the map makes
visible and that is in every answer is required, a type that both state is a fact.
"""

import json
import logging
import sys

import network_created
import network_probes
import network_process
import network_resources
import network_statuses
import witness


def shapes(answers):
    """Returns the shape of the resources by the path of their collection."""
    found = {}
    for place, bodies in answers.items():
        path = place.split()[1].removesuffix("/{id}")
        for body in bodies:
            for value in body.values() if isinstance(body, dict) else ():
                found.setdefault(path, []).extend(value if isinstance(value, list) else [value])
    return {path: witness.shape(values) for path, values in sorted(found.items())}


def main():
    """Prints what was seen, or fails with the requests that neutron refused."""
    if not sys.flags.dev_mode:
        logging.disable(logging.CRITICAL)
    cloud = network_process.Cloud(network_process.application())
    network_process.report_agents()
    created = network_created.watch()
    network_resources.core(cloud)
    cloud.check()
    listed = cloud.answers["GET /extensions"][0]["extensions"]
    found = {
        "extensions": sorted(extension["alias"] for extension in listed),
        "resources": shapes(cloud.answers),
        "worked": sorted(cloud.worked),
        "nulls": sorted(cloud.nulls),
        "raised": network_statuses.statuses(),
        "quotas": network_statuses.quotas(),
        "bulk": network_statuses.bulk(),
        "one by one": network_statuses.one_by_one(created),
        "queries": network_probes.queries(cloud),
    }
    refusals = network_probes.Refusals(cloud)
    refusals.provoke()
    refusals.exhaust()
    refusals.delete()
    found["refused"] = refusals.codes()
    found["errors"] = {code: sorted(forms) for code, forms in sorted(refusals.forms.items())}
    json.dump(found, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
