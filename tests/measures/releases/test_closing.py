"""A period closed by what the last close has kept is the period counted anew over everybody."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from contracts.events.client import ClientLinkedV1, ClientUnlinkedV1
from contracts.initiative import Initiative, load_initiatives
from services.measures.definitions import CATALOGUE, EVERY, lost_to_follow_up_v1, uncovered_days_v1
from services.measures.domain.figure import units_of
from services.measures.domain.groups import groups_of
from services.measures.domain.journey import Journey, fold
from services.measures.domain.measure import AsOf, By, Definition, Unit
from services.measures.domain.period import Period, Quarter
from services.measures.releases import closing, together
from services.measures.releases.build import Plan, planned
from services.measures.releases.cells import Cell
from services.measures.releases.closing import THE_END, Close, Learned
from services.measures.releases.kept import Memory, remember
from services.measures.releases.lattice import matures_on, named
from services.measures.releases.tables import Counting
from services.measures.releases.views import listed
from services.measures.store import journeys
from tests.fix_servers import Databases
from tests.measures import lives
from tests.measures.conftest import INITIATIVES, LARGE
from tests.measures.published import START, Log, busy, pseudonym
from tests.measures.store.test_restricted import write
from tests.measures.worlds import World
from tests.prove.tally import Tally

ZONE = ZoneInfo("America/Los_Angeles")
QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4")
DAY = timedelta(days=1)


@cache
def whole() -> Initiative:
    """With every measure on a scorecard."""
    found = load_initiatives(INITIATIVES)[LARGE]
    group = found.working_groups[0].model_copy(update={"measures": tuple(CATALOGUE)})
    return found.model_copy(update={"working_groups": (group,), "restricted_topic": True})


def plan_of(quarter: str) -> Plan:
    return planned(whole(), named(whole(), quarter), listed(whole()))


def over_on(quarter: str) -> datetime:
    return max(matures_on(named(whole(), quarter), each.window) for each in listed(whole()))


# ---- What is kept holds


def journeys_of(seed: int) -> list[Journey]:
    facts = lives.world(seed).facts if seed % 2 else World(seed).log.facts
    clients = {fact.headers.subject for fact in facts}
    return [fold(fact.observed for fact in facts if fact.headers.subject == client) for client in sorted(clients)]


def units_in(definition: Definition, journey: Journey, cutoff: datetime, period: Period) -> Counter[Unit]:
    return Counter(unit for unit in units_of(definition, journey, AsOf(cutoff, ZONE)) if unit.at in period)


def what_time_changes(definition: Definition, journey: Journey) -> bool:
    """Whether something of a quarter that is over, with all windows, will be something else for ever."""
    ats = {Quarter.of(unit.at, ZONE) for unit in units_of(definition, journey, AsOf(THE_END, ZONE))}
    for quarter in ats:
        period = Period.of_dates(quarter.first_day(), quarter.before(-1).first_day(), ZONE)
        assert period.until
        for later in (timedelta(), 20 * DAY):
            cutoff = period.until + definition.window + later
            if units_in(definition, journey, cutoff, period) != units_in(definition, journey, THE_END, period):
                return True
    return False


@pytest.mark.proof
def test_what_settles_stays_as_it_is_once_its_window_is_over(sized: Callable[[int, int], int]) -> None:
    tally = Tally("units-settled")
    for seed in range(sized(6, 600)):
        for journey in journeys_of(seed):
            for definition in EVERY:
                if definition.settles:
                    tally.check(not what_time_changes(definition, journey), f"{definition.name}: world {seed}")
    tally.close()


def test_what_does_not_settle_is_seen() -> None:
    found = {each.name for seed in range(16) for journey in journeys_of(seed)
             for each in EVERY if not each.settles and what_time_changes(each, journey)}  # fmt: skip
    assert found >= {lost_to_follow_up_v1.DEFINITION.name, "time_to_acceptance_v1", "handoff_gap_v1"}
    assert uncovered_days_v1.DEFINITION.settles


def test_what_is_kept_reads_as_it_was() -> None:
    for seed in range(6):
        for journey in journeys_of(seed):
            units = {each.name: list(units_of(each, journey, AsOf(THE_END, ZONE))) for each in EVERY}
            extent, content = remember(groups_of(journey), units, None)
            groups, found = Memory(EVERY, Period()).recall(content)
            assert groups == groups_of(journey)
            assert found == {name: each for name, each in units.items() if each}
            ats = [unit.at for each in units.values() for unit in each]
            assert extent == (min(ats, default=None), max(ats, default=None), None)


# ---- The same figures


def plainly(cell: Cell) -> Any:
    """All that is counted in a cell, whoever came first."""
    tally, sums = cell.tally, cell.tally.sums()
    who = tally.clients_met, tally.clients_unmet, tally.exposed, Counter(tally.sizes)
    pieces = {shape: count for shape, count in cell.pieces.shapes.items() if count}
    return sums.standings, sums.rules, sums.agencies, sums.by_letter, who, pieces, cell.pieces.clients


def exactly(found: Sequence[Counting]) -> dict[tuple[str, By, str], Any]:
    return {
        (each.definition.name, by, label): plainly(cell)
        for each in found
        for (by, label), cell in each.exact.items()
        if cell.tally.shapes
    }


def many_lives(seed: int) -> Log:
    """Clients of whom two at a time are taken for one, and sometimes for two after all; much is written down late."""
    log, dice = lives.world(seed, clients=9, acts=14), random.Random(seed)
    for number in range(3):
        one, other = pseudonym(number), pseudonym(number + 4)
        at = START + dice.randrange(30, 500) * DAY
        log.add(ClientLinkedV1(other=other), one, at)
        if dice.random() < 0.5:
            log.add(ClientUnlinkedV1(other=other), one, at + dice.randrange(200) * DAY)
    for fact in tuple(log.facts):
        if dice.random() < 0.1:
            log.facts.remove(fact)
            log.facts.append(fact.recorded_at(fact.headers.recorded_time + dice.randrange(300) * DAY))
    return log


def both_ways(dsn: str, quarter: str, cutoff: datetime) -> tuple[bool, Learned]:
    """Whether the short way counts what the full way counts; and keeps for the next."""
    plan = plan_of(quarter)
    of = journeys.Basis(LARGE, cutoff, restricted=True)
    with journeys.reading(dsn) as reading:
        short, learned = closing.counted((reading, dsn), Close(of, plan.views, plan.over(of), plan.span))
        on = journeys.basis(reading, LARGE, cutoff, "not_required", restricted=True)
        full = together.counted((reading, dsn), on, plan.views, plan.over(on), 1)
    with psycopg.connect(dsn, autocommit=True) as connection:
        learned.keep(connection)
    return learned.on == on and exactly(short) == exactly(full), learned


@pytest.mark.proof
def test_quarters_closed_one_after_the_other_are_what_the_full_way_counts(
    databases: Databases, sized: Callable[[int, int], int]
) -> None:
    tally, kept = Tally("closed-as-counted"), 0
    dsn = databases.dsn("measures")
    for seed in range(sized(2, 40)):
        with psycopg.connect(databases.dsn("measures", "closeknit_owner"), autocommit=True) as owner:
            owner.execute("TRUNCATE v1.facts, kept_units")
        write(dsn, many_lives(seed))
        for quarter in QUARTERS:
            same, learned = both_ways(dsn, quarter, over_on(quarter) + seed % 3 * 40 * DAY)
            tally.check(same, f"{quarter} of world {seed}")
            kept += quarter == QUARTERS[-1] and len(learned.clients) < 9
    tally.close()
    assert kept, "in no world was anybody recalled"


def test_who_changed_is_looked_at_and_no_other(databases: Databases) -> None:
    dsn, log = databases.dsn("measures"), busy(12, 6, hours=40)
    write(dsn, log)
    cutoff = over_on("2026-Q2")
    assert both_ways(dsn, "2026-Q2", cutoff)[1].clients
    later = Log(LARGE, seed=5, first=90_000)
    later.contact(pseudonym(3), START + 100 * DAY)
    write(dsn, later)
    same, learned = both_ways(dsn, "2026-Q3", over_on("2026-Q3"))
    assert same
    assert pseudonym(3) in {each.client for each in learned.clients}
    assert len(learned.clients) == 1
    same, learned = both_ways(dsn, "2026-Q2", over_on("2026-Q3"))
    assert (same, len(learned.clients)) == (True, 12), "what is kept says nothing of an earlier quarter"


def test_what_was_kept_of_other_facts_is_not_used(databases: Databases) -> None:
    dsn = databases.dsn("measures")
    write(dsn, busy(12, 6, hours=40))
    both_ways(dsn, "2026-Q1", over_on("2026-Q1"))
    with psycopg.connect(databases.dsn("measures", "closeknit_owner"), autocommit=True) as owner:
        owner.execute("UPDATE kept_units SET content = json_build_array(content::json->0, '{}'::json)::text")
        same, learned = both_ways(dsn, "2026-Q2", over_on("2026-Q2"))
        assert not same, "what is kept is believed: her units are gone"
        owner.execute("UPDATE kept_units SET facts = 'of others', since = '2026-04-01'")
        same, learned = both_ways(dsn, "2026-Q2", over_on("2026-Q2"))
        assert (same, len(learned.clients)) == (True, 12)
        owner.execute("UPDATE kept_units SET key = 'of other code', since = '2026-04-01'")
    same, learned = both_ways(dsn, "2026-Q2", over_on("2026-Q2"))
    assert (same, len(learned.clients)) == (True, 12)


def test_a_period_whose_windows_are_open_is_not_closed(databases: Databases) -> None:
    dsn, plan = databases.dsn("measures"), plan_of("2026-Q1")
    of = journeys.Basis(LARGE, over_on("2026-Q1") - timedelta(seconds=1))
    with journeys.reading(dsn) as reading, pytest.raises(ValueError, match="window"):
        closing.counted((reading, dsn), Close(of, plan.views, plan.over(of), plan.span))


SPRING = Period.of_dates(date(2026, 4, 1), date(2026, 7, 1), ZONE)


@pytest.mark.parametrize("period", [SPRING, Period(SPRING.until)], ids=["a-quarter", "since-then"])
def test_what_is_asked_for_is_given_as_where_all_is(period: Period) -> None:
    as_of = AsOf(START + 250 * DAY, ZONE)
    for journey in (each for seed in range(6) for each in journeys_of(seed)):
        for each in EVERY:
            narrow = Counter(units_of(each, journey, replace(as_of, asked=period)))
            assert +Counter({unit: count for unit, count in narrow.items() if unit.at in period}) == units_in(
                each, journey, as_of.cutoff, period
            )
