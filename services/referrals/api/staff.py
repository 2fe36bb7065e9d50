"""Staff over HTTP: the own agency's names, roles and open clients (R22)."""

from services.referrals.api.callers import AtDesk, Colleague, acting
from services.referrals.api.shapes import Answer, Instant
from services.referrals.application import staff
from services.runtime.http import Call, lean_router

router = lean_router()


class StaffMember(Answer):
    """Somebody of the own agency, as the sign-in provider named them when they last came."""

    subject: str
    name: str | None
    roles: list[str]
    seen_at: Instant
    open_clients: int


class StaffList(Answer):
    """Everybody of the own agency who ever signed in, by name."""

    items: list[StaffMember]


@router.get("/v1/staff")
async def list_staff(principal: Colleague, call: Call, desk: AtDesk) -> StaffList:
    """The own agency's staff, as they came from the sign-in provider, and for how many clients each is open."""
    who = acting(principal, call, desk)
    await staff.saw(desk, who, principal)
    return StaffList(items=[_shown(each) for each in await staff.colleagues(desk, who)])


def _shown(each: staff.Colleague) -> StaffMember:
    return StaffMember(
        subject=each.member.subject,
        name=each.member.name,
        roles=list(each.member.roles),
        seen_at=each.member.seen_at,
        open_clients=each.open_clients,
    )
