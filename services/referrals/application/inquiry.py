"""What a privacy officer answers for: a client's question, or what was done without her yes."""

from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from uuid import UUID

from services.referrals.application import accounting
from services.referrals.application.accounting import Accounted
from services.referrals.application.acting import Acting, speaking_for
from services.referrals.application.client import all_of
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.saving import Decided, Done, before_writing, carry_out
from services.referrals.application.typed import write_note
from services.referrals.application.work import Part, Place
from services.referrals.domain import inquiry
from services.referrals.domain.accounting import Entry
from services.referrals.domain.frozen import frozen
from services.referrals.domain.inquiry import AnswerInquiry, Cause, Finding, Inquiry, OpenInquiry, inquiry_id
from services.referrals.domain.referral import ReferralSent
from services.referrals.domain.refusal import Conflict, NotASide
from services.referrals.store.commit import Answer
from services.runtime.postgres.behalf import across

KIND = "inquiry"


@frozen
class InquirySeen:
    """An inquiry with its words and those of the answer, None while the vault does not give them, and what it is
    about."""

    id: UUID
    client: UUID
    state: Inquiry
    text: str | None = field(repr=False)
    answer: str | None = field(repr=False)
    about: Accounted | None = None


@frozen
class InquiriesSeen:
    """A part of what waits, the first due first; `next` is the place of its last where there are more."""

    items: list[InquirySeen]
    next: Place | None


async def ask(desk: Desk, acting: Acting, client: UUID, disclosure: UUID, text: str) -> Done[UUID]:
    """She asks of one entry of her list: "was this right?". The officers of its sides are to answer, each for theirs.

    Each gets words of their own, under their agency's key. Raises NotASide; Conflict for other words than she sent.
    """
    if (kept := await before_writing(desk, acting)) is not None:
        return Done(kept, None)
    entries, of = await accounting.whole(desk, acting, await all_of(desk, acting, client))
    entry = next((each for each in entries if each.id == disclosure), None)
    if entry is None:
        raise NotASide
    acting.call.makes_new()
    hers, asked = of[disclosure], answering(desk, acting, entry)
    streams = {agency: inquiry_id(disclosure, Cause.QUESTION, agency) for agency in asked}
    words = await _asked_before(desk, streams.values(), text)
    texts = {
        agency: words.get(stream)
        or await write_note(desk, speaking_for(acting, agency), hers, text, KIND, of=[entry.referral, entry.handoff])
        for agency, stream in streams.items()
    }

    async def attempt(desk: Desk) -> Decided[UUID]:
        draft = Draft(acting, hers)
        found = await desk.histories(streams.values())
        for agency, stream in streams.items():
            command = OpenInquiry(
                to_agency=agency,
                cause=Cause.QUESTION,
                about=disclosure,
                text=texts[agency],
            )
            state = inquiry.fold(found[stream].happened())
            if state is not None and state.opened.text != command.text:
                raise Conflict("asked", "inquiry-already-open")
            draft.add(found[stream], inquiry.decide(command, state))
        first = next(iter(streams.values()))
        return Decided(draft, Answer(201 if draft.events else 200, {"inquiry": first}, 1), first)

    return await carry_out(desk, acting, attempt)


def answering(desk: Desk, acting: Acting, entry: Entry) -> list[str]:
    """Whose officers answer for an entry: its two sides', where they are on the system, else the caller's."""
    sides = [side for side in (entry.by, entry.to) if side is not None and is_on_system(desk, acting, side)]
    return list(dict.fromkeys(sides)) or [acting.agency]


def is_on_system(desk: Desk, acting: Acting, agency: str) -> bool:
    """Whether an agency takes part here: at one that does not nobody would read it."""
    return desk.directory.agency(acting.initiative, agency).on_system


async def to_be_looked_at(desk: Desk, draft: Draft, sent: History) -> None:
    """Adds to a referral that goes out without her yes that both sides' officers look at it (R1)."""
    event = sent.events[-1]
    fact = event.fact
    if isinstance(fact, ReferralSent) and fact.exception is not None:
        asked = OpenInquiry(
            to_agency=fact.from_agency,
            cause=Cause.EXCEPTION,
            about=event.envelope.event_id,
            text=fact.exception.reason,
        )
        await open_in(desk, draft, (fact.from_agency, fact.to_agency), asked)


async def open_in(desk: Desk, draft: Draft, agencies: Iterable[str], asked: OpenInquiry) -> None:
    """Adds what the officers of these agencies are to look at, where they are not asked to already."""
    streams = {agency: inquiry_id(asked.about, asked.cause, agency) for agency in dict.fromkeys(agencies)}
    found = await desk.histories(streams.values()) if streams else {}
    for agency, stream in streams.items():
        if is_on_system(desk, draft.acting, agency):
            state = inquiry.fold(found[stream].happened())
            draft.add(found[stream], inquiry.decide(replace(asked, to_agency=agency), state))


async def answer(desk: Desk, acting: Acting, id: UUID, text: str, finding: Finding | None) -> Done[UUID]:
    """The officer answers. Raises NotASide, Conflict for another answer than the one that stands, Unfit."""
    if (kept := await before_writing(desk, acting)) is not None:
        return Done(kept, None)
    before = await desk.history(id)
    state = _known(acting, before)
    client = before.events[0].envelope.client_id
    inquiry.decide(AnswerInquiry(agency=acting.agency, text=id, finding=finding), replace(state, answered=None))
    said = [state.answered.text] if state.answered else []
    typed = await desk.vault.notes.read_many(said)
    same = next((note for note in said if note in typed and typed[note].text.open() == text), None)
    entries, _ = await accounting.whole(desk, acting, [client])
    records = [of for each in entries if each.id == state.opened.about for of in (each.referral, each.handoff)]
    note = same or await write_note(desk, acting, client, text, KIND, of=records)

    async def attempt(desk: Desk) -> Decided[UUID]:
        history = await desk.history(id)
        draft = Draft(acting, client)
        command = AnswerInquiry(agency=acting.agency, text=note, finding=finding)
        after = draft.add(history, inquiry.decide(command, _known(acting, history)))
        return Decided(draft, Answer(200, {"inquiry": id}, after.version), id)

    return await carry_out(desk, acting, attempt)


async def waiting(desk: Desk, acting: Acting, part: Part, *, answered: bool) -> InquiriesSeen:
    """What waits for the agency's officer, or was answered, each with what it is about."""
    rows = await desk.accounting.inquiries(
        acting.initiative, acting.agency, answered=answered, limit=part.limit + 1, after=part.after
    )
    shown = rows[: part.limit]
    found = await of(desk, [row.id for row in shown])
    clients = {row.client_id for row in shown}
    entries, _ = await accounting.whole(desk, acting, clients) if clients else ([], {})
    asked = {each.state.opened.about for each in found}
    about = {
        each.entry.id: each for each in await accounting.explained(desk, [each for each in entries if each.id in asked])
    }
    last = shown[-1] if len(rows) > part.limit else None
    items = [replace(each, about=about.get(each.state.opened.about)) for each in found]
    return InquiriesSeen(items, (last.due_at, last.id) if last else None)


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
            texts.get(state.opened.text),
            texts.get(state.answered.text) if state.answered else None,
        )
        for history, state in known
    ]


async def questions_of(desk: Desk, acting: Acting, entries: Sequence[Entry]) -> dict[UUID, list[InquirySeen]]:
    """What she asked of these entries, by the entry's id, with what was answered."""
    sides = [(entry.id, {entry.by, entry.to, acting.agency}) for entry in entries]
    streams = [inquiry_id(id, Cause.QUESTION, agency) for id, each in sides for agency in sorted(filter(None, each))]
    found: dict[UUID, list[InquirySeen]] = {}
    for each in await of(desk, streams):
        found.setdefault(each.state.opened.about, []).append(each)
    return found


async def _texts(desk: Desk, states: Iterable[Inquiry]) -> dict[UUID, str]:
    ids = [id for state in states for id in (state.opened.text, state.answered and state.answered.text) if id]
    with across("shared"):
        typed = await desk.vault.notes.read_many(ids)
    return {id: one.text.open() for id, one in typed.items()}


async def _asked_before(desk: Desk, streams: Iterable[UUID], text: str) -> dict[UUID, UUID]:
    """The vault ids of what she asked in these very words, by stream (R12)."""
    found = await of(desk, list(streams))
    return {each.id: each.state.opened.text for each in found if each.text == text}


def _known(acting: Acting, history: History) -> Inquiry:
    """Raises NotASide for what is nothing, or another agency's."""
    state = inquiry.fold(history.happened()) if history.initiative == acting.initiative else None
    if state is None or state.opened.to_agency != acting.agency:
        raise NotASide
    return state
