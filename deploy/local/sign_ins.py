"""Owns the HTTP face of the development OpenID issuer: the practice sign-ins of each initiative, one press each."""

import base64
import hashlib
import hmac
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import uvicorn
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

import services.gateway
from contracts.initiative import Initiative, PracticeSignIn, load_initiatives
from deploy.local.issuer import ACCESS_SECONDS, Claims, DevelopmentIssuer

CODE_SECONDS = 60
MOST_CODES = 1000
LOOPBACK = ("127.0.0.1", "localhost", "::1")
STYLES = Path(services.gateway.__path__[0]) / "pages" / "static" / "closeknit.css"
POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"


@dataclass(frozen=True)
class _Grant:
    """An authorization code that waits to be exchanged, once, within a minute."""

    claims: Claims
    request: Mapping[str, str]
    until: float


@dataclass
class SignIns:
    """The issuer's HTTP face: discovery, keys, a page of practice sign-ins, codes with PKCE (RFC 7636), tokens."""

    issuer: DevelopmentIssuer
    initiatives: Mapping[str, Initiative]
    _grants: dict[str, _Grant] = field(default_factory=dict)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.discovery),
                Route("/jwks", self.jwks),
                Route("/authorize", self.authorize, methods=["GET", "POST"]),
                Route("/token", self.token, methods=["POST"]),
                Route("/end-session", self.end_session),
                Route("/closeknit.css", self.styles),
                Route("/health/live", self.health),
                Route("/health/ready", self.health),
            ]
        )

    async def health(self, _: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def styles(self, _: Request) -> Response:
        return FileResponse(STYLES, media_type="text/css")

    async def jwks(self, _: Request) -> Response:
        return JSONResponse(self.issuer.keys())

    async def discovery(self, _: Request) -> Response:
        url = self.issuer.url
        return JSONResponse(
            {
                "issuer": url,
                "authorization_endpoint": f"{url}/authorize",
                "token_endpoint": f"{url}/token",
                "end_session_endpoint": f"{url}/end-session",
                "jwks_uri": f"{url}/jwks",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code"],
                "code_challenge_methods_supported": ["S256"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "authorization_response_iss_parameter_supported": True,
                "subject_types_supported": ["public"],
                "token_endpoint_auth_methods_supported": ["none"],
            }
        )

    async def authorize(self, request: Request) -> Response:
        asked = {name: str(value) for name, value in request.query_params.items()}
        if wrong := _wrong(asked):
            return _page("Sign in", Markup("<p>{}</p>").format(wrong), 400)
        if request.method == "GET":
            return _page("Practice sign-in", self._people(asked))
        async with request.form() as form:
            chosen = str(form.get("person", ""))
        claims = self._claims(chosen)
        if claims is None:
            return _page("Sign in", Markup("<p>There is no such practice sign-in.</p>"), 400)
        code = secrets.token_urlsafe(24)
        self._forget_old()
        self._grants[code] = _Grant(claims, asked, time.monotonic() + CODE_SECONDS)
        back = urlencode({"code": code, "state": asked.get("state", ""), "iss": self.issuer.url})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 303)

    async def token(self, request: Request) -> Response:
        async with request.form() as form:
            sent = {name: str(value) for name, value in form.items()}
        self._forget_old()
        grant = self._grants.pop(sent.get("code", ""), None)
        if grant is None or not _redeems(sent, grant.request):
            return JSONResponse({"error": "invalid_grant"}, 400, {"Cache-Control": "no-store"})
        identity = self.issuer.identify(
            grant.claims, client=grant.request["client_id"], nonce=grant.request.get("nonce")
        )
        body = {
            "access_token": self.issuer.issue(grant.claims),
            "id_token": identity,
            "token_type": "Bearer",
            "expires_in": ACCESS_SECONDS,
        }
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    async def end_session(self, request: Request) -> Response:
        """Sends who signs out back (OpenID Connect RP-Initiated Logout 1.0): a press keeps nobody signed in here."""
        asked = request.query_params
        back, claims = asked.get("post_logout_redirect_uri", ""), self.issuer.identified(asked.get("id_token_hint", ""))
        if claims is None or claims["aud"] != asked.get("client_id") or urlsplit(back).hostname not in LOOPBACK:
            return _page("Sign out", Markup("<p>This was not asked by a page of Closeknit.</p>"), 400)
        return RedirectResponse(f"{back}?{urlencode({'state': asked.get('state', '')})}", 303)

    def _forget_old(self) -> None:
        now = time.monotonic()
        kept = [(code, grant) for code, grant in self._grants.items() if grant.until > now]
        self._grants = dict(kept[-MOST_CODES:])

    def _claims(self, username: str) -> Claims | None:
        found = (
            _claims_of(initiative, person)
            for initiative in self.initiatives.values()
            for person in initiative.practice
            if person.username == username
        )
        return next(found, None)

    def _people(self, asked: Mapping[str, str]) -> Markup:
        wanted = asked.get("initiative", "")
        initiatives = [self.initiatives[wanted]] if wanted in self.initiatives else list(self.initiatives.values())
        return Markup("").join(_section(initiative) for initiative in initiatives)


def _wrong(asked: Mapping[str, str]) -> str | None:
    if urlsplit(asked.get("redirect_uri", "")).hostname not in LOOPBACK:
        return "The development issuer sends people back to this machine only."
    if asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256":
        return "Ask with response_type=code and code_challenge_method=S256."
    if not asked.get("code_challenge") or not asked.get("client_id"):
        return "Ask with client_id and code_challenge."
    return None


def _redeems(sent: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    same = all(sent.get(name) == asked[name] for name in ("redirect_uri", "client_id"))
    return (
        sent.get("grant_type") == "authorization_code"
        and same
        and hmac.compare_digest(challenge, asked["code_challenge"])
    )


def _claims_of(initiative: Initiative, person: PracticeSignIn) -> Claims:
    return Claims(
        subject=person.username,
        initiative=initiative.slug,
        agency=person.agency,
        roles=tuple(person.roles),
        working_groups=person.working_groups,
        name=person.name,
        language=person.language,
    )


def _section(initiative: Initiative) -> Markup:
    agencies = {agency.id: agency.name for agency in initiative.agencies}
    groups = {group.slug: group.name for group in initiative.working_groups}
    rows = [
        Markup(
            '<li class="row"><div><strong>{}</strong><br><span class="quiet">{}</span></div>'
            '<button class="second end" name="person" value="{}">Sign in<span class="sr"> as {}</span></button></li>'
        ).format(person.name, _place(person, agencies, groups), person.username, person.name)
        for person in initiative.practice
    ]
    return Markup('<form method="post" class="card"><h2>{}</h2><ul class="ruled plainlist">{}</ul></form>').format(
        initiative.name, Markup("").join(rows)
    )


def _place(person: PracticeSignIn, agencies: Mapping[str, str], groups: Mapping[str, str]) -> str:
    where = [agencies[person.agency]] if person.agency else [groups[group] for group in person.working_groups]
    return ": ".join([", ".join(where), ", ".join(role.replace("_", " ") for role in person.roles)])


def _page(title: str, body: Markup, status: int = 200) -> Response:
    page = Markup(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title} - Closeknit</title>'
        '<link rel="stylesheet" href="closeknit.css"></head><body><header class="top"><div class="practice">'
        '<p class="wrap">Practice data. Nobody on these pages is real.</p></div></header>'
        '<main class="wrap"><h1>{title}</h1><p class="lead">In production this page is the sign-in of an agency. '
        "Here, one press signs you in as an invented person.</p>{body}</main></body></html>"
    ).format(title=title, body=body)
    return HTMLResponse(page, status, {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})


def run(environ: Mapping[str, str] = os.environ) -> None:
    """Serve the issuer named by CLOSEKNIT_ISSUER (http, loopback) until a signal; its key is in CLOSEKNIT_KEYS.

    Raises NotInProduction.
    """
    url = environ["CLOSEKNIT_ISSUER"]
    issuer = DevelopmentIssuer(url, Path(environ["CLOSEKNIT_KEYS"]), environ)
    initiatives = load_initiatives(Path(environ.get("CLOSEKNIT_INITIATIVES") or "deploy/initiatives"))
    port = urlsplit(url).port or 80
    config = uvicorn.Config(
        SignIns(issuer, initiatives).app(), host="127.0.0.1", port=port, log_config=None, access_log=False
    )
    uvicorn.Server(config).run()


if __name__ == "__main__":
    run()
