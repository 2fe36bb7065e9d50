"""Copies for receivers: what she agreed to give is sealed anew once her referral is sent or her handoff offered."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from services.referrals.domain import handoff, referral
from services.referrals.domain.handoff import (
    Handoff,
    HandoffAccepted,
    HandoffClientDeclined,
    HandoffDeclined,
    HandoffExpired,
    HandoffOffered,
    HandoffTakenBack,
    HandoffWithdrawn,
)
from services.referrals.domain.referral import (
    Referral,
    ReferralAccepted,
    ReferralCancelled,
    ReferralDeclined,
    ReferralEnteredInError,
    ReferralExpired,
    ReferralNotCompleted,
    ReferralRedirected,
    ReferralSent,
    ReferralTakenBack,
)
from services.referrals.domain.taking_back import WITHIN
from services.referrals.domain.vocabulary import Channel
from services.referrals.store.recall import Reads
from services.referrals.store.trail import Touched, Trail
from services.referrals.store.written import Envelope, Written, happened
from services.referrals.vault.given import CopyGone, Given, GivenCopy
from services.referrals.vault.terms import Changes, Ended, Step, StepTaken, Subject, Terms
from services.runtime.postgres import Unavailable, is_outage
from services.runtime.postgres.behalf import across
from services.runtime.telemetry import Telemetry, describe

FOLLOWER: Final = "sealing"
REFERRAL, HANDOFF = "referral", "handoff"
GIVING: Final = frozenset({REFERRAL, HANDOFF})
"""What she agrees to give something for; a visit belongs to its referral."""

# What can make a copy due, keep it, or end it. A fact that is added to the domain has to be placed: a test asks.
TOPICS: Final = frozenset(
    fact.TYPE
    for fact in (
        *(ReferralSent, ReferralAccepted, ReferralDeclined, ReferralCancelled),
        *(ReferralNotCompleted, ReferralExpired, ReferralRedirected, ReferralEnteredInError, ReferralTakenBack),
        *(HandoffOffered, HandoffAccepted, HandoffDeclined, HandoffClientDeclined, HandoffWithdrawn, HandoffExpired),
        HandoffTakenBack,
    )
)

_SLICE, _IDLE, _QUIET, _BURST, _LONGEST_PAUSE = 256, 0.5, 0.05, 5.0, 10.0


class Sealer:
    """Follows the log in order and makes each copy once; whoever reads first has it made at once.

    Of what has ended before its receiver accepted nothing is made, and what was made is locked (rule R1): it is the
    state as it stands that counts, not the event that was come to. Several may follow: one at a time moves on.
    `quiet_seconds` says how long no command was under way.
    """

    def __init__(
        self,
        trail: Trail,
        reader: Reads,
        given: Given,
        telemetry: Telemetry,
        *,
        quiet_seconds: Callable[[], float] = lambda: math.inf,
    ) -> None:
        self._trail = trail
        self._reader = reader
        self._given = given
        self._telemetry = telemetry
        self._quiet_seconds = quiet_seconds

    async def given(self, subject: Subject, initiative: str, receiver: str) -> GivenCopy | None:
        """What the receiver may read of a client, made now if nobody made it yet; None where there is nothing to make.

        Raises `CopyGone` when it ended before the receiver accepted, `KeyGone`, and what an outage raises.
        """
        events = (await self._reader.load(subject.id))[subject.id]
        changes = _changes([_standing(subject, events)])
        if changes.ended:
            raise CopyGone
        if not changes.standing:
            return None
        try:
            copy = await self._given.read(subject, initiative, receiver)
        except CopyGone:  # its end was taken back, and nobody has followed that yet (R14)
            copy = None
        if copy is None and changes.standing[0].target[:2] == (initiative, receiver):
            await self.make([subject])
            copy = await self._given.read(subject, initiative, receiver)
        return copy

    async def make(self, subjects: Collection[Subject]) -> None:
        """Make the copies of these that may be made and that nobody has made: their receiver reads them before we came.

        A sender may give on what it was itself given, so the other copies of the same clients go first. Raises what an
        outage raises.
        """
        streams = await self._reader.load(*(subject.id for subject in subjects))
        clients = {events[0].envelope.client_id for events in streams.values() if events}
        looked = await asyncio.gather(*(self._reader.look(work_of=client) for client in clients))
        rows = [row for each in looked for row in each.work if row.kind in GIVING]
        rows.sort(key=lambda row: row.sent_at)
        await self._apply([Subject(row.kind, row.id) for row in rows])

    async def follow(self) -> None:
        """Follow until cancelled. An outage of the vault or the store is waited out; commands do without meanwhile.

        Commands go first: nobody waits for a copy, as whoever reads first has it made at once. After `_BURST` seconds
        of them the follower takes its share, so that it stays a few seconds behind and no more.
        """
        pause, caught_up = _IDLE, time.monotonic()
        while True:
            began = time.monotonic()
            if self._quiet_seconds() < _QUIET and began - caught_up < _BURST:
                await asyncio.sleep(_QUIET)
                continue
            try:
                behind = await self.step()
            except StepTaken:
                pause = _IDLE
            except Exception as error:
                away = isinstance(error, Unavailable) or is_outage(error)
                told = self._telemetry.log.warning if away else self._telemetry.log.error
                told("sealing waits", **describe(error))
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                ended = time.monotonic()
                caught_up, pause = (caught_up, ended - began) if behind > 0 else (ended, _IDLE)
            await asyncio.sleep(pause)

    async def step(self) -> int:
        """Seal for the next stretch of the log; how many events are left behind it. Raises `StepTaken`."""
        position = await self._given.position(FOLLOWER)
        stretch = await self._trail.after(position, TOPICS)
        for touched, upto in _slices(stretch.touched, stretch.upto) if stretch.upto > position else ():
            with self._telemetry.spans.span("seal", "copies", attributes={"closeknit.position": upto}):
                await self._seal(touched, Step(FOLLOWER, position, upto))
            position = upto
            await asyncio.sleep(0)
        self._telemetry.metrics.level("closeknit.sealing.lag", stretch.head - stretch.upto)
        return stretch.head - stretch.upto

    async def _seal(self, touched: Sequence[Touched], step: Step) -> None:
        kinds = {one.stream: HANDOFF if one.topic.startswith(HANDOFF) else REFERRAL for one in touched}
        await self._apply([Subject(kind, id) for id, kind in kinds.items()], step)

    async def _apply(self, subjects: Sequence[Subject], step: Step | None = None) -> None:
        """Bring the copies of these to where they stand; those of one client one after the other, in this order."""
        streams = await self._reader.load(*(subject.id for subject in subjects)) if subjects else {}
        rounds = _rounds([_standing(subject, streams[subject.id]) for subject in subjects])
        with across("sealing"):
            for each in rounds[:-1]:
                await self._given.apply(_changes(each))
            await self._given.apply(_changes(rounds[-1]), step)


def _slices(touched: Sequence[Touched], upto: int) -> list[tuple[Sequence[Touched], int]]:
    """Pieces of a stretch, each with the position that it reaches; the last one reaches the end of the stretch."""
    pieces = [touched[start : start + _SLICE] for start in range(0, len(touched), _SLICE)] or [[]]
    return [(piece, piece[-1].position) for piece in pieces[:-1]] + [(pieces[-1], upto)]


Standing = Terms | tuple[Subject, Ended] | None


def _rounds(standing: Sequence[Standing]) -> list[list[Standing]]:
    """The same with no client twice in a round: what one copy gives may lie in the one before."""
    rounds: list[list[Standing]] = [[]]
    turns: Counter[UUID] = Counter()
    for one in standing:
        turn = turns[one.client_id] if isinstance(one, Terms) else 0
        if isinstance(one, Terms):
            turns[one.client_id] += 1
        if turn == len(rounds):
            rounds.append([])
        rounds[turn].append(one)
    return rounds


def _changes(standing: Sequence[Standing]) -> Changes:
    made = [one for one in standing if isinstance(one, Terms)]
    return Changes(made, dict(one for one in standing if one is not None and not isinstance(one, Terms)))


def _standing(subject: Subject, events: Sequence[Written]) -> Standing:
    """On which terms the receiver holds a copy as things stand; or when (UTC) it ended before it was accepted."""
    if not events:
        return None
    facts, envelope = happened(events), events[0].envelope
    state = referral.fold(facts) if subject.kind == REFERRAL else handoff.fold(facts)
    if state is None:
        return None
    if state.ended_at is not None and state.accepted_at is None:
        return subject, Ended(state.ended_at, events[-1].version)
    if isinstance(state, Handoff) and state.offered_at is None and isinstance(events[-1].fact, HandoffTakenBack):
        return subject, Ended(events[-1].envelope.occurred_at - WITHIN, events[-1].version)  # nothing to keep for later
    if isinstance(state, Referral):
        terms = _of_referral(subject.id, state, envelope)
    else:
        terms = _of_handoff(subject.id, state, envelope)
    return None if terms is None else replace(terms, version=events[-1].version)


def _of_referral(id: UUID, state: Referral, envelope: Envelope) -> Terms | None:
    sent = state.sent
    if sent.to_channel is not Channel.SYSTEM:
        return None
    return Terms(
        subject=Subject(REFERRAL, id),
        initiative=envelope.initiative,
        client_id=envelope.client_id,
        sender=sent.from_agency,
        receiver=sent.to_agency,
        fields=frozenset(sent.given),
        note=sent.note,
        restricted=sent.restricted,
        accepted=state.accepted_at is not None,
    )


def _of_handoff(id: UUID, state: Handoff, envelope: Envelope) -> Terms | None:
    if state.offered_at is None:
        return None
    return Terms(
        subject=Subject(HANDOFF, id),
        initiative=envelope.initiative,
        client_id=envelope.client_id,
        sender=state.proposed.from_agency,
        receiver=state.proposed.to_agency,
        fields=frozenset(state.given),
        note=state.proposed.note,
        restricted=state.proposed.restricted,
        accepted=state.accepted_at is not None,
    )
