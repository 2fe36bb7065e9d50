"""What happens when a timer has run out: the firing is written down, and what follows from it, in one commit."""

import math
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.identifiers import new_id
from services.referrals.application.saving import Decided, carry_out
from services.referrals.domain.episode import EpisodeResumed, ResponsibilityAssigned
from services.referrals.domain.fact import Fact
from services.referrals.domain.frozen import frozen
from services.referrals.domain.timer import Timer, TimerFired, TimerSet
from services.referrals.domain.vocabulary import ResponsibilityDomain
from services.referrals.store.commit import Answer, WorkRow
from services.referrals.store.written import Written
from services.runtime.http.call import Call

ACTOR = "timers"

Follows = Callable[[Desk, Draft, History], Awaitable[History]]
"""Adds to the draft what follows from a firing, with the rows of other records that it moves; gives the record's stream
as it stands then. Raises Refusal where nothing does: nothing is written then."""


@frozen
class Due:
    """A timer that has run out, as the work index says: which, when, and of which record at which version."""

    row: WorkRow
    timer: Timer

    @classmethod
    def of(cls, row: WorkRow) -> "Due":
        """Raises ValueError for a row without a timer, or with one that is unheard of."""
        return cls(row, Timer(row.fires or ""))


async def fire(desk: Desk, due: Due, follows: Follows) -> bool:
    """Write it down and what follows; False where the record has moved on since, so that nothing is to be done.

    The present is the desk's clock: what was due while no process ran happens when one runs again, not before. The
    agency is the one that the record belongs to: nobody of it pressed anything, but it is the one that has to answer
    for the record, and that may read all of it. Raises Refusal, Overloaded, Unavailable.
    """
    row, acting = due.row, _acting(desk, due)

    async def attempt(desk: Desk) -> Decided[bool]:
        history = await desk.history(row.stream)
        domain = row.led[1] if row.led else None
        draft = Draft(acting, row.client_id, cause=cause_of(history.events, domain))
        if len(history.events) != row.version or row.fires_at is None:
            return Decided(draft, Answer(200, {}, history.version), view=False)
        fired = draft.add(history, [TimerFired(timer=due.timer, due_at=row.fires_at, domain=domain)])
        after = await follows(desk, draft, fired)
        return Decided(draft, Answer(200, {}, after.version), view=True)

    return bool((await carry_out(desk, acting, attempt)).view)


async def nothing_else(desk: Desk, draft: Draft, history: History) -> History:
    """For a timer that only says that its time has passed."""
    return history


def cause_of(events: Sequence[Written], domain: ResponsibilityDomain | None) -> UUID | None:
    """The event of a stream after which nothing came in time; `domain`: by whoever leads it."""
    return next((e.envelope.event_id for e in reversed(events) if _counts(e.fact, domain)), None)


def _counts(fact: Fact, domain: ResponsibilityDomain | None) -> bool:
    if domain is None:
        return not isinstance(fact, TimerFired | TimerSet)
    of_lead = isinstance(fact, TimerSet | ResponsibilityAssigned) and fact.domain == domain
    return of_lead or isinstance(fact, EpisodeResumed)


def _acting(desk: Desk, due: Due) -> Acting:
    row, at = due.row, desk.clock.now()
    call = Call(
        operation=due.timer,
        request_id=str(new_id()),
        idempotency_key=None,
        if_match=None,
        traceparent=None,
        deadline=math.inf,
        fingerprint_text=b"",
    )
    return Acting(
        agency=row.from_agency,
        initiative=row.initiative,
        subject=ACTOR,
        is_system=False,
        at=at,
        today=desk.directory.local_date(row.initiative, at),
        call=call,
    )
