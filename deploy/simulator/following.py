"""Owns what follows by itself from a step of a made-up journey, as the use cases of the system make it follow."""

from contracts.vocabulary import ScreeningResult
from deploy.simulator import finding, passing, steps
from deploy.simulator.known import EPISODE
from deploy.simulator.page import Page
from services.referrals.application.handing_back import PREGNANCY_OVER
from services.referrals.domain import appointment, episode, handoff, need, referral
from services.referrals.domain.appointment import Appointment, AppointmentStatus
from services.referrals.domain.contact import Contact, Evidence, is_service_evidence
from services.referrals.domain.handoff import Handoff, HandoffStatus
from services.referrals.domain.referral import Referral, ReferralStatus
from services.referrals.domain.timer import Timer, TimerSet
from services.referrals.domain.vocabulary import CalledBy, EpisodeEnd, Mode, Reason
from services.referrals.store.lead_rows import met_since

UNACCEPTED = frozenset({ReferralStatus.SENT, ReferralStatus.RECEIVED, ReferralStatus.WAITLISTED})


def follow(page: Page) -> None:
    """Service starts, a handoff is complete, the lead moves; what rested on her agreement ends, or all of it does."""
    step, streams = page.step, page.records.known.streams
    match step:
        case steps.AcceptHandoff() | steps.FailHandoff():
            _move_the_lead(page, step)
        case steps.Screen(result=ScreeningResult.POSITIVE):
            identified = finding.need_of(step, streams[step.name].id)
            page.decide(finding.need_word(step), need, identified, step.at)
        case steps.Send(parent=str(parent)):
            page.decide(parent, referral, passing.known_to_sender(step), step.at)
        case steps.Redirect(waiting=False):
            child = passing.child_of(step, page.records.known)
            page.decide(step.child, referral, child, step.at, by=step.sender, actor=passing.SYSTEM)
        case steps.Contact():
            evidence = Evidence(streams[step.name].id, streams[step.name].state)
            _shown(page, evidence, step.referral, step.handoff)
            _met(page, evidence.contact)
        case steps.Attend():
            evidence = appointment.proof(streams[step.name].id, streams[step.name].state)
            _shown(page, evidence, step.referral, None)
            _met(page, evidence.contact)
        case steps.Revoke():
            _withdraw(page, step)
        case steps.Stop():
            _end_all(page, step)
        case steps.VoidDate():
            page.fold(streams[EPISODE])
        case steps.EndCare() | steps.EndPostpartum():
            _end_handoffs(page, step)
        case _:
            pass


def _move_the_lead(page: Page, step: steps.AcceptHandoff | steps.FailHandoff) -> None:
    stream = page.records.known.streams[step.name]
    proposed = stream.state.proposed
    command: episode.TakeOver | episode.GiveBack
    if isinstance(step, steps.AcceptHandoff):
        command = episode.TakeOver(
            agency=step.agency,
            at=step.at,
            domain=proposed.domain,
            from_agency=proposed.from_agency,
            handoff=stream.id,
        )
    else:
        command = episode.GiveBack(
            agency=step.agency,
            at=step.at,
            domain=proposed.domain,
            from_agency=proposed.to_agency,
            handoff=stream.id,
            hub=page.records.county.initiative.hub,
        )
    page.decide(EPISODE, episode, command, step.at)


def _shown(page: Page, evidence: Evidence, sent: str | None, handed: str | None) -> None:
    streams, step, shown = page.records.known.streams, page.step, evidence.contact
    named = streams[sent] if sent else None
    if named and is_service_evidence(shown.recorded) and named.state.status is ReferralStatus.ACCEPTED:
        started = referral.StartService(agency=step.agency, at=shown.at, referral=named.id, evidence=evidence)
        page.decide(sent or "", referral, started, shown.at)
    named = streams[handed] if handed else None
    if named and shown.recorded.met and named.state.status is HandoffStatus.ACCEPTED:
        met = handoff.CompleteHandoff(agency=step.agency, at=shown.at, handoff=named.id, evidence=evidence)
        page.decide(handed or "", handoff, met, shown.at)


def _met(page: Page, contact: Contact) -> None:
    """Who leads her has met her: its timer runs anew (services/referrals/application/silence)."""
    stream = page.records.known.streams.get(EPISODE)
    if stream is None or not contact.recorded.met:
        return
    for domain, since in met_since(stream.events, stream.state).items():
        if stream.state.lead(domain) == page.step.agency and since < contact.at:
            fact = TimerSet(timer=Timer.SILENCE, domain=domain, since=contact.at)
            page.write(stream, fact, page.envelope(page.step.at))


def _withdraw(page: Page, step: steps.Revoke) -> None:
    """Who has not accepted loses what it was given, and the referral is cancelled (R1)."""
    consent = page.records.known.streams[step.name]
    for word, stream in list(page.records.known.streams.items()):
        state = stream.state
        if isinstance(state, Referral) and state.sent.consent == consent.id and state.status in UNACCEPTED:
            page.decide(word, referral, referral.WithdrawConsent(agency=step.agency, at=step.at), step.at)


def _end_all(page: Page, step: steps.Stop) -> None:
    """What is open closes: what the agency is a side of, or everything, with visits and the pregnancy (R20)."""
    for word, stream in list(page.records.known.streams.items()):
        match stream.state:
            case Referral(sent=sent, status=status) if status not in referral.ENDED and sent.mode is Mode.DIRECT:
                if by := _on_behalf(step, sent.from_agency, sent.to_agency):
                    page.decide(word, referral, referral.StopContact(agency=by, at=step.at), step.at, by=by)
            case Handoff(proposed=proposed, status=at) if at not in handoff.ENDED:
                if by := _on_behalf(step, proposed.from_agency, proposed.to_agency):
                    page.decide(word, handoff, handoff.EndContact(agency=by, at=step.at), step.at, by=by)
            case Appointment(booked=booked, status=AppointmentStatus.BOOKED, due_at=due_at) if due_at > step.at:
                if by := _on_behalf(step, booked.from_agency, booked.to_agency):
                    called_off = appointment.CallOffAppointment(agency=by, at=step.at, by=CalledBy.CLIENT)
                    page.decide(word, appointment, called_off, step.at, by=by)
            case _:
                pass
    if step.everything and EPISODE in page.records.known.streams:
        closed = episode.CloseForAll(agency=step.agency, at=step.at, reason=EpisodeEnd.NO_FURTHER_CONTACT)
        page.decide(EPISODE, episode, closed, step.at)


def _end_handoffs(page: Page, step: steps.Step) -> None:
    """With a pregnancy that is over for all goes what is asked or promised of it (handing_back.pregnancy_over)."""
    streams = page.records.known.streams
    for word, stream in list(streams.items()) if streams[EPISODE].state.is_over else ():
        if not isinstance(stream.state, Handoff):
            continue
        by = stream.state.proposed.from_agency
        command: handoff.HandoffCommand | None = None
        if stream.state.status in handoff.BEFORE_ACCEPTANCE:
            command = handoff.WithdrawHandoff(agency=by, at=step.at, reason=Reason.OTHER)
        elif stream.state.status is HandoffStatus.ACCEPTED:
            command = handoff.EndContact(agency=by, at=step.at, reason=Reason.OTHER)
        elif handoff.waits_for_sender(stream.state) and by == step.agency:
            command = handoff.AcknowledgeHandoff(agency=by, at=step.at)
        if command is not None:
            page.decide(word, handoff, command, step.at, by=by, actor=PREGNANCY_OVER)


def _on_behalf(step: steps.Stop, sender: str, receiver: str) -> str | None:
    """Whose record it is where it closes; None where it stays open."""
    if step.agency in {sender, receiver}:
        return step.agency
    return sender if step.everything else None
