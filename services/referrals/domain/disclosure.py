"""The accounting of disclosures: who, outside the agency that wrote it, was shown something of a client (R1)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import ClassVar, TypeAlias, assert_never
from uuid import UUID

from services.referrals.domain.fact import Fact, ForeignFact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.uuids import derived
from services.referrals.domain.vocabulary import DisclosureKind, RestrictedClass, Slug

# Commands


@frozen(kw_only=True)
class RecordDisclosure:
    """Something is about to be shown; `restricted` is the class of the referral or handoff that it belongs to.

    `sources` are those who wrote down what is shown, where no referral or handoff says who gave it.
    """

    agency: str
    at: datetime
    kind: DisclosureKind
    consent: UUID | None = None
    referral: UUID | None = None
    handoff: UUID | None = None
    restricted: RestrictedClass | None = None
    sources: tuple[Slug, ...] = ()


DisclosureCommand: TypeAlias = RecordDisclosure

# Events


class DisclosureRecorded(Fact):
    """Something was shown to the agency that the envelope names."""

    TYPE: ClassVar[str] = "disclosure.recorded.v1"
    kind: DisclosureKind
    consent: UUID | None = None
    referral: UUID | None = None
    handoff: UUID | None = None
    restricted: RestrictedClass | None = None
    sources: tuple[Slug, ...] = ()


DisclosureFact: TypeAlias = DisclosureRecorded

# State


@frozen
class Disclosure:
    """A recorded disclosure: what, when (UTC), and to which agency."""

    recorded: DisclosureRecorded
    at: datetime
    agency: str


def disclosure_id(client: UUID, person: str, shown: RecordDisclosure) -> UUID:
    """The stream of what one person was shown of one client in one UTC hour under one consent, of one class and
    of the same agencies: a second time finds it taken (R1)."""
    hour = shown.at.astimezone(UTC).strftime("%Y-%m-%dT%H")
    look = f"{shown.kind}|{shown.consent or ''}|{shown.restricted or ''}|{','.join(shown.sources)}"
    return derived(client, f"disclosure|{shown.agency}|{person}|{look}|{hour}")


def decide(command: DisclosureCommand, state: Disclosure | None) -> tuple[DisclosureFact, ...]:
    """Once per look in an hour (R1): the stream's id is of that hour, so again is nothing."""
    match command:
        case RecordDisclosure():
            if state is not None:
                return ()
            recorded = DisclosureRecorded(
                kind=command.kind,
                consent=command.consent,
                referral=command.referral,
                handoff=command.handoff,
                restricted=command.restricted,
                sources=command.sources,
            )
            return (recorded,)
        case _:
            assert_never(command)


def evolve(state: Disclosure | None, fact: DisclosureFact, at: datetime, agency: str) -> Disclosure:
    """The disclosure after one more fact."""
    match fact:
        case DisclosureRecorded():
            return state or Disclosure(recorded=fact, at=at, agency=agency)
        case _:
            assert_never(fact)


def fold(history: Iterable[Happened]) -> Disclosure | None:
    """The disclosure that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: Disclosure | None = None
    for happened in history:
        if not isinstance(happened.fact, DisclosureFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at, happened.agency)
    return state
