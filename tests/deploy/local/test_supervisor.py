"""The supervisor on tiny real processes: order, readiness, restarts, stopping, and what SIGKILL leaves behind."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deploy.local import child, leftovers
from deploy.local.state import State
from deploy.local.supervisor import MARK, Abandoned, Step, Supervisor, end_leftovers
from tests.condition import until

SLEEPER = "import pathlib, signal, sys; pathlib.Path(sys.argv[1]).touch(); signal.pause()"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPER
TELLING = (
    "import pathlib, signal, sys; flag = pathlib.Path(sys.argv[1])\n"
    "def end(*_):\n"
    "    with (flag.parent / 'ended').open('a') as file: print(flag.stem, file=file)\n"
    "    sys.exit(0)\n"
    "signal.signal(signal.SIGTERM, end); flag.touch(); signal.pause()"
)
FAILING = "import sys; print('the disk is full'); sys.exit(4)"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    made = Supervisor(State(tmp_path / ".closeknit"), said.append)
    yield made
    made.kill()


def spec(
    supervisor: Supervisor, name: str, code: str = SLEEPER, *, after: tuple[str, ...] = (), stop_s: float = 5.0
) -> child.Spec:
    flag = supervisor.state.folder / f"{name}.up"
    return child.Spec(
        name=name,
        command=(sys.executable, "-c", code, str(flag)),
        env=dict(os.environ),
        ready=flag.exists,
        after=after,
        prepare=lambda: flag.unlink(missing_ok=True),
        stop_s=stop_s,
    )


def test_parts_start_when_what_they_need_is_ready_and_stop_in_reverse(supervisor: Supervisor) -> None:
    order: list[str] = []
    base = spec(supervisor, "base", TELLING)
    supervisor.bring_up(
        [
            base,
            Step("migrations", lambda: order.append("base is up" if base.ready() else "too early"), after=("base",)),
            spec(supervisor, "top", TELLING, after=("migrations", "base")),
        ]
    )
    assert order == ["base is up"]
    pids = {name: watched.running.pid for name, watched in supervisor.watched.items()}
    supervisor.stop()
    assert (supervisor.state.folder / "ended").read_text().split() == ["top", "base"]
    assert not any(psutil.pid_exists(pid) for pid in pids.values())


def test_a_part_that_fails_shows_its_last_lines_and_holds_back_the_rest(supervisor: Supervisor) -> None:
    parts = [spec(supervisor, "broken", FAILING), spec(supervisor, "later", after=("broken",))]
    with pytest.raises(child.ChildFailed, match="broken ended with code 4 before it was ready") as caught:
        supervisor.bring_up(parts)
    assert "the disk is full" in str(caught.value)
    assert "later" not in supervisor.watched


def test_a_part_that_ends_shows_no_line_of_an_earlier_run(supervisor: Supervisor) -> None:
    supervisor.state.log("broken").write_text("the disk was full long ago\n")
    supervisor.state.log("silent").write_text("the disk was full long ago\n")
    for code, told in ((FAILING, "which ends:\n    the disk is full"), ("pass", "into which it wrote nothing")):
        with pytest.raises(child.ChildFailed) as caught:
            supervisor.bring_up([spec(supervisor, "broken" if code == FAILING else "silent", code)])
        assert str(caught.value).endswith(told)
        assert "long ago" not in str(caught.value)


@pytest.mark.slow
def test_what_is_told_of_a_second_end_is_of_the_second_run(supervisor: Supervisor, said: list[str]) -> None:
    supervisor.bring_up(
        [spec(supervisor, "worker", "import os; print(f'run by {os.getpid()}', flush=True); " + SLEEPER)]
    )
    watcher = threading.Thread(target=lambda: supervisor.watch(lambda: None, every_s=3600))
    watcher.start()
    pids = []
    for _ in range(2):
        running = supervisor.watched["worker"].running
        until(running.spec.ready)
        pids.append(running.pid)
        os.kill(running.pid, signal.SIGKILL)
        until(lambda pid=running.pid: supervisor.watched["worker"].running.pid != pid)  # type: ignore[misc]
    supervisor.stop()
    watcher.join(10)
    ends = [line for line in said if "starts again in" in line]
    assert [f"run by {pid}" in line for line in ends for pid in pids] == [True, False, False, True]


def test_a_failing_step_holds_back_what_comes_after(supervisor: Supervisor) -> None:
    def fail() -> None:
        raise child.PartMissing("no such thing")

    with pytest.raises(child.PartMissing):
        supervisor.bring_up([Step("step", fail), spec(supervisor, "later", after=("step",))])
    assert not supervisor.watched


def test_stopping_while_parts_still_start(supervisor: Supervisor) -> None:
    slow = child.Spec("slow", (sys.executable, "-c", "import signal; signal.pause()"), os.environ, ready=lambda: False)
    failures: list[BaseException] = []

    def bring_up() -> None:
        with pytest.raises((child.ChildFailed, Abandoned)) as caught:
            supervisor.bring_up([slow])
        failures.append(caught.value)

    thread = threading.Thread(target=bring_up)
    thread.start()
    until(lambda: "slow" in supervisor.watched)
    supervisor.stop()
    thread.join(10)
    assert "stopped before it was ready" in str(failures[0])


@pytest.mark.slow
def test_what_ends_is_started_again_with_growing_pauses(supervisor: Supervisor, said: list[str]) -> None:
    supervisor.bring_up([spec(supervisor, "worker")])
    told: list[int] = []
    watcher = threading.Thread(target=lambda: supervisor.watch(lambda: told.append(1), every_s=3600))
    watcher.start()
    first = supervisor.watched["worker"].running
    os.kill(first.pid, signal.SIGKILL)
    until(lambda: supervisor.watched["worker"].running.pid != first.pid)
    second = supervisor.watched["worker"].running
    os.kill(second.pid, signal.SIGKILL)
    until(lambda: supervisor.watched["worker"].running.pid != second.pid)
    supervisor.stop()
    watcher.join(10)
    pauses = [line for line in said if "starts again in" in line]
    assert "was ended by SIGKILL and starts again in 0.5 s" in pauses[0]
    assert "starts again in 1.0 s" in pauses[1]
    assert len(told) == 2


def test_a_process_that_ignores_sigterm_is_killed_when_its_time_is_over(supervisor: Supervisor) -> None:
    supervisor.bring_up([spec(supervisor, "stubborn", STUBBORN, stop_s=0.3)])
    running = supervisor.watched["stubborn"].running
    supervisor.stop()
    assert running.process.returncode == -signal.SIGKILL


def test_the_next_start_ends_what_a_killed_supervisor_left(tmp_path: Path) -> None:
    home = tmp_path / ".closeknit"
    program = (
        "import pathlib, sys; from deploy.local import child; from deploy.local.state import State;"
        "from deploy.local.supervisor import Supervisor; import os, signal;"
        "state = State(pathlib.Path(sys.argv[1])); flag = state.folder / 'up';"
        f"code = {SLEEPER!r};"
        "s = Supervisor(state, print);"
        "s.bring_up([child.Spec('left', (sys.executable, '-c', code, str(flag)), dict(os.environ), flag.exists)]);"
        "print(s.watched['left'].running.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(home)], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    left = psutil.Process(int(done.stdout.split()[-1]))
    assert leftovers.runs(left)
    assert end_leftovers(State(tmp_path / "another")) == 0
    assert leftovers.runs(left)
    assert end_leftovers(State(home)) == 1
    assert not leftovers.runs(left)


def test_the_mark_of_another_folder_is_nobody_of_ours(tmp_path: Path) -> None:
    state = State(tmp_path / "a")
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, env={MARK: str(tmp_path / "ab")})
    try:
        assert end_leftovers(state) == 0
        assert other.poll() is None
    finally:
        other.communicate(b"\n")
