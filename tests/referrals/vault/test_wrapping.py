from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.referrals.vault.keys import KeyProblem, RootKey, ensure_root_key
from services.referrals.vault.wrapping import FileKeys, KeyRefused
from services.runtime.postgres import Unavailable
from tests.fix_vault import SetClock, wrapped_now

ANY_ORDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture
def keys(keys_folder: Path, clock: SetClock) -> FileKeys:
    return FileKeys(keys_folder, ensure_root_key(keys_folder), clock)


@ANY_ORDER
@given(key=st.binary(min_size=32, max_size=32), context=st.binary(max_size=64))
async def test_a_key_comes_back_in_its_own_context(keys: FileKeys, key: bytes, context: bytes) -> None:
    wrapped = await wrapped_now(keys, key, context)
    assert wrapped.epoch == "2026-11"
    assert key not in wrapped.key
    assert await keys.unwrap(wrapped, context) == key
    with pytest.raises(KeyRefused):
        await keys.unwrap(wrapped, context + b"x")


async def test_each_month_has_a_file_of_its_own(keys: FileKeys, keys_folder: Path, clock: SetClock) -> None:
    november = await wrapped_now(keys, b"n" * 32, b"")
    clock.at = datetime(2026, 12, 1, tzinfo=UTC)
    december = await wrapped_now(keys, b"d" * 32, b"")
    assert (november.epoch, december.epoch) == ("2026-11", "2026-12")
    assert sorted(path.name for path in keys_folder.glob("kek-*")) == ["kek-2026-11.key", "kek-2026-12.key"]
    assert {path.stat().st_mode & 0o777 for path in keys_folder.glob("kek-*")} == {0o600}
    other = FileKeys(keys_folder, ensure_root_key(keys_folder), clock)
    assert await other.unwrap(november, b"") == b"n" * 32
    (keys_folder / "kek-2026-11 copy.key").touch()
    assert (await other.public_meta()).epochs == ("2026-11", "2026-12")


async def test_a_month_of_another_root_key_and_an_open_file_are_refused(
    keys: FileKeys, keys_folder: Path, clock: SetClock
) -> None:
    wrapped = await wrapped_now(keys, bytes(32), b"")
    with pytest.raises(KeyProblem, match="another root key") as unfit:
        await FileKeys(keys_folder, RootKey(bytes(32)), clock).unwrap(wrapped, b"")
    assert isinstance(unfit.value, Unavailable)
    assert unfit.value.part == "kek-2026-11"
    (keys_folder / "kek-2026-11.key").chmod(0o644)
    with pytest.raises(KeyProblem, match="0600"):
        await FileKeys(keys_folder, ensure_root_key(keys_folder), clock).unwrap(wrapped, b"")


async def test_what_is_told_of_keys_opens_nothing(keys: FileKeys, keys_folder: Path) -> None:
    await wrapped_now(keys, bytes(32), b"")
    told = str(await keys.public_meta())
    assert (keys_folder / "root.key").read_text().strip() not in told
    assert (keys_folder / "kek-2026-11.key").read_text().strip() not in told
