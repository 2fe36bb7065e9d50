"""Problems: every refusal over HTTP as application/problem+json (RFC 9457), which never echoes what was sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

MEDIA_TYPE = "application/problem+json"
METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
"""What any address here takes."""
CHALLENGE = 'Bearer, DPoP algs="ES256 RS256"'
"""How a caller may show who it is: with a token, or with one and the proof that it is its own (RFC 9449)."""
AWAITED = frozenset({"version-not-here"})
"""Problems from 500 on that are the caller's to wait for and no failure of ours."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with a request: a JSON pointer to it, a stable code, and a sentence without the value."""

    pointer: str
    code: str
    message: str


class Problem(Exception):
    """Raised anywhere below a route; answered as problem+json with `type` = /problems/<slug>.

    `detail`, `errors` and `more` must hold no identity value and nothing that was typed; `more` adds members of its own
    (RFC 9457 section 3.2), such as what stands after a conflict.
    """

    def __init__(  # noqa: PLR0913 - the members of RFC 9457
        self,
        status: int,
        slug: str,
        title: str,
        detail: str | None = None,
        *,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(slug)
        self.status = status
        self.slug = slug
        self.title = title
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.more = dict(more or {})

    def document(self, instance: str) -> dict[str, Any]:
        """The members as they go out; `instance` names this one occurrence for the help desk."""
        members: dict[str, Any] = {"type": f"/problems/{self.slug}", "title": self.title, "status": self.status}
        if self.detail is not None:
            members["detail"] = self.detail
        members["instance"] = instance
        if self.errors:
            members["errors"] = [
                {"pointer": error.pointer, "code": error.code, "message": error.message} for error in self.errors
            ]
        return members | self.more

    def encoded(self, instance: str) -> bytes:
        return orjson.dumps(self.document(instance))


def instance_of(request_id: str) -> str:
    """The occurrence as a URI: the request's own id, never its path."""
    return f"urn:uuid:{request_id}"


def not_signed_in(detail: str = "Send a bearer token that this service knows.") -> Problem:
    return Problem(401, "not-signed-in", "You are not signed in.", detail, headers={"WWW-Authenticate": CHALLENGE})


def role_forbids() -> Problem:
    return Problem(403, "role-forbids", "Your role does not allow this.", "Ask your agency's administrator.")


def not_found() -> Problem:
    """Also the answer about everything that the caller may not know of."""
    return Problem(404, "not-found", "There is nothing here for you.", "It does not exist, or it is not yours to see.")


def method_not_allowed(methods: Iterable[str]) -> Problem:
    """HEAD is taken wherever GET is."""
    taken = frozenset(methods)
    allow = ", ".join(sorted(taken | {"HEAD"} if "GET" in taken else taken))
    detail = f"It takes {allow}." if allow else "It takes another."
    return Problem(
        405, "method-not-allowed", "This address does not take that method.", detail, headers={"Allow": allow}
    )


def method_unknown() -> Problem:
    """A method that the server itself does not read, whatever the address."""
    allow = ", ".join(METHODS)
    detail = f"No address takes it: {allow} are read here."
    title = "This address does not take that method."
    return Problem(501, "method-not-allowed", title, detail, headers={"Allow": allow})


def unreadable() -> Problem:
    """What came over the connection is no HTTP request."""
    return Problem(400, "malformed", "The request is not well formed.", "It cannot be read as HTTP.")


def precondition_required() -> Problem:
    """428: who replaces or changes a thing says what it looked like (RFC 6585 section 3)."""
    return Problem(
        428, "precondition-required", "Say which version you read.", "Send If-Match with the ETag of the last answer."
    )


def precondition_failed(version: int) -> Problem:
    return Problem(
        412,
        "precondition-failed",
        "It has changed since you read it.",
        "Read it again and decide anew.",
        headers={"ETag": f'"{version}"'},
        more={"version": version},
    )


def too_large(limit: int) -> Problem:
    return Problem(413, "too-large", "That is too much for one request.", f"At most {limit} bytes are taken.")


def head_too_large(limit: int, fields: int) -> Problem:
    """431: the address and the headers, together or in number (RFC 6585 section 5)."""
    detail = f"At most {limit} bytes and {fields} headers are taken."
    return Problem(431, "head-too-large", "The head of the request is too large.", detail)


def unsupported_media_type() -> Problem:
    return Problem(415, "unsupported-media-type", "The body must be JSON.", "Send Content-Type: application/json.")


def malformed(errors: Iterable[FieldError]) -> Problem:
    return Problem(422, "malformed", "The request is not well formed.", "See errors for each place.", errors=errors)


def idempotency_key_required() -> Problem:
    return Problem(
        422,
        "idempotency-key-required",
        "An agency's system must send an Idempotency-Key.",
        "Choose a new random key for each new request and repeat it when you retry.",
        errors=[FieldError("/header/Idempotency-Key", "missing", "A header of 1 to 255 visible characters.")],
    )


def idempotency_key_reused() -> Problem:
    return Problem(
        422,
        "idempotency-key-reused",
        "This Idempotency-Key stood on another request.",
        "Use a new key for a new request.",
    )


def overloaded(seconds: int = 1) -> Problem:
    return Problem(
        503,
        "overloaded",
        "Too much is waiting.",
        "Nothing was saved. Try again shortly.",
        headers={"Retry-After": str(seconds)},
    )


def unavailable(seconds: int = 2, part: str | None = None) -> Problem:
    """`part`: the id of what is missing, for whoever has to bring it back."""
    return Problem(
        503,
        "unavailable",
        "A part of the system is down.",
        "Repeat the request with the same Idempotency-Key: it is not doubled.",
        headers={"Retry-After": str(seconds)},
        more={"part": part} if part else {},
    )


def version_not_here(seconds: int = 1) -> Problem:
    """A read waited for the version that its caller named; nothing is wrong with this system."""
    return Problem(
        503,
        "version-not-here",
        "That version is not here yet.",
        "It was waited for. Read again in a moment, or without min_version for what stands now.",
        headers={"Retry-After": str(seconds)},
    )


def internal() -> Problem:
    return Problem(500, "internal", "Something broke on our side.", "Give the help desk the code in instance.")


SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457. `type` is a page that explains it; nothing in it repeats what was sent.",
    "required": ["type", "title", "status", "instance"],
    "properties": {
        "type": {"type": "string", "description": "/problems/<slug>"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "this one occurrence, for the help desk"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {
                    "pointer": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
    "additionalProperties": True,
}
