"""The plan of contacts over HTTP: what an agency promised a client."""

from uuid import UUID

from services.referrals.api.callers import Agency, AtDesk, acting
from services.referrals.api.contact_shapes import ContactRef, ContactShown, Tags, contact_ref, contact_shown
from services.referrals.api.naming import Naming
from services.referrals.api.plans import within_reach
from services.referrals.api.safe_contact import SafeContactShown, safe_contact_shown
from services.referrals.api.shapes import Answer, Body, Handle, Language, Moment, NoteText
from services.referrals.application import contact as contacts
from services.referrals.application import safe_contact
from services.referrals.application.contact import Plan
from services.referrals.domain.vocabulary import ContactMode
from services.runtime.http import Call, Reply, lean_router

router = lean_router()


class PlanContact(Body):
    """What is promised: for when, how, and what it belongs to."""

    mode: ContactMode
    planned_for: Moment
    tags: Tags = ()
    language: Language | None = None
    episode: Handle | None = None
    referral: UUID | None = None
    handoff: UUID | None = None
    need: Handle | None = None
    note: NoteText | None = None


class ContactPlan(Answer):
    """How she may be contacted, and what this agency promised her, the first due first.

    What was recorded or called off is not among it.
    """

    client: str
    safe_contact: SafeContactShown
    items: list[ContactShown]


@router.post("/v1/clients/{client}/contact-plan", status_code=201)
async def plan_contact(
    principal: Agency, call: Call, desk: AtDesk, client: str, body: PlanContact
) -> Reply[ContactRef]:
    """Promise her a contact: it is on the agency's work list when its day comes."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("client", client)
    day = desk.directory.local_date(who.initiative, body.planned_for)
    within_reach(who, day, "/planned_for")
    said = Plan(
        planned_for=body.planned_for,
        planned_on=day,
        mode=body.mode,
        tags=body.tags,
        language=body.language,
        episode=naming.maybe_back("episode", body.episode),
        referral=body.referral,
        handoff=body.handoff,
        need=naming.maybe_back("need", body.need),
        note=body.note,
    )
    done = await contacts.plan(desk, who, id, said)
    seen = done.view or await contacts.read(desk, who, done.answer.ids["contact"])
    shown = contact_ref(naming, seen, done.answer.version)
    location = f"/v1/contacts/{shown.contact}"
    return Reply(shown, version=done.answer.version, location=location, replayed=done.view is None)


@router.get("/v1/clients/{client}/contact-plan")
async def get_contact_plan(principal: Agency, call: Call, desk: AtDesk, client: str) -> ContactPlan:
    """How she may be contacted, and what this agency promised her."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("client", client)
    found = await contacts.plan_of(desk, who, id)
    safe = safe_contact_shown(naming, await safe_contact.read(desk, who, id))
    return ContactPlan(
        client=naming.out("client", id), safe_contact=safe, items=[contact_shown(naming, each) for each in found]
    )
