"""Paging: cursors of one list with its filters, for whoever got them alone, that say nothing to them either."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Self, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from services.referrals.api.naming import Naming
from services.referrals.api.shapes import Page
from services.referrals.application.desk import Desk
from services.referrals.application.work import Part, Place
from services.referrals.domain.frozen import frozen
from services.runtime.http.problem import FieldError, malformed

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = (datetime(9999, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)
_TIME_BITS = 64
_NO_TIME = (1 << _TIME_BITS) - 1
_HALF = 26
_TAG_BYTES = 8

Item = TypeVar("Item")


@frozen
class Listing:
    """One list as its `reader` asked for it: its address, the `filters` that say what is in it, the part asked for.

    A cursor is two blocks under the reader's key: the id of an entry, and its time with what ties both to the list and
    its filters. `typed` is a filter that came in a body, which no address may hold; `shown` is what else stands in the
    address of the next part and leaves nothing out of the list. `lists` says which list it is to the cursor where the
    address does so in a form that changes: a client is called otherwise each year.
    """

    desk: Desk
    reader: str
    path: str
    page: Page
    filters: Mapping[str, object]
    typed: str = ""
    shown: Mapping[str, object] = field(default_factory=dict)
    lists: str = ""

    @classmethod
    def of(cls, naming: Naming, path: str, page: Page, **filters: object) -> Self:
        """A list of the caller's agency."""
        return cls(naming.desk, naming.acting.agency, path, page, filters)

    @classmethod
    def of_client(cls, naming: Naming, client: UUID, what: str, page: Page, **filters: object) -> Self:
        """A list of the caller's agency about one client, whichever form of her reference it was asked by."""
        path = f"/v1/clients/{naming.out('client', client)}/{what}"
        return cls(naming.desk, naming.acting.agency, path, page, filters, lists=f"{what} of {client}")

    def showing(self, **shown: object) -> Self:
        """The same list, shown in this way."""
        return replace(self, shown=shown)

    def part(self) -> Part:
        """Which part of it is asked for. Raises 422 for a cursor that was never given to this reader for this list."""
        cursor = self.page.cursor
        return Part(self.page.limit, None if cursor is None else self._place(cursor))

    def next_url(self, place: Place | None) -> str | None:
        """The address of the next part, None behind the last."""
        if place is None:
            return None
        at, id = place
        micros = _NO_TIME if at is None else (at - _EPOCH) // timedelta(microseconds=1)
        block = UUID(int=self._tag(id) << _TIME_BITS | micros)
        cursor = "".join(self.desk.vault.pairwise.out(self.reader, "cursor", half) for half in (id, block))
        said = {**self.filters, **self.shown}
        kept = {name: str(value).lower() for name, value in said.items() if value is not None}
        return f"{self.path}?{urlencode(kept | {'limit': self.page.limit, 'cursor': cursor})}"

    def _place(self, cursor: str) -> Place:
        back = self.desk.vault.pairwise.back
        id, block = (back(self.reader, "cursor", half) for half in (cursor[:_HALF], cursor[_HALF:]))
        if id is None or block is None or block.int >> _TIME_BITS != self._tag(id):
            raise unknown_cursor()
        micros = block.int & _NO_TIME
        if micros == _NO_TIME:
            return None, id
        if micros >= _LATEST:
            raise unknown_cursor()
        return _EPOCH + timedelta(microseconds=micros), id

    def _tag(self, id: UUID) -> int:
        filters = [f"{name}={value}" for name, value in sorted(self.filters.items())]
        said = "\0".join([self.lists or self.path, *filters, self.typed])
        return int.from_bytes(blake2b(said.encode() + id.bytes, digest_size=_TAG_BYTES).digest())


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
            raise unknown_cursor()
        ordered = [item for item in ordered if place(item) < (at, id)]
    shown = ordered[: wanted.limit]
    return shown, place(shown[-1]) if len(ordered) > len(shown) else None


def as_it_stands(
    items: Sequence[Item], wanted: Part, id_of: Callable[[Item], UUID]
) -> tuple[Sequence[Item], Place | None]:
    """The same of a list that has an order of its own. Raises 422 where the entry of the cursor is in it no more."""
    start = 0
    if wanted.after is not None:
        ids = [id_of(item) for item in items]
        if wanted.after[1] not in ids:
            raise unknown_cursor()
        start = ids.index(wanted.after[1]) + 1
    shown = items[start : start + wanted.limit]
    return shown, (None, id_of(shown[-1])) if start + len(shown) < len(items) else None


def unknown_cursor() -> Exception:
    """422: a cursor of another list, of other filters, of another agency, or of nobody."""
    return malformed([FieldError("/query/cursor", "unknown_cursor", "Take the cursor from the last answer's next.")])
