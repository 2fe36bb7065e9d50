"""A due date that should never have been stated: the one before it is in force again, where it can be one (R14)."""

from datetime import date
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.episode import read
from services.referrals.application.episode_seen import EpisodeSeen, datings_of
from services.referrals.application.episode_steps import EpisodeStepped, again, ended, step
from services.referrals.application.saving import before_writing
from services.referrals.application.typed import write_note
from services.referrals.domain.episode import EpisodeDated, VoidDating, bounds
from services.referrals.domain.refusal import NotASide, Unfit


async def enter_dating_in_error(
    desk: Desk, acting: Acting, id: UUID, dating: UUID, why: str, *, earlier_too: bool = False
) -> EpisodeStepped:
    """That due date should never have been stated; `why` goes to the vault. `earlier_too`: nor those before it that do
    not fit what is written down since.

    Raises NotASide for a dating that is none of this agency's in this pregnancy, Unfit for one that brings such a due
    date back.
    """
    if (kept := await before_writing(desk, acting)) is not None:
        return await again(desk, acting, kept)
    seen = await read(desk, acting, id)
    if dating not in datings_of(acting.agency, seen.history):
        raise NotASide
    end = await ended(desk, acting, seen)
    note = await write_note(desk, acting, seen.client, why, "reason")

    def command(now: EpisodeSeen) -> VoidDating:
        ended_on = end.on if end is not None and now.own.ended else None
        before, back = _in_force(now, acting.agency, dating, ended_on, earlier_too=earlier_too)
        return VoidDating(
            agency=acting.agency, at=acting.at, event=dating, note=note, before=before, back=back, ended_on=ended_on
        )

    return await step(desk, acting, id, command)


def _in_force(
    seen: EpisodeSeen, agency: str, dating: UUID, ended_on: date | None, *, earlier_too: bool
) -> tuple[tuple[UUID, ...], date | None]:
    """The datings that go with it, the last one first, and the due date that stands then, if any."""
    events = {event.envelope.event_id: event.fact for event in seen.history.events}
    gone: list[UUID] = []
    for id in reversed(datings_of(agency, seen.history)):
        fact = events[id]
        if id == dating or id in seen.own.wrong or not isinstance(fact, EpisodeDated):
            continue
        if not earlier_too or _fits(seen, fact.edd, ended_on):
            return tuple(gone), fact.edd
        gone.append(id)
    return tuple(gone), None


def _fits(seen: EpisodeSeen, edd: date, ended_on: date | None) -> bool:
    try:
        bounds.again(seen.own, edd, ended_on)
    except Unfit:
        return False
    return True
