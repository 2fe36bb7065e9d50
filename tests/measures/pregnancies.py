"""Published events of pregnancies, needs and a client's voice, written into a log; restricted ones are marked (R6)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from contracts.events.birth import BirthRecordedV1, PostpartumVisitRecordedV1
from contracts.events.episode import (
    EpisodeClosedV1,
    EpisodeDatedV1,
    EpisodeEnteredInErrorV1,
    EpisodeLostV1,
    EpisodeOpenedV1,
    EpisodePrenatalCareStartedV1,
    EpisodeResumedV1,
    EpisodeSupersededV1,
    EpisodeTakenBackV1,
    ResponsibilityAssignedV1,
    ResponsibilityLeftV1,
)
from contracts.events.feedback import FeedbackAnsweredV1, FeedbackAskedV1
from contracts.events.need import (
    NeedEnteredInErrorV1,
    NeedIdentifiedV1,
    NeedResolvedV1,
    NeedScreenedV1,
    ScreeningEnteredInErrorV1,
    ScreeningRecordedV1,
)
from contracts.vocabulary import (
    AgeBand,
    Basis,
    Category,
    DatingBasis,
    Degree,
    EpisodeEnd,
    Instrument,
    Resolution,
    ResponsibilityDomain,
    ScreeningResult,
)
from tests.measures.published import CLINIC, DOULAS, Fact, Log

COORDINATION = ResponsibilityDomain.PRIMARY_CARE_COORDINATION


def opened(log: Log, client: str, at: datetime, age: AgeBand | None = None, agency: str = CLINIC) -> UUID:
    """A pregnancy that is known since that day."""
    episode = log.id()
    log.add(EpisodeOpenedV1(age_band=age, episode=episode, identified_on=at.date()), client, at, agency)
    return episode


def dated(log: Log, client: str, episode: UUID, at: datetime, edd: date, *, agency: str = CLINIC) -> Fact:
    """The birth is expected on a day."""
    return log.add(EpisodeDatedV1(basis=DatingBasis.LMP, edd=edd, episode=episode), client, at, agency)


def in_care(log: Log, client: str, episode: UUID, at: datetime, on: date) -> Fact:
    """Her first prenatal visit was on a day."""
    return log.add(EpisodePrenatalCareStartedV1(episode=episode, on=on), client, at)


def led(
    log: Log,
    client: str,
    episode: UUID,
    at: datetime,
    *,
    agency: str = CLINIC,
    domain: ResponsibilityDomain = COORDINATION,
) -> Fact:
    """An agency leads from now on."""
    event = ResponsibilityAssignedV1(agency=agency, basis=Basis.INTAKE, domain=domain, episode=episode)
    return log.add(event, client, at, agency, restricted=domain is ResponsibilityDomain.BEHAVIORAL_HEALTH)


def left(log: Log, client: str, episode: UUID, at: datetime, *, agency: str = CLINIC) -> Fact:
    """It leads no more."""
    return log.add(ResponsibilityLeftV1(agency=agency, domain=COORDINATION, episode=episode), client, at, agency)


def lost(log: Log, client: str, episode: UUID, at: datetime) -> Fact:
    """She cannot be found."""
    return log.add(EpisodeLostV1(episode=episode), client, at)


def found(log: Log, client: str, episode: UUID, at: datetime) -> Fact:
    """She was found again."""
    return log.add(EpisodeResumedV1(episode=episode), client, at)


def superseded(log: Log, client: str, episode: UUID, at: datetime, by: UUID) -> Fact:
    """Another entry stands in its place."""
    return log.add(EpisodeSupersededV1(by=by, episode=episode), client, at)


def closed(log: Log, client: str, episode: UUID, at: datetime) -> Fact:
    """It is closed."""
    return log.add(EpisodeClosedV1(episode=episode, reason=EpisodeEnd.OTHER), client, at)


def reopened(log: Log, client: str, fact: Fact, episode: UUID, at: datetime) -> Fact:
    """What closed it does not count."""
    return log.add(EpisodeTakenBackV1(episode=episode, event=fact.headers.id), client, at)


def no_pregnancy(log: Log, client: str, fact: Fact, episode: UUID, at: datetime) -> Fact:
    """What opened or dated it should never have been written."""
    return log.add(EpisodeEnteredInErrorV1(episode=episode, event=fact.headers.id), client, at)


def born(
    log: Log,
    client: str,
    episode: UUID,
    at: datetime,
    on: date,
    *,
    gestational_days: int | None = None,
    agency: str = CLINIC,
) -> Fact:
    """A delivery with a living child."""
    event = BirthRecordedV1(delivered_on=on, episode=episode, gestational_days=gestational_days, live_children=1)
    return log.add(event, client, at, agency, restricted=True)


def visited(log: Log, client: str, episode: UUID, at: datetime, on: date) -> Fact:
    """She was seen after the birth."""
    return log.add(PostpartumVisitRecordedV1(episode=episode, on=on), client, at, restricted=True)


def asked_about(
    log: Log,
    client: str,
    at: datetime,
    result: ScreeningResult,
    *,
    category: Category = Category.FOOD_INSECURITY,
    screening: UUID | None = None,
) -> UUID:
    """She was asked about a social need."""
    id = screening or log.id()
    event = NeedScreenedV1(category=category, instrument=Instrument.PRAPARE, result=result, screening=id)
    log.add(event, client, at)
    return id


def screened(
    log: Log,
    client: str,
    at: datetime,
    result: ScreeningResult,
    instrument: Instrument = Instrument.EPDS,
) -> UUID:
    """She was screened for depression or violence."""
    screening = log.id()
    event = ScreeningRecordedV1(instrument=instrument, result=result, screening=screening)
    log.add(event, client, at, restricted=True)
    return screening


def screened_by_mistake(log: Log, client: str, screening: UUID, at: datetime, *, restricted: bool) -> Fact:
    """It should never have been written."""
    event = ScreeningEnteredInErrorV1(event=log.id(), screening=screening)
    return log.add(event, client, at, restricted=restricted)


def needed(
    log: Log, client: str, at: datetime, category: Category = Category.DOULA, *, restricted: bool = False
) -> UUID:
    """An agency knows of a need."""
    need = log.id()
    log.add(NeedIdentifiedV1(category=category, need=need), client, at, restricted=restricted)
    return need


def resolved(log: Log, client: str, need: UUID, at: datetime) -> Fact:
    """It is there no more."""
    return log.add(NeedResolvedV1(how=Resolution.SERVED, need=need), client, at)


def no_need(log: Log, client: str, need: UUID, at: datetime) -> Fact:
    """It never was."""
    return log.add(NeedEnteredInErrorV1(event=log.id(), need=need), client, at)


def asked_how(log: Log, client: str, referral: UUID, at: datetime) -> UUID:
    """She was asked how it went."""
    feedback = log.id()
    log.add(FeedbackAskedV1(feedback=feedback, referral=referral), client, at, DOULAS)
    return feedback


def answered_how(
    log: Log, client: str, feedback: UUID, referral: UUID, at: datetime, *, met: Degree | None, declined: bool = False
) -> Fact:
    """What she said."""
    event = FeedbackAnsweredV1(declined=declined, feedback=feedback, need_met=met, referral=referral)
    return log.add(event, client, at, DOULAS)
