import asyncio
from uuid import UUID, uuid4

import pytest

from services.referrals.vault.notes import Typed
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.seal import Sealed
from services.referrals.vault.vault import Vault
from services.referrals.vault.wrapping import KeyGone
from tests.fix_vault import CLINIC, HUB, INITIATIVE


def typed(text: str = "Works mornings", *, key: str = "k-1", client: UUID | None = None) -> tuple[str, str, Holder]:
    return text, key, Holder(INITIATIVE, CLINIC, client or UUID(int=1))


async def write(vault: Vault, text: str, key: str, holder: Holder) -> UUID:
    id = vault.rows.of(holder.agency, "send_referral", key, "note", text.encode())
    await vault.notes.write(Typed(id, holder, "note", Sealed(text)))
    return id


async def text_of(vault: Vault, id: UUID, agency: str = CLINIC) -> str | None:
    note = await vault.notes.read(INITIATIVE, agency, id)
    return note.text.open() if note else None


async def test_a_note_is_read_by_the_agency_that_wrote_it(vault: Vault) -> None:
    id = await write(vault, *typed())
    assert await text_of(vault, id) == "Works mornings"
    assert await text_of(vault, id, HUB) is None
    assert await vault.notes.read("another-county", CLINIC, id) is None
    assert await text_of(vault, uuid4()) is None


async def test_a_retry_and_its_twins_write_the_same_row(vault: Vault) -> None:
    ids = await asyncio.gather(*(write(vault, *typed()) for _ in range(8)))
    assert len(set(ids)) == 1
    assert await text_of(vault, ids[0]) == "Works mornings"


async def test_another_text_under_the_same_key_is_another_row(vault: Vault) -> None:
    one, other = await write(vault, *typed("one")), await write(vault, *typed("other"))
    assert (await text_of(vault, one), await text_of(vault, other)) == ("one", "other")


async def test_many_are_written_at_once_and_twice(vault: Vault) -> None:
    holder = Holder(INITIATIVE, CLINIC, uuid4())
    many = [Typed(uuid4(), holder, "activity", Sealed(f"activity {n}\x00🙂")) for n in range(300)]
    await vault.notes.write(*many, many[0])
    await vault.notes.write(*many)
    read = await vault.notes.read_many([one.id for one in many])
    assert {id: one.text.open() for id, one in read.items()} == {one.id: one.text.open() for one in many}
    await vault.notes.write()


async def test_a_note_whose_key_was_shredded_is_gone(vault: Vault) -> None:
    id = await write(vault, *typed())
    await vault.keys.shred(Holder(INITIATIVE, CLINIC, UUID(int=1)))
    with pytest.raises(KeyGone):
        await vault.notes.read(INITIATIVE, CLINIC, id)
    assert await vault.notes.read_many([id]) == {}
