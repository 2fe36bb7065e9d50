"""Staff over HTTP: the own agency's names, roles and open clients, and how a leaver's work is handed on (R22)."""

from typing import Annotated, cast
from uuid import UUID

from pydantic import Field

from services.referrals.api.callers import AtDesk, Colleague, Manager, acting
from services.referrals.api.naming import Naming
from services.referrals.api.shapes import Answer, Body, ClientNamed, Instant, Person, WorkKind
from services.referrals.application import charge, staff
from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.store.commit import WorkRow
from services.runtime.auth import Principal
from services.runtime.http import Call, lean_router
from services.runtime.http.problem import FieldError, malformed

router = lean_router()


class StaffMember(Answer):
    """Somebody of the own agency, as the sign-in provider named them when they last came.

    `held` is how many things they look after (accepted, promised, led), `open_clients` of how many clients.
    """

    subject: str
    name: str | None
    roles: list[str]
    seen_at: Instant
    held: int
    open_clients: int


class StaffList(Answer):
    """Everybody of the own agency who ever signed in, by name."""

    items: list[StaffMember]


class Holder(Body):
    """Whose work is asked for: a subject of the agency's own sign-ins."""

    person: Person


class HandOn(Body):
    """Whose work becomes whose: subjects of the agency's own sign-ins; `work`: these things alone (null: all)."""

    leaver: Annotated[Person, Field(alias="from")]
    to: Person
    work: Annotated[list[UUID], Field(min_length=1, max_length=charge.MOST)] | None = None


class HeldItem(Answer):
    """A thing that somebody looks after since `since`, or, where `claimed`, only said that they do.

    A `referral` or `handoff` was accepted, a `contact` promised, of an `episode` the `domain` is led. `client` is null
    for whoever does not work with clients, and without a name where nobody has opened it.
    """

    kind: WorkKind
    id: UUID
    client: ClientNamed | None
    state: str
    waits_for: str | None
    category: str | None
    domain: str | None
    since: Instant
    due: Instant | None
    claimed: bool


class Held(Answer):
    """What one person looks after, the longest first; `more`: there is more than is listed."""

    person: str
    items: list[HeldItem]
    more: bool


@router.get("/v1/staff")
async def list_staff(principal: Colleague, call: Call, desk: AtDesk) -> StaffList:
    """The own agency's staff, as they came from the sign-in provider, and for how many clients each is open."""
    who = acting(principal, call, desk)
    await staff.saw(desk, who, principal)
    return StaffList(items=[_shown(each) for each in await staff.colleagues(desk, who)])


@router.post("/v1/staff/held")
async def list_held(principal: Manager, call: Call, desk: AtDesk, body: Holder) -> Held:
    """What somebody of the own agency looks after: accepted, promised, led, claimed."""
    return await _held(principal, acting(principal, call, desk), desk, body.person)


@router.post("/v1/staff/hand-on")
async def hand_on(principal: Manager, call: Call, desk: AtDesk, body: HandOn) -> Held:
    """What somebody looks after is a colleague's from now on: they leave, or are ill. Gives what is left with them.

    One command hands on 200 things at most: where there is `more`, it is asked again. What has ended or is somebody
    else's by now stays as it is; a thing that is not the agency's is 404. 422 where the colleague is not of the own
    staff who work with clients.
    """
    who = acting(principal, call, desk)
    if body.to == body.leaver:
        raise malformed([FieldError("/to", "same-person", "It is that person's already.")])
    if not await staff.works_with_clients(desk, who, body.to):
        raise malformed([FieldError("/to", "not-of-your-staff", "Nobody of your agency who works with clients.")])
    await charge.hand_on(desk, who, body.leaver, body.to, body.work)
    return await _held(principal, who, desk, body.leaver)


async def _held(principal: Principal, who: Acting, desk: Desk, person: str) -> Held:
    found = await charge.held(desk, who, person)
    naming = Naming(desk, who)
    opens = bool(staff.WITH_CLIENTS & principal.roles)
    clients = await naming.clients_in(found.rows) if opens else {}
    items = [_item(row, clients.get(row.id), claimed=row.id in found.claimed) for row in found.rows]
    return Held(person=person, items=items, more=found.more)


def _item(row: WorkRow, client: ClientNamed | None, *, claimed: bool) -> HeldItem:
    return HeldItem(
        kind=cast(WorkKind, row.kind),
        id=row.id,
        client=client,
        state=row.state,
        waits_for=row.waits_for,
        category=row.category,
        domain=row.domain,
        since=row.sent_at,
        due=row.due_at,
        claimed=claimed,
    )


def _shown(each: staff.Colleague) -> StaffMember:
    return StaffMember(
        subject=each.member.subject,
        name=each.member.name,
        roles=list(each.member.roles),
        seen_at=each.member.seen_at,
        held=each.held,
        open_clients=each.open_clients,
    )
