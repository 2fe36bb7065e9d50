"""Owns signing in: OpenID Connect code flow with PKCE against the one issuer that the settings name."""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from joserfc import jws, jwt
from joserfc.errors import JoseError

from services.gateway.access.kept_forms import KeptForms
from services.gateway.access.provider import OK, Provider, ask
from services.gateway.access.session import Sealer, Session
from services.gateway.access.signing_out import SigningOut
from services.gateway.settings import GatewaySettings
from services.runtime.auth import ALGORITHMS, AuthProblem, IssuerKeys, Principal, Verifier

FLOW_SECONDS = 900
LEEWAY_S = 5


class SignInProblem(Exception):
    """Somebody came back from the issuer without having signed in; `why` is one of the page's own words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class SignedIn:
    """Who came back: the new session, whose it is, the sealed way back, and the provider's identity token."""

    session: Session
    principal: Principal
    then: str
    identity: str = field(repr=False)


class SignIn:
    """The two halves of a sign-in. What has to survive between them is sealed into the browser's own cookie."""

    def __init__(self, settings: GatewaySettings, keys: IssuerKeys, verifier: Verifier) -> None:
        self._settings = settings
        self._provider = Provider(settings.issuer)
        self.out = SigningOut(settings, self._provider)
        self._idle_s = settings.session_idle_minutes * 60
        self._keys = keys
        self._verifier = verifier
        self._sealer = Sealer(settings.session_key, "sign-in")
        self._forms = KeptForms(settings.session_key)

    @property
    def back(self) -> str:
        """Where the issuer sends people back to."""
        return f"{self._settings.public_url}/sign-in/back"

    @property
    def issuer_origin(self) -> str:
        parts = urlsplit(self._settings.issuer)
        return f"{parts.scheme}://{parts.netloc}"

    async def start(self, initiative: str, then: str, language: str) -> tuple[str, str]:
        """The issuer's address to send a browser to, and the sealed flow to keep, the way back in it.

        Raises AuthProblem 503.
        """
        issuer = await self._provider.says()
        flow = {
            "state": secrets.token_urlsafe(18),
            "nonce": secrets.token_urlsafe(18),
            "proof": secrets.token_urlsafe(48),
            "then": then,
            "until": time.time() + FLOW_SECONDS,
        }
        asked = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self.back,
            "scope": "openid",
            "state": flow["state"],
            "nonce": flow["nonce"],
            "max_age": str(self._idle_s),
            "code_challenge": _challenge(str(flow["proof"])),
            "code_challenge_method": "S256",
            "ui_locales": language,
            "initiative": initiative,
        }
        return f"{issuer['authorization_endpoint']}?{urlencode(asked)}", self._sealer.seal(flow)

    async def finish(self, answer: Mapping[str, str], sealed: str) -> SignedIn:
        """Raises SignInProblem, AuthProblem 503."""
        flow = self._sealer.open(sealed)
        if flow is None or flow["until"] < time.time():
            raise SignInProblem("too-late")
        if not hmac.compare_digest(flow["state"], answer.get("state", "")):
            raise SignInProblem("mixed-up")
        await self._check_sender(answer)
        if "code" not in answer:
            raise SignInProblem("refused")
        tokens = await self._redeem(answer["code"], flow["proof"])
        identity = str(tokens.get("id_token", ""))
        sign_in = await self._check_identity(identity, flow["nonce"], flow["until"] - FLOW_SECONDS - self._idle_s)
        try:
            principal = await self._verifier.verify(str(tokens.get("access_token", "")))
        except AuthProblem as problem:
            if problem.slug != "not-signed-in":
                raise
            raise SignInProblem("no-place") from problem
        session = Session.begin(principal.token, principal.subject, sign_in, principal.initiative)
        return SignedIn(self._forms.signed(session, principal), principal, flow["then"], identity)

    def way_back(self, sealed: str) -> str:
        """The way back that a flow keeps, for another try; empty where there is none."""
        flow = self._sealer.open(sealed)
        return str(flow["then"]) if flow is not None else ""

    async def _redeem(self, code: str, proof: str) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.back,
            "client_id": self._settings.client_id,
            "code_verifier": proof,
        }
        if self._settings.client_secret:
            form["client_secret"] = self._settings.client_secret
        issuer = await self._provider.says()
        status, tokens = await ask("POST", issuer["token_endpoint"], form)
        if status != OK:
            raise SignInProblem("refused")
        return tokens

    async def _check_sender(self, answer: Mapping[str, str]) -> None:
        """An answer names its issuer, where that says that it always does (RFC 9207): no other one's code gets in."""
        issuer = await self._provider.says()
        must = issuer.get("authorization_response_iss_parameter_supported") is True
        if answer.get("iss", "" if must else self._settings.issuer) != self._settings.issuer:
            raise SignInProblem("mixed-up")

    async def _check_identity(self, token: str, nonce: str, since: float) -> str:
        """The identity token is for this client and this flow (OpenID Connect Core 3.1.3.7), of somebody who typed the
        password `since` then; gives its `sid`."""
        try:
            header = jws.extract_compact(token.encode()).headers()
            keys = await self._keys.having(str(header.get("kid", "")))
            claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
            jwt.JWTClaimsRegistry(
                leeway=LEEWAY_S,
                iss={"essential": True, "value": self._settings.issuer},
                aud={"essential": True, "value": self._settings.client_id},
                exp={"essential": True},
                nonce={"essential": True, "value": nonce},
                azp={"value": self._settings.client_id},
            ).validate(claims)
        except (JoseError, ValueError) as error:
            raise SignInProblem("mixed-up") from error
        typed = claims.get("auth_time")
        if not isinstance(typed, int | float) or typed < since - LEEWAY_S:
            raise SignInProblem("long-ago")
        return str(claims.get("sid", ""))


def _challenge(proof: str) -> str:
    digest = hashlib.sha256(proof.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
