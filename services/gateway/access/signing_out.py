"""Owns signing out at the provider too (OpenID Connect RP-Initiated Logout 1.0), where it says that it can be done."""

from urllib.parse import urlencode

from services.gateway.access.provider import Provider
from services.gateway.access.session import Sealer, Session
from services.gateway.settings import GatewaySettings
from services.runtime.auth import AuthProblem

BACK = "/sign-in/out"
"""Where the provider sends people back to (the client's post-logout redirect address there)."""
LONGEST_IDENTITY = 3_900
"""A browser keeps 4,096 bytes of a cookie, its name among them."""


class SigningOut:
    """The way to the provider's sign-out and back.

    The identity token says there whose sign-in ends. It is sealed into a cookie of its own, which a browser brings to
    the sign-out alone, and is worth something beside its session's cookie only.
    """

    def __init__(self, settings: GatewaySettings, provider: Provider) -> None:
        self._settings = settings
        self._provider = provider
        self._sealer = Sealer(settings.session_key, "identity")

    def kept(self, identity: str, session: Session) -> str:
        """The sealed identity token; empty where it is too long to be kept: the provider asks then whom to sign out."""
        sealed = self._sealer.seal({"of": session.seed, "token": identity})
        return sealed if len(sealed) <= LONGEST_IDENTITY else ""

    async def address(self, sealed: str, session: Session, state: str, language: str) -> str | None:
        """Where a browser is signed out and sent back from with `state`; None where there is no such place, or nobody
        says so now."""
        try:
            place = (await self._provider.says()).get("end_session_endpoint")
        except AuthProblem:
            return None
        if not isinstance(place, str):
            return None
        asked = {
            "id_token_hint": self._identity(sealed, session),
            "client_id": self._settings.client_id,
            "post_logout_redirect_uri": f"{self._settings.public_url}{BACK}",
            "state": state,
            "ui_locales": language,
        }
        given = urlencode({name: value for name, value in asked.items() if value})
        return f"{place}{'&' if '?' in place else '?'}{given}"

    def _identity(self, sealed: str, session: Session) -> str:
        found = self._sealer.open(sealed)
        return str(found["token"]) if found is not None and found["of"] == session.seed else ""
