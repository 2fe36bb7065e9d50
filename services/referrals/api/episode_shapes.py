"""A pregnancy as it is answered: one agency's own words, and what the calendar makes of them."""

from datetime import date
from typing import Annotated

from pydantic import Field

from services.referrals.api.naming import Naming
from services.referrals.api.shapes import Answer, Body, Day, Instant
from services.referrals.application.episode_seen import EpisodeSeen
from services.referrals.application.pregnancy_end import Child, End, EndedHow
from services.referrals.domain.episode import EpisodeStatus, EpisodeVerb, Phase
from services.referrals.domain.vocabulary import DatingBasis


class ChildGiven(Body):
    """One child of a delivery; the weight in grams."""

    live: bool = True
    weight_g: Annotated[int, Field(ge=200, le=8000)] | None = None


class EndGiven(Body):
    """How and when it ended. Of a live birth without children, one is meant. `gestational_days` where it is known."""

    how: EndedHow
    on: Day
    gestational_days: Annotated[int, Field(ge=20, le=330)] | None = None
    children: Annotated[tuple[ChildGiven, ...], Field(max_length=8)] = ()

    def end(self) -> End:
        children = tuple(Child(live=child.live, weight_g=child.weight_g) for child in self.children)
        if not children and self.how is EndedHow.LIVE_BIRTH:
            children = (Child(),)
        return End(how=self.how, on=self.on, gestational_days=self.gestational_days, children=children)


class ChildShown(Answer):
    """One child of a delivery; the weight in grams."""

    live: bool
    weight_g: int | None


class EndShown(Answer):
    """How and when it ended, as this agency wrote it down. Nobody else reads it."""

    how: EndedHow
    on: date
    gestational_days: int | None
    children: list[ChildShown]


class EpisodeShown(Answer):
    """A pregnancy in this agency's own words.

    `phase` is what the agency takes it for: by the due date in force (undated: 280 days after it was opened), and by an
    end that it recorded itself. `dating` is the event that stated `due`. `gestational_days` are those of today, null
    where they are not known or not to be spoken of. `end` is told of one that is asked for alone.
    """

    episode: str
    client: str
    opened_at: Instant
    identified_on: date | None
    state: EpisodeStatus
    phase: Phase
    due: date | None
    basis: DatingBasis | None
    dating: str | None
    gestational_days: int | None
    prenatal_care_on: date | None
    postpartum_visits: list[date]
    end_recorded: bool
    end: EndShown | None
    actions: list[EpisodeVerb]
    version: int


class EpisodeStep(Answer):
    """Where a pregnancy stands in the agency's own words after a step."""

    episode: str
    client: str
    state: EpisodeStatus
    version: int


def episode_shown(naming: Naming, seen: EpisodeSeen, end: End | None = None) -> EpisodeShown:
    """A pregnancy as its opener may read it."""
    own = seen.own
    return EpisodeShown(
        episode=naming.out("episode", seen.id),
        client=naming.out("client", seen.client),
        opened_at=seen.opened_at,
        identified_on=own.since,
        state=own.status,
        phase=seen.phase,
        due=own.dated.edd if own.dated else None,
        basis=own.dated.basis if own.dated else None,
        dating=naming.maybe("event", seen.dating),
        gestational_days=seen.gestational_days,
        prenatal_care_on=own.prenatal_care_on,
        postpartum_visits=sorted(own.visits),
        end_recorded=own.ended is not None,
        end=None if end is None else _end(end),
        actions=seen.actions,
        version=seen.version,
    )


def _end(end: End) -> EndShown:
    children = [ChildShown(live=child.live, weight_g=child.weight_g) for child in end.children]
    return EndShown(how=end.how, on=end.on, gestational_days=end.gestational_days, children=children)
