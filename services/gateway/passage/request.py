"""Owns one request of the public API as it came, and what of it goes on to a service behind."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from services.runtime.http.problem import FieldError, malformed

# Nothing else of a request reaches the services behind.
SENT_ON = (
    (b"authorization", b"\r\nAuthorization: "),
    (b"content-type", b"\r\nContent-Type: "),
    (b"accept", b"\r\nAccept: "),
    (b"idempotency-key", b"\r\nIdempotency-Key: "),
    (b"if-match", b"\r\nIf-Match: "),
    (b"if-none-match", b"\r\nIf-None-Match: "),
    (b"dpop", b"\r\nDPoP: "),
    (b"client-cert", b"\r\nClient-Cert: "),
)
PROOFS = (b"dpop", b"client-cert")
"""Where a caller, and who ends its TLS, shows that its token is its own: sent on with a token that asks for it."""
# What would end the request line's target: no parser lets it come so far, and none may be the only one.
UNSAFE = re.compile(rb"[\0-\x20\x7f]")


def asked_from(scope: Scope, proxies: Collection[str]) -> tuple[str, int] | None:
    """Who asks: the other end of the connection, or, where that is a proxy of ours, whom the last of these names.

    What stands to the left of that in X-Forwarded-For is the caller's own claim.
    """
    client: tuple[str, int] | None = scope["client"]
    if client is None or client[0] not in proxies:
        return client
    said = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for").decode("latin-1")
    named = [each.strip() for each in said.split(",") if each.strip()]
    return next(((each, 0) for each in reversed(named) if each not in proxies), client)


@dataclass(slots=True)
class Request:
    """One request as it came, with the trace that it belongs to."""

    scope: Scope
    headers: dict[bytes, bytes]
    receive: Receive
    send: Send
    traceparent: str

    @property
    def address(self) -> str:
        """Where it came from."""
        client = self.scope.get("client")
        return str(client[0]) if client else ""

    def without_proofs(self) -> None:
        """Forget what nobody has looked at."""
        for name in PROOFS:
            self.headers.pop(name, None)

    def wire(self, method: str, host: bytes, body: bytes | None) -> bytes:
        """The request as it goes on, in one piece. Raises 422 where a value would become more than one line."""
        query: bytes = self.scope["query_string"]
        path: bytes = self.scope["path"].encode()
        target = b"%b?%b" % (path, query) if query else path
        if UNSAFE.search(target):
            raise malformed([FieldError("", "target", "The address cannot be passed on.")])
        parts = [b"%b %b HTTP/1.1\r\nHost: %b\r\ntraceparent: " % (method.encode(), target, host)]
        parts.append(self.traceparent.encode())
        for name, label in SENT_ON:
            if (value := self.headers.get(name)) is not None:
                if b"\n" in value or b"\r" in value or b"\0" in value:  # the same; a token is too long for a pattern
                    raise malformed([FieldError(f"/header/{name.decode()}", "lines", "One line is taken.")])
                parts += (label, value)
        parts.append(b"\r\n\r\n" if body is None else b"\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        return b"".join(parts)

    def head(self, method: str, host: bytes) -> bytes:
        """The same for a body that follows in chunks, as it comes (RFC 9112 section 7.1)."""
        return self.wire(method, host, None).removesuffix(b"\r\n\r\n") + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
