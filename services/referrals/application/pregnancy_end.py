"""How a pregnancy ended, as it lies in the vault of who recorded it, and what of a birth leaves the vault (R5, R6)."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.referrals.domain.episode import BirthRecorded, gestational_days
from services.referrals.domain.refusal import Unfit
from services.referrals.domain.vocabulary import BirthWeightBand

KIND = "end"
_BANDS = ((1500, BirthWeightBand.UNDER_1500), (2500, BirthWeightBand.FROM_1500), (4000, BirthWeightBand.FROM_2500))
_BORN_ALIVE = range(140, 331)
"""Days of gestation; what lies outside is a due date that was mistyped."""


class EndedHow(StrEnum):
    """How a pregnancy ended: a word of the vault, that no event holds."""

    LIVE_BIRTH = "live_birth"
    STILLBIRTH = "stillbirth"
    MISCARRIAGE = "miscarriage"
    TERMINATION = "termination"
    OTHER = "other"


class _Sealed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Child(_Sealed):
    """One child of a delivery; `weight_g` is grams."""

    live: bool = True
    weight_g: Annotated[int, Field(ge=200, le=8000)] | None = None


_FAR = 42
"""Days, 6 weeks: by so much no dating is corrected at a birth."""


class End(_Sealed):
    """How and when it ended, as it lies in the vault of the agency that recorded it (R5)."""

    how: EndedHow
    on: date
    gestational_days: Annotated[int, Field(ge=20, le=330)] | None = None
    children: tuple[Child, ...] = ()

    def fits(self) -> bool:
        """A live birth has a living child, and nothing else has one."""
        alive = any(child.live for child in self.children)
        return alive == (self.how is EndedHow.LIVE_BIRTH)

    def agrees_with(self, due: date | None) -> None:
        """Raises Unfit where the weeks are far from those of the due date in force: one of the two is mistyped."""
        if due and self.gestational_days and abs(self.gestational_days - gestational_days(due, self.on)) > _FAR:
            raise Unfit("gestation-not-of-dating")

    def birth(self, due: date | None) -> BirthRecorded | None:
        """What of a live birth leaves the vault (R6): twins are one delivery. None for anything else."""
        living = [child for child in self.children if child.live]
        if not living:
            return None
        days = self.gestational_days or (gestational_days(due, self.on) if due else None)
        lightest = min((child.weight_g for child in living if child.weight_g), default=None)
        return BirthRecorded(
            delivered_on=self.on,
            gestational_days=days if days in _BORN_ALIVE else None,
            live_children=len(living),
            weight_band=None if lightest is None else _band(lightest),
        )


def _band(grams: int) -> BirthWeightBand:
    return next((band for below, band in _BANDS if grams < below), BirthWeightBand.FROM_4000)
