"""Who may call, as the type of an endpoint's first argument, and what they become inside."""

from datetime import UTC
from typing import Annotated

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.directory import NotInDirectory
from services.runtime.auth import Principal, Roles
from services.runtime.http.call import Call
from services.runtime.http.problem import role_forbids
from services.runtime.http.signature import Part

Agency = Annotated[Principal, Roles("staff", "case_manager", "system")]
"""Staff of an agency, or its system."""

Staff = Annotated[Principal, Roles("staff", "case_manager")]
"""Staff of an agency in person."""

DirectoryReader = Annotated[Principal, Roles("staff", "case_manager", "system", "agency_admin", "backbone")]
"""Whoever may read the directory of their initiative; a system has to know whom it can ask."""

Colleague = Annotated[Principal, Roles("staff", "case_manager", "agency_admin")]
"""Somebody of an agency, whoever looks after its staff among them."""

Manager = Annotated[Principal, Roles("agency_admin")]
"""Whoever looks after an agency's staff."""

CaseManager = Annotated[Principal, Roles("case_manager")]
Anybody = Annotated[Principal, Roles()]

AtDesk = Annotated[Desk, Part("desk")]


def acting(principal: Principal, call: Call, desk: Desk) -> Acting:
    """The caller inside. Raises 403 for somebody of no agency, or of one that the directory does not know."""
    if principal.agency is None:
        raise role_forbids()
    try:
        desk.directory.agency(principal.initiative, principal.agency)
        now = desk.clock.now().astimezone(UTC)
        today = desk.directory.local_date(principal.initiative, now)
    except NotInDirectory:
        raise role_forbids() from None
    return Acting(
        agency=principal.agency,
        initiative=principal.initiative,
        subject=principal.subject,
        is_system="system" in principal.roles,
        at=now,
        today=today,
        call=call,
    )
