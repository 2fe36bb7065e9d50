"""The work index built anew equals the one that was written commit by commit, and mends one that does not."""

import threading
from collections.abc import Callable

import psycopg
import pytest
from psycopg.rows import TupleRow
from uuid_utils.compat import uuid7

from services.referrals.store.bulk import append_batch
from services.referrals.store.mapper import FactMapper
from services.referrals.store.rebuild import Rebuilt, rebuild_work_index, work_index_differences
from tests.fix_servers import Databases
from tests.referrals.store.commits import (
    ACCEPTED,
    ACKNOWLEDGED,
    AGREED,
    CLINIC,
    CONTACT,
    DECLINED,
    HUB,
    OFFERED,
    PROPOSED,
    RECEIVED,
    SENT,
    TAKEN_ON,
    WIC,
    Story,
    due,
)

MAPPER = FactMapper()
Connection = psycopg.Connection[TupleRow]
ROWS = "SELECT * FROM work_index ORDER BY id"


@pytest.fixture
def told(databases: Databases) -> Callable[[], None]:
    """Stores a client's referrals and handoffs in several states."""

    def tell() -> None:
        story, accepted, declined, handed, offered = Story(), uuid7(), uuid7(), uuid7(), uuid7()
        commits = [
            *[
                story.tell(accepted, fact, agency)
                for fact, agency in [(SENT, CLINIC), (RECEIVED, WIC), (ACCEPTED, WIC)]
            ],
            *[story.tell(declined, fact, CLINIC) for fact in (SENT, DECLINED, ACKNOWLEDGED)],
            *[story.tell(handed, fact, HUB) for fact in (PROPOSED, AGREED, OFFERED, TAKEN_ON)],
            *[story.tell(offered, fact, HUB) for fact in (PROPOSED,)],
            story.tell(uuid7(), CONTACT, WIC),
        ]
        with psycopg.connect(databases.dsn("referrals"), autocommit=True) as connection:
            append_batch(connection, commits, MAPPER)

    return tell


def test_the_index_built_anew_is_the_one_that_was_written(owner: Connection, told: Callable[[], None]) -> None:
    for _ in range(5):
        told()
    before = owner.execute(ROWS).fetchall()
    assert len(before) == 20
    assert work_index_differences(owner, MAPPER, due) == 0
    assert rebuild_work_index(owner, MAPPER, due) == Rebuilt(rows=20, changed=0)
    assert owner.execute(ROWS).fetchall() == before


def test_what_was_changed_gone_or_invented_is_mended(owner: Connection, told: Callable[[], None]) -> None:
    told()
    before = owner.execute(ROWS).fetchall()
    owner.execute(
        "UPDATE work_index SET state = 'expired', due_at = NULL WHERE state = 'accepted' AND kind = 'referral'"
    )
    owner.execute("DELETE FROM work_index WHERE state = 'declined'")
    owner.execute(
        "INSERT INTO work_index SELECT (jsonb_populate_record(w, jsonb_build_object('id', gen_random_uuid()))).*"
        " FROM work_index w WHERE state = 'proposed'"
    )
    assert work_index_differences(owner, MAPPER, due) == 3
    assert rebuild_work_index(owner, MAPPER, due) == Rebuilt(rows=4, changed=3)
    assert owner.execute(ROWS).fetchall() == before


def test_an_empty_store_has_an_empty_index(owner: Connection) -> None:
    assert rebuild_work_index(owner, MAPPER, due) == Rebuilt(rows=0, changed=0)


def test_what_is_stored_meanwhile_is_in_the_new_index(
    owner: Connection, databases: Databases, told: Callable[[], None]
) -> None:
    """Writers go on while the index is built: nothing of theirs is lost."""
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            told()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(5):
            rebuild_work_index(owner, MAPPER, due)
    finally:
        stop.set()
        writer.join()
    assert work_index_differences(owner, MAPPER, due) == 0
