"""Owns the row of the work index of one question of a capacity check (R2)."""

from collections.abc import Callable, Sequence
from datetime import datetime

from services.referrals.directory import Stage
from services.referrals.domain.check import Check, CheckStatus
from services.referrals.store.commit import WorkRow
from services.referrals.store.written import Written


def check_row(history: Sequence[Written], state: Check, due: Callable[..., datetime]) -> WorkRow:
    """The asked agency answers as soon as for what is urgent (R15), and who asked sends to a yes.

    It is about no client: in her place stands the id that the questions of the check have in common.
    """
    first, asked = history[0].envelope, state.asked
    waits_for: str | None = None
    waits_on: str | None = None
    due_at: datetime | None = None
    if state.status is CheckStatus.ASKED:
        waits_for, waits_on = "answer", asked.to_agency
        due_at = due(first.initiative, Stage.ANSWER, state.asked_at, urgent=True)
    elif state.status is CheckStatus.YES:
        waits_for, waits_on = "send", asked.from_agency
    return WorkRow(
        kind="check",
        id=history[0].stream,
        initiative=first.initiative,
        client_id=first.client_id,
        from_agency=asked.from_agency,
        to_agency=asked.to_agency,
        state=state.status,
        version=history[-1].version,
        sent_at=state.asked_at,
        category=asked.category,
        service=asked.service,
        due_at=due_at,
        waits_for=waits_for,
        waits_on=waits_on,
    )
