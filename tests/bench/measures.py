"""All measures in all views of one quarter, over a million events; a quarter is closed by the same pass over them."""

import argparse
import random
import time
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import psycopg

from contracts import registry
from contracts.initiative import Initiative, load_initiatives
from services.measures.definitions import CATALOGUE
from services.measures.releases import views
from services.measures.releases.build import document, planned
from services.measures.releases.lattice import named
from services.measures.settings import MeasuresSettings
from services.measures.store import journeys
from services.measures.store.facts import COLUMNS
from tests.bench.ground import calibration, ground, say
from tests.measures.conftest import INITIATIVES, LARGE
from tests.measures.published import Fact, Log, busy, pseudonym
from tests.measures.telling import full_life

QUARTER: Final = "2027-Q4"
CUTOFF: Final = datetime(2028, 12, 31, tzinfo=UTC)
CLIENTS: Final = 400
MONTHS: Final = 24


def county(log: Log) -> list[Fact]:
    """Clients with pregnancies, needs, screenings, referrals, handoffs and contacts, begun at any time of two years."""
    dice = random.Random(5)
    for number in range(CLIENTS):
        client = pseudonym(number)
        full_life(log, client, days=dice.randrange(MONTHS * 30))
    return busy(CLIENTS, 10, log=log, hours=MONTHS * 730 / (CLIENTS * 10)).facts


def load(dsn: str, facts: list[Fact], count: int) -> int:
    """Facts into the table, again and again as other clients, until there are so many; gives how many clients."""
    copies = -(-count // len(facts))
    with psycopg.connect(dsn, autocommit=True) as connection, connection.cursor() as cursor:
        with cursor.copy(f"COPY v1.facts ({COLUMNS}) FROM STDIN") as copy:
            for number in range(copies):
                for fact in facts:
                    copy.write_row(_row(fact, number, len(facts)))
        cursor.execute("ANALYZE v1.facts")
    return copies * len({fact.headers.subject for fact in facts})


def _row(fact: Fact, number: int, of: int) -> tuple[object, ...]:
    headers = fact.headers
    topic = "care.restricted.v1" if fact.restricted else "care.events.v1"
    position = headers.position + number * of * 2
    subject = f"{number:04d}{headers.subject[4:]}".translate(str.maketrans("0189", "abcd"))
    event = UUID(int=headers.id.int ^ number << 40)
    place = (position, topic, number % 12, position)
    times = (headers.time, headers.recorded_time)
    return (event, headers.initiative, subject, headers.type, headers.agency, *times, *place, None, _text(fact))


def _text(fact: Fact) -> str:
    return registry.encode(fact.event).decode()


def whole() -> Initiative:
    """The initiative with every measure on a scorecard."""
    found = load_initiatives(INITIATIVES)[LARGE]
    group = found.working_groups[0].model_copy(update={"measures": tuple(CATALOGUE)})
    return found.model_copy(update={"working_groups": (group,), "restricted_topic": True})


def main() -> None:
    """The last line says seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    options = parser.parse_args()
    initiative = whole()
    span = named(initiative, QUARTER)
    with ground() as on:
        settings = MeasuresSettings(environment="development", measures_dsn=on.dsn("MEASURES_DSN"))
        facts = county(Log(LARGE))
        began = time.perf_counter()
        clients = load(on.server.dsn("measures"), facts, options.events)
        say(f"{options.events} events of {clients} clients, {len(views.listed(initiative))} measures,"
            f" loaded in {time.perf_counter() - began:.1f} s; {calibration(on.folder)}")  # fmt: skip
        began = time.perf_counter()
        with journeys.reading(settings.measures_dsn) as reading:
            basis = journeys.basis(reading, LARGE, CUTOFF, initiative.measurement_consent, restricted=True)
            say(f"basis {time.perf_counter() - began:.1f} s")
            found = document(settings, reading, basis, planned(initiative, span, views.listed(initiative)))
        full = time.perf_counter() - began
        say(calibration(on.folder))
        say(f"{sum(len(rows) for each in found.measures for rows in each.cells.values())} rows")
        # There is no shorter way yet: closing a quarter looks at every journey, whatever is new.
        say(f"bench-measures full_s={full:.1f} close_s={full:.1f}")


if __name__ == "__main__":
    main()
