"""What staff say of a contact, and what it belongs to: each of this client, with this agency as a side."""

from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.referrals.application import handoff_seen
from services.referrals.application import need as needs
from services.referrals.application import referral as referrals
from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk, Found
from services.referrals.application.episode_seen import is_opener
from services.referrals.application.handoff_seen import HandoffSeen
from services.referrals.application.referral import ReferralSeen
from services.referrals.domain.contact import ContactPlanned, Units
from services.referrals.domain.frozen import frozen
from services.referrals.domain.need import Need
from services.referrals.domain.refusal import NotASide
from services.referrals.domain.vocabulary import ContactMode, ContactOutcome, InitiatedBy, RestrictedClass, ServiceTag


class Links(Protocol):
    """What a contact may name."""

    @property
    def episode(self) -> UUID | None: ...
    @property
    def referral(self) -> UUID | None: ...
    @property
    def handoff(self) -> UUID | None: ...
    @property
    def need(self) -> UUID | None: ...


@frozen(kw_only=True)
class Happening:
    """What staff say of a contact: when (UTC), how, what came of it, what it belongs to; `note` goes to the vault.

    `on` is the local day where they know no time: `at` is found for it (`when.placed`).
    """

    at: datetime
    on: date | None = None
    mode: ContactMode
    outcome: ContactOutcome
    met: bool | None = None
    tags: tuple[ServiceTag, ...] = ()
    units: tuple[Units, ...] = ()
    duration_min: int | None = None
    language: str | None = None
    interpreter: bool | None = None
    initiated_by: InitiatedBy | None = None
    episode: UUID | None = None
    referral: UUID | None = None
    need: UUID | None = None
    handoff: UUID | None = None
    note: str | None = None


@frozen(kw_only=True)
class Plan:
    """A contact that is promised for a time (UTC), on a local date; `note` goes to the vault."""

    planned_for: datetime
    planned_on: date
    mode: ContactMode
    tags: tuple[ServiceTag, ...] = ()
    language: str | None = None
    episode: UUID | None = None
    referral: UUID | None = None
    need: UUID | None = None
    handoff: UUID | None = None
    note: str | None = None


@frozen
class Named:
    """The referral, the handoff and the need that a contact names."""

    referral: ReferralSeen | None
    handoff: HandoffSeen | None
    need: Need | None = None

    @property
    def restricted(self) -> RestrictedClass | None:
        """The class that the contact takes from them (R6)."""
        sent = self.referral.state.sent if self.referral else None
        proposed = self.handoff.state.proposed if self.handoff else None
        of_need = self.need.restricted if self.need else None
        return (sent.restricted if sent else None) or (proposed.restricted if proposed else None) or of_need


def links_of(said: Links) -> tuple[UUID | None, ...]:
    """The records whose restricted class is the contact's too (R6)."""
    return said.referral, said.handoff, said.need


def named(desk: Desk, acting: Acting, client: UUID, said: Links, found: Found) -> Named:
    """What the contact names. Raises NotASide for what is not of this client, or not this agency's."""
    if any(each is not None and found[each].client != client for each in (said.episode, said.referral, said.handoff)):
        raise NotASide
    if said.episode is not None and not is_opener(acting, found[said.episode]):
        raise NotASide
    return Named(
        referrals.seen(desk, acting, found[said.referral]) if said.referral else None,
        handoff_seen.seen(desk, acting, found[said.handoff]) if said.handoff else None,
        needs.named(acting, client, found[said.need]) if said.need else None,
    )


def as_planned(said: Happening, plan: ContactPlanned) -> Happening:
    """What staff say of a planned contact, and for what they do not say, what the plan said."""
    return Happening(
        at=said.at,
        on=said.on,
        mode=said.mode,
        outcome=said.outcome,
        met=said.met,
        tags=said.tags or plan.tags,
        units=said.units,
        duration_min=said.duration_min,
        language=said.language or plan.language,
        interpreter=said.interpreter,
        initiated_by=said.initiated_by,
        episode=said.episode or plan.episode,
        referral=said.referral or plan.referral,
        need=said.need or plan.need,
        handoff=said.handoff or plan.handoff,
        note=said.note,
    )
