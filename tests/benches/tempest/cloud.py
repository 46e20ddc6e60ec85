"""The cloud that both sides run on: who is on it, what it has, and what it did meanwhile."""

import json
import os
import secrets
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import measure

ACCESS_LOG = 20099  # As `cloud.yaml` says.
APIS = ("keystone", "glance", "placement", "neutron", "cinder", "nova")


class Trouble(Exception):
    """Why the comparison cannot be made."""


class Cloud:
    """A cloud that `squall cloud up` made of `cloud.yaml`."""

    def __init__(self, home, name, squall):
        self.home, self.name = home, name
        self.squall = squall
        self.place = home / "clouds" / name
        if not (self.place / "clouds.yaml").exists():
            raise Trouble(f"no cloud {name} in {home}: squall cloud up …/cloud.yaml makes it")
        text = (self.place / "clouds.yaml").read_text()
        entry = json.loads("\n".join(l for l in text.splitlines() if not l.startswith("#")))
        self.entry = entry["clouds"][name]
        self.auth = self.entry["auth"]
        self.roots = [process["pid"] for process in self.status() if process["pid"]]
        self.made = []
        self.log_in()

    def __enter__(self):
        self.access_log = measure.AccessLog(ACCESS_LOG)
        self.access_log.start()
        before = self.access_log.count
        self.get("object-store", "?limit=1")
        time.sleep(0.5)
        if self.access_log.count == before:
            raise Trouble("Swift's access log does not come: is the cloud made of cloud.yaml?")
        return self

    def __exit__(self, *_):
        self.log_in()
        for url in reversed(self.made):
            self.call("DELETE", url)

    def status(self):
        """Gives the cloud's processes."""
        command = [self.squall, "cloud", "status", "--name", self.name, "--format", "json"]
        environment = os.environ | {"SQUALL_HOME": str(self.home)}
        told = subprocess.run(command, env=environment, capture_output=True, text=True)
        if told.returncode:
            raise Trouble(f"the cloud is not well: {told.stdout}{told.stderr}")
        return json.loads(told.stdout.splitlines()[0])["processes"]

    def log_in(self):
        scope = {"name": self.auth["project_name"], "domain": {"id": "default"}}
        user = {
            "name": self.auth["username"],
            "password": self.auth["password"],
            "domain": {"id": "default"},
        }
        identity = {"methods": ["password"], "password": {"user": user}}
        body = {"auth": {"identity": identity, "scope": {"project": scope}}}
        self.token = None
        answer, headers = self.call("POST", f"{self.auth['auth_url']}/auth/tokens", body)
        self.token, self.catalog = headers["X-Subject-Token"], answer["token"]["catalog"]

    def endpoint(self, service):
        for entry in self.catalog:
            if entry["type"] == service:
                for endpoint in entry["endpoints"]:
                    if endpoint["interface"] == "public":
                        return endpoint["url"].rstrip("/")
        raise Trouble(f"the catalog has no {service}")

    def call(self, method, url, body=None):
        request = urllib.request.Request(url, method=method)
        request.add_header("Accept", "application/json")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("X-Auth-Token", self.token)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                text = answer.read()
                return (json.loads(text) if text else None), answer.headers
        except urllib.error.HTTPError as error:
            raise Trouble(f"{method} {url}: {error.code} {error.read()[:300]}") from error

    def get(self, service, path):
        return self.call("GET", self.endpoint(service) + path)[0]

    def make(self, kind, body):
        """Makes something of identity's that is removed in the end, and gives its id."""
        url = f"{self.auth['auth_url']}/{kind}s"
        answer, _ = self.call("POST", url, {kind: body})
        self.made.append(f"{url}/{answer[kind]['id']}")
        return answer[kind]["id"]

    def make_accounts(self, path, groups):
        """Makes accounts and writes them as both sides read them.

        Tempest takes any account for its second one, the first that is free; so those
        that are members alone stand first.
        """
        base = self.auth["auth_url"]
        roles = {role["name"]: role["id"] for role in self.call("GET", f"{base}/roles")[0]["roles"]}
        entries = {"alone": [], "together": [], "system": [], "admin": []}
        mark = secrets.token_hex(4)

        def account(name, role, project):
            password = secrets.token_urlsafe(24)
            user = self.make("user", {"name": name, "password": password, "domain_id": "default"})
            place = f"projects/{project[0]}" if project else "system"
            self.call("PUT", f"{base}/{place}/users/{user}/roles/{roles[role]}")
            entry = {"username": name, "password": password, "roles": [role]}
            if project:
                return entry | {"project_name": project[1], "domain_name": "Default"}
            return entry | {"system": "all"}

        def project(name):
            return self.make("project", {"name": name, "domain_id": "default"}), name

        for group in range(groups):
            own = project(f"beside-{mark}-alone-{group}")
            entries["alone"].append(account(f"{own[1]}-member", "member", own))
            own = project(f"beside-{mark}-{group}")
            for role in ("member", "reader"):
                entries["together"].append(account(f"{own[1]}-{role}", role, own))
            entries["system"].append(account(f"beside-{mark}-system-{group}", "reader", None))
            own = project(f"beside-{mark}-admin-{group}")
            entries["admin"].append(account(f"{own[1]}-admin", "admin", own))
        path.touch(mode=0o600)
        path.write_text(json.dumps(sum(entries.values(), []), indent=1) + "\n")

    def settle(self):
        """Waits until the cloud is as quiet as it gets, a minute at most."""
        for _ in range(30):
            before = measure.processor_time(self.roots)
            time.sleep(2)
            if measure.processor_time(self.roots) - before < 0.4:
                return

    def measured(self, run):
        """Gives what a run says, with what the cloud did meanwhile."""
        calls, cpu = self.requests(), measure.processor_time(self.roots)
        said = run()
        cpu = measure.processor_time(self.roots) - cpu
        calls = {name: count - calls[name] for name, count in self.requests().items()}
        return said | {"server_cpu": cpu, "requests": sum(calls.values()), "requests_by": calls}

    def requests(self):
        counts = {"swift": self.access_log.count}
        for service in APIS:
            record = json.loads((self.place / "run" / f"{service}-api.pid.json").read_text())
            counts[service] = measure.requests(record["pid"], Path(record["log"]))
        return counts
