"""Visits that are booked for a client, and what becomes of them when what they are for comes to nothing."""

from uuid import UUID

from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.domain import appointment
from services.referrals.domain.appointment import Appointment, AppointmentStatus, CallOffAppointment
from services.referrals.domain.referral import ENDED, Referral, ReferralStatus
from services.referrals.domain.vocabulary import CalledBy, ReasonOwner
from services.referrals.store.visit_row import appointment_row

KIND = "appointment"

CAME_TO_NOTHING = ENDED - {ReferralStatus.COMPLETED}
"""Ends after which she is not awaited any more; who was enrolled keeps the visits that were booked with her."""


async def booked_visits(desk: Desk, client: UUID, referral: UUID | None) -> list[tuple[History, Appointment]]:
    """The visits of a client that are booked, of every agency: for this referral alone where one is named."""
    found = await desk.look(client)
    rows = [row for row in found.work if row.kind == KIND and row.state == AppointmentStatus.BOOKED]
    histories = await desk.histories(row.id for row in rows) if rows else {}
    visits: list[tuple[History, Appointment]] = []
    for history in histories.values():
        state = appointment.fold(history.happened())
        if state is not None and referral in (None, state.booked.referral):
            visits.append((history, state))
    return visits


async def call_off_at_end(desk: Desk, draft: Draft, id: UUID, before: Referral, after: Referral) -> None:
    """Adds what follows for the visits of a referral, where a command ended it without service."""
    if before.accepted_at is None or before.status in ENDED or after.status not in CAME_TO_NOTHING:
        return
    await call_off(desk, draft, id, CalledBy.CLIENT if after.reason_owner is ReasonOwner.CLIENT else CalledBy.AGENCY)


async def call_off(desk: Desk, draft: Draft, referral: UUID | None, by: CalledBy) -> None:
    """Adds to a draft that the visits which lie ahead do not take place: of this referral, or all of hers (R20).

    What lies behind stays booked until the receiver says whether she came.
    """
    at = draft.acting.at
    for history, state in await booked_visits(desk, draft.client, referral):
        if state.due_at <= at:
            continue
        command = CallOffAppointment(agency=draft.acting.agency, at=at, by=by)
        after = draft.add(history, appointment.decide(command, state))
        called_off = appointment.fold(after.happened())
        if called_off is not None:
            draft.work.append(appointment_row(after.events, called_off, desk.directory.due))
