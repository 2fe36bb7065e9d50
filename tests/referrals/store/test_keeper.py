"""Whose a thing is inside an agency: whoever took it on, until it is handed on, and again when it is taken on (R22)."""

from uuid import UUID

import pytest

from services.referrals.application import firing
from services.referrals.domain.charge import ChargeHandedOn
from services.referrals.domain.contact import ContactCancelled, ContactPlanned
from services.referrals.domain.episode import EpisodeOpened, ResponsibilityAssigned
from services.referrals.domain.fact import Fact
from services.referrals.domain.handoff import HandoffAccepted, HandoffCompleted
from services.referrals.domain.referral import (
    ReferralAccepted,
    ReferralCancellationRequested,
    ReferralDeclined,
    ReferralServiceStarted,
)
from services.referrals.domain.vocabulary import (
    Basis,
    ContactMode,
    ContactOutcome,
    Reason,
    ReasonOwner,
    ResponsibilityDomain,
    Source,
)
from services.referrals.store.keeper import CLOCK
from services.referrals.store.work_index import work_rows
from tests.referrals.store.commits import AGREED, CLINIC, HUB, NOON, OFFERED, PROPOSED, SENT, Story, due

LENA, MINA, THING = "lena-leaving", "mina-sample", UUID("0194a000-0000-5000-8000-000000000001")
LEADS, DOULA = ResponsibilityDomain.PRIMARY_CARE_COORDINATION, ResponsibilityDomain.DOULA
ON = ChargeHandedOn(person=MINA)
YES = ReferralAccepted(person=LENA)
MET = ReferralServiceStarted(evidence=UUID(int=3))
NO = ReferralDeclined(reason=Reason.NO_CAPACITY, reason_owner=ReasonOwner.RECIPIENT, source=Source.RECIPIENT)
STOP = ReferralCancellationRequested(reason=Reason.NEED_RESOLVED, reason_owner=ReasonOwner.CLIENT)
TAKEN = HandoffAccepted(person=LENA)
PLANNED = ContactPlanned(planned_for=NOON, planned_on=NOON.date(), mode=ContactMode.PHONE)
OFF = ContactCancelled(outcome=ContactOutcome.CANCELLED_BY_AGENCY)


def kept(*told: Fact, by: str = HUB, domain: ResponsibilityDomain | None = None) -> str | None:
    """Who looks after it, or after what an agency leads, when `by` told all of it but the sender's own."""
    story = Story()
    for fact in told:
        agency = CLINIC if fact in {SENT, PROPOSED, AGREED, OFFERED} else by
        story.tell(THING, fact, agency)
    rows = [row for row in work_rows(story.told[THING], due) if row.domain == domain or domain is None]
    return rows[-1].held_by


@pytest.mark.parametrize(
    ("told", "whose"),
    [
        ((SENT,), None),
        ((SENT, YES), LENA),
        ((SENT, YES, ON), MINA),
        ((SENT, YES, ON, MET), MINA),
        ((SENT, YES, ON, MET, STOP), MINA),
        ((SENT, YES, ON, YES), LENA),  # taken on anew
        ((SENT, ON), None),  # nobody took it on
        ((SENT, YES, ON, NO), None),
        ((PROPOSED, AGREED, OFFERED), None),
        ((PROPOSED, AGREED, OFFERED, TAKEN), LENA),
        ((PROPOSED, AGREED, OFFERED, TAKEN, ON), MINA),
        ((PROPOSED, AGREED, OFFERED, TAKEN, ON, HandoffCompleted(evidence=UUID(int=3))), None),
        ((PLANNED,), "staff-1"),
        ((PLANNED, ON), MINA),
        ((PLANNED, ON, OFF), None),
    ],
)
def test_r22_it_is_whose_took_it_on_until_it_is_handed_on_or_has_ended(
    told: tuple[Fact, ...], whose: str | None
) -> None:
    assert kept(*told) == whose


def lead(agency: str, domain: ResponsibilityDomain = LEADS) -> ResponsibilityAssigned:
    return ResponsibilityAssigned(domain=domain, agency=agency, basis=Basis.INTAKE)


OPENED = EpisodeOpened(identified_on=NOON.date())
OURS = ChargeHandedOn(person=MINA, domain=LEADS)


@pytest.mark.parametrize(
    ("told", "whose"),
    [
        ((OPENED, lead(HUB)), "staff-1"),
        ((OPENED, lead(HUB), OURS), MINA),
        ((OPENED, lead(HUB), ChargeHandedOn(person=MINA, domain=DOULA)), "staff-1"),  # of another domain
        ((OPENED, lead(CLINIC)), None),  # nobody there took it on
        ((OPENED, lead(CLINIC), OURS), None),  # another agency's was handed on
    ],
)
def test_r22_a_lead_is_whose_took_it_on_at_the_agency_that_leads(told: tuple[Fact, ...], whose: str | None) -> None:
    assert kept(*told, domain=LEADS) == whose


def test_the_clock_looks_after_nobody() -> None:
    assert CLOCK == firing.ACTOR
