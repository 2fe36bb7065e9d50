"""Two references of one agency that are one woman, over HTTP (R21): for that agency's pages alone."""

from services.referrals.api.callers import AtDesk, Staff, acting
from services.referrals.api.naming import Naming
from services.referrals.api.shapes import Answer, Body, Handle
from services.referrals.application import linking
from services.referrals.application.person import PersonStepped
from services.runtime.http import Call, Reply, lean_router

router = lean_router()


class SameAs(Body):
    """A client whom this agency registered itself."""

    own_client: Handle


class LinkShown(Answer):
    """A client, and whom this agency takes for her."""

    client: str
    same: list[str]
    version: int


@router.post("/v1/clients/{client}/link")
async def link_client(principal: Staff, call: Call, desk: AtDesk, client: str, body: SameAs) -> Reply[LinkShown]:
    """She is a client whom this agency has of its own: both references show one page. Nobody else is told."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id, own = naming.back("client", client), naming.back("client", body.own_client)
    return _shown(naming, await linking.link(desk, who, id, own))


@router.post("/v1/clients/{client}/unlink")
async def unlink_client(principal: Staff, call: Call, desk: AtDesk, client: str, body: SameAs) -> Reply[LinkShown]:
    """They are two after all."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id, own = naming.back("client", client), naming.back("client", body.own_client)
    return _shown(naming, await linking.unlink(desk, who, id, own))


def _shown(naming: Naming, done: PersonStepped) -> Reply[LinkShown]:
    seen = done.seen
    same = sorted(naming.out("client", other) for other in seen.same)
    shown = LinkShown(client=naming.out("client", seen.id), same=same, version=seen.version)
    return Reply(shown, version=seen.version, replayed=done.replayed)
