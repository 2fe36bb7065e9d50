"""The machines of the domain in one shape, read off each aggregate's own table: what docs draw and tests walk."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from services.referrals.domain import appointment, contact, handoff, need, referral
from services.referrals.domain import check_machine as checks
from services.referrals.domain import question_machine as questions
from services.referrals.domain import screening_machine as screenings
from services.referrals.domain.client import machine as clients
from services.referrals.domain.consent import machine as consents
from services.referrals.domain.directory import agency
from services.referrals.domain.episode import machine as episodes
from services.referrals.domain.feedback import machine as voices
from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import Standing

AUTHOR, EITHER, NOBODY = "author", "either side", "follows by itself"
OFFICE, KNOWS_HER = "its administrator or the backbone", "any agency that knows her"


@frozen
class Step:
    """A row: who may take it, from where (None: nothing is there yet), to where (None: it stays, or goes back)."""

    verb: str
    by: str
    sources: tuple[str | None, ...]
    targets: tuple[str | None, ...]


@frozen
class Machine:
    """One aggregate: where it begins, where it may stand, and its steps."""

    name: str
    begins: tuple[str, ...]
    states: tuple[str, ...]
    steps: tuple[Step, ...]


def machines() -> tuple[Machine, ...]:
    """All of them, the referral first."""
    return (
        _machine("referral", referral.ReferralStatus, referral.EDGES, ("sent",)),
        _machine("appointment", appointment.AppointmentStatus, appointment.EDGES, ("booked",)),
        _machine("handoff", handoff.HandoffStatus, handoff.EDGES, ("proposed",)),
        _machine("episode", episodes.EpisodeStatus, episodes.EDGES, ("open_undated",)),
        _machine("consent", consents.ConsentStatus, consents.EDGES, ("agreed", "refused")),
        _machine("contact", contact.ContactStatus, contact.EDGES, ("planned", "completed")),
        _machine("need", need.NeedStatus, need.EDGES, ("identified",)),
        _machine("check", checks.CheckStatus, checks.EDGES, ("asked",)),
        _machine("feedback", voices.FeedbackStatus, voices.EDGES, ("not_asked",)),
        _machine("screening", screenings.ScreeningStatus, screenings.EDGES, ("recorded",)),
        _machine("question", questions.QuestionStatus, questions.EDGES, ("asked",)),
        _machine("client", clients.OutreachStatus, clients.EDGES, ("open",), by=KNOWS_HER),
        _machine("agency", Standing, agency.EDGES, ("invited", "active"), by=OFFICE),
    )


def _machine(
    name: str, states: type[StrEnum], edges: Mapping[Any, Any], begins: tuple[str, ...], *, by: str | None = None
) -> Machine:
    """`by`: who takes every step, where the domain does not say it because the interface does."""
    order = {state.value: place for place, state in enumerate(states)}
    steps = (_step(verb.value, edge, order) for verb, edge in edges.items())
    return Machine(name, begins, tuple(order), tuple(replace(step, by=by or step.by) for step in steps))


def _step(verb: str, edge: Any, order: Mapping[str, int]) -> Step:
    if isinstance(edge, tuple):
        return Step(verb, EITHER, _values([edge[0]], order), _values([edge[1]], order))
    sources = edge.sources if hasattr(edge, "sources") else [edge.source]
    targets = edge.targets if hasattr(edge, "targets") else [edge.target]
    by = _sides(edge)
    return Step(verb, by, _values(sources, order), _values(targets, order))


def _sides(edge: Any) -> str:
    """Who takes a step, as the table of its aggregate says it: a side, a set of sides, or the one that recorded it."""
    if not hasattr(edge, "side") and not hasattr(edge, "sides"):
        return AUTHOR if getattr(edge, "pressed", True) else NOBODY
    sides = edge.sides if hasattr(edge, "sides") else {edge.side} - {None}
    named = [str(side.value) for side in sides]
    return EITHER if len(named) > 1 else named[0] if named else NOBODY


def _values(states: Iterable[Any], order: Mapping[str, int]) -> tuple[str | None, ...]:
    found = [None if state is None else str(state.value) for state in states]
    return tuple(sorted(found, key=lambda state: -1 if state is None else order[state]))
