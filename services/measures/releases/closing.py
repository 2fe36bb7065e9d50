"""Closes a period by what the last close kept: looks at clients anew of whom more is known, and recalls the others.

It gives what `together.counted` gives, which looks at everybody. What holds of a client is what will be so for ever if
nothing more is said of her: her units as of the end of time. That is what she counts as at a cutoff after the windows
of the period are over, but for measures that do not `settle`: of those, units that time will change are not kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Final, NamedTuple

from services.measures.domain.figure import units_of
from services.measures.domain.groups import groups_of
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Unit
from services.measures.domain.period import Period
from services.measures.releases.cells import Counted, Standing
from services.measures.releases.kept import Memory, key_of, remember
from services.measures.releases.lattice import Span, matures_on
from services.measures.releases.tables import Counting, settled
from services.measures.releases.together import MANY, Work, merged, parts_of, shared
from services.measures.releases.views import View
from services.measures.store import journeys, kept
from services.measures.store.journeys import Basis, Digest, Share
from services.measures.store.kept import Extent, Kept
from services.runtime.postgres import Connection

THE_END: Final = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Close:
    """What is counted over what; of the basis the facts are not read yet."""

    of: Basis
    views: Sequence[View]
    over: Counted
    span: Span

    @property
    def key(self) -> bytes:
        """Under which clients are known."""
        return key_of(self.of, [view.definition for view in self.views], self.over.as_of)

    @cached_property
    def for_ever(self) -> AsOf:
        """As of the end of time, from the beginning of the period on."""
        return replace(self.over.as_of, cutoff=THE_END, asked=Period(self.over.period.since))


@dataclass(frozen=True)
class Learned:
    """The basis as it stands, and what a close found of the clients at whom it looked."""

    close: Close
    on: Basis
    clients: Sequence[Kept]

    def keep(self, connection: Connection) -> None:
        """Keeps it for the periods after this one."""
        close = self.close
        kept.keep(connection, (self.on.initiative, close.key), close.span.until, self.on.cutoff, self.clients)


class _Counts:
    """What is counted so far, a measure each, and where clients stand in its rows."""

    def __init__(self, close: Close) -> None:
        self.of_measures: Final = [Counting(view, close.over) for view in close.views]
        self.asked: Final = [(each, each.definition, each.definition.settles) for each in self.of_measures]
        self.standing: Final = Standing(close.over.frame)


class _Part(NamedTuple):
    """What was counted in one part of the clients, what there is of each, and what to keep."""

    countings: Sequence[Counting]
    digests: Sequence[Digest]
    clients: Sequence[Kept]


def counted(reading: tuple[Connection, str], close: Close) -> tuple[Sequence[Counting], Learned]:
    """Every view over all clients. Raises ValueError while a window of the period is open."""
    if not _is_mature(close):
        raise ValueError("a window of the period is open: only a look at everybody will do")
    connection, _ = reading

    def prepared() -> Work[_Part]:
        return partial(_of_a_share, close, journeys.linked(connection, close.of))

    parts = shared(reading, parts_of(journeys.count(connection, close.of, MANY)), prepared)
    on = journeys.stated(close.of, [each for part in parts for each in part.digests])
    learned = Learned(close, on, [each for part in parts for each in part.clients])
    return merged([part.countings for part in parts]), learned


def _is_mature(close: Close) -> bool:
    return all(matures_on(close.span, view.definition.window) <= close.of.cutoff for view in close.views)


def _of_a_share(close: Close, linked: Mapping[str, str], connection: Connection, share: Share) -> _Part:
    """Of a share of the clients; who are one woman with others are in the first, looked at always and never kept."""
    digests = journeys.digests(connection, close.of, share)
    facts = {each.client: each.sha256 for each in digests if each.client not in linked}
    seen = kept.seen(connection, close.key, share, close.span.since, close.of.cutoff)
    hold = {
        client: extent
        for client, (sha256, extent) in seen.items()
        if facts.get(client) == sha256 and _is_settled(extent, close.span)
    }
    counts = _Counts(close)
    known = [client for client, each in hold.items() if _has_units(each, close.span)]
    _recall(counts, kept.contents(connection, close.key, known), close.over)
    anew = [client for client in facts if client not in hold]
    looks = ((client, _look(counts, client, her, close)) for client, her in journeys.some(connection, close.of, anew))
    clients = [Kept(client, facts[client], *look) for client, look in looks]
    for client, journey in journeys.together(connection, close.of, linked) if share.part == 0 else ():
        _look(counts, client, journey, close)
    return _Part(settled(counts.of_measures), digests, clients)


def _is_settled(extent: Extent, span: Span) -> bool:
    return extent.open_at is None or extent.open_at < span.since


def _has_units(extent: Extent, span: Span) -> bool:
    first, last = extent.first_at, extent.last_at
    return first is not None and last is not None and first < span.until and last >= span.since


def _recall(counts: _Counts, known: Iterator[tuple[str, str]], over: Counted) -> None:
    memory = Memory([each.definition for each in counts.of_measures], over.period)
    for client, content in known:
        groups, units = memory.recall(content)
        if units:
            stands = counts.standing.of(groups)
            for counting in counts.of_measures:
                if of_it := units.get(counting.definition.name):
                    counting.add(client, of_it, groups, stands)


def _look(counts: _Counts, client: str, journey: Journey, close: Close) -> tuple[Extent, str]:
    """Counts her units of the period, and gives what is to be kept of her."""
    over, later, open_at = close.over, dict[str, Sequence[Unit]](), list[datetime]()
    since, until, for_ever = close.span.since, close.span.until, close.for_ever
    groups = groups_of(journey)
    stands = counts.standing.of(groups)
    for counting, definition, settles in counts.asked:
        ever = list(units_of(definition, journey, for_ever))
        now = ever if settles else list(units_of(definition, journey, over.as_of))
        if not (ever or now):
            continue
        if inside := [unit for unit in now if since <= unit.at < until]:
            counting.add(client, inside, groups, stands)
        if last := [unit for unit in ever if unit.at >= until]:
            later[definition.name] = last
        if now is not ever and now != ever:
            open_at += [unit.at for unit in ever if unit not in now] + [unit.at for unit in now if unit not in ever]
    return remember(groups, later, max(open_at, default=None))
