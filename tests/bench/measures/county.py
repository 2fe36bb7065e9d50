"""The facts of a county, for the bench of its measures: whole lives of clients, told again and again as others."""

import random
from datetime import datetime
from typing import Final
from uuid import UUID

import psycopg

from contracts import registry
from services.measures.store.facts import COLUMNS
from tests.measures.published import START, Fact, Log, busy, pseudonym
from tests.measures.telling import full_life

CLIENTS: Final = 400
MONTHS: Final = 40
LIFE: Final = 12
"""For so many months after her pregnancy became known a client is referred, handed over and met."""


def county(log: Log) -> list[Fact]:
    """Clients with pregnancies, needs, screenings, referrals, handoffs and contacts, begun at any time of 40 months."""
    dice = random.Random(5)
    begun = sorted(dice.randrange(MONTHS * 30) for _ in range(CLIENTS))
    for number, days in enumerate(begun):
        full_life(log, pseudonym(number), days=days)

    def one_then(at: datetime) -> str:
        days = (at - START).days
        there = [number for number, since in enumerate(begun) if since <= days < since + LIFE * 30]
        return pseudonym(dice.choice(there or range(CLIENTS)))

    return busy(CLIENTS, 10, log=log, hours=MONTHS * 730 / (CLIENTS * 10), whose=one_then).facts


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
