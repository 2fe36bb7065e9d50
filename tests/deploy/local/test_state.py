"""The state folder is closed to others, is held by one run at a time, and keeps whole documents."""

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local import ports
from deploy.local.state import LONGEST_SOCKET, AlreadyRunning, State


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_folder_is_closed_to_others(tmp_path: Path) -> None:
    state = State(tmp_path / ".closeknit")
    assert mode(state.folder) == 0o700
    assert mode(state.within("keys")) == 0o700


def test_a_folder_that_was_opened_is_closed_again(tmp_path: Path) -> None:
    folder = tmp_path / ".closeknit"
    folder.mkdir()
    folder.chmod(0o755)
    assert mode(State(folder).folder) == 0o700


def test_what_it_keeps_is_private(tmp_path: Path) -> None:
    state = State(tmp_path)
    secret = state.secret("keys/root.key")
    state.write("run.json", {"gateway": "here"})
    assert len(bytes.fromhex(secret)) == 32
    assert secret == state.secret("keys/root.key")
    assert mode(tmp_path / "keys" / "root.key") == 0o600
    assert mode(tmp_path / "run.json") == 0o600
    assert state.read("run.json") == {"gateway": "here"}


def test_a_document_that_was_cut_off_is_none(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"gateway": ')
    assert State(tmp_path).read("run.json") is None


def test_one_run_holds_it(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.write("run.json", {"gateway": "http://127.0.0.1:8080"})
    assert state.holder() is None
    with state.held():
        assert state.holder() == os.getpid()
        with (
            pytest.raises(AlreadyRunning, match=r"already running here: http://127\.0\.0\.1:8080"),
            State(tmp_path).held(),
        ):
            pass
    assert state.holder() is None


def test_the_hold_of_a_killed_run_is_no_hold(tmp_path: Path) -> None:
    program = (
        "import os, pathlib, signal, sys; from deploy.local.state import State;"
        "hold = State(pathlib.Path(sys.argv[1])).held(); hold.__enter__(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    with State(tmp_path).held():
        assert State(tmp_path).holder() == os.getpid()


def test_clearing_leaves_logs_and_the_hold(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.log("relay").write_text("a line")
    state.secret("keys/root.key")
    with state.held():
        state.clear()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lock", "logs"]


def test_a_socket_fits_where_the_folder_is_deep(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 100) / ".closeknit"
    path = State(deep).socket("referrals")
    assert len(os.fsencode(path)) <= LONGEST_SOCKET
    assert mode(path.parent) == 0o700
    assert path == State(deep).socket("referrals")
    assert path != State(tmp_path / ("b" * 100)).socket("referrals")
    for folder in (path.parent, State(tmp_path / ("b" * 100)).socket("referrals").parent):
        folder.rmdir()


def test_a_busy_port_moves_on() -> None:
    busy = ports.any_free()
    with socket.create_server((ports.LOOPBACK, busy)):
        assert not ports.is_free(busy)
        assert ports.next_free(busy) > busy


def test_a_reservation_is_one_supervisors() -> None:
    port = ports.any_free()
    mark = ports.reserve(port)
    assert mark is not None
    assert ports.reserve(port) is None
    mark.close()
    again = ports.reserve(port)
    assert again is not None
    again.close()
