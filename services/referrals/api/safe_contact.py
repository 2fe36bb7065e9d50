"""Safe contact over HTTP: how she may be contacted; stored only, and told to nobody but who is given her phone."""

from typing import Annotated

from pydantic import Field

from services.referrals.api.callers import AtDesk, Staff, acting
from services.referrals.api.naming import Naming
from services.referrals.api.shapes import Answer, Body, Instant, NoteText, Text
from services.referrals.application import safe_contact
from services.referrals.application.safe_contact import Plan, PlanSeen
from services.referrals.domain.safe_contact import REACHING
from services.referrals.domain.vocabulary import ContactMode
from services.runtime.http import Call, Reply, lean_router

router = lean_router()


class PlanSafeContact(Body):
    """The modes by which she may be contacted, or that she may not be at all.

    `words` are what everybody who contacts her has to know (when, what not to say); lists show them. `reason` stays in
    the vault and is shown on no list.
    """

    modes: Annotated[tuple[ContactMode, ...], Field(max_length=len(REACHING))] = ()
    contact_prohibited: bool = False
    words: Text | None = None
    reason: NoteText | None = None


class SafeContactRef(Answer):
    """The client whose plan it is."""

    client: str
    version: int


class SafeContactShown(Answer):
    """How she may be contacted. `modes` are all that there are, and `planned_at` null, where nothing was planned.

    `given`: an agency that gave her phone or address planned it, and not this one. What was said last binds.
    """

    modes: list[ContactMode]
    contact_prohibited: bool
    words: str | None
    reason: str | None
    planned_at: Instant | None
    given: bool
    version: int


@router.post("/v1/clients/{client}/safe-contact-plan", status_code=201)
async def plan_safe_contact(
    principal: Staff, call: Call, desk: AtDesk, client: str, body: PlanSafeContact
) -> Reply[SafeContactRef]:
    """Plan how she may be contacted from now on; it takes the place of what was planned before."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    wish = Plan(modes=body.modes, prohibited=body.contact_prohibited, words=body.words, reason=body.reason)
    id = naming.back("client", client)
    done = await safe_contact.plan(desk, who, id, wish)
    shown = SafeContactRef(client=naming.out("client", id), version=done.answer.version)
    location = f"/v1/clients/{shown.client}/safe-contact-plan"
    return Reply(shown, done.answer.status, shown.version, location, replayed=done.view is None)


def safe_contact_shown(naming: Naming, seen: PlanSeen) -> SafeContactShown:
    """The plan as the agency reads it; why, it reads of its own alone."""
    state = seen.state
    own = state is not None and state.agency == naming.acting.agency
    return SafeContactShown(
        modes=list(REACHING if state is None else state.plan.modes),
        contact_prohibited=state is not None and state.plan.prohibited,
        words=seen.words,
        reason=naming.maybe("note", state.plan.reason) if state is not None and own else None,
        planned_at=None if state is None else state.at,
        given=state is not None and not own,
        version=seen.version,
    )
