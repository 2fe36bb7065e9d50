import asyncio
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from services.referrals.vault import wrapping
from services.referrals.vault.check_values import CheckedKeys
from services.referrals.vault.data_keys import DataKeys
from services.referrals.vault.keys import root_key
from services.referrals.vault.open_keys import MOST_OPEN, OPEN_SECONDS, Holder, OpenKeys
from services.referrals.vault.seal import DataKey
from services.referrals.vault.vault import Vault, open_vault
from services.referrals.vault.wrapping import FileKeys, KeyGone, KeyMissing
from services.runtime.postgres import AsyncPool
from tests.fix_vault import CLINIC, HUB, INITIATIVE, SetClock, mara, register


def holder(client: UUID | None = None, agency: str = CLINIC) -> Holder:
    return Holder(INITIATIVE, agency, client or uuid4())


def data_key() -> DataKey:
    return DataKey(uuid4(), bytes(32))


async def test_a_client_and_agency_have_one_key_whoever_asks_first(vault: Vault, identity_pool: AsyncPool) -> None:
    asked = holder()
    others = [DataKeys(identity_pool, vault.keys._wrapping) for _ in range(4)]
    found = await asyncio.gather(*(keys.for_writing([asked]) for keys in others))
    assert len({keys[asked].id for keys in found}) == 1
    assert (await vault.keys.for_writing([asked, asked]))[asked].id == found[0][asked].id
    assert (await vault.keys.one(found[0][asked].id)).id == found[0][asked].id


async def test_keys_of_two_agencies_and_of_two_clients_differ(vault: Vault) -> None:
    client = uuid4()
    keys = await vault.keys.for_writing([holder(client), holder(client, HUB), holder()])
    assert len({key.id for key in keys.values()}) == 3


async def test_a_shredded_key_is_replaced_for_what_comes_after(vault: Vault) -> None:
    asked = holder()
    before = (await vault.keys.for_writing([asked]))[asked]
    await vault.keys.shred(asked)
    after = (await vault.keys.for_writing([asked]))[asked]
    assert before.id != after.id
    with pytest.raises(KeyGone):
        await vault.keys.one(before.id)


async def test_rewrapping_moves_keys_out_of_a_month_before_it_is_destroyed(
    vault: Vault, identity_pool: AsyncPool, keys_folder: Path, clock: SetClock
) -> None:
    client = await register(vault, mara())
    await vault.keys.for_writing([holder() for _ in range(5)])
    clock.at = datetime(2026, 12, 6, tzinfo=UTC)
    wrapping = FileKeys(keys_folder, root_key(keys_folder), clock)
    moved = [await vault.keys.rewrap("2026-11", limit=4) for _ in range(3)]
    assert moved == [4, 2, 0]
    await wrapping.destroy_epoch("2026-11")
    later = open_vault(identity_pool, keys_folder, clock)
    assert await later.identities.read(INITIATIVE, CLINIC, client) is not None


async def test_a_destroyed_month_takes_the_keys_that_were_left_in_it(
    vault: Vault, identity_pool: AsyncPool, keys_folder: Path, clock: SetClock
) -> None:
    client = await register(vault, mara())
    clock.at = datetime(2026, 12, 6, tzinfo=UTC)
    await FileKeys(keys_folder, root_key(keys_folder), clock).destroy_epoch("2026-11")
    with pytest.raises(KeyGone):
        await open_vault(identity_pool, keys_folder, clock).identities.read(INITIATIVE, CLINIC, client)


async def test_a_key_that_is_open_outlives_the_key_it_lies_under_for_as_long_as_the_page_says(
    identity_pool: AsyncPool, keys_folder: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wrapping, "TRUSTED_SECONDS", 0.0)
    now, whose = 0.0, holder()
    checked = CheckedKeys(identity_pool, FileKeys(keys_folder, root_key(keys_folder), clock))
    keys = DataKeys(identity_pool, checked, opened=OpenKeys(tick=lambda: now))
    key = (await keys.for_writing([whose]))[whose]
    (keys_folder / "kek-2026-11.key").unlink()
    now = OPEN_SECONDS
    assert await keys.one(key.id) is key
    assert await keys.for_writing([whose]) == {whose: key}
    now += 1
    with pytest.raises(KeyMissing):
        await keys.one(key.id)
    with pytest.raises(KeyMissing):
        await keys.for_writing([whose])


def test_the_page_says_how_long_a_key_is_open() -> None:
    page = " ".join((Path(__file__).parents[3] / "docs" / "keys.md").read_text(encoding="utf-8").split())
    assert f"open for {OPEN_SECONDS:g} seconds after it was unwrapped, as many as {MOST_OPEN} of them" in page
    assert f"from a file for {wrapping.TRUSTED_SECONDS:g} second." in page


def test_keys_are_open_for_a_while_and_not_too_many() -> None:
    now = 0.0
    opened = OpenKeys(limit=2, seconds=300, tick=lambda: now)
    first, second, third = ((holder(), data_key()) for _ in range(3))
    opened.put(*first)
    opened.put(*second)
    assert opened.of(first[0]) is first[1] is opened.get(first[1].id)
    opened.put(*third)
    assert len(opened) == 2
    assert opened.of(second[0]) is None, "the one unused longest goes first"
    assert opened.of(first[0]) is first[1]
    now = 300.5
    assert opened.of(third[0]) is None
    opened.drop(first[1].id)
    assert (opened.of(first[0]), opened.get(first[1].id), len(opened)) == (None, None, 0)


def test_an_old_key_of_a_holder_does_not_become_the_one_in_use() -> None:
    opened = OpenKeys()
    asked, old, new = holder(), data_key(), data_key()
    opened.put(asked, old, in_use=False)
    assert opened.get(old.id) is old
    assert opened.of(asked) is None
    opened.put(asked, new)
    opened.drop(old.id)
    assert opened.of(asked) is new
