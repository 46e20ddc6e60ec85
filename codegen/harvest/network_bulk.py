"""Describes the requests by which neutron creates several resources at once.

They are sent to where one is created, and the only key of the body tells them apart: the
collection's name in place of the resource's, as the key of an action tells one action from another.
So each is an operation of its own. One operation with two forms would have no envelope that a
client could fill in, and no answer of one type.
"""

import facts


def operation(one, route, service, response, attributes, book):
    """Returns the operation that creates several of what `one` creates, or None.

    Each item may also be wrapped as a single one is (`{"network": {…}}`); that form is left out.
    """
    key = service.bulk(route["path"])
    if one["phantom"] or route["handler"] != "create" or key is None:
        return None
    sent = attributes.of(route).request("create")
    several = {**one, "action": key}
    several["request"] = facts.body([book.entry(None, None, _list(key, sent, minItems=1))])
    items = service.created_several(route["path"], response)
    several["response"] = facts.body([book.entry(None, None, _list(key, items))])
    return several


def _list(key, schema, **limits):
    return {
        "type": "object",
        "properties": {key: {"type": "array", "items": schema, **limits}},
        "required": [key],
        "additionalProperties": False,
    }
