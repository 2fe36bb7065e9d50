"""Owns the whole line in one process, twice the same: gateway, referrals and measures served, relay, timers, consumer.

Clock and ids are fixed by the seams that the compositions offer (`clock=`, `drawing_from`, the tracer's `ids=`), the
database's clock by a schema that is looked through before PostgreSQL's own. Keys are those of a folder that both runs
share; nonces and data keys are left to chance, as no low channel shows them.
"""

import asyncio
import contextlib
import http.client
import io
import shutil
import socket
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import uvloop
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from starlette.types import ASGIApp

from contracts.initiative import load_initiatives
from deploy.local.issuer import Claims, DevelopmentIssuer
from deploy.local.sign_ins import SignIns
from services.gateway import main as gateway
from services.gateway.passage.access_log import AccessLog
from services.gateway.settings import GatewaySettings
from services.measures import serving as measures
from services.measures.settings import MeasuresSettings
from services.referrals import serving as referrals
from services.referrals.application import housekeeping
from services.referrals.settings import ServeSettings
from services.runtime.chance import drawing_from
from services.runtime.telemetry import Metrics, Spans, Telemetry
from services.runtime.telemetry.logs import make_log
from tests.privacy.drawn import ByRequest, Fixed, FixedSpanIds, begin
from tests.privacy.place import Place, Seams
from tests.referrals.api.conftest import FRESNO, INITIATIVES
from tests.serving import served

SERVICES = ("gateway", "referrals", "measures")
OFTEN: Final = timedelta(seconds=1)
"""So often the vault is kept, as each run waits for it at its end."""


@dataclass
class Kept(SpanExporter):
    """Spans as they leave a process."""

    spans: list[ReadableSpan] = field(default_factory=list)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.spans += spans
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Nothing is kept open."""


class FixedClock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class House:
    """The services of one run, up; `ask` is the only way in."""

    def __init__(self, place: Place, url: str, issuer: DevelopmentIssuer) -> None:
        self.place = place
        self.clock = FixedClock(place.at)
        self.told = {name: io.StringIO() for name in (*SERVICES, "relay", "timers", "consume")}
        self.accessed = io.BytesIO()
        self.spans = {name: Kept() for name in self.told}
        self.telemetry = {name: self._telemetry(name) for name in self.told}
        self._issuer = issuer
        self._tokens: dict[Claims, str] = {}
        self._connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)

    def _telemetry(self, service: str) -> Telemetry:
        spans = Spans(service, 1.0, [self.spans[service]], ids=FixedSpanIds())
        return Telemetry(spans, Metrics(service), make_log(service, "debug", stream=self.told[service]))

    def ask(
        self, who: Claims | None, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """An answer as it came."""
        if who is not None:
            if who not in self._tokens:
                self._tokens[who] = self._issuer.issue(who)
            headers = {"authorization": f"Bearer {self._tokens[who]}", **headers}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()

    def leave(self) -> None:
        """Nobody asks any more."""
        self._connection.close()

    def close(self) -> None:
        """All is told. The gateway has closed its own."""
        for name, each in self.telemetry.items():
            if name != "gateway":
                each.close()


@contextlib.contextmanager
def house(place: Place, seams: Seams | None = None) -> Iterator[House]:
    """A house whose services answer, down again at the end."""
    shutil.copytree(place.keys, place.folder / "keys")
    with contextlib.ExitStack() as stack:
        stack.enter_context(pytest.MonkeyPatch.context()).setattr(housekeeping, "OFTEN", OFTEN)
        entrance, issuing = (stack.enter_context(_listening()) for _ in range(2))
        url, issuer_url = (f"http://127.0.0.1:{each.getsockname()[1]}" for each in (entrance, issuing))
        issuer = DevelopmentIssuer(issuer_url, place.folder / "issuer", {"CLOSEKNIT_ENVIRONMENT": "development"})
        made = House(place, url, issuer)
        behind = {name: _unix(stack, place.folder / f"{name}.sock") for name in ("referrals", "measures")}
        apps: list[tuple[ASGIApp, socket.socket]] = [
            (SignIns(issuer, load_initiatives(INITIATIVES)).app(), issuing),
            *((app, behind[name]) for name, app in _behind(made, issuer_url, seams or Seams()).items()),
            (_entrance(made, url, issuer_url), entrance),
        ]
        with served(apps, _running(Fixed(int(place.at.timestamp() * 1000)))):
            yield made
            made.leave()


def _behind(made: House, issuer: str, seams: Seams) -> dict[str, ASGIApp]:
    place = made.place
    common: dict[str, Any] = {
        "environment": "development",
        "initiatives": INITIATIVES,
        "issuer": issuer,
        "jwks_url": f"{issuer}/jwks",
    }
    serve = ServeSettings(
        referrals_dsn=place.databases.dsn("referrals"),
        identity_dsn=place.databases.dsn("identity"),
        keys=place.folder / "keys",
        public_url="http://127.0.0.1:8080",
        **common,
    )
    told = seams.telemetry(made.telemetry["referrals"])
    figures = MeasuresSettings(measures_dsn=place.databases.dsn("measures"), kafka=place.kafka, **common)
    return {
        "referrals": ByRequest(seams.app(referrals.build(serve, clock=made.clock, telemetry=told)), "referrals"),
        "measures": ByRequest(measures.build(figures, telemetry=made.telemetry["measures"]), "measures"),
    }


def _entrance(made: House, url: str, issuer: str) -> ASGIApp:
    folder = made.place.folder
    settings = GatewaySettings.from_env(
        {
            "CLOSEKNIT_ENVIRONMENT": "development",
            "CLOSEKNIT_PUBLIC_URL": url,
            "CLOSEKNIT_ISSUER": issuer,
            "CLOSEKNIT_SESSION_KEY": "5" * 64,
            "CLOSEKNIT_REFERRALS_SOCKET": str(folder / "referrals.sock"),
            "CLOSEKNIT_MEASURES_SOCKET": str(folder / "measures.sock"),
            "CLOSEKNIT_INITIATIVES": str(INITIATIVES),
            "CLOSEKNIT_TRACE_RATIO": "1",
        }
    )
    log = AccessLog(made.accessed)
    app = gateway.build(settings, telemetry=made.telemetry["gateway"], clock=made.clock, access_log=log)
    return ByRequest(app, "gateway")


def at(agency: str | None, *roles: str, initiative: str = FRESNO) -> Claims:
    """Somebody of an agency, of its system, or of an initiative."""
    subject = f"testa-{agency or initiative}"
    return Claims(subject=subject, initiative=initiative, roles=roles or ("staff", "case_manager"), agency=agency)


@contextlib.contextmanager
def _listening() -> Iterator[socket.socket]:
    with contextlib.closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        yield listener


def _unix(stack: contextlib.ExitStack, path: Path) -> socket.socket:
    listener = stack.enter_context(contextlib.closing(socket.socket(socket.AF_UNIX)))
    listener.bind(str(path))
    return listener


def _running(fixed: Fixed) -> Callable[[Coroutine[Any, Any, None]], None]:
    """Runs the house so that whatever it draws is the same each time."""

    def run(house: Coroutine[Any, Any, None]) -> None:
        begin("beside the requests")
        with drawing_from(fixed.chance), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(house)

    return run
