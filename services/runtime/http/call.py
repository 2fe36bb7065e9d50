"""The call: what a route needs to know of a request beside its body, what it answers with, and its turn."""

import types
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Generic, NamedTuple, TypeVar

from pydantic import BaseModel

from services.runtime.http.problem import precondition_failed

Model_co = TypeVar("Model_co", bound=BaseModel, covariant=True)


@types.coroutine
def in_step() -> Generator[None, None, None]:
    """Go on when every other call that is ready has had a turn of the event loop.

    Sixteen that came together are parsed one after the other, then decided, then packed: the code of a step, and what
    it reads, is in the processor's caches for all but the first. Each run to its end takes a fifth longer (record
    0006). With nobody else there it costs a microsecond.
    """
    yield


class Call(NamedTuple):
    """One request. `deadline` is on the event loop's clock; `fingerprint_text` is the address and body that count as
    "the same request" for an Idempotency-Key (the body without its white space); `at_least` is the
    version that a read waits for (`freshness.fresh`)."""

    operation: str
    request_id: str
    idempotency_key: str | None
    if_match: frozenset[str] | None
    traceparent: str | None
    deadline: float
    fingerprint_text: bytes
    at_least: int = 0

    def require(self, version: int) -> None:
        """Raises 412 where If-Match names other versions than the one that stands (RFC 9110 section 13.1.1).

        Where nothing stands (0) no version does, `*` included: see `makes_new`.
        """
        stands = version > 0 and {"*", f'"{version}"'}
        if self.if_match is not None and not (stands and stands & self.if_match):
            raise precondition_failed(version)

    def makes_new(self) -> None:
        """Raises 412 with any If-Match: who sends it with a command that makes something new wants the first answer to
        this very command, and nothing made."""
        self.require(0)

    @contextmanager
    def meant_for(self, version: int) -> Iterator[None]:
        """What is refused at another version than the caller named is 412: it was said of what stood before."""
        try:
            yield
        except Exception:
            self.require(version)
            raise


class Reply(NamedTuple, Generic[Model_co]):
    """An answer that needs more than a body: another status, the version as ETag, where the new thing is."""

    body: Model_co
    status: int | None = None
    version: int | None = None
    location: str | None = None
    replayed: bool = False
