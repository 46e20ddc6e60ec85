"""Which release is read: the current one, or another one to compare it with.

What is written down here by hand fits the current release, and whatever no longer fits it is
an error. For an earlier release it is only said, because a release that is over is not
described again, and so it is for the source tree of a patch, which may be what makes it wrong.
What the current release is known to have was not invented by it only because the other one does
not document it: a route of both is an operation of both.
"""

import functools
import os
import pathlib
import re
import sys

PARAMETER = re.compile(r"\{[^}]*\}")


def unfit(message):
    """Refuses knowledge that does not fit the release."""
    if not _is_other():
        raise SystemExit(message)
    for line in str(message).splitlines():
        print(f"does not fit: {line}", file=sys.stderr)


def is_in_current(method, path):
    """Whether another release is read, and the current one has the operation."""
    return _is_other() and (method, _template(path)) in _current()


def _is_other():
    return os.environ.get("SQUALL_EDITION") in ("past", "tree")


@functools.cache
def _current():
    """Returns the method and path of each operation in the current surface lock."""
    lines = pathlib.Path(os.environ["SQUALL_CURRENT"]).read_text(encoding="utf-8").splitlines()
    words = (line.split() for line in lines if line.startswith("operation "))
    return {(method, _template(path)) for _, _, method, path, *_ in words}


def _template(path):
    return PARAMETER.sub("{}", path)
