"""Records what cinder answers in its own API tests.

Most of these tests call a controller directly, some go through the application. Controllers are
wrapped, so that both are seen: what a handler gave or raised, and what the application made of
it, which has the attributes that extensions add and the headers. Answers that hold a stand-in of a test
are left out whole.

    python record_volume.py --out FILE --source DIR

The tests run in two processes, which write their answers down by controller and handler. The
operations of these are known from the routes, which this process builds afterwards.
"""

import argparse
import collections.abc
import datetime
import functools
import importlib
import inspect
import json
import os
import pathlib
import pkgutil
import subprocess
import sys
import tempfile
import threading
import unittest

PARTS = 2
PACKAGES = (
    "cinder.tests.unit.api.v3",
    "cinder.tests.unit.api.contrib",
    "cinder.tests.functional.api_sample_tests",
)

# Properties whose keys are values (`cinder.objects`, `cinder.api`).
MAPS = {
    "metadata",
    "volume_image_metadata",
    "extra_specs",
    "group_specs",
    "specs",
    "connection_info",
    "connector",
    "source_reference",
}

_now = threading.local()


class Leaked(Exception):
    """An answer holds something that no service sends: a stand-in of a test."""


def main():
    """Runs the tests in processes, and writes the recording."""
    parser = argparse.ArgumentParser(description="Record what cinder answers.")
    parser.add_argument("--out", required=True, type=pathlib.Path, help="the file to write")
    parser.add_argument("--source", type=pathlib.Path, help="the unpacked source package")
    parser.add_argument("--part", type=int, help="run a part of the tests, write raw answers")
    arguments = parser.parse_args()
    if arguments.part is not None:
        run_tests(arguments.part, arguments.out)
        return
    complete_package(arguments.source)
    with tempfile.TemporaryDirectory() as folder:
        parts = [pathlib.Path(folder) / str(part) for part in range(PARTS)]
        command = [sys.executable, __file__, "--part"]
        running = [
            subprocess.Popen([*command, str(number), "--out", part])
            for number, part in enumerate(parts)
        ]
        if any([process.wait() for process in running]):
            raise SystemExit("a part of the tests could not be run")
        lines = sorted({line for part in parts for line in part.open(encoding="utf-8")})
    write(map(json.loads, lines), arguments.out)


def complete_package(source):
    """Puts what the tests read of the source tree beside the package, where they look for it."""
    import cinder

    for name in ("api-ref", "etc"):
        link = pathlib.Path(cinder.__file__).parent.parent / name
        if not link.exists():
            link.symlink_to(source.resolve() / name)


def write(answers, out):
    """Writes the recording of raw answers."""
    import recording
    import volume_routes

    recorder = recording.Recorder(MAPS)
    served = {}
    router = volume_routes.build_router()
    for method, path, action, owner, ranged, extensions in volume_routes.handled(router):
        if not path.startswith(volume_routes.TWIN):
            handler = (f"{type(owner).__module__}.{type(owner).__qualname__}", name_of(ranged))
            served.setdefault(handler, []).append(((method, path, action), bool(extensions)))
    for found in answers:
        for operation, extended in served.get((found["class"], found["handler"]), ()):
            recorder.answer(
                operation,
                found["version"],
                found["status"],
                found["body"],
                found["headers"],
                whole=found["whole"] or not extended,
            )
    out.write_text(recorder.text(), encoding="utf-8")


def name_of(ranged):
    """Returns the name that handlers of one operation share."""
    return ranged[0][2].__name__


def run_tests(part, out):
    """Runs every `PARTS`th module of the tests, and writes each answer once."""
    answers = set()
    modules = [
        f"{package}.{module.name}"
        for package in PACKAGES
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__)
        if module.name.startswith("test_")
    ]
    suite = unittest.TestSuite()
    for module in modules[part::PARTS]:
        tests = unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module(module))
        suite.addTests(tests)
    wrap_controllers(lambda **found: answers.add(json.dumps(found, sort_keys=True)))
    with open(os.devnull, "w", encoding="utf-8") as silence:
        result = unittest.TextTestRunner(stream=silence, verbosity=0).run(suite)
    failed = sorted(str(test) for test, _ in result.errors + result.failures)
    print(f"part {part}: {result.testsRun} tests, {len(failed)} failed", *failed, sep="\n  ")
    out.write_text("".join(line + "\n" for line in sorted(answers)), encoding="utf-8")


def wrap_controllers(note):
    """Has the handlers of all controllers, and the application, note their answers."""
    from cinder.api import contrib, v3
    from cinder.api.openstack import wsgi

    for package in (contrib, v3):
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
    for controller in subclasses(wsgi.Controller):
        if not controller.__module__.startswith("cinder.api"):
            continue
        for name, versions in vars(controller).get("versioned_methods", {}).items():
            for method in versions:
                method.func = noting(method.func, name, note)
        for name, function in list(vars(controller).items()):
            if inspect.isfunction(function) and takes_request(function):
                setattr(controller, name, noting(function, name, note))
    process = wsgi.Resource._process_stack

    @functools.wraps(process)
    def noted(self, request, *rest):
        _now.handler = None
        _now.inside = True
        try:
            response = process(self, request, *rest)
        finally:
            handler, _now.inside = _now.handler, False
        if handler:
            note_response(note, handler, request, response)
        return response

    wsgi.Resource._process_stack = noted


def subclasses(parent):
    """Yields all classes below a class, each once."""
    found = {}
    pending = [parent]
    while pending:
        for child in pending.pop().__subclasses__():
            if child not in found:
                found[child] = None
                pending.append(child)
    return list(found)


def takes_request(function):
    """Whether a function is a handler: its first argument is the request."""
    names = list(inspect.signature(function).parameters)
    return len(names) > 1 and names[1] in ("req", "request") and not names[0] == names[1]


def noting(function, name, note):
    """Wraps a handler so that its answer is noted if it was called directly."""
    if getattr(function, "noting", False):
        return function

    @functools.wraps(function)
    def noted(self, *arguments, **named):
        handler = (f"{type(self).__module__}.{type(self).__qualname__}", name)
        if getattr(_now, "inside", False):
            _now.handler = _now.handler or handler
            return function(self, *arguments, **named)
        # A handler that another one calls is not called by the test.
        _now.inside, _now.handler = True, handler
        request = arguments[0] if arguments else named.get("req")
        try:
            result = function(self, *arguments, **named)
        except Exception as error:
            note_error(note, handler, request, error)
            raise
        finally:
            _now.inside = False
        note_result(note, handler, request, result, getattr(function, "wsgi_code", 200))
        return result

    noted.noting = True
    return noted


def note_result(note, handler, request, result, status):
    """Notes what a handler gave."""
    if hasattr(result, "obj") and hasattr(result, "code"):
        result, status = result.obj, result.code
    elif hasattr(result, "status_int"):
        result, status = None, result.status_int
    try:
        found = {"version": version_of(request), "body": plain(result), "status": int(status)}
    except (Leaked, TypeError, ValueError):
        return
    note(**found, **{"class": handler[0]}, handler=handler[1], headers=[], whole=False)


def note_error(note, handler, request, error):
    """Notes the status that the application makes of what a handler raised."""
    try:
        found = {"version": version_of(request), "status": status_of(error)}
    except (Leaked, TypeError, ValueError, AttributeError):
        return
    found.update({"class": handler[0], "handler": handler[1]})
    note(**found, body=None, headers=[], whole=False)


def status_of(error):
    """Returns the status of an exception (`ResourceExceptionHandler`, `FaultWrapper`).

    A version that the handler is not for and arguments that it does not take are slips of tests.
    """
    from cinder import exception

    if isinstance(error, (exception.VersionNotFoundForAPIMethod, TypeError)):
        raise Leaked
    if isinstance(error, exception.NotAuthorized):
        return 403
    status = int(getattr(error, "status_int", getattr(error, "code", 500)))
    if not 400 <= status <= 599 or status == 500:
        raise Leaked
    return status


def note_response(note, handler, request, response):
    """Notes what the application made of a handler's answer."""
    try:
        if not hasattr(response, "headers"):
            # A fault is an application that answers.
            response = request.get_response(response)
        version = version_of(request)
        body = json.loads(response.body) if getattr(response, "body", None) else None
        status, headers = int(response.status_int), sorted(map(str.lower, response.headers))
    except (Leaked, TypeError, ValueError, AttributeError):
        return
    found = {"class": handler[0], "handler": handler[1], "body": body, "headers": headers}
    note(**found, version=version, status=status, whole=True)


def version_of(request):
    """Returns the version that a request asks for."""
    version = request.api_version_request.get_string()
    if not isinstance(version, str) or not version[:1].isdigit():
        raise Leaked
    return version


def plain(value):
    """Returns a value as JSON will have it."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, collections.abc.Mapping):
        return {key_of(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset, map, filter)):
        return [plain(inner) for inner in value]
    raise Leaked


def key_of(key):
    if not isinstance(key, str):
        raise Leaked
    return key


if __name__ == "__main__":
    main()
