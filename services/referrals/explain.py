"""Owns why a record stands as it does: its events in order, by whom, when, and the rule of each; no identity.

It reads the event store alone: names and texts are in the vault, whose keys it does not hold.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import TupleRow

from services.referrals.domain import handoff, referral
from services.referrals.domain.frozen import frozen
from services.referrals.domain.timer import Timer, TimerFired
from services.referrals.store.clock_rows import Due
from services.referrals.store.mapper import FactMapper
from services.referrals.store.recorded import select, written_row
from services.referrals.store.work_index import work_rows
from services.referrals.store.written import Written, happened

# By the longest beginning of a type's name: the machine or decided case (design, rules.md) that an event rests on.
RULES: Final[Mapping[str, str]] = {
    "agency": "R22",
    "appointment": "F2, visits",
    "birth": "R5, R6",
    "capacity": "R2",
    "charge": "R22",
    "break_glass": "R1, an emergency",
    "check": "R2",
    "claim": "R15, a claim stands for one working day",
    "client": "R21",
    "client.demographics_stated": "R7",
    "client.details_erased": "R1, its own record of her is erased",
    "client.hold": "R1, its own record of her is kept",
    "client.no_further_contact": "R20",
    "client.outreach": "R5",
    "consent": "R1",
    "contact": "F4, R17",
    "disclosure": "R1",
    "episode": "F5, R18",
    "episode.end_recorded": "R5",
    "episode.joined": "R4",
    "episode.superseded": "R5",
    "episode.taken_back": "R20",
    "feedback": "F2, her own voice",
    "handoff": "F3",
    "handoff.acknowledged": "F3, R11",
    "handoff.expired": "F3, R15",
    "handoff.failed": "F3, R15, R19",
    "handoff.taken_back": "R14",
    "inquiry": "R1, a privacy officer answers",
    "need": "R6",
    "note": "R1",
    "postpartum_visit": "R6",
    "question": "F2, asked before an answer",
    "referral": "F2, R16",
    "referral.accepted": "F2, R12",
    "referral.acknowledged": "F2, R11",
    "referral.cancelled": "F2, R15",
    "referral.entered_in_error": "R14",
    "referral.expired": "F2, R15",
    "referral.not_completed": "F2, R13",
    "referral.received": "F2, R11",
    "referral.redirected": "F2, R3",
    "referral.sent": "F2, R1",
    "referral.service_started": "F2, R17",
    "referral.taken_back": "R14",
    "responsibility": "R19",
    "safecontact": "R13",
    "screening": "R6",
    "service": "R2",
    "timer": "R15",
    "timer.set": "R15, R17",
    "watch": "R19",
}

# The same for each timer that runs out.
TIMERS: Final[Mapping[Timer, str]] = {
    Timer.CONFIRM_CANCELLATION: "F2, R15",
    Timer.END_POSTPARTUM: "F5, R5",
    Timer.EXPIRE: "F2, R15",
    Timer.EXPIRE_CONSENT: "R1, R15",
    Timer.EXPIRE_HANDOFF: "F3, R15",
    Timer.FAIL_HANDOFF: "F3, R15, R19",
    Timer.OVERDUE: "R15",
    Timer.SILENCE: "R15, R17, R19",
}

_STREAM: Final[LiteralString] = select("WHERE originator_id = %s ORDER BY originator_version")
_CLIENT: Final[LiteralString] = select("WHERE client_id = %s ORDER BY occurred_at, notification_id")

Connection = psycopg.Connection[TupleRow]


class NothingThere(LookupError):
    """No event is about this id."""


@frozen
class Step:
    """One event: what, of which stream, when it happened and when the store learnt of it (UTC), by which agency and
    sign-in, on which rule, and where its referral or handoff stood after it (None for anything else). `timer`: which
    one had run out."""

    type: str
    stream: UUID
    at: datetime
    recorded_at: datetime | None
    agency: str
    actor: str
    rule: str
    state: str | None
    timer: str | None = None


@frozen
class Standing:
    """Where a referral, handoff or visit stands, since which event, and what it waits for, on whom, until when."""

    kind: str
    id: UUID
    state: str
    since: Step
    waits_for: str | None
    waits_on: str | None
    due_at: datetime | None


@frozen
class Explained:
    """Every event in order, and how everything stands that they come to."""

    steps: list[Step]
    standing: list[Standing]


def rule_of(type_: str) -> str:
    """The rule that an event of this type rests on. Raises KeyError for a type that no rule was given."""
    name = type_.rpartition(".v")[0]
    return RULES[max((known for known in RULES if name.startswith(known)), key=len, default=name)]


def explain_referral(connection: Connection, mapper: FactMapper, id: UUID, due: Due) -> Explained:
    """Why a referral (or a handoff, or a visit) is in its state. Raises NothingThere."""
    return _explained(_read(connection, mapper, _STREAM, id), due)


def explain_client(connection: Connection, mapper: FactMapper, id: UUID, due: Due) -> Explained:
    """Everything that happened to a client, by when it happened. Raises NothingThere."""
    return _explained(_read(connection, mapper, _CLIENT, id), due)


def _read(connection: Connection, mapper: FactMapper, query: LiteralString, id: UUID) -> list[Written]:
    events = [written_row(row, mapper.decode) for row in connection.execute(query, [id], binary=True)]
    if not events:
        raise NothingThere("No event is about this id.")
    return events


def _explained(events: Sequence[Written], due: Due) -> Explained:
    streams: dict[UUID, list[Written]] = {}
    for event in sorted(events, key=lambda event: (event.stream, event.version)):
        streams.setdefault(event.stream, []).append(event)
    states = {event.envelope.event_id: state for each in streams.values() for event, state in _states(each)}
    steps = {event.envelope.event_id: _step(event, states.get(event.envelope.event_id)) for event in events}
    standing = []
    for history in streams.values():
        for row in work_rows(history, due):
            since = steps[_moved(history, states).envelope.event_id]
            standing.append(Standing(row.kind, row.id, row.state, since, row.waits_for, row.waits_on, row.due_at))
    return Explained(list(steps.values()), standing)


def _states(history: Sequence[Written]) -> list[tuple[Written, str | None]]:
    """Each event of a stream with the state after it."""
    kind = history[0].fact.TYPE.partition(".")[0]
    fold = {"referral": referral.fold, "handoff": handoff.fold}.get(kind)
    if fold is None:
        return [(event, None) for event in history]
    found: list[tuple[Written, str | None]] = []
    for number, event in enumerate(history, 1):
        state = fold(happened(history[:number]))
        found.append((event, None if state is None else str(state.status)))
    return found


def _moved(history: Sequence[Written], states: Mapping[UUID, str | None]) -> Written:
    """The event that brought it where it stands: what came after it left the state as it was."""
    last = history[-1]
    for event in reversed(history):
        if states[event.envelope.event_id] != states[history[-1].envelope.event_id]:
            break
        last = event
    return last


def _step(event: Written, state: str | None) -> Step:
    envelope = event.envelope
    timer = event.fact.timer if isinstance(event.fact, TimerFired) else None
    return Step(
        type=event.fact.TYPE,
        stream=event.stream,
        at=envelope.occurred_at,
        recorded_at=event.recorded_at,
        agency=envelope.agency,
        actor=envelope.actor,
        rule=TIMERS[timer] if timer else rule_of(event.fact.TYPE),
        state=state,
        timer=timer,
    )
