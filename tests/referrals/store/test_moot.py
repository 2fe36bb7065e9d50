"""A question waits until what it is about is answered or has ended, and again where that was a mistake."""

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import TupleRow
from uuid_utils.compat import uuid7

from services.referrals.application.work import UNANSWERED
from services.referrals.domain.fact import Fact
from services.referrals.domain.handoff import HandoffStatus
from services.referrals.domain.question import QuestionAnswered, QuestionAsked
from services.referrals.domain.referral import ReferralStatus, ReferralTakenBack, ReferralWaitlisted
from services.referrals.domain.vocabulary import Reason, ReasonOwner
from services.referrals.store.bulk import append_batch
from services.referrals.store.commit import Conflicted
from services.referrals.store.mapper import FactMapper
from services.referrals.store.rebuild import Rebuilt, rebuild_work_index, work_index_differences
from services.referrals.store.work_lists import WorkLists
from services.runtime.postgres import pool
from tests.fix_servers import Databases
from tests.referrals.store.commits import (
    ACCEPTED,
    AGREED,
    CLINIC,
    DECLINED,
    FRESNO,
    HUB,
    NOON,
    OFFERED,
    PROPOSED,
    RECEIVED,
    SENT,
    TAKEN_ON,
    Story,
    due,
)

Connection = psycopg.Connection[TupleRow]
MAPPER = FactMapper()
WAITLISTED = ReferralWaitlisted(reason=Reason.NO_CAPACITY, reason_owner=ReasonOwner.RECIPIENT)


class Asking:
    """One client's referrals and handoffs, and the questions about them: all are asked of the clinic."""

    def __init__(self, databases: Databases, connection: Connection) -> None:
        self.databases = databases
        self.connection = connection
        self.story = Story()

    def tell(self, stream: UUID, *facts: Fact) -> UUID:
        told = [self.story.tell(stream, fact, HUB) for fact in facts]
        outcomes = append_batch(self.connection, told, MAPPER)
        assert not [each for each in outcomes if isinstance(each, Conflicted)]
        return stream

    def ask(self, subject: UUID, kind: str = "referral") -> UUID:
        return self.tell(uuid7(), QuestionAsked(to_agency=CLINIC, text=uuid7(), **{kind: subject}))

    async def waiting(self, *asked: UUID) -> set[UUID]:
        """Which of these the clinic is to answer; list, counts and what is looked up by its id say the same."""
        async with pool(self.databases.dsn("referrals"), "test", size=1) as connections:
            lists = WorkLists(connections)
            listed = {row.id for row in await lists.waiting(FRESNO, CLINIC, now=NOON, waits_for="question")}
            counts = await lists.counts(FRESNO, CLINIC, NOON)
            found = {row.id for row in await lists.some(FRESNO, CLINIC, asked)}
        assert counts.by_kind.get("question", 0) == len(listed)
        assert listed == found
        assert listed <= set(asked)
        return listed


@pytest.fixture
def asking(databases: Databases) -> Iterator[Asking]:
    with psycopg.connect(databases.dsn("referrals"), autocommit=True) as connection:
        yield Asking(databases, connection)


async def test_a_question_waits_in_every_state_before_the_answer_and_not_after_it(asking: Asking) -> None:
    referral, other = asking.tell(uuid7(), SENT), asking.tell(uuid7(), SENT)
    handoff = asking.tell(uuid7(), PROPOSED, AGREED, OFFERED)
    first, second = asking.ask(referral), asking.ask(other)
    handed = asking.ask(handoff, "handoff")
    everything = {first, second, handed}
    for step in (RECEIVED, WAITLISTED):
        asking.tell(referral, step)
        assert await asking.waiting(*everything) == everything
    asking.tell(referral, ACCEPTED)
    assert await asking.waiting(*everything) == {second, handed}
    asking.tell(handoff, TAKEN_ON)
    assert await asking.waiting(*everything) == {second}


async def test_r14_it_waits_again_where_the_answer_was_a_mistake(asking: Asking) -> None:
    referral = asking.tell(uuid7(), SENT)
    question = asking.ask(referral)
    asking.tell(referral, DECLINED)
    assert await asking.waiting(question) == set()
    declined = asking.story.told[referral][-1].envelope.event_id
    asking.tell(referral, ReferralTakenBack(event=declined))
    assert await asking.waiting(question) == {question}


async def test_who_asks_while_it_is_being_answered_waits_for_nobody(asking: Asking) -> None:
    """Between the look at the referral and the write of the question somebody else may answer."""
    question = asking.ask(asking.tell(uuid7(), SENT, ACCEPTED))
    assert await asking.waiting(question) == set()


async def test_an_index_built_anew_says_so_too_and_mends_what_does_not(asking: Asking, owner: Connection) -> None:
    declined, open_one = asking.tell(uuid7(), SENT), asking.tell(uuid7(), SENT)
    gone, answered, stands = asking.ask(declined), asking.ask(declined), asking.ask(open_one)
    asking.tell(answered, QuestionAnswered(text=uuid7()))
    asking.tell(declined, DECLINED)
    assert work_index_differences(owner, MAPPER, due) == 0
    owner.execute("UPDATE work_index SET moot = NOT moot WHERE kind = 'question'")
    assert await asking.waiting(gone, stands) == {gone}
    assert work_index_differences(owner, MAPPER, due) == 3
    owner.execute("DELETE FROM work_index WHERE id = %s", [gone])
    assert rebuild_work_index(owner, MAPPER, due) == Rebuilt(rows=5, changed=3)
    assert await asking.waiting(gone, stands) == {stands}


def test_the_store_calls_unanswered_what_whoever_asks_is_told_is_so(asking: Asking) -> None:
    states = {*ReferralStatus, *HandoffStatus}
    query = "SELECT state FROM unnest(%s::text[]) AS state WHERE unanswered(state)"
    found = asking.connection.execute(query, [[state.value for state in states]]).fetchall()
    assert {state for (state,) in found} == {state.value for state in states & UNANSWERED}
