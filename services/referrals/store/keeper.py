"""Owns who of an agency looks after what it took on (R22): whoever did so, until it is handed on; a pure fold."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from services.referrals.domain.charge import ChargeHandedOn
from services.referrals.domain.contact import ContactPlanned
from services.referrals.domain.episode import ResponsibilityAssigned
from services.referrals.domain.handoff import HandoffAccepted
from services.referrals.domain.referral import ReferralAccepted
from services.referrals.domain.vocabulary import ResponsibilityDomain
from services.referrals.store.written import Written

Led: TypeAlias = tuple[ResponsibilityDomain, str]
CLOCK: Final = "timers"
"""Who acts where the clock does: no member of any staff."""


def keeper(history: Sequence[Written], took_on: str | None) -> str | None:
    """Whose it is, where `took_on` is who took it on last, as it stands (None: nobody has)."""
    for event in reversed(history) if took_on else ():
        match event.fact:
            case ChargeHandedOn(person=colleague):
                return colleague
            case ReferralAccepted() | HandoffAccepted() | ContactPlanned():
                return took_on
    return took_on


def lead_keepers(history: Sequence[Written]) -> Mapping[Led, str]:
    """Whose each domain of a pregnancy is at each agency that leads it, or led it; a lead that falls to an agency
    without its doing is nobody's there, or whose it was before."""
    found: dict[Led, str] = {}
    for event in history:
        agency, actor = event.envelope.agency, event.envelope.actor
        match event.fact:
            case ResponsibilityAssigned(domain=domain, agency=leader) if leader == agency and actor != CLOCK:
                found[domain, agency] = actor
            case ChargeHandedOn(domain=ResponsibilityDomain() as domain, person=colleague):
                found[domain, agency] = colleague
    return found
