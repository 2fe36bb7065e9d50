"""What happened to one client, folded from published events in whatever order and however often they come.

What is known is a set of events by their ids, and the journey follows from that set: those that were taken back, and
what was entered in error, are left out; each move (`moves`) takes the earlier of two moments, the later of two sayings,
or adds what is not there yet. So the fold is commutative, associative and idempotent: any arrival order, batching or
replay gives the same journey.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from typing import Any
from uuid import UUID

from contracts.events.client import ClientDemographicsStatedV1
from contracts.initiative import MeasurementConsent
from services.measures.domain.episode import EpisodePath
from services.measures.domain.evidence import Evidence
from services.measures.domain.need import FeedbackPath, NeedPath, Screened
from services.measures.domain.observed import Observed, void
from services.measures.domain.path import AppointmentPath, Contact, HandoffPath, ReferralPath
from services.measures.domain.paths import MOVED_BY, Paths
from services.measures.domain.person import Counting, Link, Stated, is_counted, prevailing
from services.measures.domain.pregnancy import Pregnancy, pregnancies

__all__ = ["MOVED_BY", "Journey", "Observed", "evolve", "fold"]

# ---- State


@dataclass(frozen=True)
class Journey:
    """One client's referrals, handoffs, contacts, visits, pregnancies, needs, screenings and answers by id.

    Nothing in it is of a restricted class (R6): `whole` has those facts too, for measures marked sensitive alone.
    `counting` is what each consent says last of being counted in figures.
    `found` is what several measures look for in it, once it was: it follows from the rest.
    `known` are the events from which they follow; `taken_back` are ids of events, `in_error` of what they are about.
    """

    known: Mapping[UUID, Observed] = field(default_factory=dict, compare=False, repr=False)
    taken_back: frozenset[UUID] = frozenset()
    in_error: frozenset[UUID] = frozenset()
    referrals: Mapping[UUID, ReferralPath] = field(default_factory=dict)
    handoffs: Mapping[UUID, HandoffPath] = field(default_factory=dict)
    contacts: Mapping[UUID, Contact] = field(default_factory=dict)
    appointments: Mapping[UUID, AppointmentPath] = field(default_factory=dict)
    stated: Mapping[str, Stated] = field(default_factory=dict)
    links: Mapping[tuple[str, str], Link] = field(default_factory=dict)
    counting: Mapping[UUID, Counting] = field(default_factory=dict)
    episodes: Mapping[UUID, EpisodePath] = field(default_factory=dict)
    needs: Mapping[UUID, NeedPath] = field(default_factory=dict)
    screenings: Mapping[UUID, Screened] = field(default_factory=dict)
    voices: Mapping[UUID, FeedbackPath] = field(default_factory=dict)
    restricted_too: Journey | None = None
    found: dict[Hashable, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def whole(self) -> Journey:
        """The same with facts of restricted classes: only `figure.seen_by` asks for it."""
        return self.restricted_too or self

    def is_counted(self, rule: MeasurementConsent) -> bool:
        """Whether figures count her, by what she said and the initiative's rule (R7)."""
        if not self.counting:
            return rule != "opt_in"
        return is_counted(self.counting, rule)

    @property
    def demographics(self) -> ClientDemographicsStatedV1 | None:
        """Who she says she is (R7), None where nobody stated it."""
        return prevailing(self.stated)

    @property
    def others(self) -> frozenset[str]:
        """The pseudonyms of clients that some agency takes for her (R21)."""
        return frozenset(other for (_, other), link in self.links.items() if link.same)

    @cached_property
    def pregnancies(self) -> Sequence[Pregnancy]:
        """Each pregnancy once, however many entries it has, by the moment at which it was opened first."""
        return pregnancies(self.episodes)

    def in_order(self) -> Sequence[Contact]:
        """Contacts in which she was met, by time, then by place in the event store."""
        return self._in_order

    @cached_property
    def _in_order(self) -> Sequence[Contact]:
        return sorted((each for each in self.contacts.values() if each.met), key=attrgetter("moment"))

    def consecutive(self) -> Iterable[tuple[Contact, Contact]]:
        """Each completed contact with the one after it."""
        return pairwise(self.in_order())


# ---- evolve


def evolve(journey: Journey, observed: Observed) -> Journey:
    """The journey with one more event known."""
    return fold((observed,), journey)


# ---- fold


def fold(observed: Iterable[Observed], journey: Journey | None = None) -> Journey:
    """The journey of all these events, going on from `journey` when one is given."""
    known = dict(journey.whole.known) if journey else {}
    known |= {each.id: each for each in observed if each.event.TYPE in MOVED_BY}
    restricted = [each for each in known.values() if each.restricted]
    if not restricted:
        return _settled(known, *_applied(known.values()))
    ordinary = {id: each for id, each in known.items() if not each.restricted}
    taken_back, in_error, paths = _applied(ordinary.values())
    more = paths.copy()
    journey = _settled(ordinary, taken_back, in_error, paths)
    void_by_all = void(known.values())
    if void_by_all[0] != taken_back:  # a restricted fact takes an ordinary one back: not to be gone on from
        return replace(journey, restricted_too=_settled(known, *_applied(known.values())))
    return replace(journey, restricted_too=_settled(known, *void_by_all, _taken(more, restricted, taken_back)))


def _applied(observed: Collection[Observed]) -> tuple[frozenset[UUID], frozenset[UUID], Paths]:
    """What is taken back and in error by these events, and what all others of them come to."""
    taken_back, in_error = void(observed)
    return taken_back, in_error, _taken(Paths(), observed, taken_back)


def _taken(paths: Paths, observed: Iterable[Observed], taken_back: frozenset[UUID]) -> Paths:
    for each in observed:
        if not taken_back or each.id not in taken_back:
            paths.apply(each)
    return paths


def _settled(
    known: Mapping[UUID, Observed], taken_back: frozenset[UUID], in_error: frozenset[UUID], paths: Paths
) -> Journey:
    """Without what was entered in error, and without services that only such showed."""
    paths.leave_out(in_error)
    Evidence(paths.contacts, paths.appointments, in_error, known.values()).settle(paths.referrals, paths.handoffs)
    return Journey(
        known,
        taken_back,
        in_error,
        referrals=paths.referrals,
        handoffs=paths.handoffs,
        contacts=paths.contacts,
        appointments=paths.appointments,
        stated=paths.stated,
        links=paths.links,
        counting=paths.counting,
        episodes=paths.episodes,
        needs=paths.needs,
        screenings=paths.screenings,
        voices=paths.voices,
    )
