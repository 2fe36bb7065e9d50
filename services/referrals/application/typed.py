"""What somebody typed, on its way into the vault before the event that names it, under the key of its class (R6)."""

from collections.abc import Iterable
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.client import typing_key
from services.referrals.application.desk import Desk
from services.referrals.domain.vocabulary import ResponsibilityDomain, RestrictedClass, ServiceTag, restricted_class
from services.referrals.vault.notes import Typed
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.seal import Sealed


async def write_note(
    desk: Desk,
    acting: Acting,
    client: UUID,
    text: str,
    kind: str = "note",
    *,
    of: Iterable[UUID | None] = (),
    tags: Iterable[ServiceTag | ResponsibilityDomain] = (),
) -> UUID:
    """Put text into the vault before the event that names it; a retry or twin of this command writes the same row.

    It lies under the key of its class (R6): that of its `tags`, else of the records that it is `of`.
    """
    operation, key = acting.call.operation, typing_key(acting)
    id = desk.vault.rows.of(acting.agency, operation, key, kind, client.bytes + text.encode())
    holder = Holder(acting.initiative, acting.agency, client)
    await desk.vault.notes.write(Typed(id, holder, kind, Sealed(text), await class_of(desk, of, tags)))
    return id


async def class_of(
    desk: Desk, records: Iterable[UUID | None], tags: Iterable[ServiceTag | ResponsibilityDomain] = ()
) -> RestrictedClass | None:
    """The restricted class of what has these tags, or belongs to these records: each has its own from the first on."""
    found = restricted_class(*tags)
    named = [record for record in records if record is not None]
    histories = (await desk.histories(named)).values() if named and found is None else ()
    firsts = (history.events[0].fact for history in histories if history.events)
    return found or next((each for fact in firsts if (each := getattr(fact, "restricted", None))), None)
