"""As of and known at, on the real store: a late entry changes the first, never the second (hypothesis)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from services.referrals.store.bulk import append_history
from services.referrals.store.mapper import FactMapper
from services.referrals.store.timeline import QUERY
from tests.fix_servers import Databases
from tests.referrals.store.commits import CLINIC, CONTACT, FRESNO, NOON, Story, recorded

MAPPER = FactMapper()
DAYS = st.integers(min_value=0, max_value=30)
# When each thing happened, and how many days later it was written down.
HAPPENED = st.lists(st.tuples(DAYS, st.integers(min_value=0, max_value=20)), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def shared(database_maker: Callable[[], Databases]) -> Databases:
    return database_maker()


def day(number: int) -> datetime:
    """So many days after one that lies far enough back: history lies in the past."""
    return NOON - timedelta(days=120) + timedelta(days=number)


def shown(connection: psycopg.Connection, story: Story, as_of: datetime, known_at: datetime) -> set[object]:
    asked = {"client": story.client, "initiative": FRESNO, "agency": CLINIC, "as_of": as_of, "known_at": known_at}
    return {row[4] for row in connection.execute(QUERY, asked)}


@settings(max_examples=25, deadline=None)
@given(before=HAPPENED, asked=st.tuples(DAYS, DAYS), late=st.tuples(DAYS, st.integers(min_value=1, max_value=20)))
def test_a_late_entry_changes_what_had_happened_and_never_what_was_known(
    shared: Databases, before: list[tuple[int, int]], asked: tuple[int, int], late: tuple[int, int]
) -> None:
    (as_of, known_at), (late_for, later) = asked, late
    story = Story()
    ends = day(90)  # after the last day on which any of it can be written down
    with (
        psycopg.connect(shared.dsn("referrals", "referrals_history"), autocommit=True) as writing,
        psycopg.connect(shared.dsn("referrals"), autocommit=True) as connection,
    ):
        ordered = sorted(before, key=sum)
        commits = [recorded(story.tell(uuid7(), CONTACT, CLINIC, at=day(at)), day(at + delay)) for at, delay in ordered]
        append_history(writing, commits, MAPPER)
        had_happened = shown(connection, story, day(as_of), ends)
        was_known = shown(connection, story, ends, day(known_at))
        written = max(known_at, sum(ordered[-1])) + later
        entered = recorded(story.tell(uuid7(), CONTACT, CLINIC, at=day(late_for)), day(written))
        append_history(writing, [entered], MAPPER)
        [event] = entered.events
        added = shown(connection, story, day(as_of), ends) - had_happened
        assert added == ({event.envelope.event_id} if late_for <= as_of else set())
        assert shown(connection, story, ends, day(known_at)) == was_known
        both = shown(connection, story, day(as_of), day(known_at))
        assert both == had_happened & was_known
