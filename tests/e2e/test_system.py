"""The whole system by its command: up, twice, beside another, after SIGKILL, down; on the real parts."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from deploy.local import leftovers, ports
from deploy.local.state import State
from tests.condition import until
from tests.fix_line import Line

CLOSEKNIT = Path(sys.executable).with_name("closeknit")
PROCESSES = {"postgres", "kafka", "issuer", "referrals", "relay", "timers", "measures", "consume", "gateway"}

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]


@dataclass
class Clone:
    """A folder in which the command runs, as if it were a clone of its own."""

    home: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("CLOSEKNIT_")}
        environ["CLOSEKNIT_HOME"] = str(self.home)
        return subprocess.run([CLOSEKNIT, *arguments], env=environ, capture_output=True, text=True, check=False)

    def up(self) -> None:
        done = self.run("up", "--detach")
        assert done.returncode == 0, done.stdout + done.stderr

    def status(self) -> dict[str, Any]:
        done = self.run("status", "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        facts: dict[str, Any] = json.loads(done.stdout)
        return facts

    def pids(self) -> dict[str, int]:
        return {one["name"]: one["pid"] for one in (State(self.home).read("run.json") or {})["processes"]}


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Clone]:
    made = Clone(tmp_path / "one" / ".closeknit")
    yield made
    made.run("down")


def runs(pid: int) -> bool:
    try:
        return leftovers.runs(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return False


def test_up_tells_where_everything_is_and_a_killed_supervisor_is_cleared_up_after(clone: Clone, line: Line) -> None:
    others = {name: each.running.pid for name, each in line.supervisor.watched.items()}
    clone.up()
    facts = clone.status()
    tells_where_everything_is(clone, facts)
    each_process_knows_only_its_own_secrets(facts)
    again = clone.run("up")
    assert again.returncode == 1
    assert facts["gateway"] in again.stderr
    what_is_killed_comes_back(clone)

    before = clone.pids()
    its_supervisor_is_killed(clone)
    assert all(runs(pid) for pid in before.values())
    what_runs_on_is_told(clone, before)
    clone.up()
    assert not [name for name, pid in before.items() if runs(pid)]
    assert clone.pids().keys() == before.keys()
    assert all(one["healthy"] for one in clone.status()["processes"])
    assert {name: each.running.pid for name, each in line.supervisor.watched.items()} == others
    assert all(runs(pid) for pid in others.values()), "the neighbour on this machine was left alone"

    left = clone.pids()
    its_supervisor_is_killed(clone)
    down = clone.run("down")
    assert (down.returncode, "that an earlier run had left" in down.stdout) == (0, True)
    assert not [name for name, pid in left.items() if runs(pid)]
    assert "nothing runs here" in clone.run("status").stdout
    goes_down_in_order(clone)


def its_supervisor_is_killed(clone: Clone) -> None:
    holder = State(clone.home).holder()
    assert holder is not None
    os.kill(holder, signal.SIGKILL)
    until(lambda: State(clone.home).holder() is None)


def goes_down_in_order(clone: Clone) -> None:
    clone.up()
    pids, began = clone.pids(), time.monotonic()
    assert clone.run("down").returncode == 0
    assert time.monotonic() - began < 20
    assert not [name for name, pid in pids.items() if runs(pid)]
    assert clone.run("status").returncode == 1


def tells_where_everything_is(clone: Clone, facts: dict[str, Any]) -> None:
    assert {one["name"] for one in facts["processes"]} == PROCESSES
    assert facts["supervised"] is True
    assert all(one["healthy"] and one["rss_bytes"] > 0 for one in facts["processes"])
    assert set(facts["postgres"]) == {"referrals", "identity", "measures"}
    assert ports.accepts(int(facts["kafka"].rsplit(":", 1)[1]))
    assert json.loads((clone.home / "run.json").read_text()).keys() == facts.keys()
    assert stat.S_IMODE(clone.home.stat().st_mode) == 0o700
    opened = [path for path in clone.home.iterdir() if path.is_dir() and stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert opened == []


def each_process_knows_only_its_own_secrets(facts: dict[str, Any]) -> None:
    for one in facts["processes"]:
        name, environ = one["name"], psutil.Process(one["pid"]).environ()
        assert not [setting for setting in environ if setting.endswith("_OWNER_DSN")], name
        assert ("CLOSEKNIT_IDENTITY_DSN" in environ) == (name == "referrals"), name
        assert ("CLOSEKNIT_SESSION_KEY" in environ) == (name == "gateway"), name


def what_is_killed_comes_back(clone: Clone) -> None:
    killed = {"relay", "postgres"}
    before = clone.pids()
    for name in killed:
        os.kill(before[name], signal.SIGKILL)

    def back() -> bool:
        now = clone.pids()
        return all(now[name] != before[name] for name in killed)

    until(back, 60)
    until(lambda: clone.run("status", "--json").returncode == 0, 60)
    assert {name for name, pid in clone.pids().items() if pid != before[name]} == killed


def what_runs_on_is_told(clone: Clone, left: dict[str, int]) -> None:
    told, facts = clone.run("status"), clone.run("status", "--json")
    assert (told.returncode, facts.returncode) == (1, 1)
    assert f"{len(left)} of its processes run on" in " ".join(told.stdout.split())
    assert "`closeknit down` ends them" in told.stdout
    assert "nothing runs here" not in told.stdout
    found = json.loads(facts.stdout)
    assert found["supervised"] is False
    assert {one["name"]: one["pid"] for one in found["processes"]} == left
