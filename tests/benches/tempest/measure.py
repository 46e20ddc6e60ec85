"""What a program costs, and what it makes a cloud's processes do; nothing about tests.

- wall: from the start of the program to its end.
- client CPU: user and system time of the program and of all that it waited for, as the
  kernel adds it up (`wait4`): the workers of either side are waited for.
- peak memory: the resident sizes of the program's whole tree, looked at twice a
  second, and the largest sum.
- server CPU: the times of every process of the cloud with those of the children that
  ended meanwhile, before and after, from `/proc/PID/stat`.
- requests: what uWSGI's masters have counted, which they write to their logs when asked
  by a signal, before and after; and the lines of Swift's access log, which come to a
  port. Those that services send one another are among them.
"""

import os
import re
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def program(command, directory, environment, output):
    """Runs a program to its end and gives its code and its costs."""
    with open(output, "wb") as file:
        started = time.monotonic()
        child = subprocess.Popen(
            command, cwd=directory, env=environment, stdout=file, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        watch = Watch(child.pid)
        watch.start()
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        watch.stop()
    return child.returncode, {
        "wall": wall,
        "client_cpu": usage.ru_utime + usage.ru_stime,
        "peak": watch.peak,
    }


class Watch(threading.Thread):
    """Looks at the memory of a process and all below it."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak, self.over = pid, 0, threading.Event()

    def run(self):
        while not self.over.wait(0.5):
            self.peak = max(self.peak, sum(resident(pid) for pid in tree(self.pid)))

    def stop(self):
        self.over.set()
        self.join()


def stat(pid):
    """Gives the fields of a process after its name, or None when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def resident(pid):
    fields = stat(pid)
    return int(fields[21]) * PAGE if fields else 0


def tree(*roots):
    """Gives the processes and all below them."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit() and (fields := stat(entry)):
            children.setdefault(int(fields[1]), []).append(int(entry))
    found, left = [], list(roots)
    while left:
        pid = left.pop()
        found.append(pid)
        left += children.get(pid, [])
    return found


def processor_time(roots):
    """Gives the seconds that processes, all below them and their ended children took."""
    ticks = 0
    for pid in tree(*roots):
        if fields := stat(pid):
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / TICK


def requests(master, log):
    """Asks a master of uWSGI how many requests its workers have answered."""
    begin = log.stat().st_size
    os.kill(master, signal.SIGUSR1)
    for _ in range(100):
        time.sleep(0.05)
        with open(log, "rb") as file:
            file.seek(begin)
            found = re.search(rb"workers total requests: (\d+)", file.read())
        if found:
            return int(found[1])
    raise TimeoutError(f"no count of requests in {log}")


class AccessLog(threading.Thread):
    """Counts the lines that come to a port as datagrams."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.count = 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", port))

    def run(self):
        while True:
            self.socket.recv(65536)
            self.count += 1
