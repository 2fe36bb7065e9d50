"""Owns what is known of one made-up client: her streams by the journey's words, and what is asked of one of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from deploy.simulator.county import County
from services.referrals.domain.consent import Agreement
from services.referrals.domain.fact import Fact
from services.referrals.domain.vocabulary import ResponsibilityDomain
from services.referrals.store.commit import WorkRow
from services.referrals.store.written import Written

EPISODE, CLIENT = "episode", "client"


def voice_of(referral: str) -> str:
    """The word for what she says of a referral."""
    return f"voice-{referral}"


def claim_of(agency: str, referral: str) -> str:
    """The word for who of an agency does what a referral waits for."""
    return f"claim {agency} {referral}"


def plan_of(agency: str) -> str:
    """The word for how an agency may contact her."""
    return f"plan-{agency}"


class Aggregate(Protocol):
    """What every room of the domain offers."""

    def decide(self, command: Any, state: Any, /) -> tuple[Fact, ...]: ...

    def evolve(self, state: Any, fact: Any, at: datetime, agency: str, /) -> Any: ...

    def fold(self, history: Any, /) -> Any: ...


@dataclass(slots=True)
class Stream:
    """A stream as the record knows it: its id, its events, the state that they tell of, and its rows on work lists."""

    id: UUID
    aggregate: Aggregate
    events: list[Written] = field(default_factory=list)
    state: Any = None
    rows: Sequence[WorkRow] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A command for the stream of one of the journey's words; what follows from it `happened` then (UTC)."""

    word: str
    aggregate: Aggregate
    command: Any
    happened: datetime


@dataclass
class Known:
    """What is known of a client when a step is asked for: her streams by the journey's words, and her county."""

    county: County
    streams: dict[str, Stream] = field(default_factory=dict)
    notes: dict[str, UUID] = field(default_factory=dict)
    reserved: dict[str, UUID] = field(default_factory=dict)
    """The ids of streams that are named before they begin."""

    def agreement(self, word: str) -> Agreement:
        return self.agreement_by(self.streams[word])

    def agreement_by(self, consent: Stream) -> Agreement:
        return Agreement(consent.id, consent.state)

    def lead(self, domain: ResponsibilityDomain) -> str | None:
        return self.streams[EPISODE].state.lead(domain) if EPISODE in self.streams else None

    def id_of(self, word: str | None) -> UUID | None:
        return self.streams[word].id if word and word in self.streams else None
