"""Who a client says she is, as far as figures ask (R7), and which pseudonyms are one woman (R21)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from contracts.events.client import ClientDemographicsStatedV1
from contracts.initiative import MeasurementConsent
from contracts.vocabulary import Measurement, StatedBy
from services.measures.domain.path import Moment

BEST_FIRST: Final = (StatedBy.SELF_REPORTED, StatedBy.STAFF_OBSERVED, StatedBy.IMPORTED)


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement, and when it was made."""

    moment: Moment
    said: ClientDemographicsStatedV1


@dataclass(frozen=True, slots=True)
class Link:
    """What an agency said last of two pseudonyms: one woman, or two after all."""

    moment: Moment
    same: bool


@dataclass(frozen=True, slots=True)
class Counting:
    """What one consent says last of being counted in figures, and when that was said."""

    moment: Moment
    said: Measurement


def is_counted(counting: Mapping[UUID, Counting], rule: MeasurementConsent) -> bool:
    """Whether she is in figures (R7): by what she said last, in whatever consent; one that ran out says nothing.

    A no always leaves her out; where an initiative counts only who said yes (`opt_in`), so does having said nothing.
    """
    answers = [each for each in counting.values() if each.said is not Measurement.NOT_ASKED]
    last = max(answers, key=lambda each: each.moment).said if answers else Measurement.NOT_ASKED
    return last is Measurement.YES or (last is Measurement.NOT_ASKED and rule != "opt_in")


def prevailing(stated: Mapping[str, Stated]) -> ClientDemographicsStatedV1 | None:
    """Self-reported wins over observed over imported, each by its latest; that she would not say is an answer (R7)."""
    return next((stated[source].said for source in BEST_FIRST if source in stated), None)


def one_woman(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For each pseudonym that is linked to another, the least of all that are one woman with it."""
    least: dict[str, str] = {}

    def root(name: str) -> str:
        while (above := least.setdefault(name, name)) != name:
            name = above
        return name

    for one, other in pairs:
        first, second = sorted((root(one), root(other)))
        least[second] = first
    return {name: root(name) for name in least}
