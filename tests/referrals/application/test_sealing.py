"""Copies for receivers, made behind the log on a real PostgreSQL: once, never too late, whatever comes first."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import psycopg
import pytest
from uuid_utils.compat import uuid7

from services.referrals.application import sealing
from services.referrals.application.sealing import FOLLOWER, TOPICS, Sealer
from services.referrals.domain.catalogue import FACTS
from services.referrals.domain.fact import Fact
from services.referrals.domain.referral import (
    ReferralCancellationRequested,
    ReferralCancelled,
    ReferralSent,
    ReferralTakenBack,
)
from services.referrals.domain.vocabulary import Channel, GivenField, Reason, ReasonOwner, Source
from services.referrals.store.bulk import append_batch
from services.referrals.store.mapper import FactMapper
from services.referrals.store.reader import Reader
from services.referrals.store.trail import Trail
from services.referrals.vault.given import CopyGone
from services.referrals.vault.identity import Json
from services.referrals.vault.notes import Typed
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.seal import Sealed
from services.referrals.vault.terms import StepTaken, Subject
from services.referrals.vault.vault import Vault
from services.runtime.postgres import pool
from services.runtime.telemetry import Telemetry
from tests.condition import eventually
from tests.fix_servers import Databases
from tests.fix_vault import mara
from tests.referrals.store.commits import (
    ACCEPTED,
    ACKNOWLEDGED,
    AGREED,
    CLINIC,
    DECLINED,
    FRESNO,
    HUB,
    OFFERED,
    PROPOSED,
    RECEIVED,
    SENT,
    TAKEN_ON,
    WIC,
    Story,
)

MAPPER = FactMapper()
NAME_AND_PHONES = {key: mara().fields()[key] for key in ("name", "phones")}

# Facts that neither make a copy due nor end one. Whatever is added to the domain has to be put here or into TOPICS.
OTHERS = {
    "referral.received.v1",
    "referral.waitlisted.v1",  # it may still be answered
    "referral.cancellation_requested.v1",  # nothing has ended yet
    "referral.service_started.v1",  # follows an acceptance
    "referral.completed.v1",  # follows an acceptance
    "referral.acknowledged.v1",
    "referral.attested.v1",
    "handoff.introduced.v1",  # no step
    "handoff.acknowledged.v1",
    "handoff.failed.v1",  # follows an acceptance
    "handoff.proposed.v1",  # nothing of hers has left yet
    "handoff.client_agreed.v1",
    "handoff.completed.v1",  # follows an acceptance
}


@dataclass
class House:
    """A store, a vault and a sealer between them; `tell` stores events of one client who is registered in the vault."""

    databases: Databases
    vault: Vault
    sealer: Sealer
    story: Story = field(default_factory=Story)

    def tell(self, stream: UUID, *facts: Fact, agency: str = CLINIC) -> UUID:
        with psycopg.connect(self.databases.dsn("referrals"), autocommit=True) as connection:
            append_batch(connection, [self.story.tell(stream, fact, agency) for fact in facts], MAPPER)
        return stream

    async def client(self) -> UUID:
        """Somebody whom the clinic registered; the story goes on about her."""
        client = (await self.vault.identities.register(FRESNO, CLINIC, mara(), uuid4())).client_id
        self.story = Story(client)
        return client

    async def follow(self) -> None:
        while await self.sealer.step():
            pass

    async def made(self, id: UUID, receiver: str = WIC, kind: str = "referral") -> Json | None:
        """What the vault holds for a receiver, without making it."""
        copy = await self.vault.given.read(Subject(kind, id), FRESNO, receiver)
        return copy.fields.open() if copy else None


@pytest.fixture
async def house(databases: Databases, vault: Vault) -> AsyncIterator[House]:
    telemetry = Telemetry.off()
    async with (
        pool(databases.dsn("referrals"), "test") as connections,
        Reader(databases.dsn("referrals"), MAPPER) as reader,
    ):
        yield House(databases, vault, Sealer(Trail(connections, MAPPER), reader, vault.given, telemetry))
    telemetry.close()


def test_every_fact_of_a_referral_or_handoff_is_placed() -> None:
    facts = {name for name in FACTS if name.startswith(("referral.", "handoff."))}
    assert facts == TOPICS | OTHERS
    assert not TOPICS & OTHERS


async def test_r1_a_copy_follows_the_log(house: House) -> None:
    await house.client()
    sent = house.tell(uuid7(), SENT)
    assert await house.made(sent) is None
    await house.follow()
    assert await house.made(sent) == NAME_AND_PHONES


async def test_r1_the_first_read_makes_it_once(house: House) -> None:
    await house.client()
    sent = house.tell(uuid7(), SENT)
    reads = await asyncio.gather(*(house.sealer.given(Subject("referral", sent), FRESNO, WIC) for _ in range(4)))
    assert [copy.fields.open() for copy in reads if copy] == [NAME_AND_PHONES] * 4
    await house.follow()
    assert await house.made(sent) == NAME_AND_PHONES
    assert await house.sealer.given(Subject("referral", sent), FRESNO, HUB) is None
    assert await house.sealer.given(Subject("referral", uuid7()), FRESNO, WIC) is None


async def test_a_note_goes_only_where_she_agreed(house: House) -> None:
    client = await house.client()
    note = uuid4()
    await house.vault.notes.write(Typed(note, Holder(FRESNO, CLINIC, client), "note", Sealed("Works mornings")))
    with_note = house.tell(uuid7(), replaced(SENT, note=note, given=(GivenField.NAME, GivenField.NOTE)))
    without = house.tell(uuid7(), replaced(SENT, note=note))
    await house.follow()
    for id, said in ((with_note, "Works mornings"), (without, None)):
        copy = await house.sealer.given(Subject("referral", id), FRESNO, WIC)
        assert copy is not None
        assert (copy.note.open() if copy.note else None) == said


@pytest.mark.parametrize("read_first", ["read", "follow"])
async def test_r1_a_decline_takes_it_away_whenever_it_is_heard_of(house: House, read_first: str) -> None:
    await house.client()
    before = house.tell(uuid7(), SENT)
    await house.follow()
    house.tell(before, RECEIVED, DECLINED, agency=WIC)
    never = house.tell(uuid7(), SENT)
    house.tell(never, DECLINED, agency=WIC)
    house.tell(never, ACKNOWLEDGED)
    for id in (before, never):
        if read_first == "read":
            with pytest.raises(CopyGone):
                await house.sealer.given(Subject("referral", id), FRESNO, WIC)
        await house.follow()
        with pytest.raises(CopyGone):
            await house.made(id)


async def test_r1_what_is_cancelled_before_acceptance_takes_it_away_and_after_it_does_not(house: House) -> None:
    await house.client()
    asked = ReferralCancellationRequested(reason=Reason.NEED_RESOLVED, reason_owner=ReasonOwner.CLIENT)
    stopped = ReferralCancelled(reason=Reason.NEED_RESOLVED, reason_owner=ReasonOwner.CLIENT, source=Source.RECIPIENT)
    unopened, waiting, taken_on = (house.tell(uuid7(), SENT) for _ in range(3))
    house.tell(taken_on, ACCEPTED, agency=WIC)
    await house.follow()
    house.tell(unopened, stopped.model_copy(update={"source": Source.SENDER}))
    house.tell(waiting, asked)
    house.tell(taken_on, asked, stopped)
    await house.follow()
    with pytest.raises(CopyGone):
        await house.made(unopened)
    assert await house.made(waiting) == NAME_AND_PHONES, "nothing has ended yet"
    assert await house.made(taken_on) == NAME_AND_PHONES, "who accepted keeps it"


async def test_r14_an_end_that_is_taken_back_gives_the_copy_back(house: House) -> None:
    await house.client()
    followed, unheard = house.tell(uuid7(), SENT), house.tell(uuid7(), SENT)
    for id in (followed, unheard):
        house.tell(id, DECLINED, agency=WIC)
    await house.follow()
    for id in (followed, unheard):
        with pytest.raises(CopyGone):
            await house.made(id)
        house.tell(id, ReferralTakenBack(event=house.story.told[id][-1].envelope.event_id), agency=WIC)
    read = await house.sealer.given(Subject("referral", unheard), FRESNO, WIC)
    assert read is not None, "who reads before the follower comes reads it again"
    await house.follow()
    assert await house.made(followed) == await house.made(unheard) == NAME_AND_PHONES
    house.tell(followed, DECLINED, agency=WIC)
    await house.follow()
    with pytest.raises(CopyGone):
        await house.made(followed)


async def test_r14_an_acceptance_that_is_taken_back_keeps_nothing(house: House) -> None:
    await house.client()
    sent = house.tell(uuid7(), SENT)
    house.tell(sent, ACCEPTED, agency=WIC)
    await house.follow()
    house.tell(sent, ReferralTakenBack(event=house.story.told[sent][-1].envelope.event_id), agency=WIC)
    await house.follow()
    assert await house.made(sent) == NAME_AND_PHONES
    assert not (await house.vault.search.clients(FRESNO, WIC, "Mara Example")).names
    house.tell(sent, DECLINED, agency=WIC)
    await house.follow()
    with pytest.raises(CopyGone):
        await house.made(sent)


async def test_r1_an_accepted_copy_stays_and_is_searched(house: House) -> None:
    client = await house.client()
    slow, quick = house.tell(uuid7(), SENT), house.tell(uuid7(), SENT)
    await house.follow()
    house.tell(slow, ACCEPTED, DECLINED, agency=WIC)
    house.tell(quick, ACCEPTED, agency=WIC)
    await house.follow()
    assert await house.made(slow) == NAME_AND_PHONES
    assert await house.made(quick) == NAME_AND_PHONES
    assert list((await house.vault.search.clients(FRESNO, WIC, "Mara Example")).names) == [client]


async def test_a_letter_makes_no_copy(house: House) -> None:
    await house.client()
    sent = house.tell(uuid7(), replaced(SENT, to_channel=Channel.LETTER))
    await house.follow()
    assert await house.sealer.given(Subject("referral", sent), FRESNO, WIC) is None


async def test_a_handoff_gives_from_its_offer_on(house: House) -> None:
    await house.client()
    handoff = house.tell(uuid7(), PROPOSED, AGREED)
    await house.follow()
    assert await house.sealer.given(Subject("handoff", handoff), FRESNO, HUB) is None
    house.tell(handoff, OFFERED)
    await house.follow()
    assert await house.made(handoff, HUB, "handoff") == {"name": NAME_AND_PHONES["name"]}
    house.tell(handoff, TAKEN_ON, agency=HUB)
    await house.follow()
    assert list((await house.vault.search.clients(FRESNO, HUB, "Mara")).names) == [house.story.client]


async def test_two_followers_do_each_piece_once(house: House) -> None:
    await house.client()
    ids = [house.tell(uuid7(), SENT) for _ in range(100)]
    steps = await asyncio.gather(*(house.sealer.step() for _ in range(4)), return_exceptions=True)
    assert {type(step) for step in steps} <= {int, StepTaken}
    await house.follow()
    assert [await house.made(id) for id in ids] == [NAME_AND_PHONES] * 100


async def test_it_goes_on_where_it_stopped(house: House) -> None:
    await house.client()
    house.tell(uuid7(), SENT)
    await house.follow()
    stood = await house.vault.given.position(FOLLOWER)
    assert stood == 1
    house.tell(uuid7(), SENT)
    await house.follow()
    assert await house.vault.given.position(FOLLOWER) == 2


async def test_it_waits_out_an_outage_of_the_vault(house: House) -> None:
    await house.client()
    sent = house.tell(uuid7(), SENT)
    renamed = (f"identity_{house.databases.suffix}", f"away_{house.databases.suffix}")
    with psycopg.connect(house.databases.server.dsn(), autocommit=True) as owner:
        await rename(owner, *renamed)
        following = asyncio.create_task(house.sealer.follow())
        later = house.tell(uuid7(), SENT)
        await asyncio.wait({following}, timeout=0.7)  # more than its pause: it has met the outage
        assert not following.done()
        await rename(owner, *renamed[::-1])
        try:
            await asyncio.wait_for(position(house, 2), 60)
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
    assert await house.made(sent) == await house.made(later) == NAME_AND_PHONES


async def rename(owner: psycopg.Connection, name: str, to: str) -> None:
    """Take a database away, or give it back: nobody can connect to it meanwhile."""
    owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
    owner.execute(f'ALTER DATABASE "{name}" RENAME TO "{to}"'.encode())


async def position(house: House, reached: int) -> None:
    async def there() -> bool:
        return await house.vault.given.position(FOLLOWER) >= reached

    await eventually(there)


def replaced(sent: ReferralSent, **changes: object) -> ReferralSent:
    return ReferralSent.model_validate(dict(sent) | changes)


async def test_r1_a_chain_of_one_client_is_made_in_its_order(house: House) -> None:
    """What the second receiver is given lies in the first one's copy, all of it behind the follower."""
    await house.client()
    first, onward = uuid7(), uuid7()
    house.tell(first, SENT)
    house.tell(first, ACCEPTED, agency=WIC)
    house.tell(onward, SENT.model_copy(update={"from_agency": WIC, "to_agency": HUB}), agency=WIC)
    await house.follow()
    assert await house.made(first) == NAME_AND_PHONES
    assert await house.made(onward, HUB) == NAME_AND_PHONES


async def followed(house: House, seconds: float, quiet: Callable[[], float], monkeypatch: pytest.MonkeyPatch) -> int:
    """How far the follower came in so many seconds while commands left it so much quiet, and a burst lasts 0.6 s."""
    monkeypatch.setattr(sealing, "_BURST", 0.6)
    monkeypatch.setattr(house.sealer, "_quiet_seconds", quiet)
    task = asyncio.create_task(house.sealer.follow())
    await asyncio.wait({task}, timeout=seconds)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return await house.vault.given.position(FOLLOWER)


async def test_commands_go_before_the_follower(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.client()
    house.tell(uuid7(), SENT)
    assert await followed(house, 0.3, lambda: 0.0, monkeypatch) == 0
    assert await followed(house, 0.3, lambda: 1.0, monkeypatch) == 1


async def test_a_burst_that_does_not_end_holds_the_follower_back_no_longer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.client()
    house.tell(uuid7(), SENT)
    assert await followed(house, 1.5, lambda: 0.0, monkeypatch) == 1


async def test_ahead_of_a_log_that_was_restored_it_pauses_as_at_its_end(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await house.vault.given.position(FOLLOWER) == 0
    with psycopg.connect(house.databases.dsn("identity", "closeknit_owner"), autocommit=True) as owner:
        owner.execute("UPDATE followers SET position = 1000")
    left, step = list[int](), house.sealer.step

    async def noted() -> int:
        left.append(await step())
        return left[-1]

    monkeypatch.setattr(house.sealer, "step", noted)
    assert await followed(house, 0.3, lambda: 1.0, monkeypatch) == 1000
    assert left == [-1000]
