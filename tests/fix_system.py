"""Owns a whole system of its own for a test run: every part as `closeknit up` brings it up, in a private folder."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.local import ports

PORTS = ("gateway", "referrals", "measures", "issuer", "postgres", "kafka", "controller")


@dataclass(frozen=True)
class RunningSystem:
    """A system that is up; `environ` is that of its commands, `settings` what its processes were given."""

    home: Path
    environ: dict[str, str]

    def run(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
        """What a command prints; AssertionError with its words when it ends with another code."""
        command = [sys.executable, "-m", "deploy.closeknit.main", *arguments]
        done = subprocess.run(command, env=self.environ, capture_output=True, text=True, timeout=240, check=False)
        assert done.returncode in codes, f"closeknit {' '.join(arguments)}: {done.returncode}\n{done.stderr[-2000:]}"
        return done.stdout

    def json(self, *arguments: str) -> Any:
        """The facts that a command prints."""
        return json.loads(self.run(*arguments, "--json"))

    @property
    def settings(self) -> dict[str, str]:
        found: dict[str, str] = json.loads((self.home / "settings.json").read_text())
        return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for a whole system, so that `make test-fast` leaves it out."""
    for item in items:
        if "system" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.servers)


@pytest.fixture(scope="session")
def system(server_folder: Path) -> Iterator[RunningSystem]:
    """A system without the seed, brought up once a run; tests keep apart by initiative or by clients of their own."""
    home = server_folder / "system"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CLOSEKNIT_")}
    environ["CLOSEKNIT_HOME"] = str(home)
    for name in PORTS:
        environ[f"CLOSEKNIT_{name.upper()}_PORT"] = str(ports.any_free())
    running = RunningSystem(home, environ)
    running.run("up", "--detach")
    yield running
    running.run("down")
