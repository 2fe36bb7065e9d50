"""What an agency sees of a client: R8's own entries and sides, as of a time, as known by a time; and its work lists."""

import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import psycopg
import pytest
from uuid_utils.compat import uuid7

from services.referrals.domain.catalogue import FACTS
from services.referrals.domain.client import ClientRegistered
from services.referrals.domain.fact import Fact
from services.referrals.domain.handoff import HandoffDeclined
from services.referrals.domain.shareable import is_flagged, may_flag, settles_flag
from services.referrals.domain.vocabulary import Reason, ReasonOwner, RestrictedClass
from services.referrals.store.bulk import append_batch, append_history
from services.referrals.store.commit import Commit, WorkRow
from services.referrals.store.mapper import FactMapper
from services.referrals.store.timeline import Timeline
from services.referrals.store.work_index import work_rows
from services.referrals.store.work_lists import Counts, WorkLists
from services.referrals.store.written import happened
from services.runtime.postgres import AsyncPool, pool
from tests.fix_servers import Databases
from tests.referrals.store.commits import (
    ACCEPTED,
    ACKNOWLEDGED,
    AGREED,
    CLINIC,
    CONTACT,
    DECLINED,
    FRESNO,
    HUB,
    NOON,
    OFFERED,
    PROPOSED,
    RECEIVED,
    SENT,
    TAKEN_ON,
    WIC,
    Story,
    due,
    event,
    recorded,
)
from tests.stored_facts import STORED

MAPPER = FactMapper()
SETTLE = {topic for topic, kind in FACTS.items() if settles_flag(kind)}
REFUSED = HandoffDeclined(reason=Reason.NO_CAPACITY, reason_owner=ReasonOwner.RECIPIENT)


@pytest.fixture(scope="module")
def shared(database_maker: Callable[[], Databases]) -> Databases:
    """One set of databases: every test tells of clients of its own."""
    return database_maker()


@asynccontextmanager
async def reading(databases: Databases) -> AsyncIterator[AsyncPool]:
    async with pool(databases.dsn("referrals"), "test", size=1) as connections:
        yield connections


def store(databases: Databases, *commits: Commit) -> None:
    with psycopg.connect(databases.dsn("referrals"), autocommit=True) as connection:
        append_batch(connection, commits, MAPPER)


async def seen(
    databases: Databases,
    story: Story,
    agency: str,
    *,
    initiative: str = FRESNO,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
) -> list[Fact]:
    async with reading(databases) as connections:
        timeline = Timeline(connections, MAPPER)
        events = await timeline.of(initiative, agency, story.client, as_of=as_of, known_at=known_at)
    assert all(event.envelope.client_id == story.client and event.position for event in events)
    return [event.fact for event in events]


async def test_r8_both_sides_see_a_referral_and_nobody_else_does(shared: Databases) -> None:
    story, stream = Story(), uuid7()
    store(
        shared,
        story.tell(story.client, ClientRegistered(), CLINIC),
        story.tell(stream, SENT, CLINIC),
        story.tell(uuid7(), CONTACT, CLINIC),
        story.tell(stream, RECEIVED, WIC),
        story.tell(stream, ACCEPTED, WIC),
        story.tell(uuid7(), CONTACT, WIC),
    )
    assert await seen(shared, story, CLINIC) == [ClientRegistered(), SENT, CONTACT, RECEIVED, ACCEPTED]
    assert await seen(shared, story, WIC) == [SENT, RECEIVED, ACCEPTED, CONTACT]
    assert await seen(shared, story, HUB) == []


async def test_r8_who_declined_keeps_its_own_answer_and_sees_nothing_newer(shared: Databases) -> None:
    story, stream = Story(), uuid7()
    store(
        shared,
        story.tell(stream, SENT, CLINIC),
        story.tell(stream, RECEIVED, WIC),
        story.tell(stream, DECLINED, WIC),
        story.tell(stream, ACKNOWLEDGED, CLINIC),
    )
    assert await seen(shared, story, CLINIC) == [SENT, RECEIVED, DECLINED, ACKNOWLEDGED]
    assert await seen(shared, story, WIC) == [SENT, RECEIVED, DECLINED]


async def test_r8_a_handoff_shows_to_its_receiver_from_the_offer_on(shared: Databases) -> None:
    story, stream = Story(), uuid7()
    store(shared, story.tell(stream, PROPOSED, CLINIC), story.tell(stream, AGREED, CLINIC))
    assert await seen(shared, story, HUB) == []
    store(shared, story.tell(stream, OFFERED, CLINIC), story.tell(stream, REFUSED, HUB))
    assert await seen(shared, story, HUB) == [PROPOSED, AGREED, OFFERED, REFUSED]


async def test_whether_she_is_guarded_is_asked_of_what_may_flag_her_or_take_it_back(shared: Databases) -> None:
    """Of every kind of fact, of no class and of violence; each is a stream of its own."""
    client, harm = uuid.uuid4(), {"restricted": RestrictedClass.IPV}
    classed = [fact for fact in STORED.values() if "restricted" in type(fact).model_fields]
    facts = [*STORED.values(), *[fact.model_copy(update=harm) for fact in classed]]
    store(shared, Commit(tuple(event(fact, client=client) for fact in facts)))
    async with reading(shared) as connections:
        timeline = Timeline(connections, MAPPER)
        whole = await timeline.of(FRESNO, CLINIC, client)
        asked = await timeline.among(FRESNO, CLINIC, client, topics=SETTLE, restricted=RestrictedClass.IPV)
        elsewhere = await timeline.among(FRESNO, HUB, client, topics=SETTLE, restricted=RestrictedClass.IPV)
    telling = [each for each in whole if each.fact.TYPE in SETTLE or may_flag(each.fact)]
    assert sorted(asked, key=lambda each: each.position or 0) == telling
    assert (len(whole), elsewhere) == (len(facts), [])
    assert {each.fact.TYPE for each in whole if is_flagged(happened([each]))} <= {each.fact.TYPE for each in asked}
    ordinary = {each.fact.TYPE for each in asked if getattr(each.fact, "restricted", None) is not RestrictedClass.IPV}
    assert ordinary == SETTLE
    assert {"safecontact.planned.v1", "screening.recorded.v1", "need.entered_in_error.v1"} < SETTLE
    assert not SETTLE & {"need.identified.v1", "referral.sent.v1", "disclosure.recorded.v1"}


async def test_nothing_crosses_initiatives(shared: Databases) -> None:
    story = Story(initiative="expecting-justice-sf")
    store(shared, story.tell(uuid7(), SENT, CLINIC))
    assert await seen(shared, story, CLINIC) == []
    assert await seen(shared, story, CLINIC, initiative="expecting-justice-sf") == [SENT]


async def test_the_order_is_that_of_what_happened_then_of_what_was_recorded(shared: Databases) -> None:
    story = Story()
    late, first, second = CONTACT, SENT, SENT.model_copy(update={"service": "another"})
    store(
        shared,
        story.tell(uuid7(), first, CLINIC, at=NOON),
        story.tell(uuid7(), second, CLINIC, at=NOON),
        story.tell(uuid7(), late, CLINIC, at=NOON - timedelta(days=9)),
    )
    assert await seen(shared, story, CLINIC) == [late, first, second]


async def test_as_of_is_what_had_happened_and_known_at_what_was_recorded(shared: Databases) -> None:
    """A visit of day 0, typed in on day 5; a referral of day 2, recorded at once."""
    story, day = Story(), timedelta(days=1)
    with psycopg.connect(shared.dsn("referrals", "referrals_history"), autocommit=True) as history:
        visit = recorded(story.tell(uuid7(), CONTACT, CLINIC, at=NOON), NOON + 5 * day)
        sent = recorded(story.tell(uuid7(), SENT, CLINIC, at=NOON + 2 * day), NOON + 2 * day)
        append_history(history, [sent, visit], MAPPER)
    assert await seen(shared, story, CLINIC) == [CONTACT, SENT]
    assert await seen(shared, story, CLINIC, as_of=NOON + day) == [CONTACT]
    assert await seen(shared, story, CLINIC, known_at=NOON + day) == []
    assert await seen(shared, story, CLINIC, known_at=NOON + 2 * day) == [SENT]
    assert await seen(shared, story, CLINIC, as_of=NOON + day, known_at=NOON + 4 * day) == []
    assert await seen(shared, story, CLINIC, as_of=NOON + day, known_at=NOON + 5 * day) == [CONTACT]


def places(story: Story, *streams: uuid.UUID) -> list[WorkRow]:
    return [row for stream in streams for row in work_rows(story.told[stream], due)]


async def test_work_lists_say_what_waits_for_whom(databases: Databases) -> None:
    story = Story()
    asked, older, declined, accepted, offered, proposed = (uuid7() for _ in range(6))
    day = timedelta(days=1)
    store(
        databases,
        story.tell(asked, SENT, CLINIC, at=NOON),
        story.tell(older, SENT, CLINIC, at=NOON - 8 * day),
        story.tell(declined, SENT, CLINIC, at=NOON),
        story.tell(declined, DECLINED, WIC, at=NOON),
        story.tell(accepted, SENT, CLINIC, at=NOON),
        story.tell(accepted, ACCEPTED, WIC, at=NOON + day),
        *[story.tell(offered, fact, CLINIC, at=NOON) for fact in (PROPOSED, AGREED, OFFERED)],
        story.tell(proposed, PROPOSED, CLINIC, at=NOON),
    )
    async with reading(databases) as connections:
        lists = WorkLists(connections)
        mine = await lists.waiting(FRESNO, WIC, now=NOON)
        assert mine == places(story, older, asked, accepted)
        assert await lists.waiting(FRESNO, WIC, now=NOON, overdue=True) == places(story, older)
        assert await lists.waiting(FRESNO, WIC, now=NOON, waits_for="contact") == places(story, accepted)
        assert await lists.waiting(FRESNO, CLINIC, now=NOON) == places(story, proposed, declined)
        assert await lists.waiting(FRESNO, HUB, now=NOON) == places(story, offered)
        assert await lists.waiting("expecting-justice-sf", WIC, now=NOON) == []
        assert await lists.counts(FRESNO, WIC, NOON) == Counts(3, 1, {"answer": 2, "contact": 1})
        assert await lists.counts(FRESNO, "nobody", NOON) == Counts(0, 0, {})

        first = await lists.waiting(FRESNO, WIC, now=NOON, limit=2)
        rest = await lists.waiting(FRESNO, WIC, now=NOON, limit=2, after=(first[-1].due_at, first[-1].id))
        assert [*first, *rest] == mine
        endless = await lists.waiting(FRESNO, CLINIC, now=NOON, after=(None, places(story, proposed)[0].id))
        assert endless == []

        sent = await lists.box(FRESNO, CLINIC, "outbox", now=NOON)
        assert [row.id for row in sent] == [*sorted([asked, declined, accepted]), older]
        assert await lists.box(FRESNO, WIC, "outbox", now=NOON) == []
        page = await lists.box(FRESNO, WIC, "inbox", now=NOON, limit=3)
        last = await lists.box(FRESNO, WIC, "inbox", now=NOON, after=(page[-1].sent_at, page[-1].id))
        assert [*page, *last] == sent
        assert await lists.box(FRESNO, WIC, "inbox", now=NOON, states=("declined",)) == places(story, declined)
        assert await lists.box(FRESNO, WIC, "inbox", now=NOON, overdue=True) == places(story, older)
        assert await lists.box(FRESNO, HUB, "inbox", now=NOON, kind="handoff") == places(story, offered)

        assert {row.id for row in await lists.of_client(FRESNO, HUB, story.client)} == {offered}
        assert len(await lists.of_client(FRESNO, CLINIC, story.client)) == 6
        assert await lists.of_client(FRESNO, "nobody", story.client) == []


async def test_a_handoff_that_was_accepted_stays_with_its_receiver(shared: Databases) -> None:
    story, stream = Story(), uuid7()
    store(shared, *[story.tell(stream, fact, CLINIC) for fact in (PROPOSED, AGREED, OFFERED, TAKEN_ON)])
    assert await seen(shared, story, HUB) == [PROPOSED, AGREED, OFFERED, TAKEN_ON]
