"""One case for every driver of a key service, and what the transit driver says where its server is not there."""

import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from services.referrals.settings import VaultSettings
from services.referrals.vault import wrapping
from services.referrals.vault.check_values import CheckedKeys
from services.referrals.vault.keys import KeyProblem, ensure_root_key
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.transit import Transit, TransitKeys
from services.referrals.vault.vault import reached_vault
from services.referrals.vault.wrapping import (
    FileKeys,
    KeyGone,
    KeyMissing,
    KeyRefused,
    KeysAway,
    KeyWrapping,
    Wrapped,
)
from services.runtime.postgres import AsyncPool, Unavailable
from services.runtime.settings import SettingsProblem
from tests.fix_vault import CLINIC, INITIATIVE, SetClock, mara, register, wrapped_now
from tests.transit_server import TOKEN, TransitServer, transit_server


@pytest.fixture
async def engine() -> AsyncIterator[TransitServer]:
    async with transit_server() as server:
        yield server


@dataclass
class House:
    """A driver, another process's of the same keys, what this month's key is called, and how it is lost.

    `take` takes the key away and gives back what puts it there again.
    """

    keys: KeyWrapping
    other: KeyWrapping
    name: str
    take: Callable[[], Callable[[], object]]


@pytest.fixture
def transit(engine: TransitServer, tmp_path: Path) -> Transit:
    token = tmp_path / "token"
    token.write_text(TOKEN + "\n")
    token.chmod(0o600)
    return Transit(engine.url, "transit", "closeknit", token)


def file_taken(folder: Path) -> Callable[[], Callable[[], object]]:
    def take() -> Callable[[], object]:
        path = folder / "kek-2026-11.key"
        aside = path.rename(folder / "aside")
        return lambda: aside.replace(path)

    return take


def key_taken(engine: TransitServer) -> Callable[[], Callable[[], object]]:
    def take() -> Callable[[], object]:
        key = engine.keys.pop("closeknit-2026-11")
        return lambda: engine.keys.update({"closeknit-2026-11": key})

    return take


@pytest.fixture(params=["file", "transit"])
async def house(
    request: pytest.FixtureRequest, engine: TransitServer, transit: Transit, keys_folder: Path, clock: SetClock
) -> AsyncIterator[House]:
    root = ensure_root_key(keys_folder)
    if request.param == "file":
        keys, other = (FileKeys(keys_folder, root, clock) for _ in range(2))
        yield House(keys, other, "kek-2026-11", file_taken(keys_folder))
        return
    async with TransitKeys(transit, clock) as mine, TransitKeys(transit, clock) as theirs:
        yield House(mine, theirs, "closeknit-2026-11", key_taken(engine))


async def test_a_key_comes_back_in_its_own_context_in_any_process(house: House) -> None:
    for key, context in ((bytes(32), b""), (os.urandom(32), b"here"), (os.urandom(32), bytes(range(256)))):
        wrapped = await wrapped_now(house.keys, key, context)
        assert wrapped.epoch == "2026-11"
        assert key not in wrapped.key
        assert await house.other.unwrap(wrapped, context) == key
        with pytest.raises(KeyRefused):
            await house.keys.unwrap(wrapped, context + b"x")


async def test_a_changed_wrapping_is_refused(house: House) -> None:
    wrapped = await wrapped_now(house.keys, bytes(32), b"here")
    for place in range(0, len(wrapped.key), 7):
        bent = bytearray(wrapped.key)
        bent[place] ^= 1
        with pytest.raises(KeyRefused):
            await house.keys.unwrap(Wrapped(wrapped.epoch, bytes(bent)), b"here")
    with pytest.raises(KeyRefused):
        await house.keys.unwrap(Wrapped(wrapped.epoch, b""), b"here")


@pytest.mark.parametrize("epoch", ["../root", "2026-1", "", "2026-11/../../x"])
async def test_an_epoch_from_a_table_is_no_path(house: House, epoch: str) -> None:
    with pytest.raises(KeyRefused):
        await house.keys.unwrap(Wrapped(epoch, bytes(60)), b"")


async def test_each_month_has_its_own_key_and_a_destroyed_one_opens_nothing(
    house: House, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wrapping, "TRUSTED_SECONDS", 0.0)
    november = await wrapped_now(house.keys, bytes(32), b"")
    with pytest.raises(ValueError, match="in use"):
        await house.keys.destroy_epoch("2026-11")
    clock.at = datetime(2026, 12, 6, tzinfo=UTC)
    december = await wrapped_now(house.keys, b"d" * 32, b"")
    assert (await house.other.public_meta()).epochs == ("2026-11", "2026-12")
    await house.keys.destroy_epoch("2026-11")
    await house.keys.destroy_epoch("2026-11")
    for process in (house.keys, house.other):
        with pytest.raises(KeyMissing) as missing:
            await process.unwrap(november, b"")
        assert isinstance(missing.value, KeyGone)
        assert missing.value.part == house.name
        assert await process.unwrap(december, b"") == b"d" * 32
    meta = await house.keys.public_meta()
    assert (meta.current, meta.epochs) == ("2026-12", ("2026-12",))


async def test_a_month_with_a_check_value_gets_no_other_key(
    house: House, identity_pool: AsyncPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wrapping, "TRUSTED_SECONDS", 0.0)
    checked = CheckedKeys(identity_pool, house.keys)
    before = await checked.wrap(bytes(32), b"here")
    put_back = house.take()
    processes = (checked, CheckedKeys(identity_pool, house.other))
    for each in processes:
        with pytest.raises(KeyMissing) as missing:
            await each.wrap(bytes(32), b"here")
        assert (missing.value.part, await each.stands("2026-11")) == (house.name, False)
    assert (await house.keys.public_meta()).epochs == (), "nothing is made in its place"
    await house.keys.make("2026-11")
    for each in processes:
        with pytest.raises(KeyMissing):
            await each.wrap(bytes(32), b"here")
        with pytest.raises(KeyRefused) as refused:
            await each.unwrap(before, b"here")
        assert isinstance(refused.value, Unavailable)
        assert refused.value.part == house.name
    put_back()
    for each in processes:
        assert await each.unwrap(await each.wrap(b"k" * 32, b"there"), b"there") == b"k" * 32
        assert await each.unwrap(before, b"here") == bytes(32)


async def test_without_the_server_its_key_is_named_and_nothing_told(
    engine: TransitServer, transit: Transit, clock: SetClock
) -> None:
    def sealed() -> None:
        engine.sealed = True

    def of_another() -> None:
        engine.sealed = False
        transit.token.write_text("another")

    steps: list[Callable[[], None]] = [sealed, of_another]
    async with TransitKeys(transit, clock) as keys:
        wrapped = await wrapped_now(keys, b"k" * 32, b"")
        for step in steps:
            step()
            for asked in (wrapped_now(keys, b"k" * 32, b""), keys.unwrap(wrapped, b"")):
                with pytest.raises(KeysAway) as away:
                    await asked
                assert (away.value.part, away.value.retry_after) == ("closeknit-2026-11", 10)
                assert away.value.__cause__ is None
    nowhere = Transit("http://127.0.0.1:1", "transit", "closeknit", transit.token)
    async with TransitKeys(nowhere, clock) as keys:
        with pytest.raises(KeysAway):
            await keys.unwrap(wrapped, b"")


async def test_a_token_that_others_may_read_is_not_used(transit: Transit, clock: SetClock) -> None:
    async with TransitKeys(transit, clock) as keys:
        transit.token.chmod(0o644)
        with pytest.raises(KeyProblem, match="0640"):
            await wrapped_now(keys, bytes(32), b"")
        transit.token.unlink()
        with pytest.raises(KeyProblem, match="cannot be read"):
            await wrapped_now(keys, bytes(32), b"")


def settings(keys: Path, transit: Transit, **more: str) -> VaultSettings:
    found = {"identity_dsn": "host=invented", "keys": str(keys), "transit_url": transit.url, **more}
    return VaultSettings.from_env({f"CLOSEKNIT_{name.upper()}": value for name, value in found.items()})


async def test_a_vault_over_transit_keeps_no_key_in_its_folder(
    identity_pool: AsyncPool, keys_folder: Path, transit: Transit, clock: SetClock
) -> None:
    named = settings(keys_folder, transit, transit_token_file=str(transit.token), environment="development")
    async with reached_vault(identity_pool, named, clock) as vault:
        client = await register(vault, mara())
    async with reached_vault(identity_pool, named, clock) as vault:
        assert await vault.identities.read(INITIATIVE, CLINIC, client) == mara()
        assert [(each.name, each.live) for each in await vault.epochs.known()] == [("2026-11", 1)]
        await vault.keys.for_writing([Holder(INITIATIVE, CLINIC, UUID(int=1))])
    assert [path.name for path in keys_folder.iterdir()] == ["root.key"]


async def test_half_a_key_service_is_refused(identity_pool: AsyncPool, keys_folder: Path, transit: Transit) -> None:
    with pytest.raises(KeyProblem, match="TOKEN_FILE"):
        async with reached_vault(identity_pool, settings(keys_folder, transit, environment="development"), SetClock()):
            pass


def test_production_asks_for_keys_by_https_alone(keys_folder: Path, transit: Transit) -> None:
    with pytest.raises(SettingsProblem, match="CLOSEKNIT_TRANSIT_URL: begins with https://"):
        settings(keys_folder, transit, environment="production", transit_token_file="/invented")
