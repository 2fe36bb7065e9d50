"""What consents mean for a journey: whether she is counted in figures (R7), by what each of them says last."""

from __future__ import annotations

from typing import Final, get_args
from uuid import UUID

from contracts.events.consent import ConsentEnteredInErrorV1, ConsentEvent
from contracts.events.event import Published
from services.measures.domain.path import Moment
from services.measures.domain.person import Counting

MOVED_BY: Final[frozenset[type[Published]]] = frozenset(get_args(ConsentEvent))


def apply(counting: dict[UUID, Counting], event: ConsentEvent, moment: Moment) -> None:
    """What each consent says after one more event; where she was not asked again, what it said before stands."""
    if isinstance(event, ConsentEnteredInErrorV1) or event.measurement is None:
        return
    before = counting.get(event.consent)
    if before is None or before.moment < moment:
        counting[event.consent] = Counting(moment, event.measurement)
