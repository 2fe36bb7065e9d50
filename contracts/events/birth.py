"""Published events of a birth, on care.restricted.v1 alone (rule R6). Of losses and terminations there is none."""

from datetime import date
from typing import ClassVar, TypeAlias
from uuid import UUID

from contracts.events.event import OpenWeightBand, Published


class BirthRecordedV1(Published):
    """A delivery with a living child: one event, however many children. `weight_band` is the lightest one's."""

    TYPE: ClassVar[str] = "birth.recorded.v1"
    delivered_on: date
    episode: UUID
    gestational_days: int | None = None
    live_children: int
    weight_band: OpenWeightBand | None = None


class PostpartumVisitRecordedV1(Published):
    """She was seen after the birth, on a local date."""

    TYPE: ClassVar[str] = "postpartum_visit.recorded.v1"
    episode: UUID
    on: date


BirthEvent: TypeAlias = BirthRecordedV1 | PostpartumVisitRecordedV1
