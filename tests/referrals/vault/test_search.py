from functools import partial
from uuid import UUID

from services.referrals.vault.keys import RootKey
from services.referrals.vault.vault import Vault
from services.referrals.vault.words import Words
from tests.fix_vault import CLINIC, HUB, INITIATIVE, mara, named, register

FINDS_MARA = (
    "Mara Example",
    "example",
    "EXÁMPLE mara",
    "Mar",
    "exam mara",
    "mar 0142",
    "559 555 0142",
    "+1 (559) 555-0142",
    "0142",
    "mara 0142",
    "MRN-42",
    " mrn-42 ",
)
FINDS_NOBODY = (
    "",
    "  ",
    "Ma",
    "Maras",
    "xam",
    "Mara Muster",
    "0143",
    "nora 0142",
    "%",
    "555 0142",
    "MRN",
    "1996",
    "\x00",
)


async def test_a_client_is_found_by_how_her_names_begin_phone_and_number(vault: Vault) -> None:
    client = await register(vault, mara(mrn="MRN-42"))
    await register(vault, named("Nora", "Muster", phone="415 555 0199", mrn="MRN-43"))
    found = {
        text: (await vault.search.clients(INITIATIVE, CLINIC, text)).names for text in (*FINDS_MARA, *FINDS_NOBODY)
    }
    names = {text: {id: name.text() for id, name in one.items() if name} for text, one in found.items()}
    assert names == {text: {client: "Mara Example"} for text in FINDS_MARA} | {text: {} for text in FINDS_NOBODY}


async def test_a_part_too_short_to_look_up_leaves_nobody_out(vault: Vault) -> None:
    client = await register(vault, named("Maria", "Joneson-2dbe", phone="415 555 0134"))
    short = await register(vault, named("Wu", "Li"))
    for text in ("maria jo", "maria j", "joneson-2d", "jo maria 0134"):
        assert set((await vault.search.clients(INITIATIVE, CLINIC, text)).names) == {client}, text
    assert set((await vault.search.clients(INITIATIVE, CLINIC, "wu li")).names) == {short}
    assert set((await vault.search.clients(INITIATIVE, CLINIC, "maria nor")).names) == set()


async def test_another_agency_and_initiative_find_nothing(vault: Vault) -> None:
    await register(vault, mara(mrn="MRN-42"))
    for initiative, agency in ((INITIATIVE, HUB), ("another-county", CLINIC)):
        for text in ("Mara", "0142", "MRN-42"):
            assert (await vault.search.clients(initiative, agency, text)).names == {}
        assert await vault.search.similar(initiative, agency, mara()) == {}


async def test_many_are_sorted_by_name_and_limited(vault: Vault) -> None:
    for family in ("Sample", "Example", "Muster"):
        await register(vault, named("Testa", family))
    found = (await vault.search.clients(INITIATIVE, CLINIC, "testa")).names
    assert [name.text() for name in found.values() if name] == ["Testa Example", "Testa Muster", "Testa Sample"]
    assert len((await vault.search.clients(INITIATIVE, CLINIC, "testa", limit=2)).names) == 2


async def test_the_parts_of_a_common_word_follow_each_other(vault: Vault) -> None:
    clients = {await register(vault, named("Testa", family)) for family in ("Sample", "Example", "Muster", "Specimen")}
    seen: list[UUID] = []
    part = await vault.search.clients(INITIATIVE, CLINIC, "test", limit=3)
    seen += part.names
    assert part.last is not None
    part = await vault.search.clients(INITIATIVE, CLINIC, "test", limit=3, after=part.last)
    assert part.last is None
    assert sorted([*seen, *part.names]) == sorted(clients)


async def test_r21_similar_clients_are_shown_before_registering(vault: Vault) -> None:
    by_name = await register(vault, named("Mara", "Example"))
    by_phone = await register(vault, named("M.", "E.", phone="559 555 0142"))
    await register(vault, named("Mara", "Muster"))
    assert set(await vault.search.similar(INITIATIVE, CLINIC, mara())) == {by_name, by_phone}


def test_no_two_agencies_lists_are_in_one_order() -> None:
    words, women = Words(RootKey(bytes(range(32)))), [UUID(int=number) for number in range(40)]
    orders = [sorted(women, key=partial(words.place, INITIATIVE, agency)) for agency in (CLINIC, HUB, CLINIC)]
    assert orders[0] == orders[2]
    assert women not in orders
    assert orders[0] != orders[1]
