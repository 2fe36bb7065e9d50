"""Owns what invented agencies said of their room: some lately, some too long ago, some never (R15)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import psycopg

from contracts.initiative import Initiative
from services.referrals.application.identifiers import new_id
from services.referrals.directory import Directory
from services.referrals.domain.directory import CapacityStated, capacity_stream
from services.referrals.domain.vocabulary import Room
from services.referrals.store.bulk import append_batch
from services.referrals.store.commit import Commit, Stored
from services.referrals.store.mapper import FactMapper
from services.referrals.store.written import Envelope, Written
from services.runtime.postgres import conninfo

SAID = (Room.OPEN, Room.OPEN, Room.OPEN, Room.WAITLIST, Room.FULL)
AGES = (0, 1, 2, 3, 5, 9, 16, 41)


def state_rooms(initiatives: Sequence[str], *, number: int, environ: Mapping[str, str], now: datetime) -> int:
    """Say it once for most services; how many were said now. The same number and day say the same; again adds nothing.

    Raises BadInitiative, NotInDirectory, psycopg's errors.
    """
    directory = Directory.read(Path(environ.get("CLOSEKNIT_INITIATIVES") or "deploy/initiatives"))
    commits = [
        each
        for slug in initiatives
        for each in _said(directory.initiative(slug), directory.local_date(slug, now), Random(f"{slug} {number}"), now)
    ]
    with psycopg.connect(conninfo(environ["CLOSEKNIT_REFERRALS_DSN"], "closeknit simulate"), autocommit=True) as store:
        return sum(isinstance(outcome, Stored) for outcome in append_batch(store, commits, FactMapper()))


def _said(initiative: Initiative, today: date, random: Random, now: datetime) -> Iterator[Commit]:
    for agency in initiative.agencies:
        for service in agency.services if agency.on_system else ():
            room, age, waiting = random.choice(SAID), random.choice(AGES), random.randint(1, 9)
            if random.random() < 0.2:  # noqa: PLR2004 - one in five never says
                continue
            stream = capacity_stream(initiative.slug, service.id)
            fact = CapacityStated(
                agency=agency.id,
                service=service.id,
                room=room,
                on=today - timedelta(age),
                waitlist_length=waiting if room is Room.WAITLIST else None,
            )
            at = now.astimezone(UTC) - timedelta(age)
            envelope = Envelope(new_id(), stream, agency.id, initiative.slug, at, "simulated", new_id())
            yield Commit((Written(stream, 1, fact, envelope),))
