import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from services.referrals.domain.vocabulary import GivenField
from services.referrals.vault.given import CopyGone
from services.referrals.vault.identity import Json
from services.referrals.vault.notes import Typed
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.seal import Sealed
from services.referrals.vault.terms import Changes, Ended, Step, StepTaken, Subject, Terms
from services.referrals.vault.vault import Vault, open_vault
from services.referrals.vault.wrapping import KeyGone
from services.runtime.postgres import AsyncPool
from tests.fix_vault import CLINIC, DOULAS, HUB, INITIATIVE, SetClock, mara, named, register

NOW = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
EVERY_FIELD = [field.value for field in GivenField]


def terms(client: UUID, fields: Iterable[str] = ("name", "phones"), *, sender: str = CLINIC, to: str = HUB) -> Terms:
    return Terms(Subject("referral", uuid4()), INITIATIVE, client, sender, to, frozenset(fields))


async def read(vault: Vault, made: Terms, receiver: str = HUB) -> Json | None:
    copy = await vault.given.read(made.subject, INITIATIVE, receiver)
    return copy.fields.open() if copy else None


async def test_r1_the_receiver_reads_exactly_the_fields_that_she_agreed_to_give(vault: Vault) -> None:
    client = await register(vault, mara(mrn="MRN-1"))
    every = mara().fields()
    for fields in ([], ["name"], ["name", "phones"], ["birth_date", "due_date"], EVERY_FIELD):
        made = terms(client, fields)
        await vault.given.apply(Changes([made]))
        assert await read(vault, made) == {field: every[field] for field in every if field in fields}


async def test_r1_nobody_but_the_receiver_reads_it(vault: Vault) -> None:
    made = terms(await register(vault, mara()))
    await vault.given.apply(Changes([made]))
    for agency in (CLINIC, DOULAS, ""):
        assert await read(vault, made, agency) is None
    assert await vault.given.read(made.subject, "another-county", HUB) is None
    assert await vault.given.read(Subject("handoff", made.subject.id), INITIATIVE, HUB) is None


async def test_a_copy_lies_under_the_key_of_its_receiver(vault: Vault) -> None:
    client = await register(vault, mara())
    made = terms(client)
    await vault.given.apply(Changes([made]))
    await vault.keys.shred(Holder(INITIATIVE, CLINIC, client))
    assert await read(vault, made) is not None
    await vault.keys.shred(Holder(INITIATIVE, HUB, client))
    with pytest.raises(KeyGone):
        await read(vault, made)


async def test_a_note_goes_with_it_where_she_agreed_to_that_alone(vault: Vault) -> None:
    client = await register(vault, mara())
    note = Typed(uuid4(), Holder(INITIATIVE, CLINIC, client), "note", Sealed("Works mornings"))
    await vault.notes.write(note)
    agreed = [(["name", "note"], "Works mornings"), (["name"], None)]
    made_of = [replace(terms(client, fields), note=note.id) for fields, _ in agreed]
    await vault.given.apply(Changes(made_of))
    for made, (_, said) in zip(made_of, agreed, strict=True):
        copy = await vault.given.read(made.subject, INITIATIVE, HUB)
        assert copy is not None
        assert (copy.note.open() if copy.note else None) == said
        assert set(copy.fields.open()) == {"name"}


async def test_a_note_about_somebody_else_or_of_another_agency_does_not_go_with_it(vault: Vault) -> None:
    client, other = await register(vault, mara()), await register(vault, named("Nora"))
    for holder in (Holder(INITIATIVE, CLINIC, other), Holder(INITIATIVE, DOULAS, client)):
        note = Typed(uuid4(), holder, "note", Sealed("Works mornings"))
        await vault.notes.write(note)
        made = replace(terms(client, EVERY_FIELD), note=note.id)
        await vault.given.apply(Changes([made]))
        copy = await vault.given.read(made.subject, INITIATIVE, HUB)
        assert copy is not None
        assert copy.note is None


async def test_a_copy_is_made_once_whoever_comes_first(vault: Vault) -> None:
    client = await register(vault, mara())
    made = terms(client)
    await asyncio.gather(*(vault.given.apply(Changes([made])) for _ in range(8)))
    await vault.identities.correct(INITIATIVE, CLINIC, client, mara(family="Muestra"))
    await vault.given.apply(Changes([made]))
    fields = await read(vault, made)
    assert fields is not None
    assert fields["name"] == [{"given": "Mara", "family": "Example"}], "what was given stays what was given"


@pytest.mark.parametrize("first", ["copy", "end"])
async def test_r1_a_copy_is_locked_at_once_and_deleted_after_15_minutes(
    vault: Vault, identity_pool: AsyncPool, first: str
) -> None:
    made = terms(await register(vault, mara()))
    changes = [Changes([made]), Changes(ended={made.subject: Ended(NOW)})]
    for change in changes if first == "copy" else changes[::-1]:
        await vault.given.apply(change)
    with pytest.raises(CopyGone):
        await read(vault, made)
    assert await vault.given.delete_due(NOW + timedelta(minutes=14, seconds=59)) == 0
    assert await vault.given.delete_due(NOW + timedelta(minutes=15)) == (1 if first == "copy" else 0)
    await vault.given.apply(Changes([made]))
    with pytest.raises(CopyGone):
        await read(vault, made)
    async with identity_pool.connection() as connection:
        rows = await (await connection.execute("SELECT sealed FROM given")).fetchall()
    assert rows == [(None,)]


async def test_r14_what_was_locked_stands_again_for_who_knows_more_and_for_nobody_else(vault: Vault) -> None:
    made = terms(await register(vault, mara()))
    await vault.given.apply(Changes([replace(made, version=1)]))
    await vault.given.apply(Changes(ended={made.subject: Ended(NOW, 2)}))
    for late in (1, 2):
        await vault.given.apply(Changes([replace(made, version=late)]))
        with pytest.raises(CopyGone):
            await read(vault, made)
    await vault.given.apply(Changes([replace(made, version=3)]))
    assert await read(vault, made) is not None
    await vault.given.apply(Changes(ended={made.subject: Ended(NOW, 2)}))
    assert await read(vault, made) is not None, "who comes late with the end ends nothing"
    assert await vault.given.delete_due(NOW + timedelta(days=1)) == 0


async def test_r14_what_was_deleted_or_never_made_is_made_anew(vault: Vault) -> None:
    client = await register(vault, mara())
    deleted, never = terms(client), terms(client)
    await vault.given.apply(Changes([replace(deleted, version=1)]))
    await vault.given.apply(Changes(ended={deleted.subject: Ended(NOW, 2), never.subject: Ended(NOW, 2)}))
    assert await vault.given.delete_due(NOW + timedelta(minutes=15)) == 1
    await vault.given.apply(Changes([replace(deleted, version=3), replace(never, version=3)]))
    assert await read(vault, deleted) == await read(vault, never) != {}


async def test_r1_who_accepted_keeps_what_it_was_given(vault: Vault) -> None:
    client = await register(vault, mara())
    early, late = terms(client), replace(terms(client), accepted=True)
    await vault.given.apply(Changes([early]))
    await vault.given.apply(Changes([replace(early, accepted=True), late]))
    await vault.given.apply(Changes(ended={early.subject: Ended(NOW), late.subject: Ended(NOW)}))
    assert await vault.given.delete_due(NOW + timedelta(days=1)) == 0
    for made in (early, late):
        assert await read(vault, made) == {key: mara().fields()[key] for key in ("name", "phones")}


async def test_what_was_accepted_can_be_searched_and_named_and_what_is_open_named(vault: Vault) -> None:
    client, other = await register(vault, mara(mrn="MRN-1")), await register(vault, named("Nora", "Muster"))
    accepted, opened, nameless = terms(client), terms(other), terms(await register(vault, named("Lia")), ["phones"])
    await vault.given.apply(Changes([accepted, opened, nameless]))
    assert (await vault.search.clients(INITIATIVE, HUB, "mara")).names == {}
    await vault.given.apply(Changes([replace(accepted, accepted=True)]))
    assert list((await vault.search.clients(INITIATIVE, HUB, "mara")).names) == [client]
    assert list((await vault.search.clients(INITIATIVE, HUB, "0142")).names) == [client]
    assert (await vault.search.clients(INITIATIVE, HUB, "nora")).names == {}
    assert (await vault.search.clients(INITIATIVE, HUB, "MRN-1")).names == {}, "the sender's number is never given"
    names = await vault.held.names(INITIATIVE, HUB, [client, other, nameless.client_id])
    assert {id: name.text() for id, name in names.items()} == {client: "Mara Example", other: "Nora Muster"}
    await vault.given.apply(Changes(ended={opened.subject: Ended(NOW)}))
    assert set(await vault.held.names(INITIATIVE, HUB, [client, other])) == {client}
    assert await vault.held.names(INITIATIVE, DOULAS, [client, other]) == {}


async def test_r1_a_search_shows_no_name_out_of_a_copy_that_is_not_accepted(vault: Vault) -> None:
    client = await register(vault, mara())
    accepted = replace(terms(client), accepted=True)
    await vault.given.apply(Changes([accepted]))
    await vault.identities.correct(INITIATIVE, CLINIC, client, mara(family="Muestra"))
    later = terms(client)
    await vault.given.apply(Changes([later]))
    found = (await vault.search.clients(INITIATIVE, HUB, "mara example")).names
    assert [name.text() for name in found.values() if name] == ["Mara Example"]
    given = await vault.held.copies([accepted.subject, later.subject], INITIATIVE, HUB)
    assert {subject: held.name.text() for subject, held in given.items() if held.name} == {
        accepted.subject: "Mara Example",
        later.subject: "Mara Muestra",
    }
    assert await vault.held.copies([later.subject], INITIATIVE, DOULAS) == {}
    await vault.given.apply(Changes(ended={later.subject: Ended(NOW)}))
    assert await vault.held.copies([later.subject], INITIATIVE, HUB) == {}


async def test_who_accepted_can_give_on_what_it_holds_and_who_did_not_cannot(vault: Vault) -> None:
    client = await register(vault, mara())
    first = terms(client, ["name", "phones", "language"])
    await vault.given.apply(Changes([first]))
    before = terms(client, ["name", "language", "birth_date"], sender=HUB, to=DOULAS)
    await vault.given.apply(Changes([before]))
    assert await read(vault, before, DOULAS) == {}
    await vault.given.apply(Changes([replace(first, accepted=True)]))
    after = terms(client, ["name", "language", "birth_date"], sender=HUB, to=DOULAS)
    await vault.given.apply(Changes([after]))
    assert await read(vault, after, DOULAS) == {key: mara().fields()[key] for key in ("name", "language")}


async def test_a_step_moves_with_its_copies_or_neither_does(vault: Vault) -> None:
    client = await register(vault, mara())
    one, other, third = terms(client), terms(client), terms(client)
    assert await vault.given.position("sealing") == 0
    await vault.given.apply(Changes([one]), Step("sealing", 0, 7))
    with pytest.raises(StepTaken):
        await vault.given.apply(Changes([other]), Step("sealing", 0, 9))
    assert (await read(vault, one), await read(vault, other)) != (None, None)
    assert await read(vault, other) is None
    await vault.given.apply(Changes([third]), Step("sealing", 7, 9))
    assert await vault.given.position("sealing") == 9


async def test_a_client_without_identity_gives_an_empty_copy(vault: Vault) -> None:
    made = terms(uuid4())
    await vault.given.apply(Changes([made]))
    assert await read(vault, made) == {}


async def test_a_row_that_does_not_open_stops_no_other(vault: Vault, identity_pool: AsyncPool) -> None:
    broken, whole = await register(vault, mara()), await register(vault, mara())
    async with identity_pool.connection() as connection:
        await connection.execute("UPDATE identities SET sealed = sealed || '\\x00' WHERE client_id = %s", [broken])
    lost, made = terms(broken), terms(whole)
    await vault.given.apply(Changes([lost, made]))
    assert await read(vault, lost) == {}
    assert await read(vault, made) is not None


async def test_another_process_with_the_same_keys_reads_it(
    vault: Vault, identity_pool: AsyncPool, keys_folder: Path, clock: SetClock
) -> None:
    made = terms(await register(vault, mara()))
    await vault.given.apply(Changes([made]))
    assert await read(open_vault(identity_pool, keys_folder, clock), made) is not None
