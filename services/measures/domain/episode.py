"""What measures follow of one pregnancy as one entry has it: known since when, due when, led by whom, and its birth."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from services.measures.domain.path import Moment


class Dating(NamedTuple):
    """A due date, and when it was said: of two, the later word is in force."""

    said: Moment
    edd: date


class Aged(NamedTuple):
    """Her age band on the day on which the pregnancy became known (R7), and when that was said."""

    said: Moment
    band: str


class Lead(NamedTuple):
    """From this moment on an agency leads a domain, or leads it no more (`leads` is False)."""

    moment: Moment
    domain: str
    agency: str
    leads: bool


class Sighting(NamedTuple):
    """An agency cannot find her, or found her again."""

    moment: Moment
    agency: str
    found: bool


class Superseded(NamedTuple):
    """Another entry stands in its place from this moment on."""

    moment: Moment
    by: UUID


class Birth(NamedTuple):
    """A delivery with a living child as an agency said it last (restricted, R6): one, however many children."""

    said: Moment
    delivered_on: date
    gestational_days: int | None
    weight_band: str | None
    agency: str


class EpisodePath(NamedTuple):
    """One entry of a pregnancy, which `agency` opened.

    `leads` and `sightings` are in the order in which they were recorded. `birth` and `visits` (local dates after the
    birth) come on the restricted topic alone.
    """

    opened: Moment | None = None
    agency: str | None = None
    identified_on: date | None = None
    age: Aged | None = None
    dating: Dating | None = None
    prenatal_care_on: date | None = None
    leads: tuple[Lead, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    superseded: Superseded | None = None
    closed: Moment | None = None
    birth: Birth | None = None
    visits: frozenset[date] = frozenset()

    @property
    def age_band(self) -> str | None:
        """Her age band on the day on which it became known, None where nobody said it."""
        return self.age.band if self.age else None

    @property
    def edd(self) -> date | None:
        """The due date in force, None where it is undated."""
        return self.dating.edd if self.dating else None

    @property
    def over(self) -> Moment | None:
        """When it was closed or another stood in its place, None while neither is so."""
        ends = [end for end in (self.closed, self.superseded.moment if self.superseded else None) if end is not None]
        return min(ends, default=None)

    def leader(self, domain: str, position: int) -> str | None:
        """Who led a domain once what has this position in the event store was recorded."""
        led: str | None = None
        for lead in self.leads:
            if lead.domain == domain and lead.moment.position <= position:
                led = lead.agency if lead.leads else (None if led == lead.agency else led)
        return led


Episodes = Mapping[UUID, EpisodePath]
"""Entries of pregnancies by their ids."""
