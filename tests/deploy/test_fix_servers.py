"""What a killed test run left is ended by the next one, and nothing else."""

import subprocess
import sys
from pathlib import Path

import psutil

from deploy.local import leftovers
from tests.fix_servers import names


def test_processes_of_a_folder_are_known_by_command_line_and_settings(tmp_path: Path) -> None:
    waiting = [sys.executable, "-c", "input()"]
    by_command = subprocess.Popen([*waiting, str(tmp_path / "run-1" / "data")], stdin=subprocess.PIPE)
    by_setting = subprocess.Popen(waiting, stdin=subprocess.PIPE, env={"CLOSEKNIT_HOME": str(tmp_path / "run-1")})
    other = subprocess.Popen(waiting, stdin=subprocess.PIPE, env={"CLOSEKNIT_HOME": str(tmp_path / "run-2")})
    try:
        found = leftovers.find(lambda process: names(tmp_path / "run-1", process))
        assert {process.pid for process in found} == {by_command.pid, by_setting.pid}
        assert names(tmp_path / "run-2", psutil.Process(other.pid))
    finally:
        for one in (by_command, by_setting, other):
            one.communicate(b"\n")
