"""Owns the rows of the work index that nobody waits for and a clock runs on: pregnancies and consents; a pure fold."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final, Protocol

from services.referrals.directory import Stage
from services.referrals.domain.consent import Consent, ConsentStatus
from services.referrals.domain.episode import POSTPARTUM, Episode
from services.referrals.domain.timer import Timer
from services.referrals.domain.vocabulary import Category
from services.referrals.store.commit import WorkRow
from services.referrals.store.written import Written

RENEW: Final = "renew"
"""What a consent waits for that ran out: that she is asked anew."""


class Due(Protocol):
    """When a stage that began at `since` is due, in UTC (rule R15): the directory's `due`. A date: when it is over."""

    def __call__(
        self,
        initiative: str,
        stage: Stage,
        since: datetime | date,
        *,
        urgent: bool = False,
        category: Category | None = None,
    ) -> datetime: ...


def episode_row(history: Sequence[Written], state: Episode, due: Due) -> WorkRow:
    """Closed by the calendar 365 days after the due date in force (R5), unless something else closed it before."""
    over = state.is_over
    at = None if over else due(history[0].envelope.initiative, Stage.DAY_OVER, state.due + POSTPARTUM)
    return _row("episode", "closed" if over else "open", history, Timer.END_POSTPARTUM, at)


def consent_row(history: Sequence[Written], state: Consent, due: Due) -> WorkRow | None:
    """Runs out when its last day is over; then it waits until its agency knows, where something rests on it
    (`resting.py`). A refusal has a row, so that who looks at her open work sees that there is one. A consent that
    never had a last day and was never a no has none."""
    if not any(getattr(event.fact, "expires", None) or not getattr(event.fact, "agreed", True) for event in history):
        return None
    expires, first = state.recorded.expires, history[0].envelope
    over = due(first.initiative, Stage.DAY_OVER, expires) if expires is not None else None
    running = state.status is ConsentStatus.AGREED
    row = _row("consent", state.status, history, Timer.EXPIRE_CONSENT, over if running else None)
    if over is None or state.status is not ConsentStatus.EXPIRED or state.acknowledged:
        return row
    due_at = due(first.initiative, Stage.ACKNOWLEDGE, over)
    return replace(row, sent_at=over, due_at=due_at, waits_for=RENEW, waits_on=first.agency)


def _row(kind: str, state: str, history: Sequence[Written], timer: Timer, at: datetime | None) -> WorkRow:
    first = history[0].envelope
    return WorkRow(
        kind=kind,
        id=history[0].stream,
        initiative=first.initiative,
        client_id=first.client_id,
        from_agency=first.agency,
        to_agency=first.agency,
        state=state,
        version=history[-1].version,
        sent_at=first.occurred_at,
        fires=None if at is None else timer,
        fires_at=at,
    )
