"""Drafts: a referral that is not sent yet, kept in the vault for the agency, and sent as what it then says (R10)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.identifiers import new_id
from services.referrals.application.saving import key_of
from services.referrals.application.work import Part, Place
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import NotASide
from services.referrals.store.commit import Answer
from services.referrals.vault.answers import FirstAnswer
from services.referrals.vault.drafts import Kept
from services.runtime.http.problem import idempotency_key_reused, precondition_failed, precondition_required
from services.runtime.postgres import Unavailable, is_outage

Json = dict[str, Any]


@frozen
class DraftSeen:
    """A draft of this agency's: what is filled in, as JSON of the sending command; `until` is when it is swept."""

    id: UUID
    version: int
    fields: Json
    saved_at: datetime
    until: datetime
    replayed: bool = False


async def create(desk: Desk, acting: Acting, fields: Json) -> DraftSeen:
    """Keep a new draft. The same key gives the first one again (R9): it is kept in the vault, as no event tells of it.

    Raises 412 with any If-Match, unless this very command came before.
    """
    key = key_of(desk, acting)
    first = await desk.vault.answers.find(key.agency, key.route, key.key) if key else None
    replayed = first is not None
    if first is None:
        acting.call.makes_new()
        id = new_id()
        await desk.vault.drafts.add(acting.initiative, acting.agency, id, orjson.dumps(fields), acting.at)
        if key is None:
            return await read(desk, acting, id)
        answer = FirstAnswer(key.fingerprint, Answer(201, {"referral": id}, 1).text())
        first = await desk.vault.answers.keep(key.agency, key.route, key.key, answer)
        if Answer.of(first.answer).ids["referral"] != id:  # a twin was first
            await desk.vault.drafts.delete(acting.initiative, acting.agency, id)
    if key is not None and first.fingerprint != key.fingerprint:
        raise idempotency_key_reused()
    seen = await read(desk, acting, Answer.of(first.answer).ids["referral"])
    return DraftSeen(seen.id, seen.version, seen.fields, seen.saved_at, seen.until, replayed)


async def keep(desk: Desk, acting: Acting, id: UUID, fields: Json) -> DraftSeen:
    """The draft with this id, made of these fields where nobody has begun it."""
    await desk.vault.drafts.add(acting.initiative, acting.agency, id, orjson.dumps(fields), acting.at)
    return await read(desk, acting, id)


async def read(desk: Desk, acting: Acting, id: UUID) -> DraftSeen:
    """A draft of the caller's agency. Raises NotASide for any other, and for what is sent or swept."""
    kept = await desk.vault.drafts.read(acting.initiative, acting.agency, id, acting.at)
    if kept is None:
        raise NotASide
    return _seen(kept)


async def change(desk: Desk, acting: Acting, id: UUID, changes: Mapping[str, Any]) -> DraftSeen:
    """Put these members in place of what stood, leave away those that are None (RFC 7396), on the version named.

    Raises 428 without If-Match, 412 where another version stands, NotASide.
    """
    before = await read(desk, acting, id)
    if acting.call.if_match is None:
        raise precondition_required()
    acting.call.require(before.version)
    fields = {name: value for name, value in (before.fields | dict(changes)).items() if value is not None}
    version = await desk.vault.drafts.change(
        acting.initiative, acting.agency, id, before.version, orjson.dumps(fields), now=acting.at
    )
    if version is None:
        raise precondition_failed((await read(desk, acting, id)).version)
    return await read(desk, acting, id)


async def delete(desk: Desk, acting: Acting, id: UUID) -> None:
    """Throw it away. Raises NotASide; 412 where another version than the named stands."""
    before = await read(desk, acting, id)
    acting.call.require(before.version)
    await desk.vault.drafts.delete(acting.initiative, acting.agency, id)


async def sent(desk: Desk, acting: Acting, id: UUID) -> None:
    """It was sent: the draft goes. While the vault is away it stays, and is sent no second time under its id."""
    try:
        await desk.vault.drafts.delete(acting.initiative, acting.agency, id)
    except Exception as error:
        if not (isinstance(error, Unavailable) or is_outage(error)):
            raise


async def listed(desk: Desk, acting: Acting, part: Part) -> tuple[list[DraftSeen], Place | None]:
    """The agency's drafts, the last saved first."""
    after = (part.after[0], part.after[1]) if part.after and part.after[0] else None
    kept = await desk.vault.drafts.of(acting.initiative, acting.agency, acting.at, limit=part.limit + 1, after=after)
    last = kept[part.limit - 1] if len(kept) > part.limit else None
    return [_seen(each) for each in kept[: part.limit]], (last.saved_at, last.id) if last else None


def _seen(kept: Kept) -> DraftSeen:
    return DraftSeen(kept.id, kept.version, orjson.loads(kept.document.open()), kept.saved_at, kept.until)
