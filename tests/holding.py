"""An agency's system that holds a key and a certificate, and shows it with its requests."""

import base64
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc import jws, jwt
from joserfc.jwk import ECKey, RSAKey

from services.runtime.auth import thumbprint


@dataclass(frozen=True)
class Holder:
    """`certificate` stands for the DER bytes of one: only its digest is looked at."""

    key: ECKey | RSAKey = field(default_factory=lambda: ECKey.generate_key("P-256"))
    certificate: bytes = field(default_factory=lambda: secrets.token_bytes(64))

    @property
    def by_key(self) -> Mapping[str, str]:
        """`cnf` of a token that is bound to the key."""
        return {"jkt": self.key.thumbprint()}

    @property
    def by_certificate(self) -> Mapping[str, str]:
        return {"x5t#S256": thumbprint(self.certificate)}

    @property
    def client_cert(self) -> str:
        """What a proxy says of the certificate (RFC 9440)."""
        return f":{base64.b64encode(self.certificate).decode()}:"

    def proof(
        self, method: str, url: str, token: str, *, header: Mapping[str, Any] | None = None, **claims: Any
    ) -> str:
        """A proof for one request (RFC 9449 section 4.2); what is None is left out."""
        body = {
            "jti": secrets.token_urlsafe(12),
            "htm": method,
            "htu": url,
            "iat": int(time.time()),
            "ath": thumbprint(token.encode()),
            **claims,
        }
        head = {
            "typ": "dpop+jwt",
            "alg": "ES256" if isinstance(self.key, ECKey) else "RS256",
            "jwk": self.key.as_dict(private=False),
            **(header or {}),
        }
        head, body = ({name: each for name, each in part.items() if each is not None} for part in (head, body))
        anything = jws.JWSRegistry(algorithms=[head["alg"]])
        return jwt.encode(head, body, self.key, registry=anything, default_type=None)

    def shown(self, method: str, url: str, token: str, **claims: Any) -> dict[str, str]:
        """The headers of a request with a token that is bound to the key."""
        return {"authorization": f"DPoP {token}", "dpop": self.proof(method, url, token, **claims)}
