"""What `status` says of a folder whose supervisor is there, is on its way, was killed, or never was."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from deploy.closeknit.main import app
from deploy.local.state import State
from deploy.local.supervisor import MARK

KNOWN = {
    "CLOSEKNIT_PUBLIC_URL": "http://127.0.0.1:1",
    "CLOSEKNIT_KAFKA": "127.0.0.1:1",
    **{f"CLOSEKNIT_{name}_DSN": "host=127.0.0.1 port=1" for name in ("REFERRALS", "IDENTITY", "MEASURES")},
}


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    monkeypatch.setenv("CLOSEKNIT_HOME", str(tmp_path / ".closeknit"))
    return State.here()


@pytest.fixture
def left(state: State) -> Iterator[subprocess.Popen[bytes]]:
    """A process that a supervisor of this folder would have started."""
    waits = [sys.executable, "-c", "input()"]
    process = subprocess.Popen(waits, stdin=subprocess.PIPE, env={**os.environ, MARK: str(state.folder)})
    yield process
    process.kill()
    process.communicate()


def told(state: State, *names: str, pid: int) -> None:
    state.write("settings.json", KNOWN)
    state.write("run.json", {"gateway": "", "processes": [{"name": name, "pid": pid} for name in names]})


def said(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_what_a_killed_supervisor_left_is_told_with_the_cure(state: State, left: subprocess.Popen[bytes]) -> None:
    told(state, "trickle", pid=left.pid)
    text, facts = said("status"), said("status", "--json")
    assert (text.exit_code, facts.exit_code) == (1, 1)
    assert "trickle" in text.stdout
    assert "1 of its processes run on" in text.stdout
    assert "`closeknit up` ends them and starts anew, `closeknit down` ends them." in text.stdout
    found = json.loads(facts.stdout)
    assert found["supervised"] is False
    assert [(one["name"], one["pid"]) for one in found["processes"]] == [("trickle", left.pid)]
    assert "ended 1 processes that an earlier run had left" in said("down").stdout
    assert left.wait(10) is not None
    assert "nothing runs here" in said("status").stdout


def test_what_was_left_before_anything_was_ready_is_told_too(state: State, left: subprocess.Popen[bytes]) -> None:
    assert state.read("run.json") is None
    text = said("status")
    assert (text.exit_code, "1 of its processes run on" in text.stdout) == (1, True)
    assert left.poll() is None


def test_a_number_that_another_process_has_by_now_is_not_ours(state: State) -> None:
    told(state, "trickle", pid=os.getpid())
    text = said("status")
    assert (text.exit_code, "nothing runs here" in text.stdout) == (1, True)
    assert said("status", "--json").stdout.strip() == "null"


def test_a_system_on_its_way_is_not_called_nothing(state: State) -> None:
    with state.held():
        text = said("status")
    assert (text.exit_code, "starting or stopping" in text.stdout) == (1, True)


def test_a_system_that_is_watched_exits_with_zero(state: State, left: subprocess.Popen[bytes]) -> None:
    told(state, "trickle", pid=left.pid)
    with state.held():
        assert said("status").exit_code == 0
        assert json.loads(said("status", "--json").stdout)["supervised"] is True
