"""Drafts in the vault: sealed, one agency's, on one version, for 14 days (R10)."""

from datetime import timedelta
from uuid import UUID, uuid4

from services.referrals.vault.drafts import KEPT
from services.referrals.vault.vault import Vault
from services.runtime.postgres import AsyncPool
from tests.fix_vault import CLINIC, HUB, INITIATIVE, SetClock

SAID = b'{"note":"Works mornings"}'


async def added(vault: Vault, clock: SetClock, document: bytes = SAID) -> UUID:
    id = uuid4()
    await vault.drafts.add(INITIATIVE, CLINIC, id, document, clock.now())
    return id


async def test_a_draft_is_its_agencys_alone(vault: Vault, clock: SetClock) -> None:
    id = await added(vault, clock)
    kept = await vault.drafts.read(INITIATIVE, CLINIC, id, clock.now())
    assert kept is not None
    assert (kept.document.open(), kept.version, kept.until) == (SAID, 1, clock.now() + KEPT)
    assert await vault.drafts.read(INITIATIVE, HUB, id, clock.now()) is None
    assert await vault.drafts.read("another-county", CLINIC, id, clock.now()) is None
    assert await vault.drafts.of(INITIATIVE, HUB, clock.now(), limit=9) == []


async def test_nothing_of_it_can_be_read_in_the_table(vault: Vault, clock: SetClock, identity_pool: AsyncPool) -> None:
    await added(vault, clock)
    async with identity_pool.connection() as connection:
        rows = await (await connection.execute("SELECT t::text, t.sealed FROM drafts t")).fetchall()
    assert [b"Works" in row[1] or "Works" in row[0] for row in rows] == [False]


async def test_it_is_saved_on_the_version_that_was_read(vault: Vault, clock: SetClock) -> None:
    id = await added(vault, clock)
    assert await vault.drafts.change(INITIATIVE, CLINIC, id, 1, b"{}", now=clock.now()) == 2
    assert await vault.drafts.change(INITIATIVE, CLINIC, id, 1, b"[]", now=clock.now()) is None
    assert await vault.drafts.change(INITIATIVE, HUB, id, 2, b"[]", now=clock.now()) is None
    kept = await vault.drafts.read(INITIATIVE, CLINIC, id, clock.now())
    assert kept is not None
    assert kept.document.open() == b"{}"


async def test_r10_it_is_kept_for_14_days_after_it_was_last_saved(
    vault: Vault, clock: SetClock, identity_pool: AsyncPool
) -> None:
    old, saved = await added(vault, clock), await added(vault, clock)
    clock.move(timedelta(days=13))
    assert await vault.drafts.expire(clock.now()) == 0
    await vault.drafts.change(INITIATIVE, CLINIC, saved, 1, b"{}", now=clock.now())
    clock.move(timedelta(days=1))
    assert await vault.drafts.read(INITIATIVE, CLINIC, old, clock.now()) is None
    assert await vault.drafts.expire(clock.now()) == 1
    assert [each.id for each in await vault.drafts.of(INITIATIVE, CLINIC, clock.now(), limit=9)] == [saved]
    async with identity_pool.connection() as connection:
        rows = await (await connection.execute("SELECT client_id FROM data_keys")).fetchall()
    assert [row[0] for row in rows] == [saved], "its key goes with it"


async def test_what_is_thrown_away_is_gone(vault: Vault, clock: SetClock) -> None:
    id = await added(vault, clock)
    assert not await vault.drafts.delete(INITIATIVE, HUB, id)
    assert await vault.drafts.delete(INITIATIVE, CLINIC, id)
    assert not await vault.drafts.delete(INITIATIVE, CLINIC, id)


async def test_a_part_follows_the_last_without_gap_or_double(vault: Vault, clock: SetClock) -> None:
    ids = set()
    for number in range(5):
        ids.add(await added(vault, clock))
        clock.move(timedelta(seconds=number % 2))
    seen: list[UUID] = []
    after = None
    while part := await vault.drafts.of(INITIATIVE, CLINIC, clock.now(), limit=2, after=after):
        seen += [each.id for each in part]
        after = (part[-1].saved_at, part[-1].id)
    assert (len(seen), set(seen)) == (5, ids)
