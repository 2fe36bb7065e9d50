"""Builds a release of an initiative, or builds one again to see that it comes out the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from contracts.initiative import Initiative
from services.measures.definitions import find
from services.measures.domain.measure import AsOf, Definition
from services.measures.domain.period import whole_day
from services.measures.releases import closing, ledger, views, writing
from services.measures.releases.cells import Counted
from services.measures.releases.closing import Close
from services.measures.releases.document import Document
from services.measures.releases.lattice import Span, matures_on, named, newest
from services.measures.releases.overlapping import Published, published
from services.measures.releases.sheets import shown
from services.measures.releases.tables import Counting
from services.measures.releases.together import counted, parts_of
from services.measures.releases.views import Frame, View
from services.measures.settings import MeasuresSettings
from services.measures.store import journeys, progress
from services.measures.store.directory import data_quality
from services.runtime.postgres import Connection, conninfo

SETTLED: Final = timedelta(seconds=2)
"""What was recorded before this has arrived; a cutoff that nobody named is so long ago."""
SECONDS_TO_CATCH_UP: Final = 60.0


class NotReady(Exception):
    """The facts are behind Kafka: a release now would leave out what is recorded already."""


class CutoffInTheFuture(Exception):
    """Nobody knows yet what will have been recorded by then."""


@dataclass
class NotClosed(Exception):
    """The period is not over, or a measure's window in it is not.

    `due_on` is the local date from which it can be built: with all that was asked for by name, else with some measure.
    """

    due_on: date


@dataclass
class BeforeData(Exception):
    """The period was over before the data begin, on that local date."""

    begins_on: date


@dataclass
class WindowLongerThanData(Exception):
    """These measures look further back than the data go: every unit would be pending."""

    measures: tuple[str, ...]


@dataclass(frozen=True)
class Order:
    """What shall be built: a period by its name, at a cutoff (aware; default a moment ago), of which measures.

    Without a period it is the newest of the initiative's usual length that is over; without measures all that stand
    on some scorecard and whose window is over by then: the others are withheld.
    """

    built_by: str
    period: str | None = None
    cutoff: datetime | None = None
    measures: Collection[str] = ()


@dataclass(frozen=True)
class Plan:
    """Over what a release counts, into which rows, compared with whom, which tables, and beside what was published.

    `begins_on` is the local date on which the data begin, where that is in the period.
    """

    span: Span
    frame: Frame
    references: Mapping[str, Mapping[str, str]]
    views: Sequence[View]
    begins_on: date | None = None
    beside: Published = field(default_factory=Published)

    def over(self, on: journeys.Basis) -> Counted:
        """What is counted on a basis, and as of when."""
        as_of = AsOf(on.cutoff, ZoneInfo(self.span.zone), on.rule)
        return Counted(self.span.period, self.frame, as_of, self.beside.quarters(self.span))

    def document(self, on: journeys.Basis, found: Sequence[Counting]) -> Document:
        """What may be shown of what was counted."""
        measures = shown(found, self.beside.shown)
        return Document(on, self.span, self.frame, self.references, measures, self.begins_on, self.beside.named)


def build(
    settings: MeasuresSettings, initiative: Initiative, order: Order, now: datetime | None = None
) -> ledger.Release:
    """Computes and writes a draft, and gives it as it was written.

    The same facts, definitions, period and cutoff are the same release: it is given again, not written twice.
    Raises UnknownPeriod, NotClosed, CutoffInTheFuture, UnknownMeasure, NotInCatalogue, WindowLongerThanData,
    BeforeData; NotReady when the facts stay behind Kafka.
    """
    now = now or datetime.now(UTC)
    cutoff = order.cutoff or now - SETTLED
    if cutoff > now:
        raise CutoffInTheFuture
    span = named(initiative, order.period) if order.period else newest(
        initiative, initiative.releases.default, cutoff)  # fmt: skip
    definitions, withheld = _mature(initiative, span, cutoff, order.measures)
    with psycopg.connect(conninfo(settings.measures_dsn, "closeknit measures release"), autocommit=True) as connection:
        if progress.await_read(connection, settings.broker, SECONDS_TO_CATCH_UP):
            raise NotReady
        with journeys.reading(settings.measures_dsn) as reading:
            restricted = initiative.restricted_topic and any(each.sensitive for each in definitions)
            of = journeys.Basis(initiative.slug, cutoff, rule=initiative.measurement_consent, restricted=restricted)
            begins = journeys.begins(reading, of)
            _reaching(begins, cutoff, definitions)
            beside = published(reading, ledger.overlapping(reading, initiative.slug, span))
            plan = replace(planned(initiative, span, definitions), begins_on=begun(begins, span), beside=beside)
            if beside.releases:
                on = journeys.stated(of, journeys.digests(reading, of))
                made = document(settings, reading, on, plan)
            else:
                made = closed(settings, (reading, connection), of, plan)
            quality = data_quality(reading, initiative, span.period, cutoff)
        return writing.write(connection, made, quality=quality, built_by=order.built_by, withheld=withheld)


def again(settings: MeasuresSettings, release: UUID) -> tuple[ledger.Release, Document]:
    """A release as it was written, and the same one built anew from the facts; the two are equal unless facts changed.

    Raises UnknownRelease, and UnknownMeasure when a measure is not defined any more.
    """
    with psycopg.connect(conninfo(settings.measures_dsn, "closeknit measures release"), autocommit=True) as connection:
        written = ledger.find(connection, release)
    with journeys.reading(settings.measures_dsn) as reading:
        on = journeys.basis(
            reading,
            written.initiative,
            written.cutoff,
            written.measurement_consent,
            written.last_position,
            restricted=written.restricted,
        )
        wanted = [View(find(measure.id, measure.version), measure.by) for measure in written.measures]
        begins_on = begun(journeys.begins(reading, on), written.span)
        beside = published(reading, [ledger.find(reading, each.release) for each in written.beside])
        plan = Plan(written.span, Frame.read(written.rows), written.references, wanted, begins_on, beside)
        return written, document(settings, reading, on, plan)


def reproduce(settings: MeasuresSettings, release: UUID) -> tuple[str, str]:
    """The hash of a release as it was written, and of the same release built again now. Raises as `again`."""
    written, anew = again(settings, release)
    return written.document_sha256, anew.sha256


def _mature(
    initiative: Initiative, span: Span, cutoff: datetime, measures: Collection[str]
) -> tuple[tuple[Definition, ...], dict[str, date]]:
    """The measures to build, and those that are withheld until a local date. Raises NotClosed and as `chosen`."""
    zone = ZoneInfo(initiative.zone)
    asked = views.chosen(initiative, measures) if measures else views.listed(initiative)
    ripe = {each.id: matures_on(span, each.window) for each in asked}
    open_until = {measure: at for measure, at in ripe.items() if at > cutoff}
    if span.until > cutoff or (open_until and (measures or len(open_until) == len(asked))):
        due = max(ripe.values()) if measures else min(ripe.values(), default=span.until)
        raise NotClosed(whole_day(due, zone))
    ready = tuple(each for each in asked if each.id not in open_until)
    return ready, {measure: whole_day(at, zone) for measure, at in open_until.items()}


def _reaching(begins: datetime | None, cutoff: datetime, definitions: Sequence[Definition]) -> None:
    """Raises WindowLongerThanData for measures whose window is longer than what is known at all."""
    known = cutoff - begins if begins else timedelta(0)
    if longer := tuple(each.id for each in definitions if each.window > known):
        raise WindowLongerThanData(longer)


def begun(begins: datetime | None, span: Span) -> date | None:
    """The local date on which the data begin, where that is in a period. Raises BeforeData for one before it."""
    if begins is None or begins <= span.since:
        return None
    day = begins.astimezone(ZoneInfo(span.zone)).date()
    if begins >= span.until:
        raise BeforeData(day)
    return day


def planned(initiative: Initiative, span: Span, definitions: Sequence[Definition]) -> Plan:
    """Every view of these measures over a period."""
    wanted = views.catalogue(initiative, span, definitions)
    return Plan(span, views.frame(initiative, span), views.references(initiative, wanted), wanted)


def document(settings: MeasuresSettings, connection: Connection, on: journeys.Basis, plan: Plan) -> Document:
    """What is released on a basis by a plan: the full way; `connection` is one of `journeys.reading`."""
    found = counted((connection, settings.measures_dsn), on, plan.views, plan.over(on), parts_of(on.facts))
    return plan.document(on, found)


def closed(
    settings: MeasuresSettings, connections: tuple[Connection, Connection], of: journeys.Basis, plan: Plan
) -> Document:
    """The same by what was kept at the last close; every window of the plan must be over.

    Reads by the first connection, and keeps by the second, in autocommit mode, what the next close can use: while the
    document is made, as it waits for the disk.
    """
    reading, keeping = connections
    found, learned = closing.counted((reading, settings.measures_dsn), Close(of, plan.views, plan.over(of), plan.span))
    with ThreadPoolExecutor(1) as beside:
        kept = beside.submit(learned.keep, keeping)
        made = plan.document(learned.on, found)
    kept.result()
    return made
