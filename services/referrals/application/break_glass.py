"""Breaking the glass for a client whom the agency serves: her shared timeline, for three hours, everybody told (R1)."""

from uuid import UUID

from services.referrals.application import timeline
from services.referrals.application.acting import Acting
from services.referrals.application.behind_glass import open_now, tell
from services.referrals.application.client import all_of, look, taken_on
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft
from services.referrals.application.saving import Decided, Done, before_writing, carry_out
from services.referrals.application.typed import write_note
from services.referrals.domain import break_glass
from services.referrals.domain.break_glass import BreakGlass, Emergency, Glass, GlassBroken, glass_id
from services.referrals.domain.refusal import NotASide
from services.referrals.store.commit import Answer

KIND = "reason"


async def press(desk: Desk, acting: Acting, client: UUID, emergency: Emergency, reason: str) -> Done[Glass]:
    """Open it to this person; what is open already stays as it is, and no longer (R12).

    Her own agency's officer is told, and those of all whose entries it opens now. Raises NotASide for a client of whom
    the agency has no reference, WrongState for a receiver that has not taken her on.
    """
    if (kept := await before_writing(desk, acting)) is not None:
        return Done(kept, await _last(desk, acting, client))
    taken_on(acting, await look(desk, acting, client), client)
    hers = await all_of(desk, acting, client)
    if (standing := await open_now(desk, acting, hers)) is not None:
        return Done(Answer(200, {"client": client}, 1), standing)
    acting.call.makes_new()
    note = await write_note(desk, acting, client, reason, KIND)
    wanted = GlassBroken(emergency=emergency, reason=note)
    owners = await timeline.behind(desk, acting, hers, Glass(wanted, None, acting.at))

    async def attempt(desk: Desk) -> Decided[Glass]:
        history = await desk.history(glass_id(client, acting.agency, acting.subject))
        draft = Draft(acting, client)
        command = BreakGlass(at=acting.at, emergency=emergency, reason=note)
        after = draft.add(history, break_glass.decide(command, break_glass.fold(history.happened())))
        glass = break_glass.fold(after.happened())
        if glass is None:
            raise NotASide
        if draft.events:
            await tell(desk, draft, glass, {acting.agency: client, **owners})
        return Decided(draft, Answer(201 if draft.events else 200, {"client": client}, 1), glass)

    return await carry_out(desk, acting, attempt)


async def _last(desk: Desk, acting: Acting, client: UUID) -> Glass | None:
    """How it stands for a press that was answered before."""
    return break_glass.fold((await desk.history(glass_id(client, acting.agency, acting.subject))).happened())
