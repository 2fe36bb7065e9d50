"""A system on disk for a bench: real servers with their durable settings, only the processes that it needs."""

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local import parts, ports, postgres
from deploy.local.issuer import Claims, DevelopmentIssuer
from deploy.local.settings import WANTED, choose_ports, settings_of
from deploy.local.state import State
from deploy.local.supervisor import Supervisor

FRESNO = "fresno-ptbi"
UNTRACED = {"CLOSEKNIT_TRACE_RATIO": "0.02", "CLOSEKNIT_LOG_LEVEL": "INFO"}


@dataclass
class Stage:
    """What runs: its settings, and who signs the tokens that it believes."""

    folder: Path
    settings: Mapping[str, str]
    supervisor: Supervisor

    def port(self, name: str) -> int:
        """The TCP port of a process or server by name."""
        return int(self.settings[f"CLOSEKNIT_{name.upper()}_PORT"])

    def pid(self, name: str) -> int:
        return self.supervisor.watched[name].running.pid

    def token(self, agency: str, *roles: str) -> str:
        """An access token of staff of an agency of Fresno."""
        issuer = DevelopmentIssuer(
            self.settings["CLOSEKNIT_ISSUER"], Path(self.settings["CLOSEKNIT_ISSUER_KEYS"]), self.settings
        )
        claims = Claims(subject="testa", initiative=FRESNO, roles=roles or ("staff", "case_manager"), agency=agency)
        return issuer.issue(claims)


@contextmanager
def ended_in_order() -> Iterator[None]:
    """SIGTERM unwinds the block, so that whoever ends a bench ends what it has started too."""
    before = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def stage(*wanted: str, environ: Mapping[str, str] = UNTRACED) -> Iterator[Stage]:
    """Bring these processes and servers up in a folder of their own, and end them afterwards."""
    with ended_in_order(), tempfile.TemporaryDirectory(prefix="closeknit-bench-") as name:
        state, told = State(Path(name)), list[str]()
        free = {f"CLOSEKNIT_{each.upper()}_PORT": str(ports.any_free()) for each in WANTED}
        chosen = choose_ports(free, told.append)
        home = postgres.settle(state.within("postgres"))
        settings = settings_of(state, chosen, home, {**environ, **_quiet(os.environ)})
        supervisor = Supervisor(state, told.append)
        made = [
            part for part in parts.parts(state, chosen, home, settings, lambda done, total: None) if part.name in wanted
        ]
        watch = threading.Thread(target=lambda: supervisor.watch(lambda: None, every_s=3600))
        try:
            supervisor.bring_up(made)
            watch.start()
            yield Stage(state.folder, settings, supervisor)
        finally:
            supervisor.stop()
            if watch.ident is not None:
                watch.join(10)
            chosen.release()


def _quiet(environ: Mapping[str, str]) -> dict[str, str]:
    """What a caller may set for a run: levels and ratios, no address and no secret."""
    names = ("CLOSEKNIT_LOG_LEVEL", "CLOSEKNIT_TRACE_RATIO")
    return {name: environ[name] for name in names if name in environ}


def median(values: Sequence[float]) -> float:
    """The middle value."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which `part` of all lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
