"""Paging: cursors that only the agency that got them can use, and that say nothing to it either."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from services.referrals.api.naming import Naming
from services.referrals.api.shapes import Page
from services.referrals.application.work import Part, Place
from services.runtime.http.problem import FieldError, malformed

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(9999, 1, 1, tzinfo=UTC) - _EPOCH
_NO_TIME = (1 << 128) - 1
_HALF = 26

Item = TypeVar("Item")


def part(naming: Naming, page: Page) -> Part:
    """Which part of a list is asked for. Raises 422 for a cursor that this agency was never given."""
    return Part(page.limit, None if page.cursor is None else _place(naming, page.cursor))


def latest_first(
    items: Iterable[Item], wanted: Part, place: Callable[[Item], tuple[datetime, UUID]]
) -> tuple[list[Item], Place | None]:
    """A part of a list that was read whole, and the place of its last entry where there are more.

    Raises 422 for a cursor of a list whose entries may stand without a time.
    """
    ordered = sorted(items, key=place, reverse=True)
    if wanted.after is not None:
        at, id = wanted.after
        if at is None:
            raise _unknown()
        ordered = [item for item in ordered if place(item) < (at, id)]
    shown = ordered[: wanted.limit]
    return shown, place(shown[-1]) if len(ordered) > len(shown) else None


def next_url(naming: Naming, path: str, query: Mapping[str, object], place: Place | None) -> str | None:
    """The address of the next part, None behind the last."""
    if place is None:
        return None
    at, id = place
    micros = _NO_TIME if at is None else (at - _EPOCH) // timedelta(microseconds=1)
    cursor = naming.out("cursor", id) + naming.out("cursor", UUID(int=micros))
    kept = {name: str(value).lower() for name, value in query.items() if value is not None}
    return f"{path}?{urlencode(kept | {'cursor': cursor})}"


def _place(naming: Naming, cursor: str) -> Place:
    back = naming.desk.vault.pairwise.back
    id, time = (back(naming.acting.agency, "cursor", half) for half in (cursor[:_HALF], cursor[_HALF:]))
    if id is None or time is None:
        raise _unknown()
    if time.int == _NO_TIME:
        return None, id
    if time.int >= _LATEST // timedelta(microseconds=1):
        raise _unknown()
    return _EPOCH + timedelta(microseconds=time.int), id


def _unknown() -> Exception:
    return malformed([FieldError("/query/cursor", "unknown_cursor", "Take the cursor from the last answer's next.")])
