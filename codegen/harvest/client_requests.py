"""The requests that a client can send, as lines of a file."""

import argparse
import inspect
import pathlib
import urllib.parse


class Sent(BaseException):
    """Raised in the place of sending a request; no client catches it."""


class Requests:
    """Collects requests and writes them in order."""

    def __init__(self):
        parser = argparse.ArgumentParser(description="Write the requests of a client.")
        parser.add_argument("--out", required=True, type=pathlib.Path, help="the directory to write to")
        self._out = parser.parse_args().out
        self._lines = set()

    def add(self, service, method, path, action, source):
        """Adds a request; `action` is the first key of its body, `source` the method."""
        if not isinstance(path, str):
            return
        path = "/" + urllib.parse.urlsplit(path).path.strip("/")
        self._lines.add("\t".join([service, method.upper(), path, action or "-", source]))

    def write(self):
        """Writes `requests.tsv`."""
        self._out.mkdir(parents=True, exist_ok=True)
        text = "".join(f"{line}\n" for line in sorted(self._lines))
        (self._out / "requests.tsv").write_text(text, encoding="utf-8")


def arguments(function, skip):
    """Makes up the arguments that a function needs, after the first `skip`."""
    positional, named = [], {}
    for parameter in list(inspect.signature(function).parameters.values())[skip:]:
        if parameter.default is not parameter.empty:
            continue
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            positional.append(f"ID_{parameter.name}")
        elif parameter.kind is parameter.KEYWORD_ONLY:
            named[parameter.name] = f"ID_{parameter.name}"
    return positional, named
