"""A client's way in over HTTP: a code that an agency gives her, and the short sign-in that it opens."""

from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import Field

from services.referrals.api.callers import AtDesk, Staff, acting
from services.referrals.api.naming import Naming
from services.referrals.api.referral_steps import Nothing
from services.referrals.api.shapes import Answer, Body, Instant
from services.referrals.application import access
from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import RestrictedClass
from services.referrals.settings import ServeSettings
from services.runtime.auth import BothIssuers, IssuerKeys, OwnIssuer, possession_for
from services.runtime.http import Call, Part, Reply, lean_router

router = lean_router()

CLIENT = "client"


@frozen
class ClientAccess:
    """Who signs a client's tokens, how long one is good, and how long a code is."""

    issuer: OwnIssuer
    session: timedelta
    code: timedelta

    @classmethod
    def opened(cls, secret: bytes, settings: ServeSettings) -> Self:
        """With a signing key that is made of 32 secret bytes."""
        minutes, days = settings.client_session_minutes, settings.access_code_days
        return cls(OwnIssuer(secret), timedelta(minutes=minutes), timedelta(days=days))

    def believing(self, settings: ServeSettings, provider: IssuerKeys) -> BothIssuers:
        """Who believes these tokens, and those of the sign-in provider."""
        possession = possession_for(settings, behind_socket=settings.referrals_socket is not None)
        return BothIssuers(settings.issuer, provider, IssuerKeys(self.issuer.fetched), CLIENT, possession=possession)


AtDoor = Annotated[ClientAccess, Part("client_access")]


class CodeGiven(Answer):
    """A code for her to type, in groups to read aloud; it opens her pages once, until then."""

    code: str
    expires_at: Instant


class AccessAsked(Body):
    """The code as she types it: with or without the spaces, in either case."""

    code: Annotated[str, Field(min_length=1, max_length=40)]


class AccessGiven(Answer):
    """A token that is good for her own pages and nothing else, and how she is called in their addresses.

    `restricted`: the name of the agency that gave her the code is not to be shown where others may look on.
    """

    token: str
    expires_at: Instant
    client: str
    restricted: RestrictedClass | None


class AccessKeys(Answer):
    """The public keys (RFC 7517) by which such a token is believed."""

    keys: list[dict[str, Any]]


@router.post("/v1/clients/{client}/access-codes", status_code=201)
async def give_access_code(
    principal: Staff, call: Call, desk: AtDesk, door: AtDoor, *, client: str, body: Nothing
) -> Reply[CodeGiven]:
    """A one-time code for a client of the agency's, to be given to her on paper or read aloud: to nobody else.

    The one that she had before opens nothing any more.
    """
    call.makes_new()
    who = acting(principal, call, desk)
    code = await access.give_code(desk, who, Naming(desk, who).back("client", client), door.code)
    text = " ".join(code.text[start : start + 3] for start in range(0, len(code.text), 3))
    return Reply(CodeGiven(code=text, expires_at=code.until), 201)


@router.post("/v1/access")
async def open_access(call: Call, desk: AtDesk, door: AtDoor, body: AccessAsked) -> AccessGiven:
    """A client opens her own pages with the code that an agency gave her; nobody signs in. It works once."""
    holder = await access.let_in(desk, body.code)
    now = desk.clock.now()
    until = now + door.session
    client = desk.vault.pairwise.out(holder.agency, "client", holder.client_id)
    claims = {"sub": client, "initiative": holder.initiative, "agency": holder.agency, "roles": [CLIENT]}
    token, told = door.issuer.issue(claims, now, until), desk.directory.class_of_name(holder.initiative, holder.agency)
    return AccessGiven(token=token, expires_at=until, client=client, restricted=told)


@router.get("/v1/access/keys")
async def list_access_keys(door: AtDoor) -> AccessKeys:
    """The public keys of clients' tokens, for the services that are shown one."""
    return AccessKeys(keys=door.issuer.keys()["keys"])
