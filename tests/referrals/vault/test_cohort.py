from uuid import uuid4

import pytest

from services.referrals.vault.cohort import Entry
from services.referrals.vault.identities import NumberInUse
from services.referrals.vault.vault import Vault
from tests.fix_vault import CLINIC, HUB, INITIATIVE, mara, named, register


def cohort(count: int, start: int = 0) -> list[Entry]:
    return [
        Entry(uuid4(), INITIATIVE, HUB if n % 2 else CLINIC, named("Testa", f"Sample {n}", mrn=f"N{n}"))
        for n in range(start, start + count)
    ]


async def test_a_cohort_is_registered_once_and_read_like_anybody(vault: Vault) -> None:
    entries = cohort(4100)
    clients = await vault.cohort.register([*entries, entries[0]])
    assert len(set(clients.values())) == 4100
    assert await vault.cohort.register(entries) == clients
    one = entries[2500]
    read = await vault.identities.read(INITIATIVE, one.agency, clients[one.row])
    assert read is not None
    assert read.document() == one.identity.document()
    assert list((await vault.search.clients(INITIATIVE, one.agency, "N2500")).names) == [clients[one.row]]
    assert await register(vault, one.identity, agency=one.agency) == clients[one.row]


async def test_a_number_that_is_taken_stops_its_batch_whole(vault: Vault) -> None:
    await register(vault, mara(mrn="N3"), agency=HUB)
    entries = cohort(10)
    with pytest.raises(NumberInUse):
        await vault.cohort.register(entries)
    assert (await vault.search.clients(INITIATIVE, CLINIC, "Testa")).names == {}
