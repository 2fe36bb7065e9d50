"""Owns a vault over a fresh identity database, with keys in a folder of the test, and people who do not exist."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from services.referrals.vault.identity import Address, Identity, Name
from services.referrals.vault.keys import ensure_root_key
from services.referrals.vault.vault import Vault, open_vault
from services.referrals.vault.wrapping import KeyWrapping, Wrapped
from services.runtime.postgres import AsyncPool, pool

if TYPE_CHECKING:
    from tests.fix_servers import Databases

INITIATIVE = "sample-county"
CLINIC, HUB, DOULAS = "example-clinic-north", "sample-county-chw-hub", "example-doula-network"


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


def mara(*, mrn: str | None = None, family: str = "Example") -> Identity:
    """Somebody with every field."""
    return Identity(
        names=(Name(given="Mara", family=family),),
        birth_date=date(1996, 2, 29),
        phones=("(559) 555-0142",),
        address=Address(line="12 Sample Street", city="Fresno", zip="93706"),
        language="es",
        medi_cal_cin="91234567A",
        mrn=mrn,
    )


def named(given: str, family: str | None = None, *, phone: str | None = None, mrn: str | None = None) -> Identity:
    """Somebody of whom little is known."""
    return Identity(names=(Name(given=given, family=family),), phones=(phone,) if phone else (), mrn=mrn)


async def wrapped_now(keys: KeyWrapping, key: bytes, context: bytes) -> Wrapped:
    """Wrapped under this month's key, made where there is none."""
    await keys.make(keys.month())
    return await keys.wrap(key, context, keys.month())


async def register(vault: Vault, identity: Identity, agency: str = CLINIC) -> UUID:
    """A client of an agency, by a row of her own."""
    return (await vault.identities.register(INITIATIVE, agency, identity, uuid4())).client_id


@pytest.fixture
def keys_folder(tmp_path: Path) -> Path:
    """A folder with a fresh root key."""
    ensure_root_key(tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture
def clock() -> SetClock:
    """A clock that the test moves."""
    return SetClock()


@pytest.fixture
async def identity_pool(databases: "Databases") -> AsyncIterator[AsyncPool]:
    """Connections to a fresh identity database, as the application's role."""
    async with pool(databases.dsn("identity"), "test", task="import") as connections:
        yield connections


@pytest.fixture
def vault(identity_pool: AsyncPool, keys_folder: Path, clock: SetClock) -> Vault:
    """A vault with nobody in it."""
    return open_vault(identity_pool, keys_folder, clock)
