"""Shapes of measures and releases on the wire. A number that is null is "too few to show"; no shape says why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

from services.measures.api.compared import compared
from services.measures.api.details import CourseShown, Estimated, Quality, RateShown, SpreadShown
from services.measures.api.said import Answer, Gaps, estimate_of, of_100
from services.measures.definitions import find
from services.measures.domain.measure import By, Definition, Direction, Kind
from services.measures.domain.suppression import TOTAL, Shown
from services.measures.releases.ledger import MeasureOf, Release
from services.runtime.auth import Principal, Roles

Reader = Annotated[Principal, Roles("working_group", "backbone")]
READERS: Final = ["backbone", "working_group"]


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Instant = Annotated[datetime, PlainSerializer(_rfc3339, return_type=str, when_used="json")]


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
PeriodName = Annotated[str, StringConstraints(min_length=1, max_length=20)]
"""Of the lattice, or not: what is written otherwise is told how, by `period-unknown`."""


class Query(BaseModel):
    """What may be asked for in an address, and nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Page(Query):
    """Which part of a list."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")] | None = None


class FiguresOf(Query):
    """Which table of a release; `format` may also be asked for by the Accept header (text/csv).

    `language` is the one in which a CSV says what it says in words (`en`, `es`); English without it.
    """

    measure: Name
    by: By = By.NONE
    format: Literal["json", "csv"] | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] | None = None


class MeasureShown(Answer):
    """A measure; `text` is its definition in plain language, `of` names what is counted.

    Where `counts_clients`, it is a count of people and has no denominator. `direction` says which way is better,
    `anchor` which standard it follows; a sensitive measure counts restricted facts (R6).
    """

    measure: str
    version: int
    title: str
    of: str
    text: str
    note: str
    by: list[By]
    counts_clients: bool
    kind: Kind
    direction: Direction
    anchor: str
    sensitive: bool

    @classmethod
    def defined(cls, definition: Definition) -> MeasureShown:
        """A measure as it is defined now."""
        return cls(
            measure=definition.id,
            version=definition.version,
            title=definition.title,
            of=definition.of,
            text=definition.text,
            note=definition.note,
            by=[by for by in By if by in definition.by],
            counts_clients=definition.counts_clients,
            **_nature(definition),
        )

    @classmethod
    def frozen(cls, measure: MeasureOf) -> MeasureShown:
        """A measure as a release froze it."""
        return cls(
            measure=measure.id,
            version=measure.version,
            title=measure.title,
            of=measure.of,
            text=measure.text,
            note=measure.note,
            by=list(measure.by),
            counts_clients=measure.counts_clients,
            **_nature(find(measure.id, measure.version)),
        )


def _nature(definition: Definition) -> dict[str, Any]:
    """What a version of a measure is for ever."""
    return {name: getattr(definition, name) for name in ("kind", "direction", "anchor", "sensitive")}


class Measures(Answer):
    """A part of the measures, in the order of the catalogue."""

    items: list[MeasureShown]
    next: str | None


class FigureRow(Answer):
    """One row. Null is "too few to show"; `percent` is numerator of denominator in whole per cent, where both are.

    `low` and `high` bound the 95 % interval of it (Wilson), of 100; `unsteady` where it rests on few. Only a proportion
    has them. A mix has `shares` (units by rule; small ones together as `other`), a time its `course`, a distribution
    its `spread`, a rate its `rate`: numerator are its events, denominator the days in which they happened. `pieces` are
    the parts of a mix, or the bands of a spread, as shares of all that they add up to (Wilson).
    """

    label: str
    numerator: int | None
    denominator: int | None
    percent: int | None
    low: float | None
    high: float | None
    unsteady: bool
    missing: int | None
    pending: int | None
    excluded: int | None
    shares: dict[str, int] | None = None
    course: CourseShown | None = None
    spread: SpreadShown | None = None
    rate: RateShown | None = None
    pieces: dict[str, Estimated] | None = None

    @classmethod
    def of(cls, label: str, row: Shown, kind: Kind) -> FigureRow:
        """A row as it is stored."""
        rate = estimate_of(row.numerator, row.denominator) if kind is Kind.PROPORTION else None
        beside = {name: value for name, value in (row.detail or {}).items() if name in cls.model_fields}
        return cls(
            label=label,
            numerator=row.numerator,
            denominator=row.denominator,
            percent=round(100 * rate.value) if rate else None,
            low=of_100(rate.low) if rate else None,
            high=of_100(rate.high) if rate else None,
            unsteady=rate is not None and rate.unstable,
            missing=row.missing,
            pending=row.pending,
            excluded=row.excluded,
            pieces=_pieces(row.detail or {}),
            **beside,
        )


def _pieces(detail: Mapping[str, Any]) -> dict[str, Estimated] | None:
    """What falls into parts or bands, each as a share of all of them; None where nothing does, or it is not shown."""
    units: Mapping[str, int] = detail.get("shares") or detail.get("spread", {}).get("bands") or {}
    found = {name: estimate_of(part, sum(units.values())) for name, part in units.items()}
    return {name: Estimated(**asdict(each)) for name, each in found.items() if each} or None


class Figures(Answer):
    """One table of a release: the total over its whole period, and the rows of the breakdown in their order.

    `begins_on` is the local date on which the data begin, where that is in the period.

    `gaps` compares its groups, where the initiative chose a group to compare with: by shares, rates, or what had been
    reached by the last mark of a time. Counts, mixes and spreads have none.
    """

    release: str
    name: str
    cutoff: Instant
    since: Instant
    until: Instant
    begins_on: date | None
    measure: MeasureShown
    by: By
    total: FigureRow
    rows: list[FigureRow]
    gaps: Gaps | None
    quality: Quality

    @classmethod
    def of(
        cls,
        release: Release,
        measure: MeasureOf,
        by: By,
        tables: dict[By, list[tuple[str, Shown]]],
        reference: str | None,
    ) -> Figures:
        """A table with the total that stands over it, its groups compared with the reference."""
        [(_, total)] = tables[By.NONE]
        rows = [] if by is By.NONE else tables[by]
        shown = MeasureShown.frozen(measure)
        return cls(
            release=str(release.id),
            name=release.name,
            cutoff=release.cutoff,
            since=release.span.since,
            until=release.span.until,
            begins_on=release.begins_on,
            measure=shown,
            by=by,
            total=FigureRow.of(TOTAL, total, shown.kind),
            rows=[FigureRow.of(label, row, shown.kind) for label, row in rows],
            gaps=compared(rows, total, (shown.kind, shown.direction), reference),
            quality=Quality(**asdict(release.quality), agencies=_agencies(total)),
        )


def _agencies(total: Shown) -> int | None:
    """How many agencies had a part in what a table counts; None where that is hidden."""
    found: int | None = (total.detail or {}).get("quality", {}).get("agencies")
    return found
