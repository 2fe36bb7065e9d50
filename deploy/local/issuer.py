"""Owns the development issuer's key and the tokens that it signs. It does not exist in production."""

import json
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

AUDIENCE = "closeknit"
ACCESS_SECONDS = 8 * 3600
IDENTITY_SECONDS = 60
LOGOUT_SECONDS = 120


class NotInProduction(Exception):
    """The development issuer was asked for where CLOSEKNIT_ENVIRONMENT is not `development`."""


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What a token says of its bearer; an agency is given exactly for agencies' roles."""

    subject: str
    initiative: str
    roles: tuple[str, ...]
    agency: str | None = None
    working_groups: tuple[str, ...] = ()
    name: str | None = None
    language: str | None = None

    def document(self) -> dict[str, Any]:
        found = {
            "sub": self.subject,
            "initiative": self.initiative,
            "agency": self.agency,
            "roles": list(self.roles),
            "working_groups": list(self.working_groups),
            "name": self.name,
            "locale": self.language,
        }
        return {name: value for name, value in found.items() if value is not None}


class DevelopmentIssuer:
    """Signs tokens with an ES256 key kept in a folder of the local state (0600). Times are epoch seconds, UTC."""

    def __init__(self, url: str, folder: Path, environ: Mapping[str, str] = os.environ) -> None:
        """`url` is the issuer's name in tokens. Raises NotInProduction."""
        if environ.get("CLOSEKNIT_ENVIRONMENT") != "development":
            raise NotInProduction("the development issuer exists only where CLOSEKNIT_ENVIRONMENT=development")
        self.url = url.rstrip("/")
        self._key = _key_in(folder)

    def keys(self) -> Mapping[str, Any]:
        """The public key set (RFC 7517)."""
        return {"keys": [self._key.as_dict(private=False, use="sig", alg="ES256")]}

    def issue(self, claims: Claims, *, seconds: int = ACCESS_SECONDS, bound_to: Mapping[str, str] | None = None) -> str:
        """An access token (RFC 9068) that lives so many seconds; negative: one that has expired already.

        `bound_to` is its `cnf`: the thumbprint of a key (`jkt`), of a certificate (`x5t#S256`), or of both.
        """
        return self.sign("at+jwt", {"aud": AUDIENCE, **claims.document(), "cnf": bound_to}, seconds)

    def identify(self, claims: Claims, *, client: str, nonce: str | None) -> str:
        """An OpenID Connect identity token for one client of the issuer."""
        now, sign_in = int(time.time()), secrets.token_urlsafe(12)
        body = {"aud": client, "nonce": nonce, "sub": claims.subject, "sid": sign_in, "auth_time": now}
        return self.sign("JWT", body, IDENTITY_SECONDS)

    def identified(self, token: str) -> Mapping[str, Any] | None:
        """What an identity token said that was signed here, also when it has run out; None for anything else."""
        try:
            found = jwt.decode(token, self._key)
        except (JoseError, ValueError):
            return None
        return found.claims if found.header.get("typ") == "JWT" else None

    def end(self, *, client: str, **named: Any) -> str:
        """A logout token (OpenID Connect Back-Channel Logout 1.0) for one client; what is None is left out."""
        events: Mapping[str, Any] = {"http://schemas.openid.net/event/backchannel-logout": {}}
        return self.sign("logout+jwt", {"aud": client, "events": events, **named}, LOGOUT_SECONDS)

    def sign(self, kind: str, body: Mapping[str, Any], seconds: int) -> str:
        """A token of a kind; what is None is left out."""
        now = int(time.time())
        times = {"iat": min(now, now + seconds), "exp": now + seconds, "jti": secrets.token_urlsafe(12)}
        whole = {"iss": self.url, **times, **body}
        claims = {name: value for name, value in whole.items() if value is not None}
        header = {"alg": "ES256", "typ": kind, "kid": self._key.kid}
        return jwt.encode(header, claims, self._key, default_type=None)


def _key_in(folder: Path) -> ECKey:
    path = folder / "issuer.json"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        key = ECKey.generate_key("P-256", {"use": "sig"}, auto_kid=True)
        new = folder / f"issuer.{secrets.token_hex(4)}.new"
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(key.as_dict(private=True), file)
        try:
            os.link(new, path)
        except FileExistsError:
            pass  # somebody else was first: theirs counts
        finally:
            new.unlink()
    return ECKey.import_key(json.loads(path.read_text()))
