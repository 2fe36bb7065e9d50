import asyncio

from services.referrals.vault.vault import Vault
from tests.fix_vault import INITIATIVE


async def test_r26_a_number_of_a_source_is_one_client_each_time(vault: Vault) -> None:
    numbers = [f"case-{n}" for n in range(3000)]
    first, twin = await asyncio.gather(*(vault.numbers.client_ids(INITIATIVE, "log.csv", numbers) for _ in range(2)))
    assert first == twin == await vault.numbers.client_ids(INITIATIVE, "log.csv", reversed_list(numbers))
    assert len(set(first.values())) == 3000
    assert {client.version for client in first.values()} == {4}


async def test_r26_sources_and_initiatives_are_number_spaces_of_their_own(vault: Vault) -> None:
    spaces = [(INITIATIVE, "log.csv"), (INITIATIVE, "other.csv"), ("another-county", "log.csv")]
    clients = {(await vault.numbers.client_ids(*space, ["1", "1 ", "01"]))["1"] for space in spaces}
    assert len(clients) == 3
    assert len(set((await vault.numbers.client_ids(INITIATIVE, "log.csv", ["1", "1 ", "01"])).values())) == 3
    assert await vault.numbers.client_ids(INITIATIVE, "log.csv", []) == {}


def reversed_list(numbers: list[str]) -> list[str]:
    return numbers[::-1]
