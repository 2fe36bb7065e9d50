"""Owns how a step of a made-up journey is asked of the domain: which stream, which command, when it happened."""

from collections.abc import Mapping
from typing import Any, assert_never

from deploy.simulator import asides, changing, finding, passing, pregnancy, steps, telling, visiting
from deploy.simulator.known import CLIENT, EPISODE, Asked, Known, voice_of
from services.referrals.domain import (
    appointment,
    client,
    consent,
    contact,
    episode,
    feedback,
    handoff,
    referral,
    screening,
)
from services.referrals.domain.contact import Evidence
from services.referrals.domain.vocabulary import Channel, GivenField, Reason


def asked(step: steps.AnyStep, known: Known) -> Asked:
    """The command of a step. KeyError for a step that relies on what never was."""
    at, agency = step.at, step.agency
    match step:
        case steps.Register():
            return Asked(CLIENT, client, client.RegisterClient(agency=agency, at=at), at)
        case steps.Open():
            return Asked(EPISODE, episode, _open(step, known), at)
        case steps.OfPerson():
            return Asked(*telling.command_of(step, known.county), at)
        case steps.Consent():
            return Asked(step.name, consent, _consent(step, known), at)
        case steps.Screen():
            return Asked(step.name, screening, finding.screening_of(step), at)
        case steps.Promise():
            return Asked(step.name, contact, finding.promise_of(step, known.county), at)
        case steps.Contact():
            return Asked(step.name, contact, _contact(step, known), step.happened)
        case steps.Send():
            return Asked(step.name, referral, _send(step, known), at)
        case steps.Propose():
            return Asked(step.name, handoff, _propose(step, known), at)
        case steps.OfVoice():
            return Asked(voice_of(step.name), feedback, _voice(step, known), at)
        case steps.OfHandoff():
            return Asked(step.name, handoff, _handoff(step, known), at)
        case steps.OfPregnancy():
            return pregnancy.command_of(step, known)
        case steps.OfVisit():
            return Asked(step.name, appointment, visiting.visit_of(step, known), at)
        case steps.Aside():
            return asides.asked_of(step, known)
        case steps.Revoke() | steps.Plan() | steps.Stop():
            return changing.asked_of(step, known)
        case steps.OfReferral():
            return Asked(step.name, referral, _referral(step, known), at)
        case _:
            assert_never(step)


def _today(step: steps.Step, known: Known) -> Mapping[str, Any]:
    return {"agency": step.agency, "at": step.at, "today": known.county.hours.local_date(step.at)}


def _open(step: steps.Open, known: Known) -> episode.OpenEpisode:
    return episode.OpenEpisode(**_today(step, known), identified_on=step.identified_on, age_band=step.age_band)


def _consent(step: steps.Consent, known: Known) -> consent.RecordConsent:
    return consent.RecordConsent(
        **_today(step, known),
        on=known.county.hours.local_date(step.at),
        agreed=step.agreed,
        how=step.how,
        fields=map(GivenField, step.fields) if step.agreed else (),
        recipient=step.recipient,
        category=step.category,
    )


def _send(step: steps.Send, known: Known) -> referral.SendReferral:
    on_system = known.county.agencies[step.to_agency].on_system
    return referral.SendReferral(
        **_today(step, known),
        to_agency=step.to_agency,
        to_channel=Channel.SYSTEM if on_system else Channel.LETTER,
        service=step.service,
        service_category=step.category,
        category=step.category,
        mode=step.mode,
        priority=step.priority,
        agreement=known.agreement(step.consent),
        given=[GivenField(name) for name in step.fields],
        episode=known.id_of(EPISODE),
        need=known.streams[step.parent].state.sent.need if step.parent else known.id_of(finding.need_word(step)),
        note=known.notes.get(step.name),
        parent=known.id_of(step.parent),
        supersedes=known.id_of(step.supersedes),
    )


def _referral(step: steps.ReferralStep, known: Known) -> referral.ReferralCommand:
    at, agency, id = step.at, step.agency, known.streams[step.name].id
    match step:
        case steps.Receive():
            return referral.ReceiveReferral(agency=agency, at=at)
        case steps.Accept():
            return referral.AcceptReferral(agency=agency, at=at, person=known.county.actor(agency))
        case steps.Decline():
            return referral.DeclineReferral(agency=agency, at=at, reason=step.reason)
        case steps.Waitlist():
            return referral.WaitlistReferral(agency=agency, at=at, reason=Reason.NO_CAPACITY)
        case steps.Cancel():
            return referral.CancelReferral(agency=agency, at=at, reason=step.reason)
        case steps.Close():
            return passing.close_of(step, [known.streams[word].state for word in step.attempts], known.county)
        case steps.Redirect():
            return passing.redirect_of(step, known)
        case steps.TakeBack():
            raise TypeError("what is taken back is decided on the whole history")
        case steps.Expire():
            return referral.ExpireReferral(agency=agency, at=at, not_before=at)
        case steps.Complete():
            shown = known.streams[step.contact]
            return referral.CompleteReferral(
                agency=agency, at=at, referral=id, outcome=step.outcome, evidence=Evidence(shown.id, shown.state)
            )
        case steps.Acknowledge():
            return referral.AcknowledgeReferral(agency=agency, at=at, channel=step.channel)
        case _:
            assert_never(step)


def _voice(step: steps.VoiceStep, known: Known) -> feedback.FeedbackCommand:
    about = known.streams[step.name]
    match step:
        case steps.AskHer():
            return feedback.AskFeedback(agency=step.agency, at=step.at, referral=about.id, about=about.state)
        case steps.SheSaid():
            return feedback.AnswerFeedback(
                agency=step.agency,
                at=step.at,
                referral=about.id,
                about=about.state,
                need_met=step.need_met,
                respectful_care=step.respectful_care,
                declined=step.need_met is None and step.respectful_care is None,
            )
        case _:
            assert_never(step)


def _propose(step: steps.Propose, known: Known) -> handoff.ProposeHandoff:
    return handoff.ProposeHandoff(
        agency=step.agency,
        at=step.at,
        to_agency=step.to_agency,
        domain=step.domain,
        kind=step.kind,
        episode=known.streams[EPISODE].id,
        lead=known.lead(step.domain),
    )


def _handoff(step: steps.HandoffStep, known: Known) -> handoff.HandoffCommand:
    at, agency = step.at, step.agency
    match step:
        case steps.Agree():
            return handoff.ClientAgrees(**_today(step, known), agreement=known.agreement(step.consent))
        case steps.Offer():
            agreement = known.agreement(f"consent-{step.name}")
            return handoff.OfferHandoff(
                **_today(step, known), agreement=agreement, given=agreement.consent.recorded.fields
            )
        case steps.AcceptHandoff():
            lead = known.lead(known.streams[step.name].state.proposed.domain)
            return handoff.AcceptHandoff(agency=agency, at=at, person=known.county.actor(agency), lead=lead)
        case steps.DeclineHandoff():
            return handoff.DeclineHandoff(agency=agency, at=at, reason=step.reason)
        case steps.Introduce():
            return handoff.IntroduceClient(agency=agency, at=at, client_present=step.client_present)
        case steps.Withdraw():
            return handoff.WithdrawHandoff(agency=agency, at=at, reason=step.reason)
        case steps.SheDeclines():
            return handoff.ClientDeclines(agency=agency, at=at)
        case steps.ExpireHandoff():
            return handoff.ExpireHandoff(agency=agency, at=at)
        case steps.FailHandoff():
            return handoff.FailHandoff(agency=agency, at=at)
        case steps.ReadHandoff():
            return handoff.AcknowledgeHandoff(agency=agency, at=at)
        case _:
            assert_never(step)


def _contact(step: steps.Contact, known: Known) -> contact.RecordContact:
    named = [known.streams[word].state for word in (step.referral, step.handoff) if word in known.streams]
    return contact.RecordContact(
        agency=step.agency,
        at=step.happened,
        now=step.at,
        mode=step.mode,
        outcome=step.outcome,
        met=step.met,
        tags=step.tags,
        duration_min=step.duration_min,
        episode=known.id_of(EPISODE),
        referral=known.id_of(step.referral),
        handoff=known.id_of(step.handoff),
        cohort=finding.cohort_of(step, known.county),
        named_class=finding.class_of(named),
    )
