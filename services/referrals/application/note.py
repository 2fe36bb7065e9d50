"""Notes: what somebody typed or uploaded, in the vault under the key of the agency that wrote it, about one client."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.referrals.application import referral as referrals
from services.referrals.application.acting import Acting
from services.referrals.application.client import known_client
from services.referrals.application.desk import Desk
from services.referrals.application.disclosure import Showing, disclose
from services.referrals.application.draft import Draft
from services.referrals.application.evidence import evidence_of
from services.referrals.application.file_check import Harmless, kind_of
from services.referrals.application.saving import Decided, Done, before_writing, carry_out
from services.referrals.application.typed import class_of, write_note
from services.referrals.domain import consent, note
from services.referrals.domain.consent import ConsentEnteredInError, ConsentRevoked
from services.referrals.domain.frozen import frozen
from services.referrals.domain.note import KeepNote, NoteKept
from services.referrals.domain.referral import ReferralSent
from services.referrals.domain.refusal import NotASide
from services.referrals.domain.vocabulary import DisclosureKind, GivenField, Side
from services.referrals.store.commit import Answer
from services.referrals.vault.files import KIND as FILE
from services.referrals.vault.files import FileFacts
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.seal import Sealed
from services.runtime.http.upload import Upload
from services.runtime.postgres.behalf import across, ask_also_across


@frozen
class FileSeen:
    """A file as it may be read: whose it is, about which client, and what is said of it; in a list, when it came."""

    id: UUID
    client: UUID
    agency: str
    facts: FileFacts
    at: datetime | None = None


@frozen
class NoteSeen:
    """A note of this agency's own: its text, or what is said of its file."""

    id: UUID
    client: UUID
    text: Sealed[str] | None
    file: FileSeen | None = None


@frozen(kw_only=True)
class Belongs:
    """What a note belongs to, beside its client."""

    referral: UUID | None = None
    contact: UUID | None = None


async def create(desk: Desk, acting: Acting, client: UUID, text: str, to: Belongs) -> Done[UUID]:
    """Keep a text: in the vault first, then by an event that names it. Raises NotASide for what is another's."""
    if (kept := await before_writing(desk, acting)) is not None:
        return Done(kept, None)
    await _may(desk, acting, client, to)
    acting.call.makes_new()
    return await _keep(
        desk,
        acting,
        client,
        await write_note(desk, acting, client, text, of=[to.referral, to.contact]),
        to,
        is_file=False,
    )


async def upload(desk: Desk, acting: Acting, client: UUID, file: Upload, to: Belongs) -> Done[UUID]:
    """Keep a file as it arrives. What refuses it, and whatever goes wrong, leaves nothing of it behind.

    The same upload again, under the same key, is the first answer: what it brought once more is let go.
    """
    await _may(desk, acting, client, to)
    acting.call.makes_new()
    holder, name = Holder(acting.initiative, acting.agency, client), file.name
    id, facts = await desk.vault.files.write(
        holder,
        name,
        file.pieces(),
        lambda beginning: kind_of(name, beginning),
        Harmless(),
        restricted=await class_of(desk, [to.referral, to.contact]),
    )
    # What "the same request" is, is known only now.
    call = acting.call._replace(fingerprint_text=acting.call.fingerprint_text + facts.sha256.encode())
    acting = replace(acting, call=call)
    try:
        kept = await before_writing(desk, acting)
        done = Done[UUID](kept, None) if kept else await _keep(desk, acting, client, id, to, is_file=True)
    except BaseException:
        await desk.vault.files.forget(id)
        raise
    if done.answer.ids["note"] != id:
        await desk.vault.files.forget(id)
    return done


async def _may(desk: Desk, acting: Acting, client: UUID, to: Belongs) -> None:
    """Raises NotASide unless the client is known here, and what it belongs to is this agency's, and hers."""
    await known_client(desk, acting, client)
    if to.contact is not None:
        await evidence_of(desk, acting, client, contact=to.contact)
    if to.referral is not None and (await referrals.read(desk, acting, to.referral)).client != client:
        raise NotASide


async def _keep(desk: Desk, acting: Acting, client: UUID, id: UUID, to: Belongs, *, is_file: bool) -> Done[UUID]:
    command = KeepNote(
        agency=acting.agency, at=acting.at, note=id, is_file=is_file, referral=to.referral, contact=to.contact
    )

    async def attempt(desk: Desk) -> Decided[UUID]:
        before = await desk.history(id)
        draft = Draft(acting, client)
        after = draft.add(before, note.decide(command, note.fold(before.happened())))
        return Decided(draft, Answer(201, {"note": id}, after.version), id)

    return await carry_out(desk, acting, attempt)


async def read(desk: Desk, acting: Acting, id: UUID) -> NoteSeen:
    """A note that this agency wrote. Raises NotASide for any other."""
    typed = await desk.vault.notes.read(acting.initiative, acting.agency, id)
    if typed is None:
        raise NotASide
    if typed.kind == FILE:
        file = FileSeen(id, typed.holder.client_id, acting.agency, FileFacts.of(typed.text.open()))
        return NoteSeen(id, file.client, None, file)
    return NoteSeen(id, typed.holder.client_id, typed.text)


async def file_of(desk: Desk, acting: Acting, id: UUID) -> FileSeen:
    """A file of this agency's own, or one that the sender of a referral to it added and she agreed to give.

    The latter is written down as read before it is shown. Raises NotASide.
    """
    kept = note.fold((await desk.history(id)).happened())
    if kept is None or not kept.kept.is_file:
        raise NotASide
    if kept.agency != acting.agency:
        if kept.kept.referral is None:
            raise NotASide
        found = {each.id: each for each in await files_of(desk, acting, kept.kept.referral)}
        if id not in found:
            raise NotASide
        seen = await referrals.read(desk, acting, kept.kept.referral)
        await disclose(desk, acting, DisclosureKind.GIVEN_FIELDS, [Showing.of(seen.work)])
        return found[id]
    own = await read(desk, acting, id)
    if own.file is None:
        raise NotASide
    return own.file


def pieces_of(desk: Desk, acting: Acting, seen: FileSeen) -> AsyncIterator[bytes]:
    """The bytes of a file that this agency may read."""
    if seen.agency != acting.agency:
        ask_also_across("shared")
    return desk.vault.files.read(Holder(acting.initiative, seen.agency, seen.client), seen.id, seen.facts)


async def files_of(desk: Desk, acting: Acting, id: UUID) -> list[FileSeen]:
    """The files of a referral that this side may see: its own, and for the receiver those of the sender, where she
    agreed to give the note and has not taken it back before they were added (R1)."""
    seen = await referrals.read(desk, acting, id)
    client, sender = seen.client, seen.state.sent.from_agency
    if client is None:
        return []
    kept = await _kept(desk, acting, client, acting.agency, lambda fact: fact.referral == id)
    if seen.side is Side.RECEIVER:
        gives, until = await _gives_notes(desk, seen.state.sent)
        theirs = await _kept(desk, acting, client, sender, lambda fact: fact.referral == id) if gives else []
        kept += [each for each in theirs if until is None or each[1] < until]
    return await _seen(desk, client, kept)


async def files_of_contact(desk: Desk, acting: Acting, client: UUID, id: UUID) -> list[FileSeen]:
    """The files that this agency added to a contact of its own with this client, the oldest first."""
    return await _seen(desk, client, await _kept(desk, acting, client, acting.agency, lambda fact: fact.contact == id))


async def _seen(desk: Desk, client: UUID, kept: list[tuple[NoteKept, datetime]]) -> list[FileSeen]:
    with across("shared"):
        typed = await desk.vault.notes.read_many([fact.note for fact, _ in kept])
    return [
        FileSeen(fact.note, client, one.holder.agency, FileFacts.of(one.text.open()), at)
        for fact, at in kept
        if (one := typed.get(fact.note))
    ]


async def _kept(
    desk: Desk, acting: Acting, client: UUID, agency: str, is_of: Callable[[NoteKept], bool]
) -> list[tuple[NoteKept, datetime]]:
    """The files that one agency added to something of hers, and when (UTC), the oldest first."""
    events = await desk.timeline.of(acting.initiative, agency, client)
    return [
        (event.fact, event.envelope.occurred_at)
        for event in events
        if isinstance(event.fact, NoteKept)
        and event.envelope.agency == agency
        and event.fact.is_file
        and is_of(event.fact)
    ]


async def _gives_notes(desk: Desk, sent: ReferralSent) -> tuple[bool, datetime | None]:
    """Whether she agreed that the receiver has what is noted, and when (UTC) she took that back, if she did."""
    if sent.consent is None:
        return GivenField.NOTE in sent.given, None
    happened = (await desk.history(sent.consent)).happened()
    state = consent.fold(happened)
    until = next((each.at for each in happened if isinstance(each.fact, ConsentRevoked | ConsentEnteredInError)), None)
    return state is not None and GivenField.NOTE in state.recorded.fields, until
