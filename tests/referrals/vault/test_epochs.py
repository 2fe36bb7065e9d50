"""Months of key-encryption keys: data keys move on while everybody reads and writes, and what is over is destroyed."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from services.referrals.vault import wrapping
from services.referrals.vault.epochs import KEPT, EpochInUse, Turned, ends
from services.referrals.vault.keys import root_key
from services.referrals.vault.notes import Typed
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.seal import Sealed
from services.referrals.vault.vault import Vault, open_vault
from services.referrals.vault.wrapping import FileKeys, KeyMissing, KeyRefused
from services.runtime.postgres import AsyncPool
from tests.fix_vault import CLINIC, INITIATIVE, SetClock, mara, register

DECEMBER = datetime(2026, 12, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("epoch", "over"), [("2026-11", (2026, 12, 1)), ("2026-12", (2027, 1, 1)), ("2028-02", (2028, 3, 1))]
)
def test_a_month_ends_with_the_first_of_the_next(epoch: str, over: tuple[int, int, int]) -> None:
    assert ends(epoch) == datetime(*over, tzinfo=UTC)


async def test_keys_move_on_while_everybody_reads_and_writes(
    vault: Vault, identity_pool: AsyncPool, keys_folder: Path, clock: SetClock
) -> None:
    clients = [await register(vault, mara()) for _ in range(24)]
    clock.at = DECEMBER
    done, written = asyncio.Event(), list[UUID]()

    async def work() -> None:
        """Reads and writes with nothing kept open, as a process does that has just begun."""
        while not done.is_set() or len(written) < len(clients):
            client, note = clients[len(written) % len(clients)], uuid4()
            other = open_vault(identity_pool, keys_folder, clock)
            assert await other.identities.read(INITIATIVE, CLINIC, client) == mara()
            await other.notes.write(Typed(note, Holder(INITIATIVE, CLINIC, client), "note", Sealed("Works mornings")))
            written.append(note)

    async def rotate() -> int:
        moved = 0
        while some := await vault.keys.rewrap("2026-11", limit=2):
            moved += some
        done.set()
        return moved

    moved, *_ = await asyncio.gather(rotate(), work(), work())
    assert moved == len(clients)
    assert [(epoch.name, epoch.live) for epoch in await vault.epochs.known()] == [("2026-11", 0), ("2026-12", 24)]
    clock.at = ends("2026-11") + KEPT
    await vault.epochs.turn()
    later = open_vault(identity_pool, keys_folder, clock)
    assert len(await later.notes.read_many(written)) == len(written)


async def test_a_turn_destroys_what_is_over_and_nothing_before_its_time(
    vault: Vault, keys_folder: Path, clock: SetClock
) -> None:
    await register(vault, mara())
    clock.at = ends("2026-11") + KEPT - timedelta(seconds=1)
    assert await vault.epochs.turn() == Turned(1, ())
    assert (keys_folder / "kek-2026-11.key").exists()
    clock.move(timedelta(seconds=1))
    assert await vault.epochs.turn() == Turned(0, ("2026-11",))
    assert not (keys_folder / "kek-2026-11.key").exists()


async def test_a_clock_that_had_jumped_comes_back_to_a_month_that_is_destroyed(
    vault: Vault, identity_pool: AsyncPool, keys_folder: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was moved on meanwhile is read; another process that knew the old key begins the month anew, or joins."""
    monkeypatch.setattr(wrapping, "TRUSTED_SECONDS", 0.0)
    now, other = clock.at, open_vault(identity_pool, keys_folder, clock)
    clients = [await register(process, mara()) for process in (vault, other)]
    clock.at = ends("2026-11") + KEPT
    assert await vault.epochs.turn() == Turned(2, ("2026-11",))
    clock.at = now
    clients += [await register(process, mara()) for process in (other, vault)]
    for process in (vault, other, open_vault(identity_pool, keys_folder, clock)):
        assert [await process.identities.read(INITIATIVE, CLINIC, client) for client in clients] == [mara()] * 4
        assert {epoch.fault for epoch in await process.epochs.known()} == {None}


async def test_destroyed_in_two_steps_it_is_destroyed_by_the_next_turn(
    vault: Vault, keys_folder: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(driver: FileKeys, epoch: str) -> None:
        raise OSError(epoch)

    await register(vault, mara())
    clock.at = ends("2026-11") + KEPT
    with monkeypatch.context() as patched:
        patched.setattr(FileKeys, "destroy_epoch", killed)
        with pytest.raises(OSError, match="2026-11"):
            await vault.epochs.turn()
    assert (keys_folder / "kek-2026-11.key").exists()
    assert await vault.epochs.turn() == Turned(0, ("2026-11",))
    assert not (keys_folder / "kek-2026-11.key").exists()


async def test_what_is_in_use_is_not_destroyed(vault: Vault, clock: SetClock) -> None:
    await register(vault, mara())
    with pytest.raises(EpochInUse, match="this month"):
        await vault.epochs.destroy("2026-11", early=True)
    clock.at = DECEMBER
    with pytest.raises(EpochInUse, match="1 live data keys"):
        await vault.epochs.destroy("2026-11", early=True)
    assert await vault.epochs.rewrap() == 1
    with pytest.raises(EpochInUse, match="2027-01-05"):
        await vault.epochs.destroy("2026-11")
    assert await vault.epochs.destroy("2026-11", early=True)
    assert not await vault.epochs.destroy("2026-11"), "it is gone already"


async def test_what_is_in_use_and_gone_is_not_taken_for_destroyed(
    vault: Vault, keys_folder: Path, clock: SetClock
) -> None:
    await register(vault, mara())
    (keys_folder / "kek-2026-11.key").unlink()
    for at in (clock.at, DECEMBER, ends("2026-11") + KEPT):
        clock.at = at
        with pytest.raises(EpochInUse, match=r"2026-11 is gone.*1 live data keys"):
            await vault.epochs.destroy("2026-11", early=True)
    assert [epoch.fault for epoch in await vault.epochs.known()][:1] == ["gone"]


async def test_a_missing_key_is_named_and_nothing_is_left_out(
    vault: Vault, identity_pool: AsyncPool, keys_folder: Path, clock: SetClock
) -> None:
    client = await register(vault, mara())
    (keys_folder / "kek-2026-11.key").rename(keys_folder / "aside")
    later = open_vault(identity_pool, keys_folder, clock)
    for asked in (
        later.identities.read(INITIATIVE, CLINIC, client),
        later.held.of([Holder(INITIATIVE, CLINIC, client)]),
        later.keys.for_writing([Holder(INITIATIVE, CLINIC, client)]),
    ):
        with pytest.raises(KeyMissing) as missing:
            await asked
        assert missing.value.part == "kek-2026-11"
    (keys_folder / "aside").rename(keys_folder / "kek-2026-11.key")
    assert await later.identities.read(INITIATIVE, CLINIC, client) == mara()


async def test_a_month_whose_key_is_gone_or_another_is_told_and_takes_nobody_in(
    vault: Vault, identity_pool: AsyncPool, keys_folder: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wrapping, "TRUSTED_SECONDS", 0.0)
    client, path = await register(vault, mara()), keys_folder / "kek-2026-11.key"
    path.rename(keys_folder / "aside")
    with pytest.raises(KeyMissing):
        await register(vault, mara())
    assert [(epoch.name, epoch.fault) for epoch in await vault.epochs.known()] == [("2026-11", "gone")]
    assert not path.exists()
    await FileKeys(keys_folder, root_key(keys_folder), clock).make("2026-11")
    with pytest.raises(KeyMissing):
        await register(vault, mara())
    assert [epoch.fault for epoch in await vault.epochs.known()] == ["another"]
    later = open_vault(identity_pool, keys_folder, clock)
    for asked in (
        later.identities.read(INITIATIVE, CLINIC, client),
        later.search.clients(INITIATIVE, CLINIC, "Mara"),
        later.held.of([Holder(INITIATIVE, CLINIC, client)]),
    ):
        with pytest.raises(KeyRefused):
            await asked
    clock.at = DECEMBER
    assert await vault.epochs.rewrap() == 0
    clock.at = datetime(2026, 11, 17, 9, tzinfo=UTC)
    (keys_folder / "aside").replace(path)
    assert [epoch.fault for epoch in await vault.epochs.known()] == [None]
    for process in (vault, later):
        assert await process.identities.read(INITIATIVE, CLINIC, await register(process, mara())) == mara()
        assert await process.identities.read(INITIATIVE, CLINIC, client) == mara()
