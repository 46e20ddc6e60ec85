"""Writes the vendor profiles of openstacksdk as one data file.

    pip download --no-deps openstacksdk==4.22.0 openstacksdk==1.0.0
    python3 codegen/harvest/vendor_profiles.py openstacksdk-4.22.0-py3-none-any.whl \\
        openstacksdk-1.0.0-py3-none-any.whl > runtime/client/src/config/vendors.yaml

The first wheel says which profiles there are. Where it has an address instead of a
profile, which openstacksdk would fetch while it reads the configuration, the profile is
taken from the first of the other wheels that still carries it. What has a meaning for
reading a configuration is kept: where identity is, regions, endpoints, the state.
"""

import json
import re
import sys
import zipfile

import yaml

KEPT = re.compile(
    r"^(auth|regions?|region[_-]name|interface|identity_api_version|status|message|profile"
    r"|.*_endpoint_override)$"
)
HEADER = """\
# Vendor profiles: the data of {sources}.
# Written by codegen/harvest/vendor_profiles.py, which says how; do not edit.
"""


def profiles(wheel):
    """Returns the version of a wheel and its profiles by name."""
    found = {}
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if re.match(r"openstack/config/vendors/.*\.(json|yaml)$", name):
                data = yaml.safe_load(archive.read(name))
                found[data["name"]] = data["profile"]
    return re.search(r"-(\d[^-]*)-", wheel).group(1), found


def kept(profile):
    """Keeps what has a meaning here; a region is its name."""
    out = {key.replace("-", "_"): value for key, value in profile.items() if KEPT.match(key)}
    if "regions" in out:
        out["regions"] = [
            region["name"] if isinstance(region, dict) else region for region in out["regions"]
        ]
    return out


def main():
    (version, current), *older = [profiles(wheel) for wheel in sys.argv[1:]]
    sources = [f"openstacksdk {version}"]
    lines = []
    for name, profile in sorted(current.items()):
        if "://" in str(profile.get("profile")):
            for old, known in older:
                if name in known and "profile" not in known[name]:
                    profile = known[name]
                    sources.append(f"{name} of openstacksdk {old}")
                    break
        lines.append(f"{name}: {json.dumps(kept(profile), ensure_ascii=False)}")
    print(HEADER.format(sources="; ".join(sources)) + "\n".join(lines))


main()
