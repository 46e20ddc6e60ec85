"""Lists the operations that a service's API reference documents.

A line has the form that the scripts of clients write: service, method, path, action and where it
stands. What selects an action is named by the section's title, by its sample or by a parameter:
each of them makes a line, and those that are no action fit no operation.

    python3 codegen/harvest/api_reference.py SERVICE SOURCE_DIR
"""

import argparse
import json
import pathlib
import re

import samples

PARAMETER = re.compile(r"^\s+-\s+(\S+)\s*:")


def main():
    """Prints the operations of a service."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("service", help="the service's name, as in `compute`")
    parser.add_argument("source", type=pathlib.Path, help="the unpacked source package")
    arguments = parser.parse_args()
    root = arguments.source.resolve() / "api-ref" / "source"
    lines = set()
    for file in samples.references(root, arguments.service):
        for method, path, actions in operations(file, root):
            for below in paths(path, arguments.service):
                for action in actions:
                    where = str(file.relative_to(root))
                    lines.add("\t".join((arguments.service, method, below, action, where)))
    print("\n".join(sorted(lines)))


def paths(path, service):
    """Returns a documented path as specs may have it: without version and owner, or as it is."""
    path = path.split("?")[0]
    below = samples.VERSION_PATH.sub("", path) or "/"
    if service in samples.OWNED:
        below = samples.OWNER_PATH.sub("", below) or "/"
    return {path, below}


def operations(file, root):
    """Yields method, path and possible actions of each operation in a file."""
    found, title = None, ""
    lines = samples.lines_of(file)
    for line, following in zip(lines, [*lines[1:], ""]):
        if line and len(following) >= 3 and set(following) <= set("=-~*^"):
            title = line
        elif match := samples.METHOD.match(line):
            if found:
                yield found
            named = samples.ACTION.search(title)
            found = (match[1].upper(), match[2], {"-", *(named.groups() if named else ())})
        elif found and (match := PARAMETER.match(line)):
            found[2].add(match[1])
        elif found and (match := samples.INCLUDE.match(line)):
            found[2].update(first_key(samples.located(file, match[1], root)))
    if found:
        yield found


def first_key(sample):
    """Returns the first key of a sample, if it has one."""
    try:
        document = json.loads(sample.read_text(encoding="utf-8"))
    except (AttributeError, ValueError):
        return ()
    return list(document)[:1] if isinstance(document, dict) else ()


if __name__ == "__main__":
    main()
