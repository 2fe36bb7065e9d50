"""Owns how a made-up referral goes on after a no: passed on to who offers the same, sent again, or given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from contracts.directory import Agency, Service
from contracts.vocabulary import Reason, ToldBy
from deploy.simulator import steps
from deploy.simulator.county import County
from deploy.simulator.known import Known
from services.referrals.application.redirecting import SYSTEM
from services.referrals.domain import referral
from services.referrals.domain.outreach import Attempt
from services.referrals.domain.uuids import uuid_of

PASSED_ON = 0.4
"""Of the noes for which somebody else offers the same."""
WHY = frozenset({Reason.NO_CAPACITY, Reason.OUT_OF_AREA, Reason.INELIGIBLE})
__all__ = ["SYSTEM", "Way", "another", "close_of", "known_to_sender", "on", "redirect_of"]


@dataclass(frozen=True, slots=True)
class Way:
    """By whom and for what a referral is made."""

    county: County
    sender: str
    receiver: Agency
    service: Service
    by_need: bool
    """Whether her consent names the need alone, so that it covers whoever helps with that."""


def another(way: Way, chance: Random, *, on_system: bool = True) -> tuple[Agency, Service] | None:
    """Somebody else who offers the same."""
    others = [
        (agency, service)
        for agency, service in way.county.offers.get(way.service.category, ())
        if (agency.on_system or not on_system) and agency.id not in {way.receiver.id, way.sender}
    ]
    return chance.choice(others) if others else None


def on(said: steps.Decline, way: Way, chance: Random) -> steps.Decline | steps.Redirect:
    """The no itself, or in its place that it goes on to another agency on the system (R3)."""
    other = another(way, chance)
    if said.reason not in WHY or other is None or chance.random() > PASSED_ON:
        return said
    agency, service = other
    return steps.Redirect(
        at=said.at,
        agency=said.agency,
        name=said.name,
        sender=way.sender,
        child=f"{said.name}-on",
        waiting=not way.by_need,
        to_agency=agency.id,
        service=service.id,
        category=service.category,
        reason=said.reason,
    )


def redirect_of(step: steps.Redirect, known: Known) -> referral.RedirectReferral:
    """What the receiver says; the child has its id at once."""
    id: UUID = known.streams[step.name].id
    known.reserved[step.child] = uuid_of(id.int ^ 1)
    return referral.RedirectReferral(
        agency=step.agency,
        at=step.at,
        child=known.reserved[step.child],
        waiting=step.waiting,
        to_agency=step.to_agency,
        service=step.service,
        service_category=step.category,
        reason=step.reason,
    )


def child_of(step: steps.Redirect, known: Known) -> referral.SendReferral:
    """The child that goes out at once is its sender's; nothing is typed again (R3)."""
    parent = known.streams[step.name]
    sent: referral.ReferralSent = parent.state.sent
    consent = next(stream for stream in known.streams.values() if stream.id == sent.consent)
    return referral.SendReferral(
        agency=step.sender,
        at=step.at,
        today=known.county.hours.local_date(step.at),
        to_agency=step.to_agency,
        service=step.service,
        service_category=step.category,
        category=sent.category,
        mode=sent.mode,
        priority=sent.priority,
        agreement=known.agreement_by(consent),
        given=sent.given,
        need=sent.need,
        episode=sent.episode,
        note=sent.note,
        parent=parent.id,
        named_class=sent.restricted,
    )


def known_to_sender(step: steps.Send) -> referral.AcknowledgeReferral:
    """Who sends it on has read that it was passed on."""
    return referral.AcknowledgeReferral(agency=step.agency, at=step.at, channel=ToldBy.PAGE)


def close_of(step: steps.Close, tried: Sequence[Any], county: County) -> referral.CloseReferral:
    """Given up; `tried` are the contacts by which the receiver tried to reach her."""
    attempts = [Attempt(county.hours.local_date(each.at), each.recorded.mode) for each in tried]
    return referral.CloseReferral(agency=step.agency, at=step.at, reason=step.reason, attempts=attempts)
