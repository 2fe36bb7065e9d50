"""Staff of an agency: who came from the sign-in provider, and for how many clients they are open (R22)."""

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.domain.frozen import frozen
from services.referrals.vault.staff import Member
from services.runtime.auth import Principal
from services.runtime.postgres import Unavailable, is_outage

WITH_CLIENTS = frozenset({"staff", "case_manager"})


@frozen
class Colleague:
    """A member of the own staff, how many things they look after that have not ended, and of how many clients."""

    member: Member
    held: int
    open_clients: int


async def saw(desk: Desk, acting: Acting, principal: Principal) -> None:
    """Somebody of the agency is there; while the vault is away, it is seen the next time."""
    if acting.is_system:
        return
    member = Member(principal.subject, principal.name, tuple(sorted(principal.roles)), acting.at)
    try:
        await desk.vault.staff.saw(acting.initiative, acting.agency, member, principal.roles)
    except Exception as error:
        if not (isinstance(error, Unavailable) or is_outage(error)):
            raise


async def is_colleague(desk: Desk, acting: Acting, person: str) -> bool:
    """Whether a person is the caller, or of the own agency's staff. Raises what an outage raises."""
    return person == acting.subject or await _member(desk, acting, person) is not None


async def works_with_clients(desk: Desk, acting: Acting, person: str) -> bool:
    """Whether a person is of the own agency's staff and may open a client there. Raises what an outage raises."""
    found = await _member(desk, acting, person)
    return found is not None and not WITH_CLIENTS.isdisjoint(found.roles)


async def _member(desk: Desk, acting: Acting, person: str) -> Member | None:
    members = await desk.vault.staff.of(acting.initiative, acting.agency)
    return next((member for member in members if member.subject == person), None)


async def colleagues(desk: Desk, acting: Acting) -> list[Colleague]:
    """The own agency's staff, by name. Raises what an outage raises."""
    members = await desk.vault.staff.of(acting.initiative, acting.agency)
    held = await desk.lists.holdings(acting.initiative, acting.agency)
    found = [Colleague(each, *held.get(each.subject, (0, 0))) for each in members]
    return sorted(found, key=lambda each: ((each.member.name or "").casefold(), each.member.subject))
