"""Taking a step back (R14): which facts of a history still count, and which step an agency may take back now."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from services.referrals.domain.fact import Fact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import WrongState
from services.referrals.domain.vocabulary import RestrictedClass

WITHIN: Final = timedelta(minutes=15)
"""For how long a step that was pressed by mistake can be taken back."""

Kept = Callable[[Fact], bool]
"""Whether a fact is none that can be taken back: nobody pressed it, or it says what somebody has read."""


class TakenBack(Fact):
    """A step was pressed by mistake: what the event `event` says does not count. Both are kept."""

    event: UUID
    restricted: RestrictedClass | None = None


@frozen(kw_only=True)
class TakeBack:
    """The agency that pressed the last step takes it back.

    `with_contact`: what a contact began is taken back with that contact, by whoever wrote it down for another.
    """

    agency: str
    at: datetime
    with_contact: bool = False


def counting(history: Sequence[Happened]) -> Sequence[Happened]:
    """The history without what was taken back and without the takings: what an entity is folded from."""
    if len(history) <= 1:  # nothing stands before it that it could take back
        return history
    gone = {each.fact.event for each in history if isinstance(each.fact, TakenBack)}
    if not gone:
        return history
    return [each for each in history if each.id not in gone and not isinstance(each.fact, TakenBack)]


def take_back(command: TakeBack, history: Sequence[Happened], kept: Kept) -> tuple[UUID, ...]:
    """The events to be taken back, the last one first; none where this agency has just taken its step back (R12).

    These are the last step and what followed from it at once. Raises WrongState where the other side came after it,
    where nothing was pressed, and when its time is over.
    """
    last = history[-1]
    if isinstance(last.fact, TakenBack) and last.agency == command.agency:
        return ()
    step = _last_step(history)
    if step is None or isinstance(last.fact, TakenBack) or step[0].agency != command.agency or kept(step[0].fact):
        raise WrongState("nothing", "nothing-to-take-back")
    if command.at - step[0].pressed_at >= WITHIN:
        raise WrongState("kept", "too-late-to-take-back")
    return tuple(each.id for each in reversed(step) if each.id is not None)


def until(history: Sequence[Happened], agency: str, now: datetime, kept: Kept) -> datetime | None:
    """Until when (UTC) an agency may take its last step back; None where it may not."""
    try:
        take_back(TakeBack(agency=agency, at=now), history, kept)
    except WrongState:
        return None
    step = None if isinstance(history[-1].fact, TakenBack) else _last_step(history)
    return step[0].pressed_at + WITHIN if step else None


def _last_step(history: Iterable[Happened]) -> list[Happened] | None:
    """The last step with what followed from it at once, in order."""
    step: list[Happened] = []
    for each in counting(list(history)):
        if step and each.cause is not None and each.cause == step[0].id:
            step.append(each)
        else:
            step = [each]
    return step or None
