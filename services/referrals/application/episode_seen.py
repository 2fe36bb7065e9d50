"""What an agency sees of a pregnancy: its own words alone, and what the calendar makes of them (R4, R5)."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.draft import History
from services.referrals.domain import episode
from services.referrals.domain.episode import (
    EDGES,
    Episode,
    EpisodeClosed,
    EpisodeDated,
    EpisodeJoined,
    EpisodeOpened,
    EpisodeTakenBack,
    EpisodeVerb,
    Own,
    Phase,
    ResponsibilityAssigned,
    gestational_days,
)
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import NotASide
from services.referrals.domain.timer import TimerFired, TimerSet
from services.referrals.domain.vocabulary import EpisodeEnd
from services.referrals.store.written import Written

_OF_LEADS = (ResponsibilityAssigned, TimerFired, TimerSet)
"""What is no word of an opener's own."""


@frozen
class EpisodeSeen:
    """A pregnancy as one of its openers sees it, whoever else opened it (R4)."""

    history: History
    client: UUID
    own: Own
    today: date
    version: int
    """That of its own words: the stream's would tell a second opener that there was a first (R4)."""
    dating: UUID | None
    """The event of its own dating that stands."""
    opening: UUID
    """The event by which it opened it, the last time that it did."""
    quiet: bool = False
    """Whether outreach to her is paused or stopped: nothing is said of how far she is (R5, R20)."""

    @property
    def id(self) -> UUID:
        return self.history.stream

    @property
    def opened_at(self) -> datetime:
        return self.own.opened_at

    @property
    def phase(self) -> Phase:
        """What the agency takes it for: the calendar, and the end that it recorded itself."""
        phase = self.own.phase(self.today)
        return Phase.POSTPARTUM if self.own.ended and phase is Phase.PRENATAL else phase

    @property
    def gestational_days(self) -> int | None:
        """Today, while she is pregnant as far as the agency knows and can be found; None undated or too soon."""
        if self.own.dated is None or self.own.lost or self.quiet or self.phase is not Phase.PRENATAL:
            return None
        days = gestational_days(self.own.dated.edd, self.today)
        return days if days >= 0 else None

    @property
    def actions(self) -> list[EpisodeVerb]:
        """What this agency may do now."""
        return [verb for verb in EpisodeVerb if self._may(verb)]

    def _may(self, verb: EpisodeVerb) -> bool:
        if self.own.status not in EDGES[verb].sources:
            return False
        match verb:
            case EpisodeVerb.PRENATAL_CARE:
                return self.own.prenatal_care_on is None
            case EpisodeVerb.DATING_IN_ERROR:
                return self.dating is not None
            case EpisodeVerb.POSTPARTUM_VISIT:
                return self.own.birth is not None or (self.own.ended is None and self.phase is Phase.POSTPARTUM)
            case _:
                return True


def seen(acting: Acting, history: History) -> EpisodeSeen:
    """A pregnancy that this agency opened, as it sees it. Raises NotASide for any other."""
    state = fold(history)
    if acting.agency not in state.own or history.client is None:
        raise NotASide
    words = list(_own_words(acting.agency, history))
    own_datings, wrong = datings_of(acting.agency, history), state.own[acting.agency].wrong
    datings = (id for id in reversed(own_datings) if id not in wrong)
    openings = (e.envelope.event_id for e in reversed(words) if isinstance(e.fact, EpisodeOpened | EpisodeJoined))
    own, dating, opening = state.own[acting.agency], next(datings, None), next(openings)
    return EpisodeSeen(history, history.client, own, acting.today, len(words), dating, opening)


def datings_of(agency: str, history: History) -> list[UUID]:
    """The events by which an agency dated it, in order, those in error too."""
    told = (event for event in history.events if isinstance(event.fact, EpisodeDated))
    return [event.envelope.event_id for event in told if event.envelope.agency == agency]


def until(acting: Acting, history: History, version: int) -> History:
    """The stream as it stood when the agency's own words were at a version."""
    words = list(_own_words(acting.agency, history))[:version]
    return history.until(words[-1].version) if words else history


def is_opener(acting: Acting, history: History) -> bool:
    """Whether this agency opened the pregnancy that a stream tells of, first or later."""
    return any(
        isinstance(event.fact, EpisodeOpened | EpisodeJoined) and event.envelope.agency == acting.agency
        for event in history.events
    )


def fold(history: History) -> Episode:
    """The pregnancy that a stream tells of. Raises NotASide for an empty one."""
    state = episode.fold(history.happened())
    if state is None:
        raise NotASide
    return state


def _own_words(agency: str, history: History) -> Iterator[Written]:
    """What the agency said of it, and what closed it, or gave it back, for all."""
    for event in history.events:
        own = event.envelope.agency == agency and not isinstance(event.fact, _OF_LEADS)
        ended = isinstance(event.fact, EpisodeClosed) and event.fact.reason is not EpisodeEnd.OTHER
        for_all = ended or isinstance(event.fact, EpisodeTakenBack)
        if own or for_all:
            yield event
