"""Which release is read: the current one, or an earlier one to compare it with.

What is written down here by hand fits the current release, and whatever no longer fits it is
an error. For an earlier release it is only said, because a release that is over is not
described again.
"""

import os
import sys


def unfit(message):
    """Refuses knowledge that does not fit the release."""
    if os.environ.get("SQUALL_EDITION") != "past":
        raise SystemExit(message)
    print(message, file=sys.stderr)
