"""Whether anybody reaches out to a client, over HTTP: paused and resumed without a reason (R5)."""

from typing import Literal

from services.referrals.api.callers import AtDesk, Staff, acting
from services.referrals.api.naming import Naming
from services.referrals.api.referral_steps import Nothing
from services.referrals.api.shapes import Answer
from services.referrals.application import person
from services.referrals.application.client import ClientSeen
from services.referrals.application.person import PersonStepped
from services.runtime.http import Call, Reply, lean_router

router = lean_router()

Outreach = Literal["open", "paused", "stopped"]
"""Open; paused for now, at every agency; or stopped: no further contact (R20)."""


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
    """Nobody reaches out to her for now, at whatever agency; nobody is told why."""
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


def outreach_shown(naming: Naming, done: PersonStepped) -> Reply[OutreachShown]:
    """How it is after a step."""
    seen = done.seen
    shown = OutreachShown(client=naming.out("client", seen.id), outreach=outreach_of(seen), version=seen.version)
    return Reply(shown, version=seen.version, replayed=done.replayed)
