"""Owns the proof that event store, Kafka and measures say the same: the first difference, or none."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, LiteralString

import psycopg
from eventsourcing.persistence import MapperDeserialisationError
from psycopg.rows import TupleRow

from services.referrals.publishing import DIRECTORY_TOPIC
from services.referrals.relay.difference import (
    MEASURES,
    STORE,
    Difference,
    Measured,
    named,
    record_difference,
    row_difference,
)
from services.referrals.relay.entries import Entries, records_up_to
from services.referrals.relay.log_reader import LogReader
from services.referrals.relay.loop import Ports
from services.referrals.relay.outgoing import Outgoing, Publisher
from services.referrals.relay.resume import End, LogDamaged, Place, position_of, read_ends
from services.referrals.store.mapper import FactMapper
from services.referrals.store.pages import Pages

_CHANGED: Final[LiteralString] = (
    "SELECT notification_id FROM stored_events WHERE checksum <> event_checksum(originator_id, originator_version,"
    " notification_id, occurred_at, recorded_at, event_id, client_id, correlation_id, causation_id, topic, initiative,"
    " agency, actor, traceparent, state) ORDER BY notification_id LIMIT 1"
)
_TELL_EVERY: Final = 1_000
_BROKEN: Final[LiteralString] = (
    "SELECT min(notification_id) FROM stored_events GROUP BY originator_id"
    " HAVING min(originator_version) > 1 OR max(originator_version) - min(originator_version) + 1 <> count(*)"
    " ORDER BY 1 LIMIT 1"
)


@dataclass(frozen=True)
class Compared:
    """What was looked at: events of the store, records on Kafka, rows of measures (None: not asked for)."""

    events: int
    records: int
    rows: int | None
    difference: Difference | None


Told = Callable[[int, int], None]
_Event = Outgoing | Difference | None


def _silent(done: int, whole: int) -> None:
    del done, whole


class Comparison:
    """Compares everything up to where the store ends when it begins; what is stored later is left alone.

    `deep` looks at the store's own order as well: versions without a gap in every stream.
    """

    def __init__(self, ports: Ports, publisher: Publisher, mapper: FactMapper, *, patience: float = 30.0) -> None:
        self._ports = ports
        self._publisher = publisher
        self._mapper = mapper
        self._patience = patience

    def run(
        self,
        measured: Callable[[int], Iterable[Measured]] | None = None,
        parked: frozenset[tuple[str, int, int]] = frozenset(),
        *,
        deep: bool = False,
        told: Told = _silent,
    ) -> Compared:
        """The first difference, if there is one.

        `measured(last)` gives measures' rows by position, once they have everything up to `last`; `parked` are topic,
        partition and offset of records that measures keep aside. `told(done, whole)` hears how far it is.
        """
        try:
            # The log's ends first: whatever is on the log by then was in the store before.
            ends = read_ends(self._ports.kafka, self._ports.topics)
            with psycopg.connect(self._ports.dsn, autocommit=True) as connection:
                last = Pages(connection, self._mapper).last_position()
                if (found := self._store(connection, ends, last, deep=deep)) is not None:
                    return Compared(0, 0, None, found)
                entries = Entries()
                compared = self._log(connection, ends, last, told, entries)
                if compared.difference is not None or measured is None:
                    return compared
                partitions = len({partition for _, partition in ends})
                outgoing = self._outgoing(connection, last, partitions)
                rows, found = _measures(_expected(outgoing, parked, entries.latest), last, iter(measured(last)))
                return Compared(compared.events, compared.records, rows, found)
        except LogDamaged as damage:
            return Compared(0, 0, None, Difference("Kafka", None, str(damage)))

    def _store(
        self, connection: psycopg.Connection[TupleRow], ends: Mapping[Place, End], last: int, *, deep: bool
    ) -> Difference | None:
        changed = connection.execute(_CHANGED).fetchone()
        if changed is not None:
            return Difference(STORE, changed[0], "the event is not as it was stored")
        if deep and (broken := connection.execute(_BROKEN).fetchone()) is not None:
            return Difference(STORE, broken[0], "the versions of its stream have a gap")
        newest = max(end.position for end in ends.values())
        if newest > last:
            return Difference(STORE, newest, "Kafka has this event, the store has not")
        return None

    def _outgoing(self, connection: psycopg.Connection[TupleRow], last: int, partitions: int) -> Iterator[_Event]:
        """Every event up to `last` with what goes out for it; ends with a `Difference` where the store is damaged."""
        position = 0
        pages = Pages(connection, self._mapper)
        while position < last:
            try:
                page = pages.after(position)
            except MapperDeserialisationError:
                yield Difference(STORE, position + 1, "this event, or one soon after it, cannot be read")
                return
            for event in page:
                if event.position != position + 1:
                    yield Difference(STORE, position + 1, "there is no event at this position")
                    return
                position = event.position
                if position > last:
                    return
                yield self._publisher.outgoing(event, partitions)
            if not page:
                yield Difference(STORE, position + 1, "there is no event at this position")
                return

    def _log(
        self,
        connection: psycopg.Connection[TupleRow],
        ends: Mapping[Place, End],
        last: int,
        told: Told,
        entries: Entries,
    ) -> Compared:
        events = records = 0
        of_clients = {place: end for place, end in ends.items() if place[0] != DIRECTORY_TOPIC}
        with LogReader(self._ports.kafka, of_clients, self._patience) as log:
            for outgoing in self._outgoing(connection, last, len({partition for _, partition in ends})):
                if isinstance(outgoing, Difference):
                    return Compared(events, records, None, outgoing)
                events += 1
                if outgoing is not None and outgoing.record.topic == DIRECTORY_TOPIC:
                    entries.add(outgoing)
                    records += 1
                elif outgoing is not None:
                    place = (outgoing.record.topic, outgoing.partition)
                    if (found := record_difference(outgoing, place, log.next(place))) is not None:
                        return Compared(events, records, None, found)
                    records += 1
                if events % _TELL_EVERY == 0 or events == last:
                    told(events, last)
            for place, record in log.rest():
                if position_of(record) <= last:
                    what = "the record is there twice, or nothing in the store stands behind it"
                    return Compared(events, records, None, Difference(named(place), position_of(record), what))
        there = records_up_to(self._ports.kafka, len(entries.wanted), self._patience)
        return Compared(events, records, None, entries.difference(there, last))


_Expected = tuple[Outgoing, int, bool]
"""A record, its offset, and whether measures may be without it: they were rebuilt after it was compacted away."""


def _expected(
    outgoings: Iterable[_Event], parked: frozenset[tuple[str, int, int]], latest: frozenset[int]
) -> Iterator[_Expected | Difference]:
    offsets = dict[Place, int]()
    for outgoing in outgoings:
        if isinstance(outgoing, Difference):
            yield outgoing
        elif outgoing is not None:
            place = (outgoing.record.topic, outgoing.partition)
            offset = offsets.get(place, 0)
            offsets[place] = offset + 1
            if (*place, offset) not in parked:
                yield outgoing, offset, place[0] == DIRECTORY_TOPIC and outgoing.position not in latest


def _measures(
    expected: Iterable[_Expected | Difference], last: int, rows: Iterator[Measured]
) -> tuple[int, Difference | None]:
    """How many rows are right, and the first that is not."""
    seen = 0
    row = next(rows, None)
    for each in expected:
        if isinstance(each, Difference):
            return seen, each
        outgoing, offset, may_lack = each
        if may_lack and (row is None or row.position > outgoing.position):
            continue
        if (found := row_difference(outgoing, offset, row)) is not None:
            return seen, found
        seen += 1
        row = next(rows, None)
    if row is not None and row.position <= last:
        return seen, Difference(MEASURES, row.position, "nothing in the store stands behind this row")
    return seen, None
