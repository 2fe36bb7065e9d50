"""Owns what happens in a made-up journey: steps that an agency takes at a time, without knowing how they are recorded.

A step names clients' consents, referrals, handoffs and contacts by short words of the journey's own ("referral-2"), so
that the same steps can be decided and stored as history, or sent to the public API one by one.
"""

from typing import TypeAlias

from deploy.simulator.steps.aside import Aside, Ask, Attach, Claim, HandOn, Reply, VoidDate
from deploy.simulator.steps.client import Consent, Open, Plan, Register, Revoke, Stop
from deploy.simulator.steps.contact import Contact, Promise, Screen
from deploy.simulator.steps.handoff import (
    AcceptHandoff,
    Agree,
    DeclineHandoff,
    ExpireHandoff,
    FailHandoff,
    Introduce,
    Offer,
    OfHandoff,
    Propose,
    ReadHandoff,
    SheDeclines,
    Withdraw,
)
from deploy.simulator.steps.person import Date, EndCare, EndPostpartum, Lose, OfPerson, Pause, Resume, Tell
from deploy.simulator.steps.pregnancy import BeginCare, End, OfPregnancy, SeeAfter
from deploy.simulator.steps.referral import (
    Accept,
    Acknowledge,
    AskHer,
    Cancel,
    Close,
    Complete,
    Decline,
    Expire,
    OfReferral,
    OfVoice,
    Receive,
    Redirect,
    Send,
    SheSaid,
    TakeBack,
    Waitlist,
)
from deploy.simulator.steps.step import FIELDS, Step
from deploy.simulator.steps.visit import Attend, Book, Miss, OfVisit, Rebook

__all__ = [
    "Aside",
    "AsideStep",
    "Ask",
    "Attach",
    "Claim",
    "Reply",
    "VoidDate",
    "ReadHandoff",
    "Date",
    "OfPerson",
    "Pause",
    "PersonStep",
    "PregnancyStep",
    "Resume",
    "Tell",
    "Accept",
    "AcceptHandoff",
    "Acknowledge",
    "Agree",
    "AnyStep",
    "AskHer",
    "Attend",
    "BeginCare",
    "Book",
    "Cancel",
    "Close",
    "Complete",
    "Consent",
    "Contact",
    "Decline",
    "DeclineHandoff",
    "End",
    "EndCare",
    "EndPostpartum",
    "Expire",
    "ExpireHandoff",
    "FIELDS",
    "FailHandoff",
    "HandOn",
    "HandoffStep",
    "Introduce",
    "Lose",
    "Miss",
    "OfHandoff",
    "OfPregnancy",
    "OfReferral",
    "OfVisit",
    "OfVoice",
    "Offer",
    "Open",
    "Plan",
    "Promise",
    "Propose",
    "Rebook",
    "Receive",
    "Redirect",
    "ReferralStep",
    "Register",
    "Revoke",
    "Screen",
    "SeeAfter",
    "Send",
    "SheDeclines",
    "SheSaid",
    "Step",
    "Stop",
    "TakeBack",
    "VisitStep",
    "VoiceStep",
    "Waitlist",
    "Withdraw",
]

ReferralStep: TypeAlias = (
    Receive | Accept | Decline | Waitlist | Redirect | Cancel | Close | Expire | Complete | Acknowledge | TakeBack
)
HandoffStep: TypeAlias = (
    Agree
    | Offer
    | AcceptHandoff
    | DeclineHandoff
    | Introduce
    | Withdraw
    | SheDeclines
    | ExpireHandoff
    | FailHandoff
    | ReadHandoff
)
AsideStep: TypeAlias = Ask | Reply | VoidDate | Attach | Claim | HandOn
VisitStep: TypeAlias = Book | Rebook | Attend | Miss
VoiceStep: TypeAlias = AskHer | SheSaid
PersonStep: TypeAlias = Tell | Date | Pause | Resume | Lose | EndCare | EndPostpartum
PregnancyStep: TypeAlias = BeginCare | End | SeeAfter
AnyStep: TypeAlias = (
    Register
    | Open
    | PersonStep
    | PregnancyStep
    | Consent
    | Send
    | ReferralStep
    | Propose
    | HandoffStep
    | VoiceStep
    | Contact
    | Screen
    | Promise
    | VisitStep
    | Revoke
    | Plan
    | Stop
    | AsideStep
)
