"""Owns what a process remembers of streams and of clients' work, so that a command need not ask for it again."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Final, Generic, TypeVar
from uuid import UUID

from services.referrals.store.commit import Commit, WorkRow, WorkSeen
from services.referrals.store.written import Written

Value = TypeVar("Value")

CLIENTS: Final = 8_192
STREAMS: Final = 4 * CLIENTS  # herself, her plan, what she agreed to, what was sent for her: about 80 MB
LONGEST: Final = 200  # events of a stream; a longer one is read anew each time


class _Bounded(Generic[Value]):
    """The values last used, by id: by its number, as a UUID's own hash takes longer than all the rest."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._values: OrderedDict[int, Value] = OrderedDict()

    def get(self, id: UUID) -> Value | None:
        value = self._values.get(id.int)
        if value is not None:
            self._values.move_to_end(id.int)
        return value

    def keep(self, id: UUID, value: Value) -> None:
        values = self._values
        values[id.int] = value
        values.move_to_end(id.int)
        if len(values) > self._bound:
            values.popitem(last=False)

    def forget(self, id: UUID) -> None:
        self._values.pop(id.int, None)


class Memory:
    """Streams and clients' work as this process last read or wrote them; others may have written since.

    So nothing that comes from here may be shown or refused upon. A command that was decided with it is stored only
    where the append finds every version as it was remembered; else it is decided anew on what is read then.
    """

    def __init__(self, *, streams: int = STREAMS, clients: int = CLIENTS) -> None:
        self._streams: _Bounded[tuple[Written, ...]] = _Bounded(streams)
        self._work: _Bounded[dict[UUID, WorkRow]] = _Bounded(clients)

    def stream(self, id: UUID) -> tuple[Written, ...] | None:
        return self._streams.get(id)

    def work(self, client: UUID) -> dict[UUID, WorkRow] | None:
        return self._work.get(client)

    def read_streams(self, streams: Mapping[UUID, tuple[Written, ...]]) -> None:
        """Remember what was read; what is known to be newer stays."""
        for id, events in streams.items():
            known = self._streams.get(id)
            if known is None or len(known) <= len(events):
                self._keep(id, events)

    def read_work(self, client: UUID, work: Iterable[WorkRow]) -> None:
        """The same for a client's referrals and handoffs, all of them."""
        rows = {row.id: row for row in work}
        known = self._work.get(client)
        if known is None or WorkSeen.of(known.values()) <= WorkSeen.of(rows.values()):
            self._work.keep(client, rows)

    def stored(self, commit: Commit) -> None:
        """Remember what was stored, where all before it is known; a client who is new has no work yet."""
        written: dict[int, list[Written]] = {}
        for event in commit.events:
            written.setdefault(event.stream.int, []).append(event)
        for events in written.values():
            id, known = events[0].stream, events[0].version - 1
            before = (self._streams.get(id) if known else None) or ()
            if not known and id == events[0].envelope.client_id:
                self._work.keep(id, {})
            if len(before) == known:
                self._keep(id, (*before, *events))
            else:
                self._streams.forget(id)
        for row in commit.work:
            rows = self._work.get(row.client_id)
            if rows is not None:
                rows[row.id] = row

    def forget(self, ids: Iterable[UUID]) -> None:
        """These streams, or these clients' work, stand elsewhere than was remembered."""
        for id in ids:
            self._streams.forget(id)
            self._work.forget(id)

    def _keep(self, id: UUID, events: tuple[Written, ...]) -> None:
        if len(events) <= LONGEST:
            self._streams.keep(id, events)
        else:
            self._streams.forget(id)
