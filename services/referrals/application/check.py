"""Capacity checks: services are asked whether they have room, without a client; the first yes is named first (R2).

What an agency answers is what it says of its service's room: the directory says so from then on, with its age (R15).
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.identifiers import new_id
from services.referrals.application.listing import learn, must_receive
from services.referrals.application.saving import Decided, carry_out
from services.referrals.directory import NotInDirectory, Stage
from services.referrals.domain import check as checks
from services.referrals.domain.check import (
    AnswerCheck,
    AskForRoom,
    Check,
    CheckAnswer,
    CheckCommand,
    CloseCheck,
    check_stream,
)
from services.referrals.domain.directory import StateCapacity, capacity, capacity_stream
from services.referrals.domain.directory.capacity import Capacity
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import NotASide, Unfit
from services.referrals.domain.vocabulary import Category, Room
from services.referrals.store.commit import Answer
from services.referrals.store.written import Written


@frozen(kw_only=True)
class Asking:
    """What is asked for, and of which services."""

    category: Category
    services: Sequence[str]
    language: str | None = None
    area: str | None = None


@frozen
class CheckSeen:
    """A check as one agency sees it: whoever asked all questions, an asked agency its own."""

    id: UUID
    questions: tuple[tuple[History, Check], ...]

    @property
    def version(self) -> int:
        return sum(history.version for history, _ in self.questions)

    def in_order(self) -> list[tuple[Check, datetime | None]]:
        """Yes before the rest, who said it first before others."""
        late = max(check.asked_at for _, check in self.questions)
        ordered = sorted(
            (check for _, check in self.questions),
            key=lambda check: (
                check.answered is None or check.answered.answer is CheckAnswer.NO,
                check.answered_at or late,
                check.asked.service,
            ),
        )
        return [(check, check.answered_at) for check in ordered]


def due(desk: Desk, initiative: str, check: Check) -> datetime:
    """Until when an answer is asked for, UTC: as for what is urgent (R15)."""
    return desk.directory.due(initiative, Stage.ANSWER, check.asked_at, urgent=True)


async def ask(desk: Desk, acting: Acting, asking: Asking) -> tuple[UUID, bool]:
    """The check that was begun, and whether it was the first answer once more.

    Raises NotInDirectory, WrongState for an agency that takes nothing new, Unfit for the own agency or another need.
    """
    id = new_id()

    async def attempt(desk: Desk) -> Decided[UUID]:
        acting.call.makes_new()
        draft = Draft(acting, id)
        for service in dict.fromkeys(asking.services):
            entry = desk.directory.entries(acting.initiative).entry(service)
            if entry is None or entry.service.status != "active":
                raise NotInDirectory("service")
            must_receive(desk.directory, acting.initiative, entry.agency.id)
            if entry.service.category != asking.category:
                raise Unfit("category-not-of-service")
            command = AskForRoom(
                agency=acting.agency,
                check=id,
                service=service,
                to_agency=entry.agency.id,
                category=asking.category,
                language=asking.language,
                area=asking.area,
            )
            _add(draft, History(check_stream(id, service)), command)
        return Decided(draft, Answer(201, {"check": id}, len(asking.services)), id)

    done = await carry_out(desk, acting, attempt)
    return done.answer.ids["check"], done.view is None


async def read(desk: Desk, acting: Acting, id: UUID) -> CheckSeen:
    """Raises NotASide for one that is not there, of another initiative, or that the agency is no side of."""
    work = (await desk.reader.look(work_of=id)).work
    streams = await desk.histories([row.id for row in work])
    found = [(history, state) for history in streams.values() if (state := checks.fold(history.happened())) is not None]
    mine = [
        (history, state)
        for history, state in found
        if history.initiative == acting.initiative and acting.agency in {state.asked.from_agency, state.asked.to_agency}
    ]
    if not mine:
        raise NotASide
    return CheckSeen(id, tuple(mine))


@frozen(kw_only=True)
class Answering:
    """What an agency says of one of its services, and from which local date."""

    service: str
    answer: CheckAnswer
    from_on: date | None = None


async def answer(desk: Desk, acting: Acting, id: UUID, said: Answering) -> tuple[CheckSeen, bool]:
    """An asked agency answers for one of its services. Raises NotASide, WrongSide, Conflict, WrongState, Unfit."""
    command = AnswerCheck(agency=acting.agency, today=acting.today, answer=said.answer, from_on=said.from_on)
    stream, told = capacity_stream(acting.initiative, said.service), list[Written]()

    async def room(desk: Desk, draft: Draft) -> None:
        told.clear()
        history = await desk.history(stream)
        state = capacity.fold(history.happened())
        directory = Draft(acting, stream)
        directory.add(history, capacity.decide(_statement(acting, said, state), state))
        draft.events += directory.events
        told.extend(directory.events)

    found = await _each(desk, acting, id, command, lambda check: check.asked.service == said.service, follow=room)
    learn(desk.directory, told)
    return found


def _statement(acting: Acting, said: Answering, stands: Capacity | None) -> StateCapacity:
    """Yes: open, or full until that day. No: full, or a waiting list where that is what was said last."""
    later = said.from_on if said.from_on is not None and said.from_on > acting.today else None
    waits = said.answer is CheckAnswer.NO and stands is not None and stands.stated.room is Room.WAITLIST
    room = Room.OPEN if said.answer is CheckAnswer.YES and later is None else Room.FULL
    return StateCapacity(
        agency=acting.agency,
        service=said.service,
        today=acting.today,
        room=Room.WAITLIST if waits else room,
        from_on=later,
        waitlist_length=stands.stated.waitlist_length if waits and stands else None,
    )


async def close(desk: Desk, acting: Acting, id: UUID) -> tuple[CheckSeen, bool]:
    """Whoever asked needs no answer any more. Raises NotASide, WrongSide."""
    return await _each(desk, acting, id, CloseCheck(agency=acting.agency), lambda _: True)


async def closed_by_sending(desk: Desk, draft: Draft, id: UUID | None) -> None:
    """What is sent came of this check, if of any: its questions are closed with it. Raises NotASide, WrongSide.

    No event of theirs says which referral that was: a check is about no client.
    """
    if id is None:
        return
    acting = draft.acting
    closing = Draft(acting, id)
    for history, _ in (await read(desk, acting, id)).questions:
        _add(closing, history, CloseCheck(agency=acting.agency))
    draft.events += closing.events
    draft.touched |= closing.touched


async def _each(
    desk: Desk,
    acting: Acting,
    id: UUID,
    command: CheckCommand,
    meant: Callable[[Check], bool],
    *,
    follow: Callable[[Desk, Draft], Awaitable[None]] | None = None,
) -> tuple[CheckSeen, bool]:
    async def attempt(desk: Desk) -> Decided[UUID]:
        before = await read(desk, acting, id)
        asked = [history for history, check in before.questions if meant(check)]
        if not asked:
            raise NotASide
        draft = Draft(acting, id)
        for history in asked:
            _add(draft, history, command)
        if draft.events:
            acting.call.require(before.version)
        version = before.version + len(draft.events)
        if draft.events and follow is not None:
            await follow(desk, draft)
        return Decided(draft, Answer(200, {"check": id}, version), id)

    done = await carry_out(desk, acting, attempt)
    return await read(desk, acting, id), done.view is None


def _add(draft: Draft, history: History, command: CheckCommand) -> None:
    draft.add(history, checks.decide(command, checks.fold(history.happened())))
