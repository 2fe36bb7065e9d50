"""One stored fact of each kind, with every field filled."""

from datetime import date

from services.referrals.domain.client import ClientRegistered
from services.referrals.domain.consent import ConsentRecorded
from services.referrals.domain.contact import ContactRecorded, Units
from services.referrals.domain.disclosure import DisclosureRecorded
from services.referrals.domain.episode import EpisodeJoined, EpisodeOpened, ResponsibilityAssigned
from services.referrals.domain.fact import Fact
from services.referrals.domain.handoff import (
    HandoffAccepted,
    HandoffClientAgreed,
    HandoffCompleted,
    HandoffDeclined,
    HandoffOffered,
    HandoffProposed,
)
from services.referrals.domain.referral import (
    ConsentException,
    ReferralAccepted,
    ReferralAcknowledged,
    ReferralCancellationRequested,
    ReferralCancelled,
    ReferralCompleted,
    ReferralDeclined,
    ReferralReceived,
    ReferralSent,
    ReferralServiceStarted,
    ReferralWaitlisted,
)
from services.referrals.domain.vocabulary import (
    AgeBand,
    Basis,
    Category,
    Channel,
    ContactMode,
    ContactOutcome,
    DisclosureKind,
    ExceptionCode,
    GivenField,
    HandoffKind,
    How,
    InitiatedBy,
    Mode,
    Outcome,
    Priority,
    Reason,
    ReasonOwner,
    ResponsibilityDomain,
    Source,
    ToldBy,
    UnitKind,
)
from tests.invented import CLINIC, CONSENT, CONTACT, EPISODE, HANDOFF, HUB, NEED, NOTE, PANTRY, REFERRAL

DAY = date(2026, 11, 2)
COORDINATION = ResponsibilityDomain.PRIMARY_CARE_COORDINATION

STORED: dict[type[Fact], Fact] = {
    type(fact): fact
    for fact in (
        ClientRegistered(),
        ConsentRecorded(
            agreed=True,
            how=How.SIGNED,
            on=DAY,
            fields=(GivenField.NAME,),
            recipient=PANTRY,
            category=Category.FOOD_INSECURITY,
            expires=date(2027, 11, 2),
        ),
        EpisodeOpened(identified_on=DAY, age_band=AgeBand.FROM_40),
        EpisodeJoined(identified_on=DAY),
        ResponsibilityAssigned(domain=COORDINATION, agency=HUB, basis=Basis.HANDOFF, handoff=HANDOFF),
        ReferralSent(
            from_agency=CLINIC,
            to_agency=PANTRY,
            to_channel=Channel.SYSTEM,
            service="weekly-food-boxes",
            category=Category.FOOD_INSECURITY,
            mode=Mode.DIRECT,
            priority=Priority.URGENT,
            given=(GivenField.NAME, GivenField.NOTE),
            consent=CONSENT,
            exception=ConsentException(code=ExceptionCode.EMERGENCY, reason=NOTE),
            need=NEED,
            reason_code="Z59.41",
            episode=EPISODE,
            note=NOTE,
            parent=HANDOFF,
            supersedes=CONTACT,
            identifier="PLAC-4711",
        ),
        ReferralReceived(),
        ReferralAccepted(person="staff-pantry-1", on=DAY),
        ReferralDeclined(reason=Reason.MOVED, reason_owner=ReasonOwner.CLIENT, source=Source.RECIPIENT),
        ReferralWaitlisted(reason=Reason.NO_CAPACITY, reason_owner=ReasonOwner.RECIPIENT),
        ReferralCancellationRequested(reason=Reason.NEED_RESOLVED, reason_owner=ReasonOwner.CLIENT),
        ReferralCancelled(reason=Reason.DUPLICATE, reason_owner=ReasonOwner.OTHER, source=Source.SENDER),
        ReferralServiceStarted(evidence=CONTACT),
        ReferralCompleted(outcome=Outcome.ENROLLED, evidence=CONTACT, source=Source.RECIPIENT),
        ReferralAcknowledged(channel=ToldBy.CALL),
        HandoffProposed(
            from_agency=CLINIC,
            to_agency=HUB,
            domain=COORDINATION,
            kind=HandoffKind.COLD,
            episode=EPISODE,
            reason_code="Z60.2",
            note=NOTE,
        ),
        HandoffClientAgreed(consent=CONSENT),
        HandoffOffered(given=(GivenField.NAME,)),
        HandoffAccepted(person="staff-hub-1", on=DAY),
        HandoffDeclined(reason=Reason.NO_CAPACITY, reason_owner=ReasonOwner.RECIPIENT),
        HandoffCompleted(evidence=CONTACT),
        ContactRecorded(
            mode=ContactMode.GOODS_DELIVERY,
            outcome=ContactOutcome.COMPLETED,
            met=True,
            tags=(Category.FOOD_INSECURITY,),
            units=(Units(kind=UnitKind.BOX, count=2),),
            duration_min=20,
            language="es",
            interpreter=True,
            initiated_by=InitiatedBy.CLIENT,
            episode=EPISODE,
            referral=REFERRAL,
            need=NEED,
            handoff=HANDOFF,
            note=NOTE,
        ),
        DisclosureRecorded(kind=DisclosureKind.GIVEN_FIELDS, consent=CONSENT, referral=REFERRAL, handoff=HANDOFF),
    )
}
"""One of each kind, with every field filled."""
