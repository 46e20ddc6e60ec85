"""Lists the response samples that a service's source package documents.

The samples judge the specs by something other than themselves: each is held
against the response schema of its operation at its microversion (`squall spec
samples LIST`). This script only finds them: it reads the package's API reference
(`api-ref/source/**/*.inc`), takes the `rest_method` above each `literalinclude`
of a response, and the microversion from the section's title, the sample's name or its folder.

    python3 codegen/harvest/samples.py SERVICE SOURCE_DIR > samples.json
"""

import argparse
import json
import pathlib
import re
import sys

METHOD = re.compile(r"^\.\. rest_method::\s+(\w+)\s+(\S+)")
# The method may stand on the line below.
BELOW = re.compile(r"^(\.\. rest_method::)\s*\n\s+(?=[A-Z]+\s+/)", re.MULTILINE)
INCLUDE = re.compile(r"^\s*\.\. literalinclude::\s+(\S+\.json)\s*$")
ACTION = re.compile(r"\((\S+) Action\)")
# Where the version of a sample stands: `Response Example (1.28 - 1.36)`, `get-usages-1.38.json`,
# `v2.104/`.
VERSION_TITLE = re.compile(r"\((?:microversions? )?(\d+\.\d+)[ )]")
VERSION_NAME = re.compile(r"-(\d+\.\d+)\.json$")
VERSION_FOLDER = re.compile(r"/v(\d+\.\d+)/")
# The reference prefixes paths with the API version; the specs do not.
VERSION_PATH = re.compile(r"^/v\d+(\.\d+)?(?=/|$)")
# Nor do they have the project of cinder and the account of swift, which endpoints name.
OWNER_PATH = re.compile(r"^/\{(project_id|admin_project_id|account)\}(?=/|$)")
OWNED = ("object_storage", "volume")

# Folders of the reference that describe an API which the service no longer has.
DROPPED = {"identity": ("v2",), "volume": ("v2",)}


def references(root, service):
    """Yields the API reference files, those of APIs that were dropped left out."""
    dropped = DROPPED.get(service, ())
    for file in sorted(root.rglob("*.inc")):
        if not any(part.startswith(dropped) for part in file.relative_to(root).parts if dropped):
            yield file


def samples_of(file, root, service):
    """Yields method, path, action, version and sample file of each response sample."""
    method = path = action = None
    title = ""
    lines = lines_of(file)
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if line and len(following) >= 3 and set(following) <= set("=-~*"):
            title = line
            continue
        if found := METHOD.match(line):
            method, path = found.groups()
            named = ACTION.search(title)
            action = named.group(1) if named and path.endswith("/action") else None
            continue
        found = INCLUDE.match(line)
        if not found or method is None or not is_response(found.group(1), title):
            continue
        if sample := located(file, found.group(1), root):
            below = VERSION_PATH.sub("", path)
            if service in OWNED:
                below = OWNER_PATH.sub("", below) or "/"
            yield method, below, action, version_of(title, sample), sample


def lines_of(file):
    """Returns the lines of a reference, a method on the line that announces it."""
    return BELOW.sub(r"\1 ", file.read_text(encoding="utf-8")).splitlines()


def is_response(name, title):
    """Whether a sample is one of a response: by its name, or else by its section."""
    name = pathlib.Path(name).name
    return "resp" in name or ("req" not in name and title.lower().startswith("response"))


def version_of(title, sample):
    """Returns the microversion that a sample is of, if it says so."""
    for pattern, text in (
        (VERSION_TITLE, title),
        (VERSION_NAME, sample.name),
        (VERSION_FOLDER, str(sample)),
    ):
        if found := pattern.search(text):
            return found.group(1)
    return None


def located(file, name, root):
    """Finds an included file: beside the reference, or beside what includes that."""
    folder = file.parent
    while folder.is_relative_to(root):
        if (folder / name).is_file():
            return (folder / name).resolve()
        folder = folder.parent
    return None


def document(sample):
    """Returns the sample's document, or why it is none: some are not JSON."""
    try:
        return {"body": json.loads(sample.read_text())}
    except json.JSONDecodeError as error:
        return {"broken": str(error)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("service", help="the service's name, as in `compute`")
    parser.add_argument("source", type=pathlib.Path, help="the unpacked source package")
    arguments = parser.parse_args()
    seen = {}
    root = arguments.source.resolve() / "api-ref" / "source"
    for file in references(root, arguments.service):
        for method, path, action, version, sample in samples_of(file, root, arguments.service):
            # One sample may stand for several operations, each of which is judged.
            seen.setdefault(
                (str(sample), method, path, action or "", version or ""),
                {
                    "service": arguments.service,
                    "method": method,
                    "path": path,
                    "action": action,
                    "version": version,
                    "sample": str(sample.relative_to(arguments.source.resolve())),
                    **document(sample),
                },
            )
    if not seen:
        sys.exit(f"no response samples under {arguments.source}: pass an unpacked source package")
    json.dump([seen[key] for key in sorted(seen)], sys.stdout, indent=1)


if __name__ == "__main__":
    main()
