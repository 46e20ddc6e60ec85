"""Records what placement answers in its own functional tests.

The tests of the released package run in this process against the whole application, with its
own SQL in memory. Each request passes what stands around the application that `deploy.loadapp`
makes, so that headers of its middleware are seen too.

    python record_placement.py --out FILE
"""

import argparse
import json
import os
import pathlib
import sys
import unittest

# A file beside this one is called like the package: the package has to be found first.
sys.path.append(sys.path.pop(0))

from placement import deploy, handler, microversion  # noqa: E402, after the path is set right

import placement_answers  # noqa: E402
import recording

TESTS = "placement.tests.functional.test_api"

VERSION = microversion.MICROVERSION_ENVIRON


def main():
    """Runs the tests, and writes the recording if all of them passed."""
    parser = argparse.ArgumentParser(description="Record what placement answers.")
    parser.add_argument("--out", required=True, type=pathlib.Path, help="the file to write")
    parser.add_argument("--source", help="the unpacked source package, which is not needed")
    out = parser.parse_args().out.resolve()
    recorder = recording.Recorder(placement_answers.MAPS, placement_answers.WORDS)
    record_applications(recorder)
    # The tests look for their files beside themselves, and write none.
    suite = unittest.defaultTestLoader.loadTestsFromName(TESTS)
    with open(os.devnull, "w", encoding="utf-8") as silence:
        result = unittest.TextTestRunner(stream=silence, verbosity=0).run(suite)
    failed = [str(test) for test, _ in result.errors + result.failures]
    if failed or not result.testsRun:
        raise SystemExit(f"{len(failed)} of {result.testsRun} tests failed: {failed[:5]}")
    out.write_text(recorder.text(), encoding="utf-8")
    print(f"{result.testsRun} tests", file=sys.stderr)


def record_applications(recorder):
    """Has every application that is made hand its answers to the recorder."""
    make = deploy.loadapp
    routes = handler.make_map(handler.ROUTE_DECLARATIONS)

    def loadapp(config, project_name=None):
        application = make(config, project_name)

        def recorded(environ, start_response):
            started = []

            def start(status, headers, *rest):
                started[:] = [int(status.split()[0]), [name for name, _ in headers]]
                return start_response(status, headers, *rest)

            body = b"".join(application(environ, start))
            note(recorder, routes, environ, *started, body)
            return [body]

        return recorded

    deploy.loadapp = loadapp


def note(recorder, routes, environ, status, headers, body):
    """Hands one answer to the recorder, if it is one of an operation."""
    matched, route = routes.routematch(environ=environ) or (None, None)
    version = environ.get(VERSION)
    # Requests without a route and those refused for their version are no operation's.
    if matched is None or version is None or "_methods" in matched:
        return
    operation = (environ["REQUEST_METHOD"], route.routepath, None)
    recorder.answer(operation, str(version), status, json_of(body), headers)


def json_of(body):
    """Returns the document in a body; None for an empty one or one that is not JSON."""
    try:
        return json.loads(body)
    except ValueError:
        return None


if __name__ == "__main__":
    main()
