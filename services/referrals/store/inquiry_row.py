"""Owns the row of what waits for a privacy officer: on no work list of the staff, and of nobody else's agency."""

from collections.abc import Sequence

from services.referrals.domain.inquiry import Inquiry
from services.referrals.store.commit import WorkRow
from services.referrals.store.written import Written

KIND = "inquiry"
OPEN, ANSWERED = "open", "answered"


def inquiry_row(history: Sequence[Written], state: Inquiry) -> WorkRow:
    """The row of an inquiry: of the officer's agency alone, due until it is answered."""
    first, to = history[0].envelope, state.opened.to_agency
    return WorkRow(
        kind=KIND,
        id=history[0].stream,
        initiative=first.initiative,
        client_id=first.client_id,
        from_agency=to,
        to_agency=to,
        state=OPEN if state.answered is None else ANSWERED,
        version=history[-1].version,
        sent_at=state.at,
        due_at=state.due,
    )
