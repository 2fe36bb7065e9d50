"""What a measure is: a definition that gives the units of a journey, each under the rule that decides how it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias
from uuid import UUID

import msgspec

from contracts.initiative import MeasurementConsent
from services.measures.domain.exposure import Exposure
from services.measures.domain.incidence import Wait
from services.measures.domain.journey import Journey
from services.measures.domain.period import Period


class Standing(StrEnum):
    """What one unit (a referral, a handoff, a pair of contacts, a client) is to a measure at a cutoff."""

    MET = "met"  # in numerator and denominator
    UNMET = "unmet"  # in the denominator alone: the complement
    PENDING = "pending"  # too recent: its window had not run out
    MISSING = "missing"  # something that decides is not known
    EXCLUDED = "excluded"  # left out by definition


class Rule(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """One way in which a unit comes to its standing, with the words that explain it; its copy is equal to it."""

    code: str
    standing: Standing
    words: str


NOT_COUNTED: Final = Rule("not_counted", Standing.EXCLUDED, "of a client whom figures leave out by her word (R7)")


Side: TypeAlias = Standing | Rule  # some units of a measure: of a standing, or in a mix of one rule


class Within(NamedTuple):
    """All units on a side of a measure are, once no window is open, among those on a side of another, by its id."""

    here: Side
    of: str
    there: Side = Standing.MET


class Kind(StrEnum):
    """What a measure's figure is made of."""

    PROPORTION = "proportion"  # units met, of units met and unmet
    CLIENTS = "clients"  # distinct clients; no denominator
    MIX = "mix"  # every unit counted is met under one rule; the shares of the rules add up to 1
    TIME = "time"  # from a start to an event, to what makes it impossible, or to the cutoff
    RATE = "rate"  # events of an exposure: the numerator, of the days that are the denominator
    DISTRIBUTION = "distribution"  # a number for each unit that is met, none for one that is unmet


class Direction(StrEnum):
    """Which way is better, of a course by the share that was reached; whoever draws a figure asks here."""

    MORE = "more"
    FEWER = "fewer"
    NEUTRAL = "neutral"


class By(StrEnum):
    """What a table of figures is broken down by."""

    NONE = "none"
    QUARTER = "quarter"
    CATEGORY = "category"
    CHANNEL = "channel"  # on the system, or by letter for want of a login
    OWNER = "owner"  # whose decision an end was
    STAGE = "stage"  # how far along a pregnancy was when it became known
    SPD15 = "spd15_aoic"  # SPD 15, alone or in combination: a client is in several rows
    CDPH8 = "cdph8_exclusive"  # the eight groups of vital statistics: a client is in one
    DETAILED = "detailed_group"  # only where stated: a client is in several rows or in none
    LANGUAGE = "language"
    ZIP_GROUP = "zip_group"
    PAYER = "payer"
    AGE = "age"
    COUNTY = "county"


GROUPS: Final = frozenset(
    {By.SPD15, By.CDPH8, By.DETAILED, By.LANGUAGE, By.ZIP_GROUP, By.PAYER, By.AGE, By.COUNTY},
)
"""Who she is, from her journey: the same for every measure."""

RACE: Final = frozenset({By.SPD15, By.CDPH8, By.DETAILED})
"""These look at the same statement: what one row tells, another can tell more of."""

ALWAYS: Final = frozenset({By.NONE, By.QUARTER}) | GROUPS


Size: TypeAlias = float | Wait | Exposure  # the number of a distribution, how long until its end, how often


class Unit(msgspec.Struct, frozen=True, gc=False):
    """One thing that a measure counts. `at` (aware) places it in a period; `id` is the thing, where it has one.

    `category` is the need, `channel` how the receiver was asked (`system`, `letter`), `owner` whose decision an end
    was, `stage` how far along a pregnancy was when it became known, where it has them. `agencies` are those that had a
    part in it (sender, receiver): they know it already.
    """

    at: datetime
    rule: Rule
    id: UUID | None = None
    category: str | None = None
    channel: str | None = None
    owner: str | None = None
    agencies: tuple[str, ...] = ()
    size: Size | None = None
    stage: str | None = None

    @property
    def standing(self) -> Standing:
        """What it is to the measure."""
        return self.rule.standing


@dataclass(frozen=True, slots=True)
class AsOf:
    """As what a journey is looked at: recorded up to a cutoff (aware), by local dates of a zone, counting whom (R7).

    Units outside the time that is `asked` for need not be given; who asks leaves them out.
    """

    cutoff: datetime
    zone: tzinfo
    consent: MeasurementConsent = "not_required"
    asked: Period = field(default_factory=Period)


Assess: TypeAlias = Callable[[Journey, AsOf], Iterable[Unit]]


@dataclass(frozen=True, slots=True)
class Definition:
    """A measure as one file states it. `text` is the plain-language definition; a new meaning is a new version.

    `assess` gives the units of one journey; `of` names them, `rules` are all under which they can come. With `together`
    a client counts once in each cell, as the one unit that it makes of hers there. `anchor` is the standard that it
    follows, `marks` (days) the points at which a course is read, `bands` the upper bounds into which a distribution is
    cut, the last being open; where its numbers are whole, none is under `least`. A rate is said of `per` days, with the
    interval of clients where the days of one client hang together, else that of independent events. `window` is how
    long after its `at` a unit can be pending, at most: then time alone changes nothing of it, but for a wait that is
    watched still, or where it `pends_on` something later. `beside` is a population's count, `within` whose part it is.
    """

    id: str
    version: int
    title: str
    of: str
    text: str
    note: str
    anchor: str
    assess: Assess
    rules: tuple[Rule, ...]
    by: frozenset[By] = ALWAYS
    kind: Kind = Kind.PROPORTION
    direction: Direction = Direction.NEUTRAL
    sensitive: bool = False
    together: Callable[[Sequence[Unit]], Unit] | None = None
    marks: tuple[float, ...] = ()
    bands: tuple[float, ...] = ()
    least: float | None = None
    per: float = 1
    hangs_together: bool = False
    beside: str | None = None
    window: timedelta = timedelta(0)
    pends_on: bool = False
    within: tuple[Within, ...] = ()

    @property
    def name(self) -> str:
        """Id and version, as figures name it: `response_rate_v1`."""
        return f"{self.id}_v{self.version}"

    @property
    def settles(self) -> bool:
        """Whether its units are, once their window is over, what they will be for ever where nothing more is said."""
        return self.kind is not Kind.TIME and not self.pends_on

    @property
    def counts_clients(self) -> bool:
        """Whether every client counts once whatever she has of the units, and there is no denominator."""
        return self.kind is Kind.CLIENTS


def matures(at: datetime, window: timedelta, cutoff: datetime) -> bool:
    """Whether the window that began at `at` had run out by the cutoff; what has not is pending, never unmet."""
    return at <= cutoff - window
