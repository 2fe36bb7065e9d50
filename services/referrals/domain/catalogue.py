"""Every kind of stored fact by its type name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias, get_args

from services.referrals.domain.appointment import AppointmentFact
from services.referrals.domain.break_glass import BreakGlassFact
from services.referrals.domain.charge import ChargeFact
from services.referrals.domain.check import CheckFact
from services.referrals.domain.claim import ClaimFact
from services.referrals.domain.client import ClientFact
from services.referrals.domain.consent import ConsentFact
from services.referrals.domain.contact import ContactFact
from services.referrals.domain.directory import DirectoryFact
from services.referrals.domain.disclosure import DisclosureFact
from services.referrals.domain.episode import EpisodeFact
from services.referrals.domain.fact import Fact
from services.referrals.domain.feedback import FeedbackFact
from services.referrals.domain.handoff import HandoffFact
from services.referrals.domain.inquiry import InquiryFact
from services.referrals.domain.need import NeedFact
from services.referrals.domain.note import NoteFact
from services.referrals.domain.question import QuestionFact
from services.referrals.domain.referral import ReferralFact
from services.referrals.domain.safe_contact import SafeContactFact
from services.referrals.domain.screening import ScreeningFact
from services.referrals.domain.timer import TimerFact
from services.referrals.domain.watch import WatchFact

StoredFact: TypeAlias = (
    AppointmentFact
    | ChargeFact
    | BreakGlassFact
    | ClaimFact
    | CheckFact
    | ClientFact
    | ConsentFact
    | ContactFact
    | DirectoryFact
    | DisclosureFact
    | EpisodeFact
    | HandoffFact
    | InquiryFact
    | NeedFact
    | NoteFact
    | QuestionFact
    | ReferralFact
    | ScreeningFact
    | TimerFact
    | WatchFact
    | FeedbackFact
    | SafeContactFact
)

FACTS: Mapping[str, type[Fact]] = MappingProxyType({kind.TYPE: kind for kind in get_args(StoredFact)})
