"""The sweep over a real store: what an event names stays, at whatever depth it names it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from uuid_utils.compat import uuid7

from services.referrals.application.housekeeping import SELDOM, Housekeeping, is_due
from services.referrals.domain.client import ClientRegistered, DetailsErased, ErasureReason
from services.referrals.domain.referral import ConsentException, ReferralSent
from services.referrals.domain.vocabulary import ExceptionCode
from services.referrals.store.bulk import append_batch
from services.referrals.store.mapper import FactMapper
from services.referrals.store.trail import Trail
from services.referrals.vault.notes import Typed
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.seal import Sealed
from services.referrals.vault.vault import Vault
from services.referrals.vault.wrapping import KeyGone
from services.runtime.postgres import pool
from services.runtime.telemetry import Telemetry
from tests.fix_servers import Databases
from tests.fix_vault import SetClock, mara
from tests.referrals.store.commits import CLINIC, FRESNO, SENT, Story

MAPPER = FactMapper()


@pytest.fixture
async def housekeeping(databases: Databases, vault: Vault) -> AsyncIterator[Housekeeping]:
    telemetry = Telemetry.off()
    clock = SetClock(datetime.now(UTC) + timedelta(hours=25))
    async with pool(databases.dsn("referrals"), "test") as connections:
        yield Housekeeping(Trail(connections, MAPPER), vault, clock, telemetry)
    telemetry.close()


async def client(vault: Vault) -> UUID:
    return (await vault.identities.register(FRESNO, CLINIC, mara(), uuid4())).client_id


async def typed(vault: Vault, about: UUID, kind: str = "note") -> UUID:
    id = uuid4()
    await vault.notes.write(Typed(id, Holder(FRESNO, CLINIC, about), kind, Sealed("Works mornings")))
    return id


async def test_what_events_name_stays_and_the_rest_goes(
    databases: Databases, vault: Vault, housekeeping: Housekeeping
) -> None:
    known, unknown = await client(vault), await client(vault)
    note, reason, loose = [await typed(vault, known, kind) for kind in ("note", "reason", "note")]
    story = Story(known)
    exception = ConsentException(code=ExceptionCode.EMERGENCY, reason=reason)
    sent = ReferralSent.model_validate(dict(SENT) | {"note": note, "exception": exception, "consent": None})
    with psycopg.connect(databases.dsn("referrals"), autocommit=True) as connection:
        told = [story.tell(known, ClientRegistered(), CLINIC), story.tell(uuid7(), sent, CLINIC)]
        append_batch(connection, told, MAPPER)
    assert await housekeeping.sweep() == 2
    assert await vault.identities.read(FRESNO, CLINIC, known) is not None
    assert await vault.identities.read(FRESNO, CLINIC, unknown) is None
    kept = await vault.notes.read_many([note, reason, loose])
    assert set(kept) == {note, reason}
    assert await housekeeping.sweep() == 0


async def test_what_the_log_says_is_erased_is_erased_again_where_a_backup_brought_it_back(
    databases: Databases, vault: Vault, housekeeping: Housekeeping
) -> None:
    """Also what a crash cut short: the event is there, and nobody came to destroy the key."""
    gone, stays = await client(vault), await client(vault)
    story = Story(gone)
    with psycopg.connect(databases.dsn("referrals"), autocommit=True) as connection:
        erased = DetailsErased(reason=ErasureReason.CLIENT_REQUEST)
        told = [story.tell(gone, ClientRegistered(), CLINIC), story.tell(gone, erased, CLINIC)]
        append_batch(connection, told, MAPPER)
    assert await housekeeping.erase() == 1
    with pytest.raises(KeyGone):
        await vault.identities.read(FRESNO, CLINIC, gone)
    assert await vault.identities.read(FRESNO, CLINIC, stays) is not None
    assert await vault.identities.correct(FRESNO, CLINIC, gone, mara())
    assert await housekeeping.erase() == 0, "what was written since stays, and no event is followed twice"
    assert await vault.identities.read(FRESNO, CLINIC, gone) == mara()


@pytest.mark.parametrize(
    ("passed", "due"),
    [(SELDOM, True), (SELDOM - timedelta(seconds=1), False), (timedelta(seconds=-40), False), (-400 * SELDOM, True)],
)
def test_a_clock_that_had_jumped_keeps_no_housekeeping_back(passed: timedelta, due: bool) -> None:
    last = datetime(2026, 11, 17, tzinfo=UTC)
    assert is_due(last, last + passed) is due
