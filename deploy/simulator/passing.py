"""Owns how a made-up referral ends with its receiver: given up after attempts, or passed on to who offers the same."""

from collections.abc import Sequence
from random import Random
from typing import Any
from uuid import UUID

from contracts.directory import Service
from contracts.vocabulary import Reason
from deploy.simulator import steps
from deploy.simulator.county import County
from services.referrals.domain import referral
from services.referrals.domain.outreach import Attempt
from services.referrals.domain.uuids import uuid_of

PASSED_ON = 0.4
"""Of the noes for which somebody else offers the same."""
WHY = frozenset({Reason.NO_CAPACITY, Reason.OUT_OF_AREA, Reason.INELIGIBLE})


def on(said: steps.Decline, service: Service, sender: str, county: County, chance: Random) -> steps.ReferralStep:
    """The no itself, or in its place that it goes on to another agency on the system (R3)."""
    others = [
        (agency, other)
        for agency, other in county.offers.get(service.category, ())
        if agency.on_system and agency.id not in {said.agency, sender}
    ]
    if said.reason not in WHY or not others or chance.random() > PASSED_ON:
        return said
    agency, other = others[0]
    return steps.Redirect(
        at=said.at,
        agency=said.agency,
        name=said.name,
        to_agency=agency.id,
        service=other.id,
        category=service.category,
        reason=said.reason,
    )


def redirect_of(step: steps.Redirect, id: UUID) -> referral.RedirectReferral:
    """She agreed to one receiver, so that it waits for the sender."""
    return referral.RedirectReferral(
        agency=step.agency,
        at=step.at,
        child=uuid_of(id.int ^ 1),
        waiting=True,
        to_agency=step.to_agency,
        service=step.service,
        service_category=step.category,
        reason=step.reason,
    )


def close_of(step: steps.Close, tried: Sequence[Any], county: County) -> referral.CloseReferral:
    """Given up; `tried` are the contacts by which the receiver tried to reach her."""
    attempts = [Attempt(county.hours.local_date(each.at), each.recorded.mode) for each in tried]
    return referral.CloseReferral(agency=step.agency, at=step.at, reason=step.reason, attempts=attempts)
