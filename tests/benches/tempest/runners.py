"""How each side is set up and run; what a run costs is measured elsewhere."""

import configparser
import json
import os
import re
import subprocess

import measure
from cloud import Trouble


class Tempest:
    """Tempest in a workspace of its own."""

    name = "tempest"
    RESULT = re.compile(r"^\{\d+\} (\S+?)(?: \[.*?\])? ?(?:\[[\d.]+s\])? \.\.\. (\w+)(.*)$")

    def __init__(self, program, cloud, work, accounts, concurrency, networks):
        self.program, self.cloud, self.concurrency = program, cloud, concurrency
        self.place, self.accounts, self.networks = work / "tempest", accounts, networks
        self.environment = os.environ | {"OS_TEST_TIMEOUT": "500"}
        for name in [name for name in self.environment if name.startswith("OS_CLOUD")]:
            del self.environment[name]

    def prepare(self, tests):
        if not (self.place / "etc").exists():
            registry = self.place.with_name("workspaces.yaml")
            self.call("init", self.place, "--workspace-path", registry, directory=self.place.parent)
        self.configure("dynamic")
        listed = self.call("run", "--list-tests", directory=self.place).stdout.split()
        whole = {name.split("[")[0]: name for name in listed}
        missing = [test for test in tests if test not in whole]
        if missing:
            raise Trouble(f"Tempest has no {missing}")
        (self.place / "tests.txt").write_text("\n".join(whole[test] for test in tests) + "\n")
        self.tests = tests

    def run(self, credentials):
        self.configure(credentials)
        command = [self.program, "run", "--concurrency", str(self.concurrency)]
        command += ["--load-list", "tests.txt"]
        output = self.place / f"{credentials}.log"
        _, costs = measure.program(command, self.place, self.environment, output)
        verdicts = {}
        for line in output.read_text(errors="replace").splitlines():
            if found := self.RESULT.match(line):
                verdicts[found[1].split("[")[0]] = found[2] + found[3]
        passed = sorted(test for test in self.tests if verdicts.get(test, "") == "ok")
        others = {test: said for test, said in verdicts.items() if said != "ok"}
        return costs | {"selected": self.tests, "passed": passed, "others": others}

    def call(self, *arguments, directory):
        command = [self.program, *arguments]
        told = subprocess.run(
            command, cwd=directory, env=self.environment, capture_output=True, text=True
        )
        if told.returncode:
            raise Trouble(f"{command}: {told.stdout[-1000:]}{told.stderr[-1000:]}")
        return told

    def configure(self, credentials):
        """Writes tempest.conf for the cloud as it is; what is not said is as Tempest has it."""
        cloud = self.cloud
        flavors = cloud.get("compute", "/flavors?sort_key=memory_mb")["flavors"]
        images = cloud.get("image", "/v2/images?sort=name:asc&visibility=public")["images"]
        outside = cloud.get("network", "/v2.0/networks?router:external=true")["networks"][0]
        pace = {"build_interval": "1"}
        config = configparser.RawConfigParser()
        config.optionxform = str
        config.read_dict(
            {
                "DEFAULT": {"log_dir": str(self.place / "logs"), "log_file": "tempest.log"},
                "oslo_concurrency": {"lock_path": str(self.place / "tempest_lock")},
                "auth": {
                    "use_dynamic_credentials": str(credentials == "dynamic"),
                    "test_accounts_file": str(self.accounts) if credentials != "dynamic" else "",
                    "admin_username": cloud.auth["username"],
                    "admin_password": cloud.auth["password"],
                    "admin_project_name": cloud.auth["project_name"],
                    "admin_domain_name": "Default",
                    # Our servers are on no network unless the test is about one.
                    "create_isolated_networks": str(self.networks),
                },
                "identity": {
                    "uri_v3": cloud.auth["auth_url"],
                    "auth_version": "v3",
                    "region": cloud.entry["region_name"],
                },
                "compute": pace
                | {
                    "flavor_ref": flavors[0]["id"],
                    "flavor_ref_alt": flavors[1]["id"],
                    "image_ref": images[0]["id"],
                    "image_ref_alt": images[1]["id"],
                    # Else what needs more than 2.1 is skipped; each class asks for its least.
                    "max_microversion": "latest",
                },
                "image": pace,
                "volume": pace,
                "network": pace
                | {
                    "public_network_id": outside["id"],
                    "floating_network_name": outside["name"],
                },
                "object-storage": {
                    "operator_role": "member",
                    "reseller_admin_role": "ResellerAdmin",
                },
                # There is no guest to reach.
                "validation": {"run_validation": "False"},
                "service_available": {
                    service: "True" for service in ("cinder", "glance", "neutron", "nova", "swift")
                },
            }
        )
        with open(self.place / "etc" / "tempest.conf", "w") as file:
            config.write(file)


class Squall:
    """Squall in a directory of its own."""

    name = "squall"

    def __init__(self, program, cloud, work, accounts, concurrency):
        self.program, self.cloud, self.concurrency = program, cloud, concurrency
        self.place, self.accounts = work / "squall", accounts
        self.environment = os.environ | {"SQUALL_HOME": str(cloud.home)}

    def prepare(self, tests):
        self.place.mkdir(exist_ok=True)
        (self.place / "tests.txt").write_text("\n".join(tests) + "\n")
        self.tests = tests

    def run(self, credentials):
        command = [self.program, "run", "--cloud", self.cloud.name, "-j", str(self.concurrency)]
        command += ["--tests-from", "tests.txt"]
        if credentials != "dynamic":
            command += ["--accounts", self.accounts]
        output = self.place / f"{credentials}.log"
        _, costs = measure.program(command, self.place, self.environment, output)
        report = subprocess.run(
            [self.program, "report", "last", "--format", "summary"],
            cwd=self.place, env=self.environment, capture_output=True, text=True,
        )
        if report.returncode:
            raise Trouble(f"no report of Squall's run: {output.read_text()[-2000:]}")
        verdicts = {test["id"]: test["verdict"] for test in json.loads(report.stdout)["tests"]}
        passed = sorted(test for test in self.tests if verdicts.get(test) == "passed")
        others = {test: said for test, said in verdicts.items() if said != "passed"}
        return costs | {"selected": self.tests, "passed": passed, "others": others}
