"""Owns one visit to a page: who looks, in which language and initiative, and the way to the public API."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from contracts.initiative import Initiative
from services.gateway.access.endings import Endings
from services.gateway.access.kept_forms import KeptForms
from services.gateway.access.last_use import LastUse
from services.gateway.access.session import Handles, Sealer, Session
from services.gateway.access.signin import SignIn
from services.gateway.access.tries import Tries
from services.gateway.access.way_back import Place, WayBack
from services.gateway.pages import emergency, navigation
from services.gateway.pages.api import Api, ApiProblem, Connection, Json
from services.gateway.pages.cookies import Cookies
from services.gateway.pages.forms import Form
from services.gateway.pages.known_agencies import KnownAgencies
from services.gateway.pages.navigation import WORKS_WITH_CLIENTS
from services.gateway.pages.posted import posted
from services.gateway.pages.render import Renderer, StaticFiles
from services.gateway.pages.uploads import FormFile
from services.gateway.pages.words import Words, preferred, translations
from services.gateway.settings import GatewaySettings
from services.runtime.auth import AuthProblem, Principal, Verifier
from services.runtime.clock import Clock
from services.runtime.telemetry import Telemetry

LANGUAGE_COOKIE = "closeknit_language"
HERS = "/my"
"""Where a client's own pages are: she comes in by a code and has a cookie of her own."""
FLOW_COOKIE = "closeknit_sign_in"


@dataclass(frozen=True)
class Site:
    """What every visit shares; made once in `main.build`."""

    settings: GatewaySettings
    verifier: Verifier
    sign_in: SignIn
    connection: Connection
    initiatives: Mapping[str, Initiative]
    static: StaticFiles
    renderer: Renderer
    clock: Clock
    telemetry: Telemetry
    sealer: Sealer
    endings: Endings
    last_use: LastUse
    way_back: WayBack
    kept_forms: KeptForms
    document: Mapping[str, Any]
    tries: Tries
    agencies: KnownAgencies
    catalogues: Mapping[str, Any] = field(default_factory=lambda: {name: translations(name) for name in ("en", "es")})

    @property
    def zone(self) -> tzinfo:
        """The time of somebody of whom we know nothing: that of the initiatives where they have one, else UTC."""
        zones = {initiative.timezone for initiative in self.initiatives.values()}
        return zones.pop() if len(zones) == 1 else UTC

    @property
    def cookies(self) -> Cookies:
        return Cookies(self.settings.over_https)

    async def visit(self, request: Request) -> "Visit":
        """Raises AuthProblem 503 while the issuer's keys cannot be had."""
        session, principal, away = await self._signed_in(request)
        stated = principal.language if principal else None
        language = preferred(request.cookies.get(LANGUAGE_COOKIE), stated, request.headers.get("accept-language"))
        initiative = self.initiatives.get(principal.initiative) if principal else None
        return Visit(self, request, session, principal, language, initiative, away=away)

    def stranger(self, request: Request) -> "Visit":
        """A visit of somebody of whom nothing can be known now; the language is still theirs."""
        accepted = request.headers.get("accept-language")
        return Visit(self, request, None, None, preferred(request.cookies.get(LANGUAGE_COOKIE), None, accepted), None)

    def left(self, request: Request, session: Session) -> float:
        """In how many seconds the session is over if nobody uses it; none or fewer: it is over."""
        return self.last_use.left(session, request.cookies.get(self.cookies.used(hers=is_hers(request)), ""))

    async def _signed_in(self, request: Request) -> tuple[Session | None, Principal | None, bool]:
        """A session without a principal is a sign-in that has run out; the last says whether nobody used it."""
        document = self.sealer.open(request.cookies.get(self.cookies.session(hers=is_hers(request)), ""))
        if document is None:
            return None, None, False
        session = Session(**document)
        if (ended := self.endings.has_ended(session)) or self.left(request, session) <= 0:
            return session, None, not ended
        try:
            return session, await self.verifier.verify(session.token), False
        except AuthProblem as problem:
            if problem.slug != "not-signed-in":
                raise
            return session, None, False


@dataclass
class Visit:
    """One request for a page. `now` is aware, in the initiative's zone; `place` is unknown for pages of anybody.
    `away`: the sign-in is over because nobody used it."""

    site: Site
    request: Request
    session: Session | None
    principal: Principal | None
    language: str
    initiative: Initiative | None
    form: Form = field(default_factory=Form)
    place: Place | None = None
    kept: tuple[str, ...] = ()
    file: FormFile | None = None
    away: bool = False

    def __post_init__(self) -> None:
        zone = self.initiative.timezone if self.initiative else self.site.zone
        self.words = self.speaking(self.language, zone)
        self.now: datetime = self.site.clock.now().astimezone(zone)
        self.api = Api(self.site.connection, self.session.token if self.session else None)

    def in_language(self, language: str) -> "Visit":
        """The same visit in another language, for what is taken along in several."""
        return self if language == self.language else replace(self, language=language)

    def speaking(self, language: str, zone: tzinfo | None = None) -> Words:
        """Words in another language, for what is read to a client in hers."""
        return Words(language, self.site.catalogues[language], zone or self.words.zone)

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def who(self) -> Principal:
        """The person signed in; the page's route has seen to it that there is one."""
        if self.principal is None:
            raise AuthProblem.not_signed_in()
        return self.principal

    @property
    def handles(self) -> Handles:
        if self.session is None:
            raise AuthProblem.not_signed_in()
        return Handles(self.session)

    def client_of(self, handle: str) -> str:
        """The client that a handle of this sign-in means. Raises ApiProblem 404."""
        reference = self.handles.back(handle)
        if reference is None:
            raise ApiProblem.not_there()
        return reference

    def may(self, *roles: str) -> bool:
        return self.principal is not None and bool(self.principal.roles & set(roles))

    async def read_form(self, *, files: bool = False) -> bool:
        """Reads the form of a POST; False where it did not come from a page of this session. Raises ApiProblem."""
        found = await posted(self.request, self.site.settings.public_url, files=files)
        if found is None:
            return False
        self.form, self.file = found
        return self.session is not None and self.session.vouches_for(self.form.one("csrf"))

    def go(self, path: str) -> Response:
        """After something was done: on to a page that may be loaded again."""
        return RedirectResponse(path, 303, {"Cache-Control": "no-store"})

    def to_sign_in(self) -> str:
        """The address of the sign-in, from which the way leads back to this page."""
        if is_hers(self.request):
            return HERS
        url, way = self.request.url, ""
        if self.place is not None:
            session = self.session or self.site.kept_forms.drawn_for(self.form.one("csrf"))
            way = self.site.way_back.to(self.place, self.request.path_params, again(url.query), session)
        return f"/sign-in?{urlencode({'then': way})}" if way else "/sign-in"

    async def page(self, template: str, status: int = 200, **context: Any) -> Response:
        """A page with everything that each of them has."""
        frame = {
            "visit": self,
            "status": status,
            "words": self.words,
            "form": self.form,
            "csrf": self.session.csrf if self.session else "",
            "practice": not self.site.settings.in_production,
            "counts": await self._counts(context.pop("counts", None)),
            "agency_name": self._place(),
            "person_line": navigation.person_line(self.principal, self.words),
            "navigation": navigation.places(self.principal, self.words),
            "here": navigation.here(self.request.url.path),
            "hers": is_hers(self.request),
            "glass": emergency.until(self, context),
        }
        return self.site.renderer.page(template, self.language, status, frame | context)

    def _place(self) -> str | None:
        """Where the person works: an agency, or the first of the working groups. Of a client, who let her in."""
        if self.principal is not None and self.session is not None and self.session.unnamed:
            return self.words.say("A health service, restricted")
        if self.principal is None or self.principal.agency is not None:
            return self.agency_name(self.principal.agency) if self.principal else None
        groups = self.initiative.working_groups if self.initiative else ()
        return next((group.name for group in groups if group.slug in self.who.working_groups), None)

    def agency_name(self, agency: str | None) -> str | None:
        """What an agency of this initiative is called; its id where the directory lacks it."""
        return self.site.agencies.name(self.initiative, agency)

    def on_system(self, agency: str) -> bool:
        """Whether an agency takes part here; to one that does not, nothing is sent and it cannot answer."""
        return self.site.agencies.on_system(self.initiative, agency)

    async def _counts(self, known: Json | None) -> Json | None:
        if known is not None or not self.may(*WORKS_WITH_CLIENTS):
            return known
        try:
            return dict((await self.api.get("/work", limit=1, names="false"))["counts"])
        except (ApiProblem, KeyError):
            return None

    def came_from(self) -> str:
        """The page of ours that a link was pressed on; else the first page."""
        parts = urlsplit(self.request.headers.get("referer", ""))
        own = parts.netloc == self.request.headers.get("host")
        if not own or not parts.path.startswith("/") or parts.path.startswith("//"):
            return "/"
        return f"{parts.path}?{query}" if (query := again(parts.query)) else parts.path


def is_hers(request: Request) -> bool:
    """Whether it is a page of a client's own."""
    return f"{request.url.path}/".startswith(f"{HERS}/")


def again(query: str) -> str:
    """A query for showing the page once more: what was just done is not said twice."""
    return "&".join(part for part in query.split("&") if part and not part.startswith("now="))
