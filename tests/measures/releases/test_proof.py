"""Releases come out the same byte for byte when they are built again from the facts, and otherwise when a fact did."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from contracts.initiative import Initiative
from services.measures.domain.data_quality import DataQuality
from services.measures.releases import writing
from services.measures.releases.build import again, begun, closed, planned
from services.measures.releases.lattice import matures_on, named
from services.measures.releases.ledger import Release
from services.measures.releases.views import listed
from services.measures.settings import MeasuresSettings
from services.measures.store import journeys
from tests.fix_servers import Databases
from tests.measures.published import Log, busy, pseudonym
from tests.measures.releases.test_closing import whole
from tests.measures.store.test_restricted import write
from tests.measures.telling import full_life
from tests.prove.tally import Tally

PERIODS = ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2026")
DAY = timedelta(days=1)
QUALITY = DataQuality(agencies_on_system=6, agencies_reporting=6, agencies_not_on_system=0, parked=0)


@dataclass(frozen=True)
class Case:
    """An initiative of its own with its own clients, and what of it is released."""

    initiative: Initiative
    period: str
    cutoff: datetime
    log: Log


def case(number: int) -> Case:
    """Another county, other measures, and another period or cutoff for each number."""
    dice = random.Random(number)
    found = whole().model_copy(update={"slug": f"made-up-{number}"})
    log = Log(found.slug, seed=number, first=1 + number * 10_000)
    clients = 8 * (number % 4) + 8
    for client in range(clients):
        full_life(log, pseudonym(client), days=dice.randrange(-100, 300))
    busy(clients, 3, log=log, seed=number, hours=300 / clients * 8)
    measures = tuple(
        dice.sample(found.working_groups[0].measures, 44 if number % 10 == 0 else dice.choice([6, 10, 16]))
    )
    group = found.working_groups[0].model_copy(update={"measures": measures})
    found = found.model_copy(update={"working_groups": (group,)})
    span = named(found, PERIODS[number % len(PERIODS)])
    over = max(matures_on(span, each.window) for each in listed(found))
    return Case(found, span.name, over + dice.randrange(60) * DAY, log)


def released(settings: MeasuresSettings, made: Case) -> Release:
    """The draft as it is written, by the short way."""
    initiative, span = made.initiative, named(made.initiative, made.period)
    of = journeys.Basis(initiative.slug, made.cutoff, restricted=True)
    with (
        journeys.reading(settings.measures_dsn) as reading,
        psycopg.connect(settings.measures_dsn, autocommit=True) as connection,
    ):
        plan = replace(
            planned(initiative, span, listed(initiative)), begins_on=begun(journeys.begins(reading, of), span)
        )
        document = closed(settings, (reading, connection), of, plan)
        return writing.write(connection, document, quality=QUALITY, built_by="ann", withheld={})


def is_same(settings: MeasuresSettings, release: UUID) -> bool:
    """Whether it is built again as it was written: its hash, its name, and each of its bytes."""
    written, anew = again(settings, release)
    return (written.document_sha256, written.id) == (anew.sha256, anew.id)


@pytest.mark.proof
def test_a_release_is_reproduced_byte_for_byte(databases: Databases, sized: Callable[[int, int], int]) -> None:
    """Each of another county; with one fact written over by the owner of the database, none is what it was."""
    settings = MeasuresSettings(environment="development", measures_dsn=databases.dsn("measures"))
    tally, found, shown = Tally("release-reproduced"), set[str](), 0
    for number in range(sized(3, 100)):
        made = case(number)
        write(settings.measures_dsn, made.log)
        release = released(settings, made)
        found.add(release.document_sha256)
        other = with_one_changed(databases, settings, made, release.id)
        tally.check(is_same(settings, release.id), f"release {number} is not what was written")
        assert not other, f"release {number} is what it was where a fact is not"
        shown += told(settings, release.id)
    assert len(found) == tally.points, "they are different releases"
    assert shown, "all that they say is hidden"
    tally.close()


def with_one_changed(databases: Databases, settings: MeasuresSettings, made: Case, release: UUID) -> bool:
    """Whether it is built as it was where one known fact reads otherwise; afterwards the fact is as it was."""
    known = [fact.headers.id for fact in made.log.facts if fact.headers.recorded_time <= made.cutoff]
    fact = random.Random(made.period).choice(known)
    rewrite = "UPDATE v1.facts SET data = replace(data::text, %s, %s)::json WHERE event_id = %s"
    with psycopg.connect(databases.dsn("measures", "closeknit_owner"), autocommit=True) as owner:
        owner.execute(rewrite, ["{", '{"another":true,', fact])
        same = is_same(settings, release)
        owner.execute(rewrite, ['{"another":true,', "{", fact])
    return same


def told(settings: MeasuresSettings, release: UUID) -> int:
    """How many cells of a release are shown."""
    with psycopg.connect(settings.measures_dsn) as connection:
        query = "SELECT count(*) FROM release_cells WHERE release = %s AND numerator > 0"
        [count] = connection.execute(query, [release]).fetchone() or (0,)
    return int(count)
