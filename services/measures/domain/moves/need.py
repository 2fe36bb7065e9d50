"""What the events of needs and screenings mean for their paths."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, assert_never, get_args
from uuid import UUID

from contracts.events.event import Published
from contracts.events.need import (
    NeedEnteredInErrorV1,
    NeedEvent,
    NeedIdentifiedV1,
    NeedResolvedV1,
    NeedScreenedV1,
    ScreeningEnteredInErrorV1,
    ScreeningEvent,
    ScreeningRecordedV1,
)
from contracts.vocabulary import Category, Instrument
from services.measures.domain.need import NeedPath, Resolved, Screened
from services.measures.domain.path import Moment

MOVED_BY: Final[frozenset[type[Published]]] = frozenset((*get_args(NeedEvent), *get_args(ScreeningEvent)))
_ASKS_ABOUT_VIOLENCE: Final = frozenset({Instrument.IPV, Instrument.PRAPARE_SAFETY})


def apply_need(
    needs: dict[UUID, NeedPath], screenings: dict[UUID, Screened], event: NeedEvent, moment: Moment, agency: str
) -> None:  # noqa: E501
    """Needs, and screenings for social needs, after one more event that counts."""
    match event:
        case NeedScreenedV1(screening=id, instrument=instrument, category=category, result=result):
            _screened(screenings, id, Screened(moment, agency, str(instrument), {str(category): str(result)}))
        case NeedIdentifiedV1(need=id, category=category, screening=screening):
            known = needs.get(id, NeedPath())
            needs[id] = known._replace(identified=moment, agency=agency, category=str(category), screening=screening)
        case NeedResolvedV1(need=id, how=how):
            known, ended = needs.get(id, NeedPath()), Resolved(moment, str(how))
            needs[id] = known._replace(resolved=ended if known.resolved is None else min(known.resolved, ended))
        case NeedEnteredInErrorV1():
            pass
        case never:
            assert_never(never)


def apply_screening(screenings: dict[UUID, Screened], event: ScreeningEvent, moment: Moment, agency: str) -> None:
    """Screenings for depression and violence (restricted, R6) after one more event that counts."""
    match event:
        case ScreeningRecordedV1(screening=id, instrument=instrument, result=result):
            violence = instrument in _ASKS_ABOUT_VIOLENCE
            about = Category.INTIMATE_PARTNER_VIOLENCE if violence else Category.BEHAVIORAL_HEALTH
            _screened(screenings, id, Screened(moment, agency, str(instrument), {str(about): str(result)}))
        case ScreeningEnteredInErrorV1():
            pass
        case never:
            assert_never(never)


def _screened(screenings: dict[UUID, Screened], id: UUID, new: Screened) -> None:
    known = screenings.get(id)
    first = new if known is None or new.moment < known.moment else known
    screenings[id] = replace(first, results={**(known.results if known else {}), **new.results})
