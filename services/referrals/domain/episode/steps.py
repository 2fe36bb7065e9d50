"""What follows from a step of an agency that opened a pregnancy (F5, R5, R6)."""

from datetime import date

from services.referrals.domain.episode import bounds
from services.referrals.domain.episode.calendar import POSTPARTUM, PREGNANCY
from services.referrals.domain.episode.commands import (
    CloseEpisode,
    CloseForAll,
    DateEpisode,
    EndEpisode,
    EndPostpartum,
    LoseEpisode,
    RecordPostpartumVisit,
    ResumeEpisode,
    StartPrenatalCare,
    StateAgeBand,
    Supersede,
)
from services.referrals.domain.episode.error import Reopen, VoidDating, VoidEpisode
from services.referrals.domain.episode.events import (
    AgeBandStated,
    EpisodeClosed,
    EpisodeDated,
    EpisodeEndRecorded,
    EpisodeEnteredInError,
    EpisodeFact,
    EpisodeLost,
    EpisodeParted,
    EpisodeResumed,
    EpisodeSuperseded,
    EpisodeTakenBack,
    PostpartumVisitRecorded,
    PrenatalCareStarted,
)
from services.referrals.domain.episode.machine import EDGES, EpisodeStatus, EpisodeVerb, Phase
from services.referrals.domain.episode.state import Episode, Own
from services.referrals.domain.refusal import Conflict, NotASide, Unfit, WrongState
from services.referrals.domain.vocabulary import EpisodeEnd


def date_it(command: DateEpisode, state: Episode) -> tuple[EpisodeFact, ...]:
    own = own_words(command.agency, state)
    opened = own.since or own.opened_at.date()
    if not opened - POSTPARTUM <= command.edd <= command.today + PREGNANCY:
        raise Unfit("due-date-not-possible")
    stands = own.dated
    if stands and (stands.edd, stands.basis) == (command.edd, command.basis):
        return ()
    if command.supersedes not in (None, command.earlier):
        raise Conflict(own.status, "dating-moved")
    possible(EpisodeVerb.DATE, own)
    bounds.dated(own, command.edd)
    return (EpisodeDated(edd=command.edd, basis=command.basis, earlier=command.earlier),)


def start_prenatal_care(command: StartPrenatalCare, state: Episode) -> tuple[EpisodeFact, ...]:
    own = own_words(command.agency, state)
    not_later(command.on, command.today)
    if own.prenatal_care_on is not None:
        if own.prenatal_care_on == command.on:
            return ()
        raise Conflict(own.status, "prenatal-care-already-recorded")
    possible(EpisodeVerb.PRENATAL_CARE, own)
    bounds.care(own, command.on)
    return (PrenatalCareStarted(on=command.on),)


def lose(command: LoseEpisode, state: Episode) -> tuple[EpisodeFact, ...]:
    own = own_words(command.agency, state)
    if own.status is EpisodeStatus.LOST:
        return ()
    possible(EpisodeVerb.LOST, own)
    return (EpisodeLost(),)


def resume(command: ResumeEpisode, state: Episode) -> tuple[EpisodeFact, ...]:
    own = own_words(command.agency, state)
    if own.resumed and own.status not in {EpisodeStatus.LOST, EpisodeStatus.CLOSED}:
        return ()
    possible(EpisodeVerb.RESUME, own)
    return (EpisodeResumed(),)


def end(command: EndEpisode, state: Episode) -> tuple[EpisodeFact, ...]:
    own = own_words(command.agency, state)
    if own.ended is not None:
        if command.same or own.ended.end == command.end:
            return ()
        raise Conflict(own.status, "end-already-recorded")
    possible(EpisodeVerb.END, own)
    bounds.end(own, command.on, birth=command.birth is not None)
    return (EpisodeEndRecorded(end=command.end), *((command.birth,) if command.birth else ()))


def visit(command: RecordPostpartumVisit, state: Episode) -> tuple[EpisodeFact, ...]:
    """After a birth, or past the due date. What follows a loss is a support contact: no fact may tell of it (R5)."""
    own = own_words(command.agency, state)
    not_later(command.on, command.today)
    if command.on in own.visits:
        return ()
    possible(EpisodeVerb.POSTPARTUM_VISIT, own)
    born = own.birth.delivered_on if own.birth else None
    begun = own.phase(command.today) is Phase.POSTPARTUM if own.ended is None else born is not None
    if not begun:
        raise WrongState(own.status, "no-birth-recorded")
    bounds.visit(own, command.on, born)
    return (PostpartumVisitRecorded(on=command.on),)


def close(command: CloseEpisode, state: Episode) -> tuple[EpisodeFact, ...]:
    """The last agency that has it open closes it for all; the others only for themselves (R4)."""
    own = own_words(command.agency, state)
    if own.status is EpisodeStatus.CLOSED:
        return ()
    possible(EpisodeVerb.CLOSE, own)
    others = any(not each.closed for agency, each in state.own.items() if agency != command.agency)
    return (EpisodeParted(),) if others else (EpisodeClosed(reason=EpisodeEnd.OTHER),)


def void(command: VoidEpisode, state: Episode) -> tuple[EpisodeFact, ...]:
    """For the agency itself; for all, where no other says that she was pregnant (R4, R14)."""
    if own_words(command.agency, state).in_error:
        return ()
    others = [own for agency, own in state.own.items() if agency != command.agency and not own.in_error]
    event = command.event if others else command.first
    void = EpisodeEnteredInError(event=event, note=command.note, whole=not others)
    over = state.is_over or not others or any(not own.closed for own in others)
    return (void,) if over else (void, EpisodeClosed(reason=EpisodeEnd.OTHER))


def void_dating(command: VoidDating, state: Episode) -> tuple[EpisodeFact, ...]:
    """The dating before it is in force again, at any time (R14), where it fits what is written down since."""
    own = own_words(command.agency, state)
    if command.event in own.wrong:
        return ()
    possible(EpisodeVerb.DATING_IN_ERROR, own)
    if own.dated is None:
        raise WrongState(own.status)
    if command.back is not None and command.back != own.dated.edd:
        bounds.again(own, command.back, command.ended_on)
    wrong = (command.event, *(each for each in command.before if each not in own.wrong))
    return tuple(EpisodeEnteredInError(event=each, note=command.note, whole=False, dating=True) for each in wrong)


def end_postpartum(command: EndPostpartum, state: Episode) -> tuple[EpisodeFact, ...]:
    if state.is_over:
        return ()
    if state.phase(command.today) is not Phase.CLOSED:
        raise WrongState(state.phase(command.today))
    return (EpisodeClosed(reason=EpisodeEnd.POSTPARTUM_OVER),)


def close_for_all(command: CloseForAll, state: Episode) -> tuple[EpisodeFact, ...]:
    return () if state.closed or state.in_error else (EpisodeClosed(reason=command.reason),)


def reopen(command: Reopen, state: Episode) -> tuple[EpisodeFact, ...]:
    """Only what ended for that alone: a wrong entry, or one with another in its place, stays as it is."""
    ended = state.closed is not None and state.closed.reason is EpisodeEnd.NO_FURTHER_CONTACT
    return (EpisodeTakenBack(event=command.event),) if ended and not (state.superseded or state.in_error) else ()


def supersede(command: Supersede, state: Episode) -> tuple[EpisodeFact, ...]:
    return () if state.is_over else (EpisodeSuperseded(by=command.by),)


def state_age_band(command: StateAgeBand, state: Episode) -> tuple[EpisodeFact, ...]:
    own_words(command.agency, state)
    return () if state.age_band is command.age_band else (AgeBandStated(age_band=command.age_band),)


def own_words(agency: str, state: Episode) -> Own:
    """What this agency said of it. Raises NotASide for one that did not open it (R4)."""
    if agency not in state.own:
        raise NotASide
    return state.own[agency]


def possible(verb: EpisodeVerb, own: Own) -> None:
    """Raises WrongState."""
    if own.status not in EDGES[verb].sources:
        raise WrongState(own.status, "episode-closed" if own.closed else None)


def not_later(on: date, today: date) -> None:
    """Raises Unfit."""
    if on > today:
        raise Unfit("date-in-future")
