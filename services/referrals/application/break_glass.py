"""Breaking the glass for a client whom the agency serves: her shared timeline, for three hours, everybody told (R1)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from services.referrals.application import timeline
from services.referrals.application.acting import Acting
from services.referrals.application.behind_glass import tell
from services.referrals.application.client import all_of, look, taken_on
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.saving import Decided, Done, before_writing, carry_out
from services.referrals.application.typed import write_note
from services.referrals.domain import break_glass
from services.referrals.domain.break_glass import BreakGlass, Emergency, Glass, glass_id
from services.referrals.domain.refusal import NotASide
from services.referrals.store.commit import Answer

KIND = "reason"


async def press(desk: Desk, acting: Acting, client: UUID, emergency: Emergency, reason: str) -> Done[Glass]:
    """Open it to this person; what is open already for this kind stays as it is, and no longer (R12).

    Her own agency's officer is told, and those of all whose entries it opens now. Raises NotASide for a client of whom
    the agency has no reference, WrongState for a receiver that has not taken her on, Conflict where it is open already
    for this kind and other words.
    """
    acting = _in_person(acting)
    kept, hers = await before_writing(desk, acting), await all_of(desk, acting, client)
    if kept is not None:
        return Done(kept, await _last(desk, acting, hers, emergency))
    taken_on(acting, await look(desk, acting, client), client)

    async def attempt(desk: Desk) -> Decided[Glass]:
        before = await _before(desk, acting, hers, emergency)
        standing, draft = _latest(before.values()), Draft(acting, client)
        words = await _words(desk, acting, client, standing, reason)
        facts = break_glass.decide(BreakGlass(at=acting.at, emergency=emergency, reason=words), standing)
        if standing is not None and not facts:
            return Decided(draft, Answer(200, {"client": client}, 1), standing)
        after = draft.add(before[glass_id(client, acting.agency, acting.subject, emergency)], facts)
        glass = _latest([after])
        if glass is None:
            raise NotASide
        owners = await timeline.behind(desk, acting, hers, glass)
        await tell(desk, draft, glass, {acting.agency: client, **owners})
        return Decided(draft, Answer(201, {"client": client}, 1), glass)

    done = await carry_out(desk, acting, attempt)
    return done if done.view is not None else Done(done.answer, await _last(desk, acting, hers, emergency))


def _in_person(acting: Acting) -> Acting:
    """What opens to one person is not "the same request" of a colleague's: theirs is under a key of their own (R9)."""
    call = acting.call
    return replace(acting, call=call._replace(fingerprint_text=call.fingerprint_text + acting.subject.encode()))


async def _last(desk: Desk, acting: Acting, hers: Collection[UUID], emergency: Emergency) -> Glass | None:
    return _latest((await _before(desk, acting, hers, emergency)).values())


async def _before(desk: Desk, acting: Acting, hers: Collection[UUID], emergency: Emergency) -> Mapping[UUID, History]:
    """Whenever this person broke it for this kind of emergency, for any of these references of hers."""
    return await desk.histories([glass_id(each, acting.agency, acting.subject, emergency) for each in hers])


def _latest(found: Iterable[History]) -> Glass | None:
    broken = [state for history in found if (state := break_glass.fold(history.happened())) is not None]
    return max(broken, key=lambda state: state.since, default=None)


async def _words(desk: Desk, acting: Acting, client: UUID, standing: Glass | None, reason: str) -> UUID:
    """Those with which it is open, if these are the same; else these, in the vault."""
    if standing is not None and acting.at < standing.until and await _says(desk, standing, reason):
        return standing.broken.reason
    acting.call.makes_new()
    return await write_note(desk, acting, client, reason, KIND)


async def _says(desk: Desk, glass: Glass, reason: str) -> bool:
    """Whether it was broken with these very words."""
    typed = await desk.vault.notes.read_many([glass.broken.reason])
    return any(one.text.open() == reason for one in typed.values())
