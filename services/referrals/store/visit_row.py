"""Owns the row of a visit in the work index; a pure fold of its events."""

from collections.abc import Sequence

from services.referrals.directory import Stage
from services.referrals.domain.appointment import Appointment, AppointmentStatus
from services.referrals.store.clock_rows import Due
from services.referrals.store.commit import WorkRow
from services.referrals.store.waiting import runs
from services.referrals.store.written import Written


def appointment_row(history: Sequence[Written], state: Appointment, due: Due) -> WorkRow:
    """The row of a visit: both sides of its referral see it; once its time has come, the receiver says how it went."""
    first, booked = history[0].envelope, state.booked
    waits = state.status is AppointmentStatus.BOOKED
    due_at = due(first.initiative, Stage.VISIT, state.due_at) if waits else None
    fires = runs(history, due_at)
    return WorkRow(
        kind="appointment",
        id=history[0].stream,
        initiative=first.initiative,
        client_id=first.client_id,
        from_agency=booked.from_agency,
        to_agency=booked.to_agency,
        state=state.status,
        version=history[-1].version,
        sent_at=state.booked_at,
        due_at=due_at,
        waits_for="visit" if waits else None,
        waits_on=booked.to_agency if waits else None,
        fires=fires.timer,
        fires_at=fires.at,
    )
