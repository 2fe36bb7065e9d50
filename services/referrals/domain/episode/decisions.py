"""What follows from what is asked of a pregnancy: opening and joining it here, the steps in rooms of their own."""

from typing import assert_never
from uuid import UUID

from services.referrals.domain.episode import steps
from services.referrals.domain.episode.commands import (
    CloseEpisode,
    CloseForAll,
    DateEpisode,
    EndEpisode,
    EndPostpartum,
    EpisodeCommand,
    GiveBack,
    LeaveLead,
    LoseEpisode,
    OfOpener,
    OfSystem,
    OpenEpisode,
    RecordPostpartumVisit,
    ResumeEpisode,
    StartPrenatalCare,
    StateAgeBand,
    Supersede,
    TakeLead,
    TakeOver,
)
from services.referrals.domain.episode.error import Reopen, VoidDating, VoidEpisode
from services.referrals.domain.episode.events import EpisodeFact, EpisodeJoined, EpisodeOpened, ResponsibilityAssigned
from services.referrals.domain.episode.leads import decide_lead
from services.referrals.domain.episode.state import Episode
from services.referrals.domain.refusal import Conflict, Unfit, WrongState
from services.referrals.domain.uuids import derived
from services.referrals.domain.vocabulary import Basis, ResponsibilityDomain


def episode_id(client: UUID, before: int) -> UUID:
    """The stream of a client's next pregnancy, with so many `before` it: two openers at once meet on it (R4, R18)."""
    return derived(client, f"pregnancy|{before}")


def decide(command: EpisodeCommand, state: Episode | None) -> tuple[EpisodeFact, ...]:
    """The first opener leads coordination, a second joins and does not (R4); a lead moves as R19 says.

    Each opener's own words stand: another day from the same agency is refused, first or not (R4, R12).
    """
    match command:
        case OpenEpisode():
            return _open(command, state)
        case TakeOver() | GiveBack() | TakeLead() | LeaveLead():
            if state is None:
                raise WrongState("none", "episode-not-open")
            return decide_lead(command, state.led)
        case EndPostpartum() | CloseForAll() | Reopen() | Supersede():
            return () if state is None else _of_system(command, state)
        case _:
            if state is None:
                raise WrongState("none", "episode-not-open")
            return _of_opener(command, state)


def _of_opener(command: OfOpener, state: Episode) -> tuple[EpisodeFact, ...]:
    match command:
        case DateEpisode():
            return steps.date_it(command, state)
        case StartPrenatalCare():
            return steps.start_prenatal_care(command, state)
        case LoseEpisode():
            return steps.lose(command, state)
        case ResumeEpisode():
            return steps.resume(command, state)
        case EndEpisode():
            return steps.end(command, state)
        case RecordPostpartumVisit():
            return steps.visit(command, state)
        case CloseEpisode():
            return steps.close(command, state)
        case StateAgeBand():
            return steps.state_age_band(command, state)
        case VoidEpisode():
            return steps.void(command, state)
        case VoidDating():
            return steps.void_dating(command, state)
        case _:
            assert_never(command)


def _of_system(command: OfSystem, state: Episode) -> tuple[EpisodeFact, ...]:
    match command:
        case EndPostpartum():
            return steps.end_postpartum(command, state)
        case CloseForAll():
            return steps.close_for_all(command, state)
        case Reopen():
            return steps.reopen(command, state)
        case Supersede():
            return steps.supersede(command, state)
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
    own = state.own.get(command.agency)
    if own is None or (own.closed and not state.closed):
        return (EpisodeJoined(identified_on=since),)
    if own.since is not None and command.identified_on not in (None, own.since):
        raise Conflict("open", "episode-already-open")
    return ()
