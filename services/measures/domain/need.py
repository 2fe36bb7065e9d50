"""What measures follow of needs, of the screenings that find them, and of what a client said afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from services.measures.domain.path import Moment


class Resolved(NamedTuple):
    """When a need ended, and how (`served`, `elsewhere`, `not_wanted`)."""

    moment: Moment
    how: str


class NeedPath(NamedTuple):
    """A need that an agency knows of; `screening` is what found it, where one did."""

    identified: Moment | None = None
    agency: str | None = None
    category: str | None = None
    screening: UUID | None = None
    resolved: Resolved | None = None


@dataclass(frozen=True, slots=True)
class Screened:
    """She was asked with an instrument; `results` (`positive`, `negative`, `declined`) by what it asked about."""

    moment: Moment
    agency: str
    instrument: str
    results: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class Answer:
    """What she answered last; `need_met` (`yes`, `partly`, `no`) is None where she left it out or would not say."""

    moment: Moment
    declined: bool
    need_met: str | None = field(compare=False)


class FeedbackPath(NamedTuple):
    """That she was asked how a referral went for her, and what she said."""

    referral: UUID
    asked: Moment | None = None
    answer: Answer | None = None
