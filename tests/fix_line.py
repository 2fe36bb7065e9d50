"""Owns the whole line of a test run as processes of their own, started and supervised as `closeknit up` does it."""

import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from typer.testing import CliRunner, Result

from deploy import topics
from deploy.closeknit.main import app
from deploy.local import child, parts, ports, postgres
from deploy.local.issuer import Claims, DevelopmentIssuer
from deploy.local.settings import WANTED, Ports, choose_ports, settings_of
from deploy.local.state import State
from deploy.local.supervisor import Step, Supervisor
from services.measures.main import compute, consumer_lag
from tests.condition import until
from tests.fix_servers import FAST
from tests.plain import PLAIN
from tests.referrals.api.conftest import FRESNO, Caller

TELLING = {"CLOSEKNIT_TRACE_RATIO": "1", "CLOSEKNIT_LOG_LEVEL": "DEBUG"}
THIRD = "third-county"
OF_THE_LOGS = ("first-log-county", "second-log-county")
"""Counties in which nothing happens but what a test imports: its figures are those of the log alone."""
LATE = datetime(2199, 12, 31, tzinfo=UTC)
SPANS_SOON = {"OTEL_BSP_SCHEDULE_DELAY": "200"}  # milliseconds; the SDK's own variable
Part = child.Spec | Step


@dataclass(frozen=True)
class RunningSystem:
    """A system as its operator has it: each command a process of its own; `environ` is theirs."""

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


@dataclass
class Line:
    """A system that is up: what it is told, who supervises it, and who may call it."""

    state: State
    settings: dict[str, str]
    parts: Sequence[Part]
    supervisor: Supervisor
    http: httpx.Client
    told: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The gateway: the only way in."""
        return self.settings["CLOSEKNIT_PUBLIC_URL"]

    @property
    def issuer(self) -> DevelopmentIssuer:
        """Who signs the tokens that the line believes."""
        return DevelopmentIssuer(
            self.settings["CLOSEKNIT_ISSUER"], Path(self.settings["CLOSEKNIT_ISSUER_KEYS"]), self.settings
        )

    def caller(
        self, agency: str | None, *roles: str, initiative: str = FRESNO, subject: str = "testa", seconds: int = 3600
    ) -> Caller:
        """Somebody with these roles (staff and case manager where none is named) at the public API."""
        claims = Claims(subject=subject, initiative=initiative, roles=roles or ("staff", "case_manager"), agency=agency)
        return Caller(self.url, self.issuer.issue(claims, seconds=seconds), self.http)

    @property
    def system(self) -> RunningSystem:
        """The same system as its operator has it: commands as processes of their own."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith("CLOSEKNIT_")}
        return RunningSystem(self.state.folder, environ | {"CLOSEKNIT_HOME": str(self.state.folder)})

    def command(self, *arguments: str) -> Result:
        """A command of `closeknit` on this system."""
        return CliRunner().invoke(app, list(arguments), env={"CLOSEKNIT_HOME": str(self.state.folder), **self.settings})

    def figure(self, measure: str, initiative: str = FRESNO) -> dict[str, Any]:
        """An exact figure of everything so far, at a cutoff so late that nothing is too recent to count.

        The command refuses one that lies ahead, so this asks what stands behind it.
        """
        return dict(compute(measure, initiative, cutoff=LATE, environ=self.settings))

    def settled(self, seconds: float = 60.0) -> None:
        """Return when all that is stored is published, and all that is published is in the measures' rows."""
        until(self._relayed, seconds, every=0.1)
        until(lambda: consumer_lag(self.settings) == 0, seconds, every=0.1)

    def _relayed(self) -> bool:
        with psycopg.connect(self.settings["CLOSEKNIT_REFERRALS_DSN"], autocommit=True) as connection:
            row = connection.execute(
                "SELECT (SELECT coalesce(max(notification_id), 0) FROM stored_events)"
                " <= coalesce((SELECT min(position) FROM relay_checkpoint), 0)"
            ).fetchone()
        return row == (True,)

    def pid(self, name: str) -> int:
        return self.supervisor.watched[name].running.pid

    def kill(self, name: str) -> None:
        """End a process by SIGKILL; its supervisor brings it back, as if it had been steady before.

        It is gone when this returns: whoever then asks whether it is back shall not find the one that is dying.
        """
        watched = self.supervisor.watched[name]
        watched.failures, ended = 0, watched.running
        os.kill(ended.pid, signal.SIGKILL)
        until(lambda: not ended.alive(), 10)

    def back(self, name: str, seconds: float = 30.0) -> None:
        """Return when a process is there and says that it has what it needs."""
        until(lambda: self.supervisor.watched[name].running.alive(), seconds)  # noqa: PLW0108 - another one each time
        self.supervisor.watched[name].running.await_ready()

    @contextmanager
    def away(self, name: str) -> Iterator[None]:
        """Stop a process in order for as long as the block runs; it is ready again at the end."""
        running = self.supervisor.watched.pop(name).running
        running.stop()
        try:
            yield
        finally:
            self.supervisor.bring_up([running.spec])


@contextmanager
def line_in(
    folder: Path,
    *,
    only: Sequence[str] | None = None,
    initiatives: Path = topics.INITIATIVES,
    telling: Mapping[str, str] = TELLING,
) -> Iterator[Line]:
    """A line of its own in a folder; `only` names the processes wanted, default all, which tell as much as they can."""
    state, told = State(folder), list[str]()
    wanted = {f"CLOSEKNIT_{name.upper()}_PORT": str(ports.any_free()) for name in WANTED}
    chosen = choose_ports(wanted, told.append)
    home = postgres.settle(state.within("postgres"))
    settings = settings_of(state, chosen, home, {**telling, "CLOSEKNIT_INITIATIVES": str(initiatives)})
    state.write("settings.json", settings)
    supervisor = Supervisor(state, told.append)
    made = [part for part in _parts(state, chosen, home, settings) if only is None or part.name in only]
    watch = threading.Thread(target=lambda: supervisor.watch(lambda: None, every_s=3600))
    try:
        supervisor.bring_up(made)
        watch.start()
        with httpx.Client(timeout=40, verify=PLAIN) as http:
            yield Line(state, settings, made, supervisor, http, told)
    finally:
        supervisor.stop()
        if watch.ident is not None:
            watch.join(10)
        chosen.release()


def _parts(state: State, chosen: Ports, home: postgres.Home, settings: dict[str, str]) -> Iterator[Part]:
    for part in parts.parts(state, chosen, home, settings, lambda done, total: None):
        if part.name == "postgres":
            yield postgres.spec(home, chosen["postgres"], settings=FAST)
        elif isinstance(part, child.Spec):
            yield dataclasses.replace(part, env={**part.env, **SPANS_SOON})
        else:
            yield part


@pytest.fixture(scope="session")
def line(server_folder: Path) -> Iterator[Line]:
    """The line of this run, shared by its tests: each counts what it adds itself, and leaves everything running.

    It has counties besides which nobody but `closeknit initiative new` wrote.
    """
    initiatives = Path(shutil.copytree(topics.INITIATIVES, server_folder / "initiatives"))
    for slug in (THIRD, *OF_THE_LOGS):
        name = slug.replace("-", " ").title()
        begun = ("initiative", "new", slug, "--name", name, "--place", "Kings County, California")
        made = CliRunner().invoke(app, [*begun, "--zone", "America/Los_Angeles", "--into", str(initiatives)])
        assert made.exit_code == 0, made.output
    with line_in(server_folder / "line", initiatives=initiatives) as running:
        yield running
