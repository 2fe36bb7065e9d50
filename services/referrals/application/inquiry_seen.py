"""What a privacy officer answers for, as officers see it and as she does."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any
from uuid import UUID

from services.referrals.application import accounting
from services.referrals.application.accounting import Accounted, Reader
from services.referrals.application.acting import Acting
from services.referrals.application.client import all_of
from services.referrals.application.desk import Desk
from services.referrals.application.work import Part, Place
from services.referrals.domain import inquiry
from services.referrals.domain.accounting import Entry
from services.referrals.domain.client import DetailsErased, ErasureReason, HoldPlaced, HoldReason, HoldReleased
from services.referrals.domain.frozen import frozen
from services.referrals.domain.inquiry import OPERATED, Inquiry, InquiryOpened
from services.runtime.postgres.behalf import across

_DONE = [DetailsErased.TYPE, HoldPlaced.TYPE, HoldReleased.TYPE]


@frozen
class InquirySeen:
    """An inquiry with its words and those of the answer, None while the vault does not give them, and what it is
    about. `operator`: who did on the machine what it is about, and `reason` why."""

    id: UUID
    client: UUID
    state: Inquiry
    text: str | None = field(repr=False)
    answer: str | None = field(repr=False)
    about: Accounted | None = None
    operator: str | None = None
    reason: ErasureReason | HoldReason | None = None


@frozen
class InquiriesSeen:
    """A part of what waits, the first due first; `next` is the place of its last where there are more. `waiting`: how
    many wait in all, whichever part this is."""

    items: list[InquirySeen]
    next: Place | None
    waiting: int


async def waiting(desk: Desk, acting: Acting, part: Part, *, answered: bool) -> InquiriesSeen:
    """What waits for the agency's officer, or was answered, each with what it is about."""
    rows = await desk.accounting.inquiries(
        acting.initiative, acting.agency, answered=answered, limit=part.limit + 1, after=part.after
    )
    shown = rows[: part.limit]
    found = await of(desk, [row.id for row in shown])
    clients = {row.client_id for row in shown}
    entries, whose = await accounting.whole(desk, acting, clients) if clients else ([], {})
    asked = {each.state.opened.about for each in found}
    by_client: dict[UUID, list[Entry]] = {}
    for entry in entries:
        if entry.id in asked:
            by_client.setdefault(whose[entry.id], []).append(entry)
    about = await accounting.explained(desk, acting, Reader(acting.agency, officer=True), by_client)
    last = shown[-1] if len(rows) > part.limit else None
    done = await _done(desk, acting, found)
    items = [replace(each, about=about.get(each.state.opened.about), **done.get(each.id, {})) for each in found]
    waiting = await desk.accounting.inquiries_waiting(acting.initiative, acting.agency)
    return InquiriesSeen(items, (last.due_at, last.id) if last else None, waiting)


async def _done(desk: Desk, acting: Acting, found: Iterable[InquirySeen]) -> Mapping[UUID, Mapping[str, Any]]:
    """Who did what an operator did, and why, by the inquiry about it."""
    asked = {each.state.opened.about: each for each in found if each.state.opened.cause in OPERATED}
    clients = {each.client for each in asked.values()}
    events = await desk.accounting.of(acting.initiative, clients, _DONE) if clients else []
    return {
        asked[event.envelope.event_id].id: {
            "operator": event.envelope.actor,
            "reason": event.fact.reason if isinstance(event.fact, DetailsErased | HoldPlaced) else None,
        }
        for event in events
        if event.envelope.event_id in asked
    }


async def of(desk: Desk, streams: Sequence[UUID]) -> list[InquirySeen]:
    """Those of these streams that there are, in their order, with their words."""
    histories = await desk.histories(streams) if streams else {}
    known = [(histories[stream], state) for stream in streams if (state := inquiry.fold(histories[stream].happened()))]
    texts = await _texts(desk, [state for _, state in known])
    return [
        InquirySeen(
            history.stream,
            history.events[0].envelope.client_id,
            state,
            texts.get(state.opened.text) if state.opened.text else None,
            texts.get(state.answered.text) if state.answered else None,
        )
        for history, state in known
    ]


async def about(desk: Desk, acting: Acting, client: UUID, entries: Collection[Entry]) -> dict[UUID, list[InquirySeen]]:
    """What officers are asked about these entries of hers, by her or because nobody had asked her first, by the entry's
    id, with what they said: those of all agencies, which she alone may read."""
    events = await desk.accounting.of(acting.initiative, await all_of(desk, acting, client), [InquiryOpened.TYPE])
    wanted = {entry.id for entry in entries}
    streams = [each.stream for each in events if isinstance(each.fact, InquiryOpened) and each.fact.about in wanted]
    found: dict[UUID, list[InquirySeen]] = {}
    for each in sorted(await of(desk, streams), key=lambda each: (each.state.at, each.state.opened.to_agency)):
        found.setdefault(each.state.opened.about, []).append(each)
    return found


async def _texts(desk: Desk, states: Iterable[Inquiry]) -> dict[UUID, str]:
    ids = [id for state in states for id in (state.opened.text, state.answered and state.answered.text) if id]
    with across("shared"):
        typed = await desk.vault.notes.read_many(ids)
    return {id: one.text.open() for id, one in typed.items()}
