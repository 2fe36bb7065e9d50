"""Shapes of releases on the wire: what was built, where it stands, what comes next, and what the backbone says."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from contracts.initiative import MeasurementConsent, ReleasePeriod
from services.measures.api.details import DataQualityShown
from services.measures.api.said import Answer
from services.measures.api.shapes import Instant, MeasureShown, Name, PeriodName
from services.measures.domain.measure import By
from services.measures.releases.lattice import Span
from services.measures.releases.ledger import Release, State
from services.runtime.auth import Principal

Step = Literal["approve", "withdraw"]


class Body(BaseModel):
    """What may be sent, and nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Built(Body):
    """What shall be built: a period of the lattice by its name (`2026-Q3`, `2026`, `2025-2027`).

    `measures`: of these alone; without them of all that stand on some scorecard and are not too recent. `cutoff`: as
    known then, default now.
    """

    period: PeriodName
    measures: Annotated[list[Name], Field(max_length=60)] = []
    cutoff: AwareDatetime | None = None


class BeingBuilt(Answer):
    """The release of a period is being built; `name` is the period's."""

    name: str
    state: Literal["building"] = "building"


class Approved(Body):
    """Nothing more is said."""


class WithdrawnFor(Body):
    """Why its figures go; the sentence stays, for everybody who reads releases, and names nobody."""

    reason: Annotated[str, StringConstraints(min_length=3, max_length=500, strip_whitespace=True)]


class Withdrawal(Answer):
    """When a release was withdrawn, and why."""

    at: Instant
    reason: str


class ViewShown(Answer):
    """A table that a release has."""

    measure: str
    by: By


class Withheld(Answer):
    """A measure that the release lacks, as its window was not over; `back_on` is the local date from which it is."""

    measure: str
    back_on: date


class ReleaseShown(Answer):
    """A frozen release. `since` and `until` bound its period (half-open), `cutoff` is when facts had to be recorded by;
    `begins_on` is the local date on which the data begin, where that is in its period.

    `measurement_consent` says whether who said nothing of being counted is in it (R7). `sha256` is over everything in
    it: the same release built again gives the same. `state`: a draft is seen by the backbone alone; of one that was
    withdrawn there are no figures any more. `views` are its tables, `references` the groups that others are compared
    with, `quality` how good the data were when it was built, `actions` what the caller may do with it now.
    """

    release: str
    name: str
    initiative: str
    period: ReleasePeriod
    state: State
    cutoff: Instant
    since: Instant
    until: Instant
    zone: str
    begins_on: date | None
    measurement_consent: MeasurementConsent
    built_at: Instant
    built_by_me: bool
    approved_at: Instant | None
    withdrawn: Withdrawal | None
    sha256: str
    references: dict[str, dict[str, str]]
    measures: list[MeasureShown]
    views: list[ViewShown]
    withheld: list[Withheld]
    quality: DataQualityShown
    actions: list[Step]

    @classmethod
    def of(cls, release: Release, reader: Principal) -> ReleaseShown:
        """A release without its figures, as this person may see it."""
        gone = release.withdrawn
        return cls(
            release=str(release.id),
            name=release.name,
            initiative=release.initiative,
            period=release.span.length,
            state=release.state,
            cutoff=release.cutoff,
            since=release.span.since,
            until=release.span.until,
            zone=release.span.zone,
            begins_on=release.begins_on,
            measurement_consent=release.measurement_consent,
            built_at=release.built_at,
            built_by_me=release.built_by == reader.subject,
            approved_at=release.approved.at if release.approved else None,
            withdrawn=Withdrawal(at=gone.at, reason=gone.reason or "") if gone else None,
            sha256=release.document_sha256,
            references={measure: dict(groups) for measure, groups in release.references.items()},
            measures=[MeasureShown.frozen(measure) for measure in release.measures],
            views=[ViewShown(measure=measure.id, by=by) for measure in release.measures for by in measure.by],
            withheld=[Withheld(measure=measure, back_on=day) for measure, day in release.withheld.items()],
            quality=DataQualityShown.of(release.quality),
            actions=_actions(release, reader),
        )


def _actions(release: Release, reader: Principal) -> list[Step]:
    if "backbone" not in reader.roles or release.withdrawn:
        return []
    may_approve = release.approved is None and release.built_by != reader.subject
    return ["approve", "withdraw"] if may_approve else ["withdraw"]


class Coming(Answer):
    """The next period of its length that has no release; `due_on` is the local date from which it can be whole."""

    period: ReleasePeriod
    name: str
    since: Instant
    until: Instant
    due_on: date

    @classmethod
    def of(cls, span: Span, due_on: date) -> Coming:
        """A period of the lattice."""
        return cls(period=span.length, name=span.name, since=span.since, until=span.until, due_on=due_on)


class Releases(Answer):
    """Releases of the caller's initiative, the newest first, and what is to come.

    `coming`: none that was over before the data begin, and nothing as long as nothing is recorded. `buildable`: for the
    backbone, every period that is over and has no release, of each length the newest first. One whose `due_on` lies
    ahead can be built without the measures that are too recent.
    """

    items: list[ReleaseShown]
    coming: list[Coming]
    buildable: list[Coming]
    next: str | None
