"""Safe contact: how one agency may reach a client, and the words that its lists show of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import field
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.client import known_client, look, taken_on
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft
from services.referrals.application.in_force import in_force, words_of
from services.referrals.application.saving import Decided, Done, before_writing, carry_out
from services.referrals.application.typed import write_note
from services.referrals.domain import safe_contact
from services.referrals.domain.frozen import frozen
from services.referrals.domain.safe_contact import PlanSafeContact, SafeContact, safe_contact_id
from services.referrals.domain.vocabulary import ContactMode
from services.referrals.store.commit import Answer
from services.runtime.http.freshness import fresh
from services.runtime.postgres import Unavailable, is_outage

WORDS, REASON = "safe_contact", "reason"
"""Kinds of what is typed beside a plan: words may stand on a list, a reason never does."""


@frozen(kw_only=True)
class Plan:
    """What is to be planned; `words` and `reason` as they were typed."""

    modes: Iterable[ContactMode] = ()
    prohibited: bool = False
    words: str | None = None
    reason: str | None = None


@frozen
class PlanSeen:
    """The plan that binds this agency, None where none does: its own, or one of an agency that gave it her phone.

    Its words are there where the vault gives them; `version` is that of the agency's own plans.
    """

    state: SafeContact | None
    words: str | None = field(repr=False)
    version: int


@frozen
class Reach:
    """What a list says of contacting her: the plan's words, and that she may not be contacted or in which ways."""

    words: str | None = field(repr=False)
    prohibited: bool = False
    modes: tuple[ContactMode, ...] = ()


async def plan(desk: Desk, acting: Acting, client: UUID, wish: Plan) -> Done[UUID]:
    """Plan how she may be contacted from now on. What was typed goes to the vault first."""
    if (kept := await before_writing(desk, acting)) is not None:
        return Done(kept, None)
    if wish.words or wish.reason:
        await known_client(desk, acting, client)
    words = await write_note(desk, acting, client, wish.words, WORDS) if wish.words else None
    reason = await write_note(desk, acting, client, wish.reason, REASON) if wish.reason else None
    command = PlanSafeContact(
        agency=acting.agency, at=acting.at, modes=wish.modes, prohibited=wish.prohibited, words=words, reason=reason
    )

    async def attempt(desk: Desk) -> Decided[UUID]:
        stream = safe_contact_id(client, acting.agency)
        found = await look(desk, acting, client, stream)
        taken_on(acting, found, client)
        before = found[stream]
        acting.call.require(before.version) if before.version else acting.call.makes_new()
        draft = Draft(acting, client)
        after = draft.add(before, safe_contact.decide(command, safe_contact.fold(before.happened())))
        return Decided(draft, Answer(201 if draft.events else 200, {"client": client}, after.version), client)

    return await carry_out(desk, acting, attempt)


async def read(desk: Desk, acting: Acting, client: UUID) -> PlanSeen:
    """The plan that binds this agency, as it stands. Raises NotASide for a client that it does not know."""
    await known_client(desk, acting, client)

    async def look() -> PlanSeen:
        own = await desk.history(safe_contact_id(client, acting.agency))
        plans = await in_force(desk, acting, [client])
        words = await _words(desk, acting, plans)
        return PlanSeen(plans.get(client), words.get(client), own.version)

    return await fresh(acting.call, look)


async def reaches(desk: Desk, acting: Acting, clients: Collection[UUID]) -> dict[UUID, Reach]:
    """What lists say of contacting these clients. No words while the vault is away; the rest is known all the same."""
    plans = await in_force(desk, acting, clients)
    words = await _words(desk, acting, plans)
    return {
        client: Reach(words.get(client), state.plan.prohibited, state.plan.modes) for client, state in plans.items()
    }


async def _words(desk: Desk, acting: Acting, plans: Mapping[UUID, SafeContact]) -> Mapping[UUID, str]:
    try:
        return await words_of(desk, acting, plans)
    except Exception as error:
        if not (isinstance(error, Unavailable) or is_outage(error)):
            raise
        return {}
