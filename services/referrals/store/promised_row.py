"""Owns the row of a contact that was promised: on its day it waits for what came of it."""

from collections.abc import Sequence

from services.referrals.directory import Stage
from services.referrals.domain.contact import AnyContact, Planned
from services.referrals.store.clock_rows import Due
from services.referrals.store.commit import WorkRow
from services.referrals.store.keeper import keeper
from services.referrals.store.waiting import runs
from services.referrals.store.written import Written


def promised_row(history: Sequence[Written], state: AnyContact, due: Due) -> WorkRow:
    """The row of a contact that was promised: its own agency alone sees it, and says what came of it."""
    first = history[0].envelope
    plan = state.plan if isinstance(state, Planned) and state.called_off is None else None
    due_at = due(first.initiative, Stage.VISIT, plan.planned_for) if plan else None
    fires = runs(history, due_at)
    return WorkRow(
        kind="contact",
        id=history[0].stream,
        initiative=first.initiative,
        client_id=first.client_id,
        from_agency=first.agency,
        to_agency=first.agency,
        state=state.status,
        version=history[-1].version,
        sent_at=first.occurred_at,
        due_at=due_at,
        waits_for="promised" if plan else None,
        waits_on=first.agency if plan else None,
        fires=fires.timer,
        fires_at=fires.at,
        held_by=keeper(history, first.actor) if plan else None,
    )
