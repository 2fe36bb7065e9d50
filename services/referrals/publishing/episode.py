"""What others may read of a pregnancy and of who leads: one line a kind of fact, which says what of it leaves."""

from typing import assert_never
from uuid import UUID

from contracts.events.birth import BirthEvent, BirthRecordedV1, PostpartumVisitRecordedV1
from contracts.events.episode import (
    EpisodeAgeBandStatedV1,
    EpisodeClosedV1,
    EpisodeDatedV1,
    EpisodeEnteredInErrorV1,
    EpisodeEvent,
    EpisodeLostV1,
    EpisodeOpenedV1,
    EpisodePrenatalCareStartedV1,
    EpisodeResumedV1,
    EpisodeSupersededV1,
    EpisodeTakenBackV1,
    ResponsibilityAssignedV1,
    ResponsibilityLeftV1,
)
from services.referrals.domain.episode import (
    AgeBandStated,
    BirthRecorded,
    EpisodeClosed,
    EpisodeDated,
    EpisodeEndRecorded,
    EpisodeEnteredInError,
    EpisodeFact,
    EpisodeJoined,
    EpisodeLost,
    EpisodeOpened,
    EpisodeParted,
    EpisodeResumed,
    EpisodeSuperseded,
    EpisodeTakenBack,
    PostpartumVisitRecorded,
    PrenatalCareStarted,
    ResponsibilityAssigned,
    ResponsibilityLeft,
)


def of_episode(fact: EpisodeFact, stream: UUID) -> EpisodeEvent | BirthEvent | None:
    """The published twin of a fact of `stream`, None for what is stored only."""
    match fact:
        case EpisodeOpened(identified_on=day, age_band=band):
            return EpisodeOpenedV1(episode=stream, identified_on=day, age_band=band)
        case EpisodeJoined() | EpisodeParted() | EpisodeEndRecorded():
            return None
        case AgeBandStated(age_band=stated):
            return EpisodeAgeBandStatedV1(episode=stream, age_band=stated)
        case EpisodeDated(edd=edd, basis=basis):
            return EpisodeDatedV1(episode=stream, edd=edd, basis=basis)
        case PrenatalCareStarted(on=on):
            return EpisodePrenatalCareStartedV1(episode=stream, on=on)
        case EpisodeLost():
            return EpisodeLostV1(episode=stream)
        case EpisodeResumed():
            return EpisodeResumedV1(episode=stream)
        case EpisodeSuperseded(by=by):
            return EpisodeSupersededV1(episode=stream, by=by)
        case EpisodeClosed(reason=reason):
            return EpisodeClosedV1(episode=stream, reason=reason)
        case EpisodeEnteredInError(event=event, whole=whole, dating=dating):
            return EpisodeEnteredInErrorV1(episode=stream, event=event) if whole or dating else None
        case EpisodeTakenBack(event=ended):
            return EpisodeTakenBackV1(episode=stream, event=ended)
        case BirthRecorded():
            return _birth(fact, stream)
        case PostpartumVisitRecorded(on=on):
            return PostpartumVisitRecordedV1(episode=stream, on=on)
        case ResponsibilityAssigned():
            return _responsibility(fact, stream)
        case ResponsibilityLeft(domain=domain, agency=agency):
            return ResponsibilityLeftV1(episode=stream, domain=domain, agency=agency)
        case _:
            assert_never(fact)


def _birth(fact: BirthRecorded, stream: UUID) -> BirthRecordedV1:
    return BirthRecordedV1(
        episode=stream,
        delivered_on=fact.delivered_on,
        gestational_days=fact.gestational_days,
        live_children=fact.live_children,
        weight_band=fact.weight_band,
    )


def _responsibility(fact: ResponsibilityAssigned, stream: UUID) -> ResponsibilityAssignedV1:
    return ResponsibilityAssignedV1(
        episode=stream, domain=fact.domain, agency=fact.agency, basis=fact.basis, handoff=fact.handoff
    )
