"""A gateway that really listens, with the development issuer beside it and a twin of the services behind it."""

import contextlib
import html
import io
import re
import secrets
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from playwright.sync_api import BrowserContext
from starlette.types import ASGIApp

from contracts.initiative import load_initiatives
from deploy.local.issuer import DevelopmentIssuer
from deploy.local.sign_ins import SignIns
from services.gateway.access.session import Sealer
from services.gateway.main import build
from services.gateway.passage.access_log import AccessLog
from services.gateway.settings import GatewaySettings
from services.runtime.telemetry import Metrics, Spans, Telemetry
from services.runtime.telemetry.logs import make_log
from tests.gateway.upstream_hers import CODE
from tests.gateway.upstream_twin import Twin
from tests.plain import PLAIN
from tests.serving import served

INITIATIVES = Path(__file__).parents[2] / "deploy" / "initiatives"


class Standing:
    """The machine's clock, or one that stands at a moment."""

    at: datetime | None = None

    def now(self) -> datetime:
        return self.at or datetime.now(UTC)


@dataclass
class House:
    """Addresses of a running gateway, and the twin whose story can be changed while it runs."""

    url: str
    issuer: DevelopmentIssuer
    twin: Twin
    told: io.StringIO
    accessed: io.BytesIO
    session_key: str
    clock: Standing

    @contextlib.contextmanager
    def visitor(
        self, person: str | None = None, initiative: str = "fresno-ptbi", **headers: str
    ) -> Iterator[httpx.Client]:
        """A browser without a script; signed in as a practice person of an initiative where one is named."""
        with httpx.Client(
            base_url=self.url, follow_redirects=True, headers=headers, timeout=10, verify=PLAIN
        ) as client:
            if person is not None:
                page = client.get("/sign-in/go", params={"initiative": initiative})
                answer = client.post(str(page.url), data={"person": person})
                assert answer.status_code in {200, 503}, answer.text
            yield client

    def hand_over(self, visitor: httpx.Client, context: BrowserContext) -> None:
        """A real browser goes on with a visitor's sign-in."""
        for cookie in visitor.cookies.jar:
            context.add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": self.url}])

    @contextlib.contextmanager
    def herself(self) -> Iterator[httpx.Client]:
        """A browser without a script whose reader was let into her own pages by the code that she was given."""
        with self.visitor(origin=self.url) as client:
            client.post("/my", data={"code": CODE})
            yield client


def lapse(house: House, visitor: httpx.Client) -> None:
    """What time does to a sign-in: its token is good no more, the cookie is still there."""
    sealer = Sealer(house.session_key, "session")
    document = sealer.open(visitor.cookies["closeknit"])
    assert document is not None
    visitor.cookies.delete("closeknit")
    visitor.cookies.set("closeknit", sealer.seal({**document, "token": "out of date"}), domain="127.0.0.1")


def signs_out(visitor: httpx.Client, page: httpx.Response) -> httpx.Response:
    """Presses "Sign out" on a page, and goes on where a browser does by itself."""
    told = visitor.post(str(page.url.join("/sign-out")), data={"csrf": hidden(page, "/sign-out")["csrf"]})
    further = told.headers.get("refresh", "").partition("0; url=")[2]
    return visitor.get(further) if further else told


def hidden(page: httpx.Response, action: str | None = None) -> dict[str, str]:
    """The hidden fields of a page's form: the first, or the one that goes to `action`."""
    forms = re.findall(r"<form[^>]*>.*?</form>", page.text, re.DOTALL)
    for form in forms:
        opening = form.partition(">")[0]
        if 'method="post"' in opening and f'action="{action}"' in opening if action else 'name="key"' in form:
            found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
            return {name: html.unescape(value) for name, value in found}
    raise AssertionError(f"no form to {action} on {page.url}")


@contextlib.contextmanager
def running(*, behind_it: bool = True, at: socket.socket | None = None, **more: str) -> Iterator[House]:
    """A house on free ports of the loopback address, down again at the end; without `behind_it`, no service answers.

    `more` are other settings of the gateway, which listens `at` a socket that somebody else made.
    """
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        gateway, issuing = at or stack.enter_context(listening()), stack.enter_context(listening())
        url, issuer_url = (f"http://127.0.0.1:{each.getsockname()[1]}" for each in (gateway, issuing))
        path = Path(folder) / "twin.sock"
        behind = stack.enter_context(contextlib.closing(socket.socket(socket.AF_UNIX)))
        behind.bind(str(path))
        issuer = DevelopmentIssuer(issuer_url, Path(folder), {"CLOSEKNIT_ENVIRONMENT": "development"})
        settings = GatewaySettings.from_env(
            {
                "CLOSEKNIT_ENVIRONMENT": "development",
                "CLOSEKNIT_PUBLIC_URL": url,
                "CLOSEKNIT_ISSUER": issuer_url,
                "CLOSEKNIT_SESSION_KEY": secrets.token_hex(32),
                "CLOSEKNIT_REFERRALS_SOCKET": str(path),
                "CLOSEKNIT_MEASURES_SOCKET": str(path),
                "CLOSEKNIT_INITIATIVES": str(INITIATIVES),
                **more,
            }
        )
        twin, told, accessed, clock = Twin(), io.StringIO(), io.BytesIO(), Standing()
        telemetry = Telemetry(Spans("gateway", 0.0, []), Metrics("gateway"), make_log("gateway", "info", stream=told))
        apps: list[tuple[ASGIApp, socket.socket]] = [
            (SignIns(issuer, load_initiatives(INITIATIVES)).app(), issuing),
            (twin.app(), behind),
            (build(settings, telemetry=telemetry, clock=clock, access_log=AccessLog(accessed)), gateway),
        ]
        with served(apps if behind_it else [apps[0], apps[2]]):
            yield House(url, issuer, twin, told, accessed, settings.session_key, clock)


@contextlib.contextmanager
def listening() -> Iterator[socket.socket]:
    with contextlib.closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        yield listener
