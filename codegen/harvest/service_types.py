"""Writes the table of service types and their aliases from the `os-service-types` package.

    pip download --no-deps os-service-types==1.9.0
    python3 codegen/harvest/service_types.py os_service_types-1.9.0-py3-none-any.whl \\
        > runtime/model/src/service/authority/types.rs

The package carries the data of the Service Types Authority. Taken from it are the
official types, their aliases in the order in which they are tried, and the project.
"""

import json
import re
import sys
import zipfile

HEADER = """\
//! The official service types: {package} {version}, data of {date}.
//!
//! Written by `codegen/harvest/service_types.py`, which says how; do not edit.

/// Official type, project, and aliases in the order in which they are tried.
pub(super) const TYPES: &[(&str, &str, &[&str])] = &["""


def main():
    wheel = sys.argv[1]
    version = re.search(r"-(\d[^-]*)-", wheel).group(1)
    with zipfile.ZipFile(wheel) as archive:
        data = json.loads(archive.read("os_service_types/data/service-types.json"))
    date = data["version"][:10]
    print(HEADER.format(package="os-service-types", version=version, date=date))
    for service in sorted(data["services"], key=lambda service: service["service_type"]):
        aliases = ", ".join(f'"{alias}"' for alias in service.get("aliases", []))
        print(f'    ("{service["service_type"]}", "{service["project"]}", &[{aliases}]),')
    print("];")


main()
