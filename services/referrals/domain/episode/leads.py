"""Who leads a domain of a pregnancy, and how the lead moves (R19)."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias, assert_never
from uuid import UUID

from services.referrals.domain.episode.commands import GiveBack, LeaveLead, OfLead, TakeLead, TakeOver
from services.referrals.domain.episode.events import ResponsibilityAssigned, ResponsibilityLeft
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import Conflict, WrongState
from services.referrals.domain.vocabulary import Basis, ResponsibilityDomain

LeadFact: TypeAlias = ResponsibilityAssigned | ResponsibilityLeft


@frozen
class Lead:
    """Who leads a domain, since when (UTC), and why. `before` led it until then, None where nobody did."""

    agency: str
    since: datetime
    basis: Basis
    handoff: UUID | None = None
    before: str | None = None


@frozen
class Leads:
    """One lead for each domain at most, and who has left which: they get nothing back."""

    by_domain: Mapping[ResponsibilityDomain, Lead] = field(default_factory=lambda: MappingProxyType({}))
    left: frozenset[tuple[ResponsibilityDomain, str]] = frozenset()

    def of(self, domain: ResponsibilityDomain) -> str | None:
        """The agency that leads a domain now, None where nobody does."""
        lead = self.by_domain.get(domain)
        return lead.agency if lead else None

    def without(self, agency: str) -> "Leads":
        """The same when an agency leads nothing any more."""
        kept = {domain: lead for domain, lead in self.by_domain.items() if lead.agency != agency}
        return replace(self, by_domain=MappingProxyType(kept))


_VERSION = 0xF << 76
"""Where a UUID says its version (RFC 9562): 5 in an episode's, which is derived."""

_NUMBERS = {domain: number for number, domain in enumerate(ResponsibilityDomain, 8)}


def lead_id(episode: UUID, domain: ResponsibilityDomain) -> UUID:
    """The id of who leads a domain of a pregnancy: the pregnancy's, with the domain's number for its version."""
    return UUID(int=episode.int & ~_VERSION | _NUMBERS[domain] << 76)


def of_lead_id(id: UUID) -> tuple[UUID, ResponsibilityDomain] | None:
    """The pregnancy and the domain that an id stands for; None for one that `lead_id` never gave."""
    number = (id.int & _VERSION) >> 76
    domain = next((domain for domain, each in _NUMBERS.items() if each == number), None)
    return None if domain is None else (UUID(int=id.int & ~_VERSION | 0x5 << 76), domain)


def moved(leads: Leads, fact: LeadFact, at: datetime) -> Leads:
    """The leads after one more fact."""
    match fact:
        case ResponsibilityAssigned(domain=domain, agency=agency):
            lead = Lead(agency, at, fact.basis, fact.handoff, before=leads.of(domain))
            by_domain = MappingProxyType({**leads.by_domain, domain: lead})
            return Leads(by_domain, leads.left - {(domain, agency)})
        case ResponsibilityLeft(domain=domain, agency=agency):
            leaving = leads.of(domain) == agency
            kept = {each: lead for each, lead in leads.by_domain.items() if not (leaving and each is domain)}
            return Leads(MappingProxyType(kept), leads.left | {(domain, agency)})
        case _:
            assert_never(fact)


def decide_lead(command: OfLead, leads: Leads) -> tuple[LeadFact, ...]:
    """Raises Conflict, WrongState."""
    match command:
        case TakeOver():
            return _take_over(command, leads)
        case GiveBack():
            return _give_back(command, leads)
        case TakeLead():
            return _take(command, leads)
        case LeaveLead():
            return _leave(command, leads)
        case _:
            assert_never(command)


def _take_over(command: TakeOver, leads: Leads) -> tuple[LeadFact, ...]:
    lead = leads.of(command.domain)
    if lead == command.agency:
        return ()
    if lead not in (None, command.from_agency):
        raise Conflict("led", "lead-moved")
    return (_assigned(command, command.agency, Basis.HANDOFF, command.handoff),)


def _give_back(command: GiveBack, leads: Leads) -> tuple[LeadFact, ...]:
    """Where the receiver has handed it on meanwhile, nothing goes back."""
    if leads.of(command.domain) != command.from_agency:
        return ()
    taker, basis = command.agency, Basis.HANDOFF
    if (command.domain, command.agency) in leads.left and command.hub is not None:
        taker, basis = command.hub, Basis.HUB
    return () if taker == command.from_agency else (_assigned(command, taker, basis, command.handoff),)


def _take(command: TakeLead, leads: Leads) -> tuple[LeadFact, ...]:
    """Who leads is not said: it would be news of another agency (R19)."""
    match leads.of(command.domain):
        case None:
            return (_assigned(command, command.agency, Basis.HUB if command.as_hub else Basis.INTAKE),)
        case command.agency:
            return ()
        case _:
            raise Conflict("led", "domain-led")


def _leave(command: LeaveLead, leads: Leads) -> tuple[LeadFact, ...]:
    lead, left = leads.by_domain.get(command.domain), (command.domain, command.agency)
    if left in leads.left:
        return ()
    leaving, taker = lead is not None and lead.agency == command.agency, command.hub
    if not leaving and (lead is None or lead.before != command.agency):
        raise WrongState("none", "not-leading")
    if taker is None or (leaving and taker == command.agency):
        raise WrongState("led", "nobody-takes-over")
    gone = ResponsibilityLeft(domain=command.domain, agency=command.agency)
    return (gone, _assigned(command, taker, Basis.HUB)) if leaving else (gone,)


def _assigned(command: OfLead, agency: str, basis: Basis, handoff: UUID | None = None) -> ResponsibilityAssigned:
    return ResponsibilityAssigned(domain=command.domain, agency=agency, basis=basis, handoff=handoff)
