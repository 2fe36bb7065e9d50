from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.referrals.vault import wrapping
from services.referrals.vault.keys import KeyProblem, RootKey, ensure_root_key
from services.referrals.vault.wrapping import FileKeys, KeyGone, KeyRefused, Wrapped
from tests.fix_vault import SetClock

ANY_ORDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture
def keys(keys_folder: Path, clock: SetClock) -> FileKeys:
    return FileKeys(keys_folder, ensure_root_key(keys_folder), clock)


@ANY_ORDER
@given(key=st.binary(min_size=32, max_size=32), context=st.binary(max_size=64))
async def test_a_key_comes_back_in_its_own_context(keys: FileKeys, key: bytes, context: bytes) -> None:
    wrapped = await keys.wrap(key, context)
    assert wrapped.epoch == "2026-11"
    assert key not in wrapped.key
    assert await keys.unwrap(wrapped, context) == key
    with pytest.raises(KeyRefused):
        await keys.unwrap(wrapped, context + b"x")


async def test_a_changed_wrapping_is_refused(keys: FileKeys) -> None:
    wrapped = await keys.wrap(bytes(32), b"here")
    for place in range(len(wrapped.key)):
        bent = bytearray(wrapped.key)
        bent[place] ^= 1
        with pytest.raises(KeyRefused):
            await keys.unwrap(Wrapped(wrapped.epoch, bytes(bent)), b"here")
    with pytest.raises(KeyRefused):
        await keys.unwrap(Wrapped(wrapped.epoch, b""), b"here")


async def test_each_month_has_a_file_of_its_own(keys: FileKeys, keys_folder: Path, clock: SetClock) -> None:
    november = await keys.wrap(b"n" * 32, b"")
    clock.at = datetime(2026, 12, 1, tzinfo=UTC)
    december = await keys.wrap(b"d" * 32, b"")
    assert (november.epoch, december.epoch) == ("2026-11", "2026-12")
    assert sorted(path.name for path in keys_folder.glob("kek-*")) == ["kek-2026-11.key", "kek-2026-12.key"]
    assert {path.stat().st_mode & 0o777 for path in keys_folder.glob("kek-*")} == {0o600}
    other = FileKeys(keys_folder, ensure_root_key(keys_folder), clock)
    assert await other.unwrap(november, b"") == b"n" * 32
    assert (await other.public_meta()).epochs == ("2026-11", "2026-12")


async def test_a_destroyed_month_opens_nothing_in_any_process(
    keys: FileKeys, keys_folder: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wrapping, "_TRUSTED_SECONDS", 0.0)
    wrapped = await keys.wrap(bytes(32), b"")
    other = FileKeys(keys_folder, ensure_root_key(keys_folder), clock)
    assert await other.unwrap(wrapped, b"") == bytes(32)
    with pytest.raises(ValueError, match="in use"):
        await keys.destroy_epoch("2026-11")
    clock.at = datetime(2026, 12, 6, tzinfo=UTC)
    await keys.destroy_epoch("2026-11")
    await keys.destroy_epoch("2026-11")
    for process in (keys, other):
        with pytest.raises(KeyGone):
            await process.unwrap(wrapped, b"")
    assert not list(keys_folder.glob("kek-*"))


@pytest.mark.parametrize("epoch", ["../root", "2026-1", "", "2026-11/../../x"])
async def test_an_epoch_from_a_table_is_no_path(keys: FileKeys, epoch: str) -> None:
    with pytest.raises(KeyRefused):
        await keys.unwrap(Wrapped(epoch, bytes(60)), b"")


async def test_a_month_of_another_root_key_and_an_open_file_are_refused(
    keys: FileKeys, keys_folder: Path, clock: SetClock
) -> None:
    wrapped = await keys.wrap(bytes(32), b"")
    with pytest.raises(KeyProblem, match="another root key"):
        await FileKeys(keys_folder, RootKey(bytes(32)), clock).unwrap(wrapped, b"")
    (keys_folder / "kek-2026-11.key").chmod(0o644)
    with pytest.raises(KeyProblem, match="0600"):
        await FileKeys(keys_folder, ensure_root_key(keys_folder), clock).unwrap(wrapped, b"")


async def test_what_is_told_of_keys_opens_nothing(keys: FileKeys, keys_folder: Path) -> None:
    await keys.wrap(bytes(32), b"")
    told = str(await keys.public_meta())
    assert (keys_folder / "root.key").read_text().strip() not in told
    assert (keys_folder / "kek-2026-11.key").read_text().strip() not in told
