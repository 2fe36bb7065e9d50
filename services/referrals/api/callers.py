"""Who may call, as the type of an endpoint's first argument, and what they become inside."""

from collections.abc import Mapping
from datetime import UTC
from typing import Annotated

from services.referrals.application.acting import BACKBONE, Acting
from services.referrals.application.desk import Desk
from services.referrals.directory import NotInDirectory
from services.referrals.domain.vocabulary import Standing
from services.runtime.auth import Principal, Roles
from services.runtime.http.call import Call
from services.runtime.http.problem import Problem, role_forbids
from services.runtime.http.signature import Part
from services.runtime.postgres.behalf import ask_for

Agency = Annotated[Principal, Roles("staff", "case_manager", "system")]
"""Staff of an agency, or its system."""

Staff = Annotated[Principal, Roles("staff", "case_manager")]
"""Staff of an agency in person."""

DirectoryReader = Annotated[Principal, Roles("staff", "case_manager", "system", "agency_admin", "backbone")]
"""Whoever may read the directory of their initiative; a system has to know whom it can ask."""

Colleague = Annotated[Principal, Roles("staff", "case_manager", "agency_admin")]
"""Somebody of an agency, whoever looks after its staff among them."""

SUPERVISORS = frozenset({"case_manager", "agency_admin"})
Supervisor = Annotated[Principal, Roles("case_manager", "agency_admin")]
"""Who checks how an agency's work ended, and attests it."""

Manager = Annotated[Principal, Roles("agency_admin")]
"""Whoever looks after an agency's staff."""

DirectoryEditor = Annotated[Principal, Roles("agency_admin", "backbone")]
"""Who edits the directory: an agency its own entries, the backbone all of them."""

Backbone = Annotated[Principal, Roles("backbone")]
"""The backbone organisation of the initiative."""

CapacityTeller = Annotated[Principal, Roles("staff", "case_manager", "system", "agency_admin", "backbone")]
"""Who says whether a service has room."""

ReadsDisclosures = Annotated[Principal, Roles("client", "case_manager", "privacy_officer")]
"""Who reads an accounting of disclosures: she herself, and whoever answers for it at an agency."""

Herself = Annotated[Principal, Roles("client")]
"""A client, by the token that her code opened."""

StaffOrHerself = Annotated[Principal, Roles("staff", "case_manager", "client")]
"""Staff of an agency in person, or the client whom it is about."""

Officer = Annotated[Principal, Roles("privacy_officer")]
"""Who answers at an agency for what was done with its clients' records."""

CaseManager = Annotated[Principal, Roles("case_manager")]
Anybody = Annotated[Principal, Roles()]

AtDesk = Annotated[Desk, Part("desk")]


_STANDING: Mapping[str, str] = {
    "invited": "Your agency is invited and has not begun: whoever looks after your accounts begins it.",
    "left": "Your agency has left the initiative.",
}


def acting(principal: Principal, call: Call, desk: Desk) -> Acting:
    """The caller inside. Raises 403 for somebody of no agency, or of one that the directory does not know, that was
    invited and has not begun, or that left (R22: its references stop working)."""
    if principal.agency is None:
        raise role_forbids()
    who = _inside(principal, call, desk, principal.agency)
    standing = desk.directory.standing(principal.initiative, principal.agency)
    if standing is Standing.LEFT or standing is Standing.INVITED:
        _require_known(principal, desk, principal.agency)
        raise takes_no_part(standing)
    return who


def listing(principal: Principal, call: Call, desk: Desk, *, even_left: bool = False) -> Acting:
    """Who edits the directory, inside: the backbone, or an agency, which may prepare its entries before it begins.

    Raises 403 as `acting` does; `even_left` lets an agency end its leaving.
    """
    if principal.agency is None and "backbone" not in principal.roles:
        raise role_forbids()
    if principal.agency is None:
        ask_for(BACKBONE)
        return _inside(principal, call, desk, BACKBONE)
    who = _inside(principal, call, desk, principal.agency)
    _require_known(principal, desk, principal.agency)
    standing = desk.directory.standing(principal.initiative, principal.agency)
    if standing is Standing.LEFT and not even_left:
        raise takes_no_part(standing)
    return who


def _require_known(principal: Principal, desk: Desk, agency: str) -> None:
    """Raises 403 for an agency that the directory has not heard of: its standing reads as if it had left."""
    try:
        desk.directory.agency(principal.initiative, agency)
    except NotInDirectory:
        raise role_forbids() from None


def _inside(principal: Principal, call: Call, desk: Desk, agency: str) -> Acting:
    try:
        now = desk.clock.now().astimezone(UTC)
        today = desk.directory.local_date(principal.initiative, now)
    except NotInDirectory:
        raise role_forbids() from None
    return Acting(
        agency=agency,
        initiative=principal.initiative,
        subject=principal.subject,
        is_system="system" in principal.roles,
        supervises=not SUPERVISORS.isdisjoint(principal.roles),
        at=now,
        today=today,
        call=call,
    )


def takes_no_part(standing: str) -> Problem:
    """403: the caller's agency is invited or has left (R22)."""
    return Problem(403, "agency-takes-no-part", "Your agency does not take part now.", _STANDING.get(standing, ""))
