"""Freshness: a read waits for the version that its caller names, as one does that has just written it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Final, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints

from services.runtime.http.call import Call
from services.runtime.http.problem import version_not_here

WAIT_SECONDS: Final = 2.0
_AGAIN_SECONDS: Final = 0.05

ETag = Annotated[str, StringConstraints(pattern=r'^(W/)?"?[0-9]{1,9}"?$')]


class AtLeast(BaseModel):
    """`min_version`: an ETag to wait for, up to two seconds; 503 where it does not come."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)

    min_version: ETag | None = None

    def version(self) -> int:
        """The version that is waited for; 0 is there from the beginning."""
        return int((self.min_version or "0").strip('W/"'))


class Versioned(Protocol):
    """What is read of a thing that has a version."""

    @property
    def version(self) -> int: ...


Seen = TypeVar("Seen", bound=Versioned)


async def fresh(call: Call, read: Callable[[], Awaitable[Seen]]) -> Seen:
    """What `read` gives, once its version is what the call asks for. Raises Problem (503) where that takes too long."""
    loop = asyncio.get_running_loop()
    until = loop.time() + WAIT_SECONDS
    while (seen := await read()).version < call.at_least:
        if loop.time() >= until:
            raise version_not_here()
        await asyncio.sleep(_AGAIN_SECONDS)
    return seen
