"""Notes: text that somebody typed, in the vault under the key of the agency that wrote it, about one client."""

from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.client import known_client, typing_key
from services.referrals.application.desk import Desk
from services.referrals.application.saving import key_of
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import NotASide
from services.referrals.store.commit import Answer
from services.referrals.vault.answers import FirstAnswer
from services.referrals.vault.data_keys import Holder
from services.referrals.vault.notes import Typed
from services.referrals.vault.seal import Sealed
from services.runtime.http.problem import idempotency_key_reused


@frozen
class NoteSeen:
    """A note of this agency's own."""

    id: UUID
    client: UUID
    text: Sealed[str]


async def create(desk: Desk, acting: Acting, client: UUID, text: str) -> tuple[UUID, bool]:
    """Write a note; gives its id, and whether it is the first answer once more. The key is kept in the vault (R9)."""
    key = key_of(desk, acting)
    if key is None:
        await known_client(desk, acting, client)
        acting.call.makes_new()
        return await write_note(desk, acting, client, text), False
    first = await desk.vault.answers.find(key.agency, key.route, key.key)
    replayed = first is not None
    if first is None:
        await known_client(desk, acting, client)
        acting.call.makes_new()
        id = await write_note(desk, acting, client, text)
        answer = FirstAnswer(key.fingerprint, Answer(201, {"note": id}, 1).text())
        first = await desk.vault.answers.keep(key.agency, key.route, key.key, answer)
    if first.fingerprint != key.fingerprint:
        raise idempotency_key_reused()
    return Answer.of(first.answer).ids["note"], replayed


async def read(desk: Desk, acting: Acting, id: UUID) -> NoteSeen:
    """A note that this agency wrote. Raises NotASide for any other."""
    typed = await desk.vault.notes.read(acting.initiative, acting.agency, id)
    if typed is None:
        raise NotASide
    return NoteSeen(id, typed.holder.client_id, typed.text)


async def write_note(desk: Desk, acting: Acting, client: UUID, text: str, kind: str = "note") -> UUID:
    """Put text into the vault before the event that names it; a retry or twin of this command writes the same row."""
    operation, key = acting.call.operation, typing_key(acting)
    id = desk.vault.rows.of(acting.agency, operation, key, kind, client.bytes + text.encode())
    holder = Holder(acting.initiative, acting.agency, client)
    await desk.vault.notes.write(Typed(id, holder, kind, Sealed(text)))
    return id
