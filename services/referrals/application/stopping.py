"""No further contact with a client (R20): why lies in the vault, and what is open for her closes in the same commit."""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.referrals.application import client as clients
from services.referrals.application import handing_back, unasked, visits
from services.referrals.application.acting import Acting
from services.referrals.application.client import ClientSeen
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft
from services.referrals.application.episode import pregnancies
from services.referrals.application.episode_seen import fold
from services.referrals.application.identifiers import new_id
from services.referrals.application.person import PersonStepped, told
from services.referrals.application.saving import Decided, before_writing, carry_out
from services.referrals.application.typed import write_note
from services.referrals.domain import client as domain
from services.referrals.domain import episode, handoff, referral
from services.referrals.domain.client import CorrectStop, StopContact
from services.referrals.domain.episode import CloseForAll, EpisodeClosed, Reopen
from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import CalledBy, EpisodeEnd, Reason
from services.referrals.store.commit import Answer, WorkRow

KIND = "cause"
BY_ITSELF = "no-further-contact"
"""Stands as the person where a record of other agencies closes because of what one of them recorded."""


class Cause(StrEnum):
    """Why there is no further contact: a word of the vault, that no event holds."""

    DECEASED = "deceased"
    MOVED_AWAY = "moved_away"
    NO_CONTACT = "no_contact"


class Stop(BaseModel):
    """What lies in the vault of the agency that recorded it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    cause: Cause
    everything: bool
    note: str | None = None


@frozen
class Corrected:
    """A client who may be contacted after all, and the agency's own referrals that can be sent again."""

    stepped: PersonStepped
    referrals: tuple[UUID, ...]


async def stop(desk: Desk, acting: Acting, client: UUID, said: Stop) -> PersonStepped:
    """Record it, and close what the agency is a side of, or everything. Raises Conflict for another cause."""
    if await before_writing(desk, acting) is not None:
        return PersonStepped(await clients.known_client(desk, acting, client), replayed=True)
    await clients.known_client(desk, acting, client)
    stands = told(await desk.history(client)).stopped.get(acting.agency)
    if stands is None:
        cause, same = await write_note(desk, acting, client, said.model_dump_json(), KIND), False
    else:
        same = await _recorded(desk, acting, stands.cause) == said
        cause = stands.cause if same else new_id()  # of one that is refused
    command = StopContact(agency=acting.agency, at=acting.at, cause=cause, everything=said.everything, same=same)

    async def attempt(desk: Desk) -> Decided[ClientSeen]:
        found = await desk.look(client)
        before = clients.known(acting, found, client)
        draft = Draft(acting, client)
        with acting.call.meant_for(before.version):
            history = draft.add(found[client], domain.decide(command, told(found[client])))
        if draft.events:
            acting.call.require(before.version)
            await _close(desk, draft, found.work, everything=said.everything)
        after = ClientSeen(history, told(history), before.since, acting)
        return Decided(draft, Answer(200, {"client": client}, after.version), after)

    done = await carry_out(desk, acting, attempt)
    if done.view is not None:
        return PersonStepped(done.view, replayed=False)
    return PersonStepped(await clients.known_client(desk, acting, client), replayed=True)


async def correct(desk: Desk, acting: Acting, client: UUID) -> Corrected:
    """It was a mistake: she may be contacted. Her pregnancy is open again, with who led it, as before; what else it
    closed stays closed, and can be sent again (R14)."""

    async def attempt(desk: Desk) -> Decided[ClientSeen]:
        found = await clients.look(desk, acting, client)
        before = clients.known(acting, found, client)
        draft = Draft(acting, client)
        command = CorrectStop(agency=acting.agency, at=acting.at)
        with acting.call.meant_for(before.version):
            history = draft.add(found[client], domain.decide(command, told(found[client])))
        if draft.events:
            acting.call.require(before.version)
            if not any(stop.everything for stop in told(history).stopped.values()):
                await _reopen(desk, draft)
        after = ClientSeen(history, told(history), before.since, acting)
        return Decided(draft, Answer(200, {"client": client}, after.version), after)

    done = await carry_out(desk, acting, attempt)
    seen = done.view or await clients.known_client(desk, acting, client)
    return Corrected(PersonStepped(seen, replayed=done.view is None), await _ids(desk, acting, client))


async def _reopen(desk: Desk, draft: Draft) -> None:
    """Gives back her last pregnancy, where contact that ended for all ended it, whoever had recorded that.

    None where another was opened since (R18).
    """
    for pregnancy in (await pregnancies(desk, draft.client))[-1:]:
        ends = [
            event.envelope.event_id
            for event in pregnancy.events
            if isinstance(event.fact, EpisodeClosed) and event.fact.reason is EpisodeEnd.NO_FURTHER_CONTACT
        ]
        if ends:
            command = Reopen(agency=draft.acting.agency, at=draft.acting.at, event=ends[-1])
            draft.add(pregnancy, episode.decide(command, fold(pregnancy)))


async def _ids(desk: Desk, acting: Acting, client: UUID) -> tuple[UUID, ...]:
    return tuple(row.id for row in await to_send_again(desk, acting, client))


async def to_send_again(desk: Desk, acting: Acting, client: UUID) -> list[WorkRow]:
    """This agency's own referrals of hers that no further contact closed, and that nothing took the place of yet."""
    rows = (await desk.look(client)).work
    ours = {row.id: row for row in rows if row.kind == "referral" and row.from_agency == acting.agency}
    found = await desk.histories(list(ours)) if ours else {}
    states = {id: state for id, each in found.items() if (state := referral.fold(each.happened())) is not None}
    replaced = {state.sent.supersedes for state in states.values()}
    closed = {id for id, state in states.items() if state.reason is Reason.NO_FURTHER_CONTACT}
    return [row for id, row in ours.items() if id in closed - replaced]


async def recorded(desk: Desk, seen: ClientSeen) -> Stop | None:
    """Why this agency wrote down that contact ends; None where it did not."""
    stands = seen.state.stopped.get(seen.reader.agency)
    return None if stands is None else await _recorded(desk, seen.reader, stands.cause)


async def _recorded(desk: Desk, acting: Acting, cause: UUID) -> Stop | None:
    typed = await desk.vault.notes.kept(acting.initiative, acting.agency, cause)
    return None if typed is None else Stop.model_validate_json(typed.text.open())


async def _close(desk: Desk, draft: Draft, work: tuple[WorkRow, ...], *, everything: bool) -> None:
    """Referrals with their visits, and handoffs; if everything, other visits and the pregnancies too (R20)."""
    agency = draft.acting.agency
    rows = [row for row in work if row.kind in {"referral", "handoff"} and _is_open(row)]
    rows = [row for row in rows if everything or agency in {row.from_agency, row.to_agency}]
    streams = await desk.histories([row.id for row in rows]) if rows else {}
    for row in rows:
        own = handing_back.on_behalf(draft, row, BY_ITSELF)
        if row.kind == "referral":
            await unasked.stop_contact(desk, own, streams[row.id])
        else:
            handing_back.end_contact(desk, own, streams[row.id])
    if everything:
        closed = {row.id for row in rows}
        booked = [state.booked.referral for _, state in await visits.booked_visits(desk, draft.client, None)]
        for left in dict.fromkeys(id for id in booked if id not in closed):
            await visits.call_off(desk, draft, left, CalledBy.CLIENT)
        for pregnancy in await pregnancies(desk, draft.client):
            command = CloseForAll(agency=agency, at=draft.acting.at, reason=EpisodeEnd.NO_FURTHER_CONTACT)
            draft.add(pregnancy, episode.decide(command, fold(pregnancy)))


def _is_open(row: WorkRow) -> bool:
    return row.state not in referral.ENDED and row.state not in handoff.ENDED and row.mode != "informational"
