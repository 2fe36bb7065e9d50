"""What follows when the last step on a handoff was pressed by mistake (R14)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from services.referrals.domain import taking_back
from services.referrals.domain.fact import Fact, Happened
from services.referrals.domain.handoff.events import (
    HandoffAcknowledged,
    HandoffExpired,
    HandoffFact,
    HandoffFailed,
    HandoffOffered,
    HandoffProposed,
    HandoffTakenBack,
    HandoffWithdrawn,
)
from services.referrals.domain.handoff.state import fold, side_of
from services.referrals.domain.refusal import NotASide, WrongState
from services.referrals.domain.taking_back import TakeBack
from services.referrals.domain.vocabulary import BY_ITSELF

KEPT: Final = (HandoffProposed, HandoffExpired, HandoffFailed, HandoffAcknowledged)
"""Not taken back: what it began with is withdrawn, the clock pressed nothing, and what was read was read."""


def take_back(command: TakeBack, history: Sequence[Happened], *, opened: bool = True) -> tuple[HandoffFact, ...]:
    """Taken back by the agency that pressed it: one fact for each event that no longer counts, the last one first.

    An offer that was `opened` is not: its receiver has read what she agreed to give, and it is withdrawn.
    Raises NotASide; WrongState, see `taking_back.take_back`.
    """
    state = fold(history)
    if state is None or side_of(state, command.agency) is None:
        raise NotASide
    told = _without_what_followed(history)
    if _followed(told):
        raise WrongState("nothing", "nothing-to-take-back")
    events = taking_back.take_back(command, told, _opened if opened else _kept)
    return tuple(HandoffTakenBack(event=event, restricted=state.proposed.restricted) for event in events)


def take_back_until(history: Sequence[Happened], agency: str, now: datetime, *, opened: bool = True) -> datetime | None:
    """Until when (UTC) an agency may take its last step back; None where it may not."""
    return None if _followed(history) else taking_back.until(history, agency, now, _opened if opened else _kept)


def _followed(history: Sequence[Happened]) -> bool:
    """Whether it was withdrawn because its pregnancy was closed: nobody pressed that here."""
    return isinstance(history[-1].fact, HandoffWithdrawn) and history[-1].cause is not None


def _without_what_followed(history: Sequence[Happened]) -> list[Happened]:
    """A taking back is the same again (R12), whatever it led to in a pregnancy that was closed meanwhile."""
    takings = {each.id for each in history if isinstance(each.fact, HandoffTakenBack)}
    return [each for each in history if isinstance(each.fact, HandoffTakenBack) or each.cause not in takings]


def _opened(fact: Fact) -> bool:
    return isinstance(fact, HandoffOffered) or _kept(fact)


def _kept(fact: Fact) -> bool:
    return getattr(fact, "reason", None) in BY_ITSELF or isinstance(fact, KEPT)
