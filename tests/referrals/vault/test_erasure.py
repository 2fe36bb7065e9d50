"""What an agency held of a client is erased: in its own process at once, in every other as soon as it is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from deploy.local import postgres
from services.referrals.domain.vocabulary import RestrictedClass
from services.referrals.vault.erasure import Erasing
from services.referrals.vault.notes import Typed
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.seal import Sealed
from services.referrals.vault.vault import Vault, open_vault
from services.referrals.vault.watch import Watch
from services.referrals.vault.wrapping import KeyGone
from services.runtime.postgres import AsyncPool
from services.runtime.telemetry import Telemetry
from tests.condition import eventually
from tests.fix_servers import Databases
from tests.fix_vault import CLINIC, HUB, INITIATIVE, SetClock, mara, named, register


@asynccontextmanager
async def watching(vault: Vault, databases: Databases, asks_every: float) -> AsyncIterator[None]:
    telemetry = Telemetry.off()
    task = asyncio.create_task(Watch(databases.dsn("identity"), vault.keys, telemetry, asks_every=asks_every).follow())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        telemetry.close()


async def test_what_was_held_is_unreadable_unfound_and_without_number(vault: Vault, identity_pool: AsyncPool) -> None:
    client, other = await register(vault, mara(mrn="C-77")), await register(vault, named("Mara", "Example"))
    holder, note = Holder(INITIATIVE, CLINIC, client), uuid4()
    await vault.notes.write(Typed(note, holder, "note", Sealed("Works mornings")))
    closed = uuid4()
    await vault.notes.write(Typed(closed, holder, "note", Sealed("Detox"), RestrictedClass.PART_2))
    assert await vault.erasure.left(holder)
    assert await vault.erasure.erase(Erasing(holder, registered=True)) == 2
    for read in (
        vault.identities.read(INITIATIVE, CLINIC, client),
        vault.notes.read(INITIATIVE, CLINIC, note),
        vault.notes.read(INITIATIVE, CLINIC, closed),
    ):
        with pytest.raises(KeyGone):
            await read
    assert set((await vault.search.clients(INITIATIVE, CLINIC, "Mara Example")).names) == {other}
    async with identity_pool.connection() as connection:
        for asked in (
            "SELECT FROM search_words WHERE client_id = %s",
            "SELECT FROM identities WHERE client_id = %s AND number IS NOT NULL",
            "SELECT FROM data_keys WHERE client_id = %s AND wrapped <> ''",
        ):
            assert await (await connection.execute(asked.encode(), [client])).fetchone() is None
    assert not await vault.erasure.left(holder)
    assert await vault.erasure.erase(Erasing(holder, registered=True)) == 0
    assert await vault.identities.correct(INITIATIVE, CLINIC, client, mara(mrn="C-78"))
    assert await vault.identities.read(INITIATIVE, CLINIC, client) == mara(mrn="C-78"), "she came again"


async def test_a_restricted_class_has_a_key_of_its_own(vault: Vault) -> None:
    holder = Holder(INITIATIVE, CLINIC, uuid4())
    ordinary = (await vault.keys.for_writing([holder]))[holder]
    of_class = (await vault.keys.for_writing([holder], RestrictedClass.PART_2))[holder]
    another = (await vault.keys.for_writing([holder], RestrictedClass.IPV))[holder]
    assert len({ordinary.id, of_class.id, another.id}) == 3
    assert (await vault.keys.for_writing([holder], RestrictedClass.PART_2))[holder] is of_class
    assert (await vault.keys.for_writing([holder]))[holder] is ordinary


def _listens(databases: Databases) -> bool:
    with psycopg.connect(databases.dsn("identity", postgres.OWNER), autocommit=True) as connection:
        asked = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'"
        return connection.execute(asked).fetchone() is not None


@pytest.mark.parametrize("is_told", [True, False])
async def test_another_process_forgets_the_key(
    vault: Vault, databases: Databases, identity_pool: AsyncPool, keys_folder: Path, clock: SetClock, *, is_told: bool
) -> None:
    """By what the database tells it; and where that does not reach it, by asking."""
    client = await register(vault, mara())
    other = open_vault(identity_pool, keys_folder, clock)
    await other.identities.read(INITIATIVE, CLINIC, client)
    assert len(other.keys._open) == 1
    if not is_told:
        with psycopg.connect(databases.dsn("identity", postgres.OWNER), autocommit=True) as owner:
            owner.execute("ALTER TABLE data_keys DISABLE TRIGGER destroyed_key")
    async with watching(other, databases, 600.0 if is_told else 0.05):
        await eventually(lambda: _listens(databases))
        await vault.erasure.erase(Erasing(Holder(INITIATIVE, CLINIC, client), registered=True))
        await eventually(lambda: len(other.keys._open) == 0)
    with pytest.raises(KeyGone):
        await other.identities.read(INITIATIVE, CLINIC, client)


async def test_a_process_that_cannot_ask_keeps_no_key_open(vault: Vault) -> None:
    client = await register(vault, mara())
    telemetry = Telemetry.off()
    task = asyncio.create_task(Watch("host=127.0.0.1 port=1 dbname=gone", vault.keys, telemetry).follow())
    await eventually(lambda: len(vault.keys._open) == 0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    telemetry.close()
    assert await vault.identities.read(INITIATIVE, CLINIC, client) == mara(), "it asks for it anew"


async def test_the_copies_of_others_stay(vault: Vault) -> None:
    client = await register(vault, mara())
    theirs = Holder(INITIATIVE, HUB, client)
    note = uuid4()
    await vault.notes.write(Typed(note, theirs, "note", Sealed("Ours")))
    await vault.erasure.erase(Erasing(Holder(INITIATIVE, CLINIC, client), registered=True))
    assert await vault.notes.read(INITIATIVE, HUB, note) is not None
