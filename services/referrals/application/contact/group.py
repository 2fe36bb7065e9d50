"""A group session: one thing that took place, and of each who was expected a contact of her own (R17)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from services.referrals.application import client as clients
from services.referrals.application import silence
from services.referrals.application.acting import Acting
from services.referrals.application.contact.recording import put_down
from services.referrals.application.contact.said import Happening, named
from services.referrals.application.contact.seen import ContactSeen, read
from services.referrals.application.contact.when import placed, require_possible
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.episode import pregnancies
from services.referrals.application.identifiers import new_id
from services.referrals.application.saving import Decided, carry_out
from services.referrals.domain import episode
from services.referrals.domain.contact import Cohort
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import Unfit
from services.referrals.domain.vocabulary import ContactMode, ContactOutcome, ServiceTag
from services.referrals.store.commit import Answer


@frozen
class Member:
    """A client who was expected: whether she came, and what it was for."""

    client: UUID
    attended: bool
    referral: UUID | None = None


@frozen(kw_only=True)
class Session:
    """A session that took place at a time (UTC), or on a local day, and who was expected at it."""

    at: datetime
    on: date | None = None
    members: Sequence[Member]
    tags: tuple[ServiceTag, ...] = ()
    duration_min: int | None = None
    language: str | None = None
    interpreter: bool | None = None
    cohort: Cohort | None = None


@frozen
class SessionSeen:
    """The contacts of a session in the order of its members; `cohort`: the id of the group, if it is one."""

    cohort: UUID | None
    contacts: tuple[ContactSeen, ...]
    replayed: bool


class OutsideWindow(Unfit):
    """Members, by their places, whose due date as this agency stated it is not of this cohort."""

    CODE: ClassVar[str] = "due-date-outside-cohort"

    def __init__(self, places: Sequence[int]) -> None:
        super().__init__(self.CODE)
        self.places = places


async def record_session(desk: Desk, acting: Acting, session: Session) -> SessionSeen:
    """Each member's own contact, all of them or none.

    Raises NotASide for a client or referral that this agency does not know of, Unfit for a cohort that is none,
    OutsideWindow.
    """
    cohort = None
    if session.cohort is not None:
        session.cohort.require()
        cohort = session.cohort.id(acting.initiative, acting.agency)
    ids = [new_id() for _ in session.members]

    async def attempt(desk: Desk) -> Decided[list[ContactSeen]]:
        acting.call.makes_new()
        draft = Draft(acting, session.members[0].client)
        outside: list[int] = []
        contacts: list[ContactSeen] = []
        for place, (id, member) in enumerate(zip(ids, session.members, strict=True)):
            said = _said(session, member)
            found = await clients.look(desk, acting, member.client, member.referral)
            her = clients.known(acting, found, member.client)
            if session.cohort and not session.cohort.holds(_due(acting, await pregnancies(desk, member.client))):
                outside.append(place)
            names = named(desk, acting, member.client, said, found)
            said = placed(desk, acting, said, names)
            require_possible(desk, said, her)
            contacts.append(put_down(desk, draft.about(member.client), History(id), said, names, cohort=cohort))
        if outside:
            raise OutsideWindow(outside)
        for member in session.members:
            await silence.met(desk, draft, member.client)
        answer = Answer(201, {str(place): id for place, id in enumerate(ids)}, 1)
        return Decided(draft, answer, contacts)

    done = await carry_out(desk, acting, attempt)
    if done.view is not None:
        return SessionSeen(cohort, tuple(done.view), replayed=False)
    places = sorted(done.answer.ids, key=int)
    return SessionSeen(cohort, tuple([await read(desk, acting, done.answer.ids[place]) for place in places]), True)


def _said(session: Session, member: Member) -> Happening:
    return Happening(
        at=session.at,
        on=session.on,
        mode=ContactMode.GROUP_SESSION,
        outcome=ContactOutcome.COMPLETED if member.attended else ContactOutcome.MISSED,
        met=member.attended,
        tags=session.tags,
        duration_min=session.duration_min if member.attended else None,
        language=session.language,
        interpreter=session.interpreter,
        referral=member.referral,
    )


def _due(acting: Acting, told: Sequence[History]) -> date | None:
    """Her last due date as this agency stated it: another agency's would be told by a refusal (R8)."""
    for history in reversed(told):
        state = episode.fold(history.happened())
        own = state.own.get(acting.agency) if state else None
        if own is not None:
            return own.dated.edd if own.dated else None
    return None
