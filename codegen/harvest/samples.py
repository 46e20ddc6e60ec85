"""Lists the response samples that a service's source package documents.

The samples judge the specs by something other than themselves: each is held
against the response schema of its operation at its microversion (`squall spec
samples LIST`). This script only finds them: it reads the package's API reference
(`api-ref/source/**/*.inc`), takes the `rest_method` above each `literalinclude`
of a response, and the microversion from the sample's folder.

    python3 codegen/harvest/samples.py SERVICE SOURCE_DIR > samples.json
"""

import argparse
import json
import pathlib
import re
import sys

METHOD = re.compile(r"^\.\. rest_method::\s+(\w+)\s+(\S+)")
INCLUDE = re.compile(r"^\.\. literalinclude::\s+(\S+\.json)\s*$")
ACTION = re.compile(r"\((\S+) Action\)")
VERSION_FOLDER = re.compile(r"/v(\d+\.\d+)/")
# The reference prefixes paths with the API version; the specs do not.
VERSION_PATH = re.compile(r"^/v\d+(\.\d+)?(?=/|$)")


def references(root):
    """Yields the API reference files, those of APIs that were dropped left out."""
    for file in sorted(root.rglob("*.inc")):
        if not any(part.startswith("v2") for part in file.relative_to(root).parts):
            yield file


def samples_of(file, root):
    """Yields method, path, action and sample file of each response sample."""
    method = path = action = None
    title = ""
    lines = file.read_text().splitlines()
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
        if not found or method is None or "resp" not in pathlib.Path(found.group(1)).name:
            continue
        if sample := located(file, found.group(1), root):
            yield method, VERSION_PATH.sub("", path), action, sample


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
    for file in references(root):
        for method, path, action, sample in samples_of(file, root):
            version = VERSION_FOLDER.search(str(sample))
            # One sample may stand for several operations, each of which is judged.
            seen.setdefault(
                (str(sample), method, path, action or ""),
                {
                    "service": arguments.service,
                    "method": method,
                    "path": path,
                    "action": action,
                    "version": version.group(1) if version else None,
                    "sample": str(sample.relative_to(arguments.source.resolve())),
                    **document(sample),
                },
            )
    if not seen:
        sys.exit(f"no response samples under {arguments.source}: pass an unpacked source package")
    json.dump([seen[key] for key in sorted(seen)], sys.stdout, indent=1)


if __name__ == "__main__":
    main()
