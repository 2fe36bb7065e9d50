"""Visits: booking one for a referral, moving it, saying what came of it, and reading them as both sides may."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from services.referrals.application import client as clients
from services.referrals.application import referral as referrals
from services.referrals.application import silence
from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.identifiers import new_id
from services.referrals.application.referral import ReferralSeen, client_of
from services.referrals.application.saving import Decided, carry_out
from services.referrals.application.visits import booked_visits
from services.referrals.domain import appointment, referral
from services.referrals.domain.appointment import (
    Appointment,
    AppointmentCommand,
    AppointmentStatus,
    AppointmentVerb,
    AttendAppointment,
    BookAppointment,
    CancelAppointment,
    MissAppointment,
    RescheduleAppointment,
)
from services.referrals.domain.frozen import frozen
from services.referrals.domain.referral import (
    ReferralServiceStarted,
    ReferralStatus,
    ReferralTakenBack,
    StartService,
)
from services.referrals.domain.refusal import NoEvidence, NotASide, WrongState
from services.referrals.domain.taking_back import TakeBack
from services.referrals.domain.vocabulary import CalledBy, Side
from services.referrals.store.commit import Answer, WorkRow
from services.referrals.store.visit_row import appointment_row
from services.runtime.http.freshness import fresh

GOES_ON = appointment.TAKEN_ON | {ReferralStatus.CANCEL_REQUESTED}
"""Where a referral stands while a step on its visits can be taken back; an end called them off."""


@frozen
class AppointmentSeen:
    """A visit as one side of its referral sees it; `actions` is what that side may do with it now.

    `take_back_until` is until when (UTC) it may take its last step back, unless the referral ends before.
    """

    id: UUID
    client: UUID
    state: Appointment
    side: Side
    history: History
    work: WorkRow
    actions: tuple[AppointmentVerb, ...]
    take_back_until: datetime | None

    @property
    def version(self) -> int:
        return self.history.version


@frozen
class Stepped:
    """What a step came to; `new`: it was booked by this very command; `replayed`: the first answer, once more."""

    seen: AppointmentSeen
    new: bool
    replayed: bool


async def read(desk: Desk, acting: Acting, id: UUID) -> AppointmentSeen:
    """The visit. Raises NotASide for one that is not there, of another initiative, or between two others."""

    async def look() -> AppointmentSeen:
        return seen(desk, acting, await desk.history(id))

    return await fresh(acting.call, look)


async def of_client(desk: Desk, acting: Acting, client: UUID) -> list[AppointmentSeen]:
    """A client's visits that this agency is a side of, by their time. Raises NotASide for a client unknown to it."""
    await clients.known_client(desk, acting, client)
    rows = await desk.lists.of_client(acting.initiative, acting.agency, client)
    found = await desk.histories(row.id for row in rows if row.kind == "appointment")
    return in_order(seen(desk, acting, history) for history in found.values())


def in_order(visits: Iterable[AppointmentSeen]) -> list[AppointmentSeen]:
    """Visits by their time."""
    return sorted(visits, key=lambda visit: (visit.state.due_at, visit.id))


def seen(desk: Desk, acting: Acting, history: History) -> AppointmentSeen:
    """The visit that a stream tells of. Raises NotASide."""
    state = appointment.fold(history.happened()) if history.initiative == acting.initiative else None
    side = appointment.side_of(state, acting.agency) if state is not None else None
    if state is None or side is None:
        raise NotASide
    until = appointment.take_back_until(history.happened(), acting.agency, acting.at)
    steps = appointment.actions(state, side, acting.at)
    return AppointmentSeen(
        history.stream,
        client_of(history),
        state,
        side,
        history,
        appointment_row(history.events, state, desk.directory.due),
        (*steps, AppointmentVerb.TAKE_BACK) if until else steps,
        until,
    )


async def book(desk: Desk, acting: Acting, referral_id: UUID, due_at: datetime) -> Stepped:
    """The receiver books a visit. One that is booked for this very time is the same again (R12)."""
    id = new_id()

    async def attempt(desk: Desk) -> Decided[AppointmentSeen]:
        of = await referrals.read(desk, acting, referral_id)
        command = BookAppointment(agency=acting.agency, at=acting.at, due_at=due_at, referral=referral_id, of=of.state)
        client = client_of(of.history)
        twin = await _booked_at(desk, client, referral_id, due_at)
        facts = appointment.decide(command, appointment.fold(twin.happened()) if twin else None)
        if facts:
            acting.call.makes_new()
        draft = Draft(acting, client)
        after = seen(desk, acting, draft.add(twin or History(id), facts))
        draft.work = [after.work] if facts else []
        answer = Answer(201 if facts else 200, {"appointment": after.id, "referral": referral_id}, after.version)
        return Decided(draft, answer, after)

    done = await carry_out(desk, acting, attempt)
    if done.view is not None:
        return Stepped(done.view, new=done.answer.status == 201, replayed=False)  # noqa: PLR2004 - created
    return Stepped(await _first(desk, acting, done.answer), new=True, replayed=True)


async def reschedule(desk: Desk, acting: Acting, id: UUID, due_at: datetime, by: CalledBy) -> Stepped:
    """The receiver gives it another time, on her wish or its own."""

    def command(of: ReferralSeen) -> AppointmentCommand:
        return RescheduleAppointment(agency=acting.agency, at=acting.at, due_at=due_at, by=by, of=of.state)

    return await step(desk, acting, id, command)


async def attend(desk: Desk, acting: Acting, id: UUID) -> Stepped:
    """She came; the first time that she did starts the service of an accepted referral (F2)."""
    return await step(desk, acting, id, lambda of: AttendAppointment(agency=acting.agency, at=acting.at))


async def miss(desk: Desk, acting: Acting, id: UUID) -> Stepped:
    """She did not come."""
    return await step(desk, acting, id, lambda of: MissAppointment(agency=acting.agency, at=acting.at))


async def cancel(desk: Desk, acting: Acting, id: UUID, by: CalledBy) -> Stepped:
    """It does not take place, on her wish or the receiver's."""
    return await step(desk, acting, id, lambda of: CancelAppointment(agency=acting.agency, at=acting.at, by=by))


async def step(
    desk: Desk, acting: Acting, id: UUID, command: Callable[[ReferralSeen], AppointmentCommand | TakeBack]
) -> Stepped:
    """One step of a visit, with what follows from it."""

    async def attempt(desk: Desk) -> Decided[AppointmentSeen]:
        before = await read(desk, acting, id)
        of = await referrals.read(desk, acting, before.state.booked.referral)
        with acting.call.meant_for(before.version):
            facts = _decided(command(of), before, of)
        if facts:
            acting.call.require(before.version)
        draft = Draft(acting, before.client)
        after = seen(desk, acting, draft.add(before.history, facts))
        if facts:
            draft.work = [after.work]
            _follow(desk, draft, of, after)
            _undo(desk, draft, of, before, after)
            if before.state.attended_at != after.state.attended_at:
                await silence.met(desk, draft, before.client)
        return Decided(draft, Answer(200, {"appointment": id}, after.version), after)

    done = await carry_out(desk, acting, attempt)
    if done.view is not None:
        return Stepped(done.view, new=False, replayed=False)
    return Stepped(await _first(desk, acting, done.answer), new=False, replayed=True)


def _decided(
    asked: AppointmentCommand | TakeBack, before: AppointmentSeen, of: ReferralSeen
) -> tuple[appointment.AppointmentFact, ...]:
    if not isinstance(asked, TakeBack):
        return appointment.decide(asked, before.state)
    facts = appointment.take_back(asked, before.history.happened())
    if facts and of.state.status not in GOES_ON:
        raise WrongState(of.state.status, "nothing-to-take-back")
    return facts


def _undo(desk: Desk, draft: Draft, of: ReferralSeen, before: AppointmentSeen, after: AppointmentSeen) -> None:
    """A coming that does not count any more started no service."""
    came = before.state.attended_at is not None
    if not came or after.state.status is AppointmentStatus.ATTENDED or of.state.status is not ReferralStatus.IN_SERVICE:
        return
    for event in of.whole.events:
        if isinstance(event.fact, ReferralServiceStarted) and event.fact.evidence == after.id:
            undone = ReferralTakenBack(event=event.envelope.event_id, restricted=of.state.sent.restricted)
            draft.work.append(referrals.seen(desk, draft.acting, draft.add(of.whole, (undone,))).work)
            return


def _follow(desk: Desk, draft: Draft, of: ReferralSeen, after: AppointmentSeen) -> None:
    """The policy: the first visit that she came to starts an accepted referral."""
    attended = after.state.status is AppointmentStatus.ATTENDED
    if not attended or of.state.status is not ReferralStatus.ACCEPTED:
        return
    evidence = appointment.proof(after.id, after.state)
    at = evidence.contact.at
    start = StartService(agency=draft.acting.agency, at=at, referral=of.id, evidence=evidence)
    try:
        started = referral.decide(start, of.state)
    except NoEvidence:
        return
    if started:
        draft.work.append(referrals.seen(desk, draft.acting, draft.add(of.whole, started, at=at)).work)


async def _booked_at(desk: Desk, client: UUID, referral_id: UUID, due_at: datetime) -> History | None:
    """A visit for this referral that is booked for this very time."""
    for history, state in await booked_visits(desk, client, referral_id):
        if state.due_at == due_at:
            return history
    return None


async def _first(desk: Desk, acting: Acting, answer: Answer) -> AppointmentSeen:
    """What a command that came before left."""
    return seen(desk, acting, (await desk.history(answer.ids["appointment"])).at(answer.version))
