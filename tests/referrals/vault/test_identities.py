import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from services.referrals.vault.identities import NumberInUse
from services.referrals.vault.keys import RootKey
from services.referrals.vault.notes import Typed
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.seal import SealBroken, Sealed
from services.referrals.vault.vault import Vault
from services.referrals.vault.wrapping import KeyGone
from services.runtime.postgres import AsyncPool, conninfo
from tests.fix_servers import Databases
from tests.fix_vault import CLINIC, HUB, INITIATIVE, SetClock, mara, named, register


@pytest.fixture
async def raw(databases: Databases) -> AsyncIterator[psycopg.AsyncConnection]:
    """A connection of the application's role, across agencies."""
    dsn = conninfo(databases.dsn("identity"), "test", task="import")
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        yield connection


async def test_a_client_is_registered_and_read_by_her_agency_alone(vault: Vault) -> None:
    client = await register(vault, mara(mrn="MRN-1"))
    assert client.version == 4
    read = await vault.identities.read(INITIATIVE, CLINIC, client)
    assert read is not None
    assert read.document() == mara(mrn="MRN-1").document()
    assert await vault.identities.read(INITIATIVE, HUB, client) is None
    assert await vault.identities.read("another-county", CLINIC, client) is None
    assert await vault.identities.read(INITIATIVE, CLINIC, uuid4()) is None


async def test_a_retry_and_eight_twins_are_one_client(vault: Vault) -> None:
    row = uuid4()
    twins = [vault.identities.register(INITIATIVE, CLINIC, mara(mrn="MRN-1"), row) for _ in range(8)]
    registered = await asyncio.gather(*twins)
    assert len({one.client_id for one in registered}) == 1
    assert [one.known for one in registered].count(False) == 1
    again = await vault.identities.register(INITIATIVE, CLINIC, mara(mrn="MRN-1"), row)
    assert (again.client_id, again.known) == (registered[0].client_id, True)


async def test_r21_the_same_number_again_is_the_same_client(vault: Vault) -> None:
    first = await register(vault, mara(mrn="MRN 1"))
    twins = await asyncio.gather(*(register(vault, named("MARA", "Example", mrn="mrn1")) for _ in range(4)))
    assert set(twins) == {first}
    stands = await vault.identities.read(INITIATIVE, CLINIC, first)
    assert stands is not None
    assert stands.phones == mara().phones, "what stood is not overwritten by less"


async def test_r21_another_name_under_a_number_is_refused(vault: Vault) -> None:
    await register(vault, mara(mrn="MRN-1"))
    with pytest.raises(NumberInUse) as caught:
        await register(vault, named("Nora", "Muster", mrn="MRN-1"))
    assert not any(word in str(caught.value) for word in ("Nora", "MRN", "Mara"))


async def test_numbers_belong_to_one_agency_and_nobody_needs_one(vault: Vault) -> None:
    clients = [
        await register(vault, mara(mrn="MRN-1")),
        await register(vault, named("Nora", "Muster", mrn="MRN-1"), agency=HUB),
        await register(vault, mara()),
        await register(vault, mara()),
    ]
    assert len(set(clients)) == 4


async def test_an_identity_is_corrected_and_found_by_what_is_true_now(vault: Vault) -> None:
    client = await register(vault, mara(mrn="MRN-1"))
    other = await register(vault, named("Nora", "Muster", mrn="MRN-2"))
    married = mara(mrn="MRN-3", family="Muestra")
    assert await vault.identities.correct(INITIATIVE, CLINIC, client, married)
    read = await vault.identities.read(INITIATIVE, CLINIC, client)
    assert read is not None
    assert read.names[0].family == "Muestra"
    assert list((await vault.search.clients(INITIATIVE, CLINIC, "mara muestra")).names) == [client]
    assert not (await vault.search.clients(INITIATIVE, CLINIC, "Example")).names
    assert not (await vault.search.clients(INITIATIVE, CLINIC, "MRN-1")).names
    assert not await vault.identities.correct(INITIATIVE, HUB, client, married), "not theirs"
    with pytest.raises(NumberInUse):
        await vault.identities.correct(INITIATIVE, CLINIC, other, named("Nora", "Muster", mrn="MRN-3"))


async def test_a_row_moved_to_another_client_does_not_open(vault: Vault, raw: psycopg.AsyncConnection) -> None:
    one, other = await register(vault, mara()), await register(vault, named("Nora", "Muster"))
    await raw.execute(
        "UPDATE identities SET sealed = (SELECT sealed FROM identities WHERE client_id = %s) WHERE client_id = %s",
        [one, other],
    )
    with pytest.raises(SealBroken):
        await vault.identities.read(INITIATIVE, CLINIC, other)


async def test_shredding_a_key_leaves_nothing_to_read(vault: Vault, raw: psycopg.AsyncConnection) -> None:
    client = await register(vault, mara(mrn="MRN-1"))
    other = await register(vault, named("Nora", "Muster"))
    assert await vault.keys.shred(Holder(INITIATIVE, CLINIC, client))
    assert not await vault.keys.shred(Holder(INITIATIVE, CLINIC, client))
    with pytest.raises(KeyGone):
        await vault.identities.read(INITIATIVE, CLINIC, client)
    assert await vault.identities.read(INITIATIVE, CLINIC, other) is not None
    found = await (await raw.execute("SELECT wrapped FROM data_keys WHERE client_id = %s", [client])).fetchall()
    assert found == [(b"",)]


async def test_tables_hold_nothing_that_was_typed(vault: Vault, raw: psycopg.AsyncConnection) -> None:
    client = await register(vault, mara(mrn="MRN-000042"))
    note = Typed(uuid4(), Holder(INITIATIVE, CLINIC, client), "note", Sealed("Works mornings"))
    await vault.notes.write(note)
    await vault.numbers.client_ids(INITIATIVE, "list.csv", ["NUMBER-77"])
    dump = await everything(raw)
    typed = (
        "Mara",
        "1996-02",
        "5595550142",
        "12 Sample",
        "Fresno",
        "93706",
        "91234567",
        "000042",
        "mornings",
        "NUMBER",
    )
    found = [text for text in typed for form in (text, text.lower(), text.encode().hex()) if form in dump]
    assert not found
    assert INITIATIVE in dump, "the dump does hold what is in the tables"
    assert note.id.hex in dump.replace("-", "")


async def everything(connection: psycopg.AsyncConnection) -> str:
    """Every row of every table, as text; bytea in hexadecimal."""
    tables = await (await connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).fetchall()
    dump = []
    for (table,) in tables:
        if table != "schema_migrations":
            rows = await (await connection.execute(f"SELECT x::text FROM {table} x".encode())).fetchall()  # noqa: S608
            dump += [row[0] for row in rows]
    return "\n".join(dump)


async def test_two_agencies_leave_nothing_alike_in_the_tables(vault: Vault, raw: psycopg.AsyncConnection) -> None:
    for agency in (CLINIC, HUB):
        await register(vault, mara(mrn="MRN-1"), agency=agency)
    for column in ("number", "sealed"):
        rows = await (await raw.execute(f"SELECT DISTINCT {column} FROM identities".encode())).fetchall()  # noqa: S608
        assert len(rows) == 2
    words = await (await raw.execute("SELECT count(*), count(DISTINCT word) FROM search_words")).fetchone()
    assert words is not None
    assert words == (20, 20), "ten each: 2 of Mara, 5 of Example, the phone, its last digits, the number"


async def test_the_role_may_not_change_the_tables(raw: psycopg.AsyncConnection, databases: Databases) -> None:
    for statement in (
        "DROP TABLE identities",
        "ALTER TABLE identities ADD x int",
        "CREATE TABLE x ()",
        "TRUNCATE notes",
    ):
        with pytest.raises(InsufficientPrivilege):
            await raw.execute(statement.encode())
    flags = await raw.execute("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user")
    assert await flags.fetchone() == (False, False, False)
    with pytest.raises(psycopg.OperationalError):
        await psycopg.AsyncConnection.connect(databases.dsn("identity", "referrals_app"))


async def test_another_root_key_opens_and_finds_nothing(vault: Vault, identity_pool: AsyncPool) -> None:
    client = await register(vault, mara(mrn="MRN-1"))
    row: UUID = uuid4()

    class NoKeys:
        async def unwrap(self, wrapped: object, context: bytes) -> bytes:
            raise KeyGone

    stranger = Vault.over(identity_pool, RootKey(bytes(32)), NoKeys(), SetClock())  # type: ignore[arg-type]
    with pytest.raises(KeyGone):
        await stranger.identities.read(INITIATIVE, CLINIC, client)
    assert not (await stranger.search.clients(INITIATIVE, CLINIC, "Mara")).names
    assert row.version == 4
