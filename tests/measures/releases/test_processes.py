"""What several processes close, one quarter after another, is what one process counts of everybody at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta

import psycopg
import pytest

from contracts.vocabulary import Category
from services.measures.definitions import CATALOGUE
from services.measures.domain.measure import By
from services.measures.releases import together
from services.measures.releases.build import closed, document
from services.measures.releases.document import Document
from services.measures.settings import MeasuresSettings
from services.measures.store import journeys
from tests.fix_servers import Databases
from tests.measures.conftest import LARGE
from tests.measures.published import RECEIVERS, SENDERS, START, Log, busy, pseudonym
from tests.measures.releases.test_closing import over_on, plan_of
from tests.measures.store.test_restricted import write
from tests.measures.telling import contact, full_life

QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3")
Parts = Callable[[int], None]


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> Parts:
    """From how many facts on two processes count, whatever machine this is."""
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    return lambda facts: monkeypatch.setattr(together, "MANY", facts)


def county() -> Log:
    """In each quarter half of the clients have the same help twice, from agencies of every pair."""
    log = busy(90, 6, hours=12, log=Log(LARGE))
    agencies = SENDERS + RECEIVERS
    for number in range(90):
        full_life(log, pseudonym(number), days=number - 60)
        for quarter in range(4 if number % 2 else 0):
            at = START + timedelta(days=90 * quarter + 20 + number % 30)
            contact(log, pseudonym(number), at, Category.WIC, agency=agencies[number % 6])
            contact(log, pseudonym(number), at + timedelta(days=3), Category.WIC, agency=agencies[(number + 1) % 6])
    return log


def at_once(settings: MeasuresSettings, quarter: str, cutoff: datetime) -> Document:
    """The full way."""
    with journeys.reading(settings.measures_dsn) as reading:
        on = journeys.basis(reading, LARGE, cutoff, "not_required", restricted=True)
        return document(settings, reading, on, plan_of(quarter))


def after_another(settings: MeasuresSettings, quarter: str, cutoff: datetime) -> Document:
    """By what the close before it kept."""
    of = journeys.Basis(LARGE, cutoff, restricted=True)
    with (
        journeys.reading(settings.measures_dsn) as reading,
        psycopg.connect(settings.measures_dsn, autocommit=True) as keeping,
    ):
        return closed(settings, (reading, keeping), of, plan_of(quarter))


def test_every_measure_of_every_close_is_what_is_counted_at_once(databases: Databases, in_parts: Parts) -> None:
    settings, told = MeasuresSettings(environment="development", measures_dsn=databases.dsn("measures")), 0
    write(settings.measures_dsn, county())
    for quarter in QUARTERS:
        in_parts(1_000_000)
        expected = at_once(settings, quarter, over_on(quarter))
        in_parts(1)
        assert together.parts_of(1) == 2
        for way in (after_another, at_once):
            found = way(settings, quarter, over_on(quarter))
            assert [each.content() for each in found.measures] == [each.content() for each in expected.measures]
            assert found.bytes() == expected.bytes()
        totals = {each.definition.id: each.cells[By.NONE][""].numerator or 0 for each in expected.measures}
        assert totals["duplicate_service"] > 10
        told += sum(map(bool, totals.values()))
    assert told > len(CATALOGUE), "what is hidden is alike whatever was counted"
