"""Group sessions over HTTP: one call for a session, from which each who was expected gets a contact of her own."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.referrals.api.callers import Agency, AtDesk, acting
from services.referrals.api.contact_shapes import ContactRef, Tags, contact_ref, has_come
from services.referrals.api.naming import Naming
from services.referrals.api.plans import within_reach
from services.referrals.api.shapes import Answer, Body, Day, Handle, Language, Moment
from services.referrals.application.contact import Member, OutsideWindow, Session, record_session
from services.referrals.domain.contact import Cohort
from services.runtime.http import Call, Reply, lean_router
from services.runtime.http.problem import FieldError, malformed

router = lean_router()


class CohortGiven(Body):
    """The due dates of those who come together: from, until, both days included; three months at most."""

    due_from: Day
    due_until: Day


class MemberGiven(Body):
    """A client who was expected, whether she came, and the referral that it was for."""

    client: Handle
    attended: bool
    referral: UUID | None = None


class RecordSession(Body):
    """What took place, when (`at`, or `on` a day, as of a contact), and who was expected at it."""

    at: Moment | None = None
    on: Day | None = None
    cohort: CohortGiven | None = None
    members: Annotated[tuple[MemberGiven, ...], Field(min_length=1, max_length=60)]
    tags: Tags = ()
    duration_min: Annotated[int, Field(ge=1, le=1440)] | None = None
    language: Language | None = None
    interpreter: bool | None = None


class SessionRef(Answer):
    """The contacts of a session in the order of its members; `cohort` is this agency's reference of the group."""

    cohort: str | None
    contacts: list[ContactRef]


@router.post("/v1/group-sessions", status_code=201)
async def record_group_session(principal: Agency, call: Call, desk: AtDesk, body: RecordSession) -> Reply[SessionRef]:
    """Record a session with many clients at once: who came, and who missed it."""
    who = acting(principal, call, desk)
    has_come(who, body.at, body.on)
    naming = Naming(desk, who)
    twice = _twice([member.client for member in body.members])
    if twice:
        raise malformed(FieldError(f"/members/{place}/client", "twice", "She is named twice.") for place in twice)
    for pointer, day in _days(body):
        within_reach(who, day, pointer)
    session = Session(
        at=body.at or who.at,
        on=body.on,
        members=[Member(naming.back("client", each.client), each.attended, each.referral) for each in body.members],
        tags=body.tags,
        duration_min=body.duration_min,
        language=body.language,
        interpreter=body.interpreter,
        cohort=Cohort(body.cohort.due_from, body.cohort.due_until) if body.cohort else None,
    )
    try:
        seen = await record_session(desk, who, session)
    except OutsideWindow as outside:
        told = "Her due date lies outside the window of this group."
        raise malformed(
            FieldError(f"/members/{place}/client", outside.CODE, told) for place in outside.places
        ) from None
    shown = SessionRef(
        cohort=naming.maybe("cohort", seen.cohort),
        contacts=[contact_ref(naming, each, each.version) for each in seen.contacts],
    )
    return Reply(shown, replayed=seen.replayed)


def _twice(handles: list[str]) -> list[int]:
    return [place for place, handle in enumerate(handles) if handle in handles[:place]]


def _days(body: RecordSession) -> list[tuple[str, Day]]:
    if body.cohort is None:
        return []
    return [("/cohort/due_from", body.cohort.due_from), ("/cohort/due_until", body.cohort.due_until)]
