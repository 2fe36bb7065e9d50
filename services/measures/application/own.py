"""An agency's own figures of its own clients, exact: what it wrote down itself, and what it was a side of.

Measures know no client's agency: a client is an agency's own where it recorded something of her. Of the rest of her
journey nothing is looked at, so that the figures tell an agency nothing that it does not hold already; a no to being
counted leaves her out of these figures too (R7). Restricted facts are not among them (R6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Final, TypeAlias

from contracts.events.consent import ConsentEvent
from contracts.events.handoff import HandoffProposedV1
from contracts.events.referral import ReferralSentV1
from contracts.initiative import Initiative
from services.measures.domain.figure import Figure, counted, figure_of, units_of
from services.measures.domain.journey import fold
from services.measures.domain.measure import AsOf, Definition
from services.measures.domain.observed import Observed
from services.measures.domain.period import Period
from services.measures.domain.tally import Hers, Tally
from services.measures.store import journeys
from services.runtime.garbage import collecting_later
from services.runtime.postgres import Connection

LATELY: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class OwnFigure:
    """One measure over an agency's own clients."""

    definition: Definition
    figure: Figure


Asked: TypeAlias = tuple[str, str, str]
"""Whose figures: initiative, agency, and the name of a period."""


class Lately:
    """Figures that were counted in the last minutes: whoever looks again does not wait, and reads the same.

    To count what an agency did for thousands of clients takes seconds.
    """

    def __init__(self) -> None:
        self._known: dict[Asked, tuple[datetime, Sequence[OwnFigure]]] = {}
        self._lock = Lock()  # threads ask; two of the same count twice rather than wait for one another

    def of(
        self, asked: Asked, now: datetime, count: Callable[[], Sequence[OwnFigure]]
    ) -> tuple[datetime, Sequence[OwnFigure]]:
        """As known when (aware), and the figures; counted now where they were not lately."""
        with self._lock:
            self._known = {each: known for each, known in self._known.items() if now - known[0] < LATELY}
            known = self._known.get(asked)
        if known is None:
            known = now, count()
            with self._lock:
                self._known[asked] = known
        return known


def figures(
    connection: Connection,
    initiative: Initiative,
    agency: str,
    over: tuple[Period, datetime],
    measures: Iterable[Definition],
) -> Sequence[OwnFigure]:
    """Every measure over a period, as known at a moment (aware); `connection` is one of `journeys.reading`."""
    period, cutoff = over
    as_of = AsOf(cutoff, initiative.timezone, initiative.measurement_consent, asked=period)
    tallies = {each.id: (each, Tally()) for each in measures if not each.sensitive}
    with collecting_later():
        for client, observed in journeys.observed_with(connection, initiative.slug, cutoff, agency):
            journey = fold(own(observed, agency))
            for definition, tally in tallies.values():
                found = units_of(definition, journey, as_of)
                if units := [unit for unit in found if unit.at in period and agency in unit.agencies]:
                    tally.take(client, Hers.of(counted(definition, units)))
    return [OwnFigure(definition, figure_of(tally, definition, as_of)) for definition, tally in tallies.values()]


def own(observed: Sequence[Observed], agency: str) -> Iterator[Observed]:
    """Of what is known of a client, what an agency recorded or was a side of, and what she said of being counted."""
    sides = {thing for each in observed for thing in _of(each, agency)}
    for each in observed:
        things = (getattr(each.event, name, None) for name in ("referral", "handoff"))
        if each.agency == agency or isinstance(each.event, ConsentEvent) or any(thing in sides for thing in things):
            yield each


def _of(observed: Observed, agency: str) -> Iterator[object]:
    match observed.event:
        case ReferralSentV1() as sent if agency in {sent.from_agency, sent.to_agency}:
            yield sent.referral
        case HandoffProposedV1() as proposed if agency in {proposed.from_agency, proposed.to_agency}:
            yield proposed.handoff
