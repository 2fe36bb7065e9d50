"""A pregnancy that agencies care for together, and which one of them leads in each domain."""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import ClassVar, TypeAlias, assert_never
from uuid import UUID, uuid5

from services.referrals.domain.fact import Fact, ForeignFact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import Conflict, Unfit, WrongState
from services.referrals.domain.vocabulary import AgeBand, Basis, ResponsibilityDomain, Slug

# Commands


@frozen(kw_only=True)
class OpenEpisode:
    """An agency says that a client is pregnant; `identified_on` and `today` are local dates of the initiative.

    An agency that does not say since when means today, or what it said before.
    """

    agency: str
    at: datetime
    today: date
    identified_on: date | None = None
    age_band: AgeBand | None = None


@frozen(kw_only=True)
class TakeOver:
    """The receiver of an accepted handoff leads from now on, in place of `from_agency`."""

    agency: str
    at: datetime
    domain: ResponsibilityDomain
    from_agency: str
    handoff: UUID


EpisodeCommand: TypeAlias = OpenEpisode | TakeOver

# Events


class EpisodeOpened(Fact):
    """A pregnancy is known to the initiative since a local date."""

    TYPE: ClassVar[str] = "episode.opened.v1"
    identified_on: date
    age_band: AgeBand | None = None


class EpisodeJoined(Fact):
    """Another agency opened what was open already (R4): stored, published nowhere, told to nobody else.

    `identified_on` is since when it says so; the first of these facts did not hold it.
    """

    TYPE: ClassVar[str] = "episode.joined.v1"
    identified_on: date | None = None


class ResponsibilityAssigned(Fact):
    """An agency leads a domain from now on (R19)."""

    TYPE: ClassVar[str] = "responsibility.assigned.v1"
    domain: ResponsibilityDomain
    agency: Slug
    basis: Basis
    handoff: UUID | None = None


EpisodeFact: TypeAlias = EpisodeOpened | EpisodeJoined | ResponsibilityAssigned

# State


@frozen
class Lead:
    """Who leads a domain, since when (UTC), and why."""

    agency: str
    since: datetime
    basis: Basis
    handoff: UUID | None = None


@frozen
class Episode:
    """An open pregnancy: which agencies opened it, known to each since when, and at most one lead for each domain."""

    opened: EpisodeOpened
    opened_at: datetime
    known_since: Mapping[str, date | None]
    leads: Mapping[ResponsibilityDomain, Lead] = field(default_factory=lambda: MappingProxyType({}))

    def lead(self, domain: ResponsibilityDomain) -> str | None:
        """The agency that leads a domain now, None where nobody does."""
        return self.leads[domain].agency if domain in self.leads else None


def episode_id(client: UUID, ended: int) -> UUID:
    """The stream of a client's next pregnancy, `ended` pregnancies so far: two openers at once meet on it (R4, R18)."""
    return uuid5(client, f"pregnancy|{ended}")


def decide(command: EpisodeCommand, state: Episode | None) -> tuple[EpisodeFact, ...]:
    """The first opener leads coordination, a second joins and does not (R4); a lead moves by handoff alone (R19).

    Each opener's own date stands: another from the same agency is refused, whether it was the first or not (R4, R12).
    """
    match command:
        case OpenEpisode():
            return _open(command, state)
        case TakeOver():
            return _take_over(command, state)
        case _:
            assert_never(command)


def _open(command: OpenEpisode, state: Episode | None) -> tuple[EpisodeFact, ...]:
    since = command.identified_on or command.today
    if since > command.today:
        raise Unfit("date-in-future")
    if state is None:
        return (
            EpisodeOpened(identified_on=since, age_band=command.age_band),
            ResponsibilityAssigned(
                domain=ResponsibilityDomain.PRIMARY_CARE_COORDINATION, agency=command.agency, basis=Basis.INTAKE
            ),
        )
    if command.agency not in state.known_since:
        return (EpisodeJoined(identified_on=since),)
    stands = state.known_since[command.agency]
    if stands is not None and command.identified_on not in (None, stands):
        raise Conflict("open", "episode-already-open")
    return ()


def _take_over(command: TakeOver, state: Episode | None) -> tuple[EpisodeFact, ...]:
    if state is None:
        raise WrongState("none", "episode-not-open")
    lead = state.lead(command.domain)
    if lead == command.agency:
        return ()
    if lead not in (None, command.from_agency):
        raise Conflict("led", "lead-moved")
    return (
        ResponsibilityAssigned(
            domain=command.domain, agency=command.agency, basis=Basis.HANDOFF, handoff=command.handoff
        ),
    )


def evolve(state: Episode | None, fact: EpisodeFact, at: datetime, agency: str) -> Episode:
    """The episode after one more fact."""
    match fact:
        case EpisodeOpened():
            return state or Episode(opened=fact, opened_at=at, known_since=_stating({}, agency, fact.identified_on))
        case EpisodeJoined():
            episode = _begun(state, fact)
            return replace(episode, known_since=_stating(episode.known_since, agency, fact.identified_on))
        case ResponsibilityAssigned():
            episode = _begun(state, fact)
            lead = Lead(agency=fact.agency, since=at, basis=fact.basis, handoff=fact.handoff)
            return replace(episode, leads=MappingProxyType({**episode.leads, fact.domain: lead}))
        case _:
            assert_never(fact)


def _stating(known: Mapping[str, date | None], agency: str, since: date | None) -> Mapping[str, date | None]:
    return MappingProxyType({**known, agency: since})


def _begun(state: Episode | None, fact: EpisodeFact) -> Episode:
    if state is None:
        raise ForeignFact(fact)
    return state


def fold(history: Iterable[Happened]) -> Episode | None:
    """The episode that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: Episode | None = None
    for happened in history:
        if not isinstance(happened.fact, EpisodeFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at, happened.agency)
    return state
