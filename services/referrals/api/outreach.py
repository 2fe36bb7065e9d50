"""Whether anybody reaches out to a client, over HTTP: paused without a reason (R5), or no further contact (R20)."""

from typing import Literal
from uuid import UUID

from services.referrals.api.callers import AtDesk, Staff, acting
from services.referrals.api.naming import Naming
from services.referrals.api.referral_steps import Nothing
from services.referrals.api.shapes import Answer, Body, NoteText
from services.referrals.application import person, stopping
from services.referrals.application.client import ClientSeen
from services.referrals.application.person import PersonStepped
from services.referrals.application.stopping import Cause, Stop
from services.runtime.http import Call, Reply, lean_router

router = lean_router()

Outreach = Literal["open", "paused", "stopped"]
"""Open; paused at every agency, until it is resumed; or stopped: no further contact (R20)."""


class OutreachShown(Answer):
    """Whether she may be reached out to."""

    client: str
    outreach: Outreach
    version: int


def outreach_of(seen: ClientSeen) -> Outreach:
    """In one word, the strongest first."""
    return "stopped" if seen.stopped else "paused" if seen.paused else "open"


@router.post("/v1/clients/{client}/pause")
async def pause_outreach(
    principal: Staff, call: Call, desk: AtDesk, client: str, body: Nothing
) -> Reply[OutreachShown]:
    """Nobody reaches out to her until it is resumed, at whatever agency; nobody is told why."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    return outreach_shown(naming, await person.pause(desk, who, naming.back("client", client)))


@router.post("/v1/clients/{client}/resume")
async def resume_outreach(
    principal: Staff, call: Call, desk: AtDesk, client: str, body: Nothing
) -> Reply[OutreachShown]:
    """She may be reached out to again."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    return outreach_shown(naming, await person.resume(desk, who, naming.back("client", client)))


class Deceased(Body):
    """She has died. `note` goes into the vault."""

    note: NoteText | None = None


class Stopped(Body):
    """She moved away, or wants no contact. `all_agencies`: she says that of all of them; asked, and recorded."""

    all_agencies: bool = False
    note: NoteText | None = None


class ContactAgain(OutreachShown):
    """She may be contacted after all; `referrals` are this agency's own that can be sent again."""

    referrals: list[UUID]


@router.post("/v1/clients/{client}/deceased")
async def record_deceased(
    principal: Staff, call: Call, desk: AtDesk, client: str, body: Deceased
) -> Reply[OutreachShown]:
    """She has died: everything that is open for her closes. Other agencies learn that there is no further contact."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    said = Stop(cause=Cause.DECEASED, everything=True, note=body.note)
    return outreach_shown(naming, await stopping.stop(desk, who, naming.back("client", client), said))


@router.post("/v1/clients/{client}/moved-away")
async def record_moved_away(
    principal: Staff, call: Call, desk: AtDesk, client: str, body: Stopped
) -> Reply[OutreachShown]:
    """She moved away: what this agency is a side of closes, or everything if she says so of all agencies."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    said = Stop(cause=Cause.MOVED_AWAY, everything=body.all_agencies, note=body.note)
    return outreach_shown(naming, await stopping.stop(desk, who, naming.back("client", client), said))


@router.post("/v1/clients/{client}/no-contact")
async def record_no_contact(
    principal: Staff, call: Call, desk: AtDesk, client: str, body: Stopped
) -> Reply[OutreachShown]:
    """She wants no contact: what this agency is a side of closes, or everything if she says so of all agencies."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    said = Stop(cause=Cause.NO_CONTACT, everything=body.all_agencies, note=body.note)
    return outreach_shown(naming, await stopping.stop(desk, who, naming.back("client", client), said))


@router.post("/v1/clients/{client}/contact-again")
async def correct_no_contact(
    principal: Staff, call: Call, desk: AtDesk, client: str, body: Nothing
) -> Reply[ContactAgain]:
    """That contact ends was a mistake of this agency's. Her pregnancy is open again, with who led it; what else it
    closed stays closed, and can be sent again."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    done = await stopping.correct(desk, who, naming.back("client", client))
    seen = done.stepped.seen
    shown = ContactAgain(
        client=naming.out("client", seen.id),
        outreach=outreach_of(seen),
        version=seen.version,
        referrals=list(done.referrals),
    )
    return Reply(shown, version=seen.version, replayed=done.stepped.replayed)


def outreach_shown(naming: Naming, done: PersonStepped) -> Reply[OutreachShown]:
    """How it is after a step."""
    seen = done.seen
    shown = OutreachShown(client=naming.out("client", seen.id), outreach=outreach_of(seen), version=seen.version)
    return Reply(shown, version=seen.version, replayed=done.replayed)
