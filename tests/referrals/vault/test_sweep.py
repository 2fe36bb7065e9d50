from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from services.referrals.vault.notes import Typed
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.seal import Sealed
from services.referrals.vault.sweep import Candidate, Swept
from services.referrals.vault.vault import Vault
from services.runtime.postgres import AsyncPool
from tests.fix_vault import CLINIC, INITIATIVE, mara, register

TOMORROW = datetime.now(UTC) + timedelta(hours=25)


class Events:
    """Stands for the events: names the ids in `named` and remembers what it was asked."""

    def __init__(self, *named: UUID) -> None:
        self.named = set(named)
        self.asked: list[Candidate] = []

    async def __call__(self, candidates: Sequence[Candidate]) -> set[UUID]:
        self.asked += candidates
        return {candidate.id for candidate in candidates} & self.named


async def note(vault: Vault, client: UUID) -> UUID:
    id = uuid4()
    await vault.notes.write(Typed(id, Holder(INITIATIVE, CLINIC, client), "note", Sealed("text")))
    return id


async def client_row(vault: Vault) -> tuple[UUID, UUID]:
    row = uuid4()
    return row, (await vault.identities.register(INITIATIVE, CLINIC, mara(), row)).client_id


async def test_what_no_event_names_is_gone_after_a_day_and_the_rest_stays(vault: Vault) -> None:
    (row, kept), (_, lost) = await client_row(vault), await client_row(vault)
    named, unnamed = await note(vault, kept), await note(vault, kept)
    events = Events(row, named)
    assert await vault.sweep.run(events, TOMORROW) == Swept(named=2, deleted=2)
    assert await vault.identities.read(INITIATIVE, CLINIC, kept) is not None
    assert await vault.identities.read(INITIATIVE, CLINIC, lost) is None
    assert list((await vault.search.clients(INITIATIVE, CLINIC, "mara")).names) == [kept]
    assert await vault.notes.read(INITIATIVE, CLINIC, named) is not None
    assert await vault.notes.read(INITIATIVE, CLINIC, unnamed) is None
    assert {(one.kind, one.agency) for one in events.asked} == {("note", CLINIC), ("client", CLINIC)}
    assert {one.client_id for one in events.asked} == {kept, lost}


async def test_what_was_seen_named_is_never_asked_about_again(vault: Vault) -> None:
    row, _ = await client_row(vault)
    await vault.sweep.run(Events(row), TOMORROW)
    later = Events()
    assert await vault.sweep.run(later, TOMORROW + timedelta(days=400)) == Swept(0, 0)
    assert not later.asked


async def test_nothing_is_swept_within_a_day(vault: Vault) -> None:
    _, client = await client_row(vault)
    await note(vault, client)
    events = Events()
    assert await vault.sweep.run(events, datetime.now(UTC) + timedelta(hours=23)) == Swept(0, 0)
    assert not events.asked


async def test_a_row_that_a_retry_touches_meanwhile_stays(vault: Vault, identity_pool: AsyncPool) -> None:
    row, client = await client_row(vault)
    async with identity_pool.connection() as connection:
        await connection.execute("UPDATE identities SET written_at = written_at - interval '25 hours'")

    async def retried_while_asked(candidates: Sequence[Candidate]) -> set[UUID]:
        assert [one.id for one in candidates] == [row]
        await vault.identities.register(INITIATIVE, CLINIC, mara(), row)
        return set()

    assert await vault.sweep.run(retried_while_asked, datetime.now(UTC)) == Swept(0, 0)
    assert await vault.identities.read(INITIATIVE, CLINIC, client) is not None


async def test_keys_of_a_client_that_was_never_minted_go_with_her(vault: Vault, identity_pool: AsyncPool) -> None:
    await client_row(vault)
    kept = await register(vault, mara())
    async with identity_pool.connection() as connection:
        await connection.execute("UPDATE identities SET named_at = now() WHERE client_id = %s", [kept])
    await vault.sweep.run(Events(), TOMORROW)
    async with identity_pool.connection() as connection:
        keys = await (await connection.execute("SELECT client_id FROM data_keys")).fetchall()
    assert keys == [(kept,)]
