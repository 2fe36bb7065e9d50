"""Entries of the directory: an agency, a service or its room, said anew by whoever may."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.listing import learn
from services.referrals.application.saving import Decided, carry_out
from services.referrals.domain.directory import (
    AgencyStated,
    AgencyVerb,
    ChangeStanding,
    DirectoryFact,
    EditAgency,
    EditService,
    ListAgency,
    ListService,
    ServiceStated,
    StateCapacity,
    agency,
    agency_stream,
    capacity,
    capacity_stream,
    service,
    service_stream,
)
from services.referrals.domain.directory.agency import AgencyCommand
from services.referrals.domain.directory.service import ServiceCommand
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import NotASide
from services.referrals.domain.vocabulary import Room
from services.referrals.store.commit import Answer
from services.referrals.store.written import Written

CREATED, OK = 201, 200

Entry = TypeVar("Entry")


@frozen
class Saved:
    """What a command came to: 201 for a new entry, its version, and whether it was the first answer once more."""

    status: int
    version: int
    replayed: bool


@frozen(kw_only=True)
class Stating:
    """What is said of a service's room today."""

    room: Room
    from_on: date | None = None
    waitlist_length: int | None = None


async def list_agency(desk: Desk, acting: Acting, command: ListAgency) -> Saved:
    """An agency comes into the directory. Raises Conflict where its id is in use."""
    return await _agency(desk, acting, command.agency, command)


async def edit_agency(desk: Desk, acting: Acting, id: str, changes: Mapping[str, Any]) -> Saved:
    """These fields of it are different from now on. Raises WrongState for one that left."""

    def command(stands: AgencyStated) -> EditAgency:
        return EditAgency(profile=stands.profile.model_copy(update=dict(changes)))

    return await _agency(desk, acting, id, command)


async def change_standing(desk: Desk, acting: Acting, id: str, verb: AgencyVerb) -> Saved:
    """It begins to take part, pauses or leaves (R22). Raises WrongState."""
    return await _agency(desk, acting, id, ChangeStanding(verb=verb))


async def list_service(desk: Desk, acting: Acting, command: ListService) -> Saved:
    """A service comes into the directory. Raises Conflict where its id is in use."""
    return await _service(desk, acting, command.service, command)


async def edit_service(desk: Desk, acting: Acting, id: str, changes: Mapping[str, Any]) -> Saved:
    """These fields of it are different from now on."""

    def command(stands: ServiceStated) -> EditService:
        return EditService(profile=stands.profile.model_copy(update=dict(changes)))

    return await _service(desk, acting, id, command)


async def state_capacity(desk: Desk, acting: Acting, id: str, stating: Stating) -> Saved:
    """Whether a service has room, from today on. Raises NotASide for a service that is not there."""
    offered, said = service_stream(acting.initiative, id), capacity_stream(acting.initiative, id)

    async def attempt(desk: Desk) -> Decided[Saved]:
        histories = await desk.histories([offered, said])
        entry = desk.directory.entries(acting.initiative).entry(id)
        if entry is None:
            raise NotASide
        command = StateCapacity(
            agency=entry.agency.id,
            service=id,
            today=acting.today,
            room=stating.room,
            from_on=stating.from_on,
            waitlist_length=stating.waitlist_length,
        )
        room = histories[said]
        facts = capacity.decide(command, capacity.fold(room.happened()))
        return _decided(Draft(acting, said), room, facts, more=max(1, histories[offered].version))

    return await _saved(desk, acting, attempt)


async def _agency(
    desk: Desk, acting: Acting, id: str, command: AgencyCommand | Callable[[AgencyStated], AgencyCommand]
) -> Saved:
    async def attempt(desk: Desk) -> Decided[Saved]:
        history = await desk.history(agency_stream(acting.initiative, id))
        draft, history = _on_ground(acting, history, desk.directory.entries(acting.initiative).stated_agency(id))
        stands = agency.fold(history.happened())
        with acting.call.meant_for(history.version):
            asked = command if isinstance(command, AgencyCommand) else command(_there(stands).stated)
            facts = agency.decide(asked, stands)
        return _decided(draft, history, facts)

    return await _saved(desk, acting, attempt)


async def _service(
    desk: Desk, acting: Acting, id: str, command: ServiceCommand | Callable[[ServiceStated], ServiceCommand]
) -> Saved:
    streams = service_stream(acting.initiative, id), capacity_stream(acting.initiative, id)

    async def attempt(desk: Desk) -> Decided[Saved]:
        found = await desk.histories(streams)
        room = found[streams[1]].version
        ground = desk.directory.entries(acting.initiative).stated_service(id)
        draft, history = _on_ground(acting, found[streams[0]], ground)
        stands = service.fold(history.happened())
        with acting.call.meant_for(history.version + room):
            asked = command if isinstance(command, ServiceCommand) else command(_there(stands).stated)
            facts = service.decide(asked, stands)
        return _decided(draft, history, facts, more=room)

    return await _saved(desk, acting, attempt)


def _there(entry: Entry | None) -> Entry:
    if entry is None:
        raise NotASide
    return entry


def _on_ground(acting: Acting, history: History, ground: DirectoryFact | None) -> tuple[Draft, History]:
    """The entry's history; where the store has not heard of it yet, with what the configuration says as its first."""
    draft = Draft(acting, history.stream)
    if not history.events and ground is not None:
        history = draft.add(history, [ground])
    return draft, history


def _decided(draft: Draft, history: History, facts: Sequence[DirectoryFact], *, more: int = 0) -> Decided[Saved]:
    """What to store. `more` is what else counts into the version that callers see: a service's room, and so on."""
    before = history.version + more
    if facts:
        draft.acting.call.require(before)
    else:
        draft.events.clear()
    new = before == 0 and bool(facts)
    version = draft.add(history, facts).version + more
    saved = Saved(CREATED if new else OK, version, replayed=False)
    return Decided(draft, Answer(saved.status, {}, version), saved)


async def _saved(desk: Desk, acting: Acting, attempt: Callable[[Desk], Awaitable[Decided[Saved]]]) -> Saved:
    decided: list[Written] = []

    async def noting(desk: Desk) -> Decided[Saved]:
        found = await attempt(desk)
        decided[:] = found.draft.events
        return found

    done = await carry_out(desk, acting, noting)
    if done.view is None:
        return Saved(done.answer.status, done.answer.version, replayed=True)
    learn(desk.directory, decided)
    return done.view
