"""Screenings: recording one with the needs that it finds, so that the referral can be offered at once (R6)."""

from datetime import datetime
from uuid import UUID

from services.referrals.application import client as clients
from services.referrals.application import need as needs
from services.referrals.application.acting import Acting
from services.referrals.application.contact.when import EARLIEST
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.identifiers import new_id
from services.referrals.application.need import NeedSeen
from services.referrals.application.saving import Decided, Done, before_writing, carry_out
from services.referrals.application.typed import write_note
from services.referrals.domain import need, screening
from services.referrals.domain.frozen import frozen
from services.referrals.domain.need import NeedStatus, VoidNeed
from services.referrals.domain.refusal import NotASide, Unfit
from services.referrals.domain.screening import (
    NeedScreened,
    RecordScreening,
    Results,
    Screening,
    ScreeningRecorded,
    VoidScreening,
    parts,
)
from services.referrals.domain.vocabulary import Instrument, ScreeningResult
from services.referrals.store.commit import Answer


@frozen(kw_only=True)
class Asked:
    """With what she was asked, when (UTC), and what came of it; the score goes to the vault and nowhere else."""

    at: datetime
    instrument: Instrument
    results: Results
    score: int | None = None


@frozen
class ScreeningSeen:
    """A screening as the agency that recorded it sees it; nobody else sees any."""

    client: UUID
    state: Screening
    history: History

    @property
    def id(self) -> UUID:
        return self.history.stream

    @property
    def version(self) -> int:
        return self.history.version


@frozen
class Found:
    """What was recorded, in one or two parts, and the needs that it found, open now."""

    screenings: tuple[ScreeningSeen, ...]
    needs: tuple[NeedSeen, ...]


async def record(desk: Desk, acting: Acting, client: UUID, asked: Asked) -> Done[Found]:
    """Record it; each positive result identifies its need, unless this agency knows of it. Raises NotASide, Unfit."""
    score = None
    if asked.score is not None:
        if (kept := await before_writing(desk, acting)) is not None:
            return Done(kept, None)
        await clients.known_client(desk, acting, client)
        score = await write_note(desk, acting, client, str(asked.score), "score")
    split = parts(asked.instrument, asked.results)
    ids = [new_id() for _ in split]

    async def attempt(desk: Desk) -> Decided[Found]:
        since = clients.known(acting, await clients.look(desk, acting, client), client).since
        if asked.at < since - EARLIEST:
            raise Unfit("screening-too-long-ago")
        acting.call.makes_new()
        draft = Draft(acting, client)
        known = await needs.known_needs(desk, acting, client)
        recorded: list[ScreeningSeen] = []
        found: list[NeedSeen] = []
        for id, (instrument, results) in zip(ids, split, strict=True):
            command = RecordScreening(
                agency=acting.agency,
                at=asked.at,
                now=acting.at,
                instrument=instrument,
                results=results,
                score=score,
            )
            recorded.append(seen(acting, draft.add(History(id), screening.decide(command, None), at=asked.at)))
            for category, result in results.items():
                if result is ScreeningResult.POSITIVE:
                    found.append(await needs.put_down(desk, draft, known, category, screening=id))
        answer = {"client": client, **{f"screening-{at}": each.id for at, each in enumerate(recorded)}}
        answer |= {f"need-{at}": each.id for at, each in enumerate(found)}
        return Decided(draft, Answer(201, answer, 1), Found(tuple(recorded), tuple(found)))

    return await carry_out(desk, acting, attempt)


async def again(desk: Desk, acting: Acting, answer: Answer) -> Found:
    """What the first answer to a command named, as it stands."""

    def named(kind: str) -> list[UUID]:
        return [answer.ids[f"{kind}-{at}"] for at in range(len(answer.ids)) if f"{kind}-{at}" in answer.ids]

    screenings = [await read(desk, acting, id) for id in named("screening")]
    return Found(tuple(screenings), tuple([await needs.read(desk, acting, id) for id in named("need")]))


async def enter_in_error(desk: Desk, acting: Acting, id: UUID, why: str) -> Done[ScreeningSeen]:
    """It should never have been written, nor the needs that it found and that are open (R14). Raises NotASide."""
    if (kept := await before_writing(desk, acting)) is not None:
        return Done(kept, None)
    client = (await read(desk, acting, id)).client
    note = await write_note(desk, acting, client, why, "reason")

    async def attempt(desk: Desk) -> Decided[ScreeningSeen]:
        before = await read(desk, acting, id)
        event = before.history.events[0].envelope.event_id
        command = VoidScreening(agency=acting.agency, at=acting.at, event=event, note=note)
        with acting.call.meant_for(before.version):
            facts = screening.decide(command, before.state)
        draft = Draft(acting, client)
        after = seen(acting, draft.add(before.history, facts))
        if facts:
            acting.call.require(before.version)
            for each in await needs.known_needs(desk, acting, client):
                if each.state.identified.screening == id and each.state.status is NeedStatus.IDENTIFIED:
                    first = each.history.events[0].envelope.event_id
                    void = VoidNeed(agency=acting.agency, at=acting.at, event=first, note=note)
                    history = await desk.history(each.id)
                    draft.add(history, need.decide(void, need.fold(history.happened())))
        return Decided(draft, Answer(200, {"screening": id, "client": client}, after.version), after)

    return await carry_out(desk, acting, attempt)


async def read(desk: Desk, acting: Acting, id: UUID) -> ScreeningSeen:
    """A screening of this agency's own. Raises NotASide for any other."""
    return seen(acting, await desk.history(id))


async def of_client(desk: Desk, acting: Acting, client: UUID) -> list[ScreeningSeen]:
    """The screenings that this agency recorded, the first first. Raises NotASide."""
    await clients.known_client(desk, acting, client)
    events = await desk.timeline.of(acting.initiative, acting.agency, client)
    streams = dict.fromkeys(
        event.stream for event in events if isinstance(event.fact, NeedScreened | ScreeningRecorded)
    )
    histories = await desk.histories(streams)
    return [seen(acting, histories[stream]) for stream in streams]


def seen(acting: Acting, history: History) -> ScreeningSeen:
    """The screening that a stream tells of. Raises NotASide for one of another agency or initiative, and for none."""
    state = screening.fold(history.happened()) if history.initiative == acting.initiative else None
    if state is None or history.client is None or state.agency != acting.agency:
        raise NotASide
    return ScreeningSeen(history.client, state, history)
