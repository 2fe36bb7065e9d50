"""A release is true, hides what R24 hides, is the same when built again, and stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest

from contracts.initiative import Initiative, load_initiatives
from services.measures.definitions import CATALOGUE, find
from services.measures.domain.behind import Behind
from services.measures.domain.figure import Figure, compute
from services.measures.domain.journey import Observed, fold
from services.measures.domain.measure import AsOf, By
from services.measures.domain.period import Period, Quarter
from services.measures.domain.row import Shown
from services.measures.projection.rebuild import rebuild
from services.measures.releases import ledger, together
from services.measures.releases.build import Order, again, build, planned, reproduce
from services.measures.releases.cells import Counted
from services.measures.releases.checking import check, told
from services.measures.releases.deciding import Overlaps, Says, approve
from services.measures.releases.late import late
from services.measures.releases.late import told as told_late
from services.measures.releases.lattice import named
from services.measures.releases.ledger import MeasureOf, Release, UnknownRelease
from services.measures.releases.sheets import shown
from services.measures.releases.views import listed
from services.measures.store import journeys
from services.runtime.telemetry import Telemetry
from tests.measures.conftest import INITIATIVES, LARGE, NOW, SMALL, County
from tests.measures.published import RECEIVERS, SENDERS, Log, pseudonym

ZONE = "America/Los_Angeles"
YEAR = "2026"
LATER = NOW + timedelta(days=1)


def initiative(slug: str = LARGE) -> Initiative:
    return load_initiatives(INITIATIVES)[slug]


def built(county: County, slug: str = LARGE, cutoff: datetime = NOW) -> Release:
    return build(county.settings, initiative(slug), Order("ann", YEAR, cutoff), now=LATER)


@pytest.fixture(scope="module")
def release(county: County) -> Release:
    """One that is only looked at: the same is not built anew for each case."""
    return built(county)


def counted(log: Log, measure: str, period: Period, cutoff: datetime) -> Figure:
    """The figure by another way: from the log itself, past Kafka and PostgreSQL."""
    known: dict[str, list[Observed]] = {}
    for fact in log.facts:
        if fact.headers.recorded_time <= cutoff:
            known.setdefault(fact.headers.subject, []).append(fact.observed)
    journeys = [(client, fold(events)) for client, events in known.items()]
    return compute(CATALOGUE[measure], journeys, period, AsOf(cutoff, ZoneInfo(ZONE)))


OFTEN = ("response_rate", "closed_loop_rate", "handoff_completion", "clients_reached", "agency_changes")
"""Measures of which the county has enough in every quarter for it to be shown."""


@pytest.mark.parametrize("slug", [LARGE, SMALL])
def test_a_release_has_what_some_working_group_reads(slug: str) -> None:
    read = {measure for group in initiative(slug).working_groups for measure in group.measures}
    assert [each.id for each in listed(initiative(slug))] == [measure for measure in CATALOGUE if measure in read]


def test_every_measure_stands_on_a_scorecard_of_fresno() -> None:
    assert {each.id for each in listed(initiative())} == set(CATALOGUE)


def test_what_nobody_reads_is_not_released() -> None:
    assert listed(initiative().model_copy(update={"working_groups": ()})) == ()


@pytest.mark.parametrize("measure", OFTEN)
def test_what_is_shown_is_what_was_counted(county: County, release: Release, measure: str) -> None:
    shown = 0
    with psycopg.connect(county.settings.measures_dsn) as connection:
        rows = ledger.figures(connection, release.id, measure, By.QUARTER)
    assert [label for label, _ in rows] == [f"{YEAR}-Q{n}" for n in (1, 2, 3, 4)]
    for label, row in rows:
        quarter = Quarter(int(label[:4]), int(label[-1]))
        period = Period.of_dates(quarter.first_day(), quarter.before(-1).first_day(), ZoneInfo(ZONE))
        true = counted(county.large, measure, period, NOW)
        for name in ("numerator", "denominator", "missing", "pending", "excluded"):
            value = getattr(row, name)
            assert value in (None, getattr(true, name))
            shown += value is not None
    assert shown > 8


def test_no_stored_cell_is_small(county: County) -> None:
    for slug in (LARGE, SMALL):
        built(county, slug)
    small = (
        "SELECT count(*) FROM release_cells WHERE numerator BETWEEN 1 AND 10 OR denominator BETWEEN 1 AND 10"
        " OR denominator - numerator BETWEEN 1 AND 10 OR missing BETWEEN 1 AND 10 OR pending BETWEEN 1 AND 10"
        " OR excluded BETWEEN 1 AND 10"
    )
    assert county.stage.rows(small) == [(0,)]
    assert county.stage.rows(
        "SELECT count(*) > 0, count(numerator) > 0 FROM release_cells WHERE numerator IS NULL"
    ) == [(True, False)]
    assert county.stage.rows("SELECT count(*) > 20 FROM release_cells WHERE numerator > 10") == [(True,)]


def test_the_same_cutoff_is_the_same_release(county: County) -> None:
    first, second = built(county), built(county)
    assert first == second
    assert first.name == "2026.1"
    assert reproduce(county.settings, first.id) == (first.document_sha256, first.document_sha256)


def test_on_which_day_the_data_begin_is_part_of_a_release(county: County) -> None:
    first = min(fact.observed.moment.at for fact in county.large.facts).astimezone(ZoneInfo(ZONE)).date()
    release = build(county.settings, initiative(), Order("ann", "2025", NOW), now=LATER)
    assert (release.begins_on, built(county).begins_on) == (first, None)
    assert reproduce(county.settings, release.id) == (release.document_sha256,) * 2
    _, document = again(county.settings, release.id)
    assert replace(document, begins_on=None).sha256 != release.document_sha256


def test_initiatives_do_not_meet(county: County) -> None:
    small = built(county, SMALL)
    assert small.initiative == SMALL
    assert counted(county.small, "clients_reached", Period(), NOW).numerator <= 30
    with psycopg.connect(county.settings.measures_dsn) as connection:
        there = ledger.of_initiative(connection, SMALL, None, 10)
        assert (small in there, {release.initiative for release in there}) == (True, {SMALL})
        with pytest.raises(UnknownRelease):
            ledger.find(connection, small.id, LARGE)


def test_every_measure_can_be_released_and_tells_of_no_few(county: County) -> None:
    """All kinds of figure, restricted facts too; what is stored is what was hashed, and comes out the same again."""
    group = initiative().working_groups[0].model_copy(update={"measures": tuple(CATALOGUE)})
    whole = initiative().model_copy(update={"working_groups": (group,)})
    release = build(county.settings, whole, Order("ann", "2026-Q1", NOW), now=LATER)
    withheld = {each.id for each in CATALOGUE.values()} - {each.id for each in release.measures}
    assert {find(each).kind for each in CATALOGUE} == {find(each.id).kind for each in release.measures}
    assert withheld == release.withheld.keys()
    with psycopg.connect(county.settings.measures_dsn) as connection:
        found = check(connection, release.id)
        told = {
            each.id: dict(ledger.figures(connection, release.id, each.id, By.NONE))[""] for each in release.measures
        }
    assert found.wrong == ()
    assert found.shown > 100
    assert found.hidden > 100
    views = {f"{each.id} by {by}" for each in release.measures for by in each.by if by is not By.NONE}
    assert found.views == len(views)
    for measure, by in (("response_rate", By.CATEGORY), ("clients_reached", By.LANGUAGE), ("ipv_referral", By.PAYER)):
        with psycopg.connect(county.settings.measures_dsn) as connection:
            rows = [row for _, row in ledger.figures(connection, release.id, measure, by)]
        numerators = [row.numerator for row in rows]
        assert (f"{measure} by {by}" in found.whole) == (None not in numerators)
        assert (f"{measure} by {by}" in found.dark) == (not any(numerators))
    assert views - {*found.whole, *found.dark}, "some show a group and hide one"
    assert reproduce(county.settings, release.id) == (release.document_sha256,) * 2
    beside = {name for row in told.values() for name in row.detail or ()}
    assert beside >= {"shares", "course", "spread", "quality"}


def test_several_processes_count_what_one_does(county: County) -> None:
    span, dsn = named(initiative(), YEAR), county.settings.measures_dsn
    every = planned(initiative(), span, [each for each in CATALOGUE.values() if not each.sensitive])
    over = Counted(span.period, every.frame, AsOf(NOW, ZoneInfo(ZONE)))
    with journeys.reading(dsn) as reading:
        on = journeys.basis(reading, LARGE, NOW, "not_required")
        one, two = (together.counted((reading, dsn), on, every.views, over, parts) for parts in (1, 2))
    first, second = shown(one, ()), shown(two, ())
    assert [each.content() for each in first] == [each.content() for each in second]
    assert any(row.numerator for each in first for row in each.cells[By.QUARTER].values())


def test_a_small_number_that_got_through_is_seen() -> None:
    measure = MeasureOf("m", 1, "t", "u", "d", "n", counts_clients=False, by=(By.NONE, By.CHANNEL), cells_sha256="")
    total = Shown(100, 200, 0, 0, 0)
    few = {"a": Shown(95, 100, 0, 0, 0), "b": Shown(5, 100, 0, 0, 0)}
    alone = {"a": Shown(50, 100, 0, 0, 0), "b": Shown(None, None, 0, 0, 0)}
    assert len(list(told(measure, {By.NONE: {"": total}, By.CHANNEL: few}, 1))) == 2
    assert len(list(told(measure, {By.NONE: {"": total}, By.CHANNEL: alone}, 1))) == 1
    fair = {"a": Shown(50, 100, 0, 0, 0), "b": Shown(50, 100, 0, 0, 0)}
    assert list(told(measure, {By.NONE: {"": total}, By.CHANNEL: fair}, 1)) == []
    assert len(list(told(measure, {By.NONE: {"": total}, By.CHANNEL: fair}, 0))) == 3  # a sensitive one tells no nought


def test_later_facts_change_no_release_and_make_another(make_county: Callable[[], County]) -> None:
    county = make_county()
    before = built(county)
    later = Log(LARGE, seed=9, first=100_000)
    for number in range(40):
        at = NOW - timedelta(days=400)
        later.sent(pseudonym(number), at, between=(SENDERS[number % 3], RECEIVERS[number % 3]))
    later.known_later(NOW + timedelta(hours=1))
    county.publish(later.facts)
    assert built(county) == before
    assert reproduce(county.settings, before.id)[1] == before.document_sha256
    after = built(county, cutoff=NOW + timedelta(hours=2))
    assert (after.name, after.number) == ("2026.2", 2)
    assert after.document_sha256 != before.document_sha256
    with psycopg.connect(county.settings.measures_dsn) as connection:
        assert ledger.of_initiative(connection, LARGE, None, 1) == [after]
        assert ledger.of_initiative(connection, LARGE, after.number, 5) == [before]
        assert late(connection, after, before) == late(connection, before, after) == 40
        assert late(connection, before, before) == 0
        another = replace(before, span=named(initiative(), "2025"))
        assert late(connection, another, after) == 0, "they happened in another time"


def shown_of(connection: psycopg.Connection[tuple[object, ...]], release: Release) -> int:
    query = "SELECT count(*) FROM release_cells WHERE release = %s AND numerator IS NOT NULL"
    [found] = connection.execute(query, [release.id]).fetchone() or (0,)
    return int(str(found))


def test_r24_a_release_is_published_beside_all_that_overlap_or_not_at_all(make_county: Callable[[], County]) -> None:
    """Of drafts of overlapping times the last to be approved is built again, and hides more; the others stay."""
    county, ben = make_county(), Says("ben")

    def draft(period: str) -> Release:
        return build(county.settings, initiative(), Order("ann", period, NOW, OFTEN), now=LATER)

    *quarters, year = [draft(period) for period in ("2026-Q1", "2026-Q2", "2026-Q3", YEAR)]
    with psycopg.connect(county.settings.measures_dsn, autocommit=True) as connection:
        assert {approve(connection, each.id, ben).state for each in quarters} == {"published"}
        with pytest.raises(Overlaps) as refused:
            approve(connection, year.id, ben)
        assert refused.value.names == ("2026-Q1.1", "2026-Q2.1", "2026-Q3.1")
        again = draft(YEAR)
        assert (year.beside, [each.release for each in again.beside]) == ((), [each.id for each in quarters])
        assert (again.name, approve(connection, again.id, ben).state) == ("2026.2", "published")
        assert 0 < shown_of(connection, again) < shown_of(connection, year)
        assert check(connection, again.id).wrong == ()
        assert draft(YEAR).id == again.id, "what was published of the same facts is that release"
        assert ledger.overlapping(connection, SMALL, year.span) == []
    assert reproduce(county.settings, again.id) == (again.document_sha256,) * 2


@pytest.mark.parametrize(
    ("facts", "clients", "agencies", "said"),
    [
        (0, 0, {}, 0),
        (10, 10, {"a": 4, "b": 3, "c": 3}, None),
        (11, 11, {"a": 4, "b": 4, "c": 3}, 10),
        (49, 11, {"a": 20, "b": 20, "c": 9}, 40),
        (49, 10, {"a": 20, "b": 20, "c": 9}, None),
        (40, 40, {"a": 20, "b": 20}, None),
        (40, 40, {"a": 33, "b": 4, "c": 3}, None),
    ],
)
def test_r24_few_late_facts_are_not_told(facts: int, clients: int, agencies: dict[str, int], said: int | None) -> None:
    assert told_late(Behind(facts, agencies), clients) == said


def test_a_fact_changed_by_hand_is_seen(make_county: Callable[[], County]) -> None:
    county = make_county()
    release = built(county)
    with psycopg.connect(county.stage.owner_dsn, autocommit=True) as connection:
        connection.execute(
            "UPDATE v1.facts SET data = replace(data::text, '\"met\":true', '\"met\":false')::json"
            " WHERE type = 'contact.recorded.v1'"
        )
    written, again = reproduce(county.settings, release.id)
    assert written != again
    rebuild(county.settings, ["care.events.v1", "care.restricted.v1"], Telemetry.off())
    assert reproduce(county.settings, release.id) == (written, written)


@pytest.mark.parametrize("table", ["releases", "release_measures", "release_cells", "release_decisions"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET release = release", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
@pytest.mark.usefixtures("release")
def test_nobody_changes_a_release(county: County, table: str, statement: str) -> None:
    query = statement.format(table).replace("releases SET release = release", "releases SET name = name")
    with (
        psycopg.connect(county.stage.owner_dsn) as connection,
        pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="frozen"),
    ):
        connection.execute(query.encode())
