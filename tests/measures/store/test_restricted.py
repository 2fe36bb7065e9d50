"""R6: facts of restricted classes are read, and only a basis that asks for them has them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from contracts import registry
from contracts.topic import FIRST_KEY
from contracts.vocabulary import ScreeningResult
from services.measures import consumer
from services.measures.domain.journey import fold
from services.measures.projection.record import handle
from services.measures.settings import MeasuresSettings
from services.measures.store import facts, journeys
from services.measures.store.progress import declared_topics, required_topics
from services.runtime.worker import Applied, Lifecycle
from tests.fix_servers import Databases
from tests.measures import pregnancies as of
from tests.measures.projection.test_record import ARecord
from tests.measures.published import START, Log, pseudonym

HER = pseudonym(1)
LATER = START + timedelta(days=400)


def a_log() -> Log:
    log = Log()
    episode = of.opened(log, HER, START)
    of.born(log, HER, episode, START + timedelta(days=9), date(2026, 1, 9))
    of.screened(log, HER, START, ScreeningResult.POSITIVE)
    return log


def write(dsn: str, log: Log) -> None:
    """The log as the consumer writes it."""
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        for offset, fact in enumerate(log.facts):
            topic = "care.restricted.v1" if fact.restricted else "care.events.v1"
            value, pairs = registry.encode(fact.event), list(fact.headers.pairs())
            row = handle(ARecord(pairs, value, fact.headers.key, topic, offset=offset))
            assert isinstance(row, Applied)
            facts.copy_rows(cursor, facts.current(connection)[0], row.rows)


def test_r6_only_a_basis_that_asks_for_restricted_facts_has_them(databases: Databases) -> None:
    log = a_log()
    write(databases.dsn("measures"), log)
    expected = fold(fact.observed for fact in log.facts)
    with journeys.reading(databases.dsn("measures")) as connection:
        ordinary = journeys.basis(connection, log.initiative, LATER, "not_required")
        whole = journeys.basis(connection, log.initiative, LATER, "not_required", restricted=True)
        assert (ordinary.facts, whole.facts) == (1, 3)
        assert ordinary.facts_sha256 != whole.facts_sha256
        [(_, without)] = journeys.journeys(connection, ordinary)
        [(_, with_them)] = journeys.journeys(connection, whole)
    assert without.whole is without
    assert with_them == expected
    assert [path.birth is None for path in without.episodes.values()] == [True]
    assert [each.recorded for each in with_them.known.values()] == [START]


def test_r6_the_restricted_topic_is_waited_for_where_an_initiative_turned_it_on() -> None:
    assert set(declared_topics()) == set(required_topics(restricted=True))
    assert set(required_topics(restricted=True)) - set(required_topics(restricted=False)) == {journeys.RESTRICTED}


@pytest.mark.parametrize("is_on", [True, False])
def test_r6_a_consumer_does_not_begin_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_on: bool
) -> None:
    lifecycle = Lifecycle()
    there: list[Sequence[str]] = [declared_topics(), required_topics(restricted=False)]

    def found(bootstrap: str, key: int) -> Sequence[str]:
        del bootstrap
        assert key == FIRST_KEY
        return there.pop() if len(there) > 1 else there[0]

    monkeypatch.setattr(consumer, "existing_topics", found)
    monkeypatch.setattr(lifecycle, "pause", lambda seconds: None)
    settings = MeasuresSettings(
        environment="development", measures_dsn="", initiatives=configured(tmp_path, is_on=is_on)
    )
    read = consumer.await_topics(settings, lifecycle)
    assert set(read) == set(required_topics(restricted=is_on))


def configured(folder: Path, *, is_on: bool) -> Path:
    """The initiatives, their restricted topic on or off."""
    source = Path(__file__).parents[3] / "deploy" / "initiatives"
    for file in source.rglob("*.toml"):
        copy = folder / file.relative_to(source)
        copy.parent.mkdir(exist_ok=True)
        text = file.read_text()
        copy.write_text(text if is_on else text.replace("restricted_topic = true", "restricted_topic = false"))
    return folder
