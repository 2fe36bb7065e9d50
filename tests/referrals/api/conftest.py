"""Owns the referrals service as API tests meet it: served by a thread on real PostgreSQL, and agencies that call it."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from deploy.local.issuer import Claims, DevelopmentIssuer
from services.referrals.serving import build
from services.referrals.settings import ServeSettings, TimersSettings
from services.referrals.timers import timers
from services.referrals.vault.keys import ensure_root_key
from services.runtime.http.serve import listening, server
from services.runtime.telemetry import Telemetry
from services.runtime.worker import Lifecycle
from tests.fix_servers import Databases
from tests.plain import PLAIN

ISSUER = "http://issuer.invalid"
INITIATIVES = Path(__file__).parents[3] / "deploy" / "initiatives"
FRESNO, SAN_FRANCISCO = "fresno-ptbi", "expecting-justice-sf"


class MovingClock:
    """The machine's clock, and how far a test has moved it on; from `stands_at` on it moves by `ahead` alone."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)
        self.stands_at: datetime | None = None

    def now(self) -> datetime:
        return (self.stands_at or datetime.now(UTC)) + self.ahead


@dataclass(frozen=True)
class Service:
    """The running service: where it is, whose tokens it believes, and its clock."""

    url: str
    issuer: DevelopmentIssuer
    clock: MovingClock
    databases: Databases
    http: httpx.Client
    keys: Path

    def caller(self, agency: str | None, *roles: str, initiative: str = FRESNO, subject: str = "testa") -> "Caller":
        """Somebody with these roles (staff and case manager where none is named)."""
        claims = Claims(
            subject=subject,
            initiative=initiative,
            roles=roles or ("staff", "case_manager"),
            agency=agency,
        )
        return Caller(self.url, self.issuer.issue(claims), self.http)


@dataclass(frozen=True)
class Caller:
    """Somebody who calls the API. Each verb gives the answer as it came."""

    url: str
    token: str | None
    http: httpx.Client

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.ask("GET", path, **options)

    def post(self, path: str, body: Any = None, *, key: str | None = None, **options: Any) -> httpx.Response:
        """A command; `key` is its Idempotency-Key."""
        headers = {**options.pop("headers", {}), **({"Idempotency-Key": key} if key else {})}
        return self.ask("POST", path, json={} if body is None else body, headers=headers, **options)

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = dict(options.pop("headers", {}))
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        return self.http.request(method, self.url + path, headers=headers, **options)

    def done(self, path: str, body: Any = None, **options: Any) -> dict[str, Any]:
        """The body of a command that has to succeed."""
        answer = self.post(path, body, **options)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def seen(self, path: str, **options: Any) -> dict[str, Any]:
        """The body of a read that has to succeed."""
        answer = self.get(path, **options)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def listed(self, path: str, **query: str) -> list[dict[str, Any]]:
        """The items of a whole list, however many parts it comes in: other tests have filled it too."""
        found = self.seen(str(httpx.URL(path).copy_merge_params({"limit": "200", **query})))
        items: list[dict[str, Any]] = found["items"]
        while found["next"]:
            found = self.seen(found["next"])
            items += found["items"]
        return items

    def work(self, id: str, **query: str) -> dict[str, Any] | None:
        """The thing of this id on the caller's work list, wherever in it."""
        return next((item for item in self.listed("/v1/work", **query) if item["id"] == id), None)


class ServingThread(threading.Thread):
    """Serves until `stop`."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(daemon=True)
        self._server = server(app)
        self._address: str | None = None

    def begin(self) -> str:
        """Its address, once it answers."""
        self.start()
        while self._address is None or not answers(self._address):
            assert self.is_alive(), "it did not start"
        return self._address

    def run(self) -> None:
        with listening("127.0.0.1", 0) as sockets:
            self._address = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
            asyncio.run(self._server.serve(sockets))

    def stop(self) -> None:
        self._server.should_exit = True
        self.join(timeout=15)


def served(settings: ServeSettings, issuer: DevelopmentIssuer, clock: MovingClock) -> ASGIApp:
    """The service, with a clock of its own and an issuer that is asked in this process."""

    async def keys() -> dict[str, Any]:
        return dict(issuer.keys())

    return build(settings, clock=clock, telemetry=Telemetry.off("referrals"), keys=keys)


def serve_settings(databases: Databases, keys: Path) -> ServeSettings:
    """Settings over fresh databases."""
    ensure_root_key(keys)
    return ServeSettings(
        environment="development",
        referrals_dsn=databases.dsn("referrals"),
        identity_dsn=databases.dsn("identity"),
        keys=keys,
        initiatives=INITIATIVES,
        issuer=ISSUER,
        jwks_url=f"{ISSUER}/jwks",
        log_level="ERROR",
    )


@pytest.fixture(scope="session")
def service(database_maker: Callable[[], Databases], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for all tests of the session; each brings clients of its own."""
    databases = database_maker()
    folder = tmp_path_factory.mktemp("referrals")
    issuer = DevelopmentIssuer(ISSUER, folder / "issuer", {"CLOSEKNIT_ENVIRONMENT": "development"})
    clock = MovingClock()
    thread = ServingThread(served(serve_settings(databases, folder / "keys"), issuer, clock))
    url = thread.begin()
    with httpx.Client(timeout=40, verify=PLAIN) as http:
        yield Service(url, issuer, clock, databases, http, folder / "keys")
    thread.stop()


def answers(url: str) -> bool:
    """Whether a service is ready: its port is known before it listens."""
    try:
        return httpx.get(f"{url}/health/ready", verify=PLAIN).is_success
    except httpx.TransportError:
        return False


@pytest.fixture
def after(service: Service) -> Callable[[timedelta], None]:
    """So much time passes, and the timers' process takes a turn."""
    settings = TimersSettings(
        environment="development",
        referrals_dsn=service.databases.dsn("referrals"),
        initiatives=INITIATIVES,
        log_level="ERROR",
    )

    async def turn() -> None:
        async with timers(settings, Telemetry.off("timers"), Lifecycle(), service.clock) as process:
            while await process.turn():
                pass

    def pass_by(time: timedelta) -> None:
        service.clock.ahead = time
        try:
            asyncio.run(turn())
        finally:
            service.clock.ahead = timedelta(0)

    return pass_by


@pytest.fixture
def north(service: Service) -> Caller:
    """Example Clinic North: the sender in most tests."""
    return service.caller("example-clinic-north")


@pytest.fixture
def doulas(service: Service) -> Caller:
    """Example Doula Network: the receiver in most tests."""
    return service.caller("example-doula-network", subject="dora-muster")


@pytest.fixture
def hub(service: Service) -> Caller:
    """Sample County CHW Hub: the third agency, that has nothing to do with it."""
    return service.caller("sample-county-chw-hub")


@pytest.fixture
def abroad(service: Service) -> Caller:
    """An agency of the other initiative."""
    return service.caller("example-bay-clinic", initiative=SAN_FRANCISCO)


@pytest.fixture
def nobody(service: Service) -> Caller:
    """Somebody without a token."""
    return Caller(service.url, None, service.http)
