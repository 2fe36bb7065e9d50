"""Invented agencies say whether they have room: some lately, some too long ago, some never; again adds nothing."""

from datetime import UTC, datetime

import psycopg

from deploy.simulator.rooms import state_rooms
from services.referrals.domain.directory import CapacityStated, room_now
from services.referrals.domain.vocabulary import Room
from services.referrals.store.directory_log import whole_directory
from services.referrals.store.mapper import FactMapper
from tests.fix_servers import Databases

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
BOTH = ("fresno-ptbi", "expecting-justice-sf")


def test_practice_data_have_room_of_every_kind(databases: Databases) -> None:
    environ = {"CLOSEKNIT_REFERRALS_DSN": databases.dsn("referrals")}
    said = state_rooms(BOTH, number=7, environ=environ, now=NOW)
    assert state_rooms(BOTH, number=7, environ=environ, now=NOW) == 0
    with psycopg.connect(databases.dsn("referrals"), autocommit=True) as connection:
        found = [event.fact for event in whole_directory(connection, FactMapper())]
    facts = [fact for fact in found if isinstance(fact, CapacityStated)]
    assert len(facts) == said > 20
    assert {room_now(fact, NOW.date(), 30).room for fact in facts} == set(Room)
