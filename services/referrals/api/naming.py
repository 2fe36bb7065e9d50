"""Names and handles on the way out and in: agencies, staff and clients as the caller's agency knows them."""

from collections.abc import Collection, Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query

from services.referrals.api.shapes import AgencyNamed, ClientNamed, WhetherNamed
from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.names import names_held, names_in
from services.referrals.application.unopened import is_unopened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import NotASide
from services.referrals.domain.vocabulary import RestrictedClass
from services.referrals.store.commit import Answer, WorkRow

AskedNames = Annotated[WhetherNamed, Query()]
"""Whether a caller asks for a client's name."""

Kind = Literal[
    "client",
    "episode",
    "need",
    "consent",
    "contact",
    "cohort",
    "screening",
    "event",
    "disclosure",
    "note",
    "question",
    "inquiry",
    "responsibility",
    "cursor",
]


@frozen
class Naming:
    """What one caller calls things."""

    desk: Desk
    acting: Acting

    def agency(self, agency: str) -> AgencyNamed:
        """An agency with the name that people know."""
        return AgencyNamed(agency=agency, name=self.desk.directory.name_of(self.acting.initiative, agency))

    def class_told(self, agency: str) -> RestrictedClass | None:
        """What an agency's name alone tells; None may be named where others look on."""
        return self.desk.directory.class_of_name(self.acting.initiative, agency)

    def service(self, agency: str, service: str) -> str:
        """A service's name; its id where the directory knows it no longer."""
        offered = self.desk.directory.agency(self.acting.initiative, agency).services
        return next((each.name for each in offered if each.id == service), service)

    def person(self, subject: str, agency: str) -> str | None:
        """The name of a member of the caller's own staff, where a practice sign-in says it."""
        if agency != self.acting.agency:
            return None
        practice = self.desk.directory.initiative(self.acting.initiative).practice
        return next((each.name for each in practice if each.username == subject and each.agency == agency), None)

    def out(self, kind: Kind, id: UUID) -> str:
        """The handle by which the caller's agency knows an id."""
        return self.desk.vault.pairwise.out(self.acting.agency, kind, id)

    def maybe(self, kind: Kind, id: UUID | None) -> str | None:
        """The same for an id that may be none."""
        return None if id is None else self.out(kind, id)

    def answered(self, kind: Kind, answer: Answer) -> str:
        """The handle of an id that a command's answer keeps."""
        return self.out(kind, answer.ids[kind])

    def back(self, kind: Kind, handle: str) -> UUID:
        """The id that a handle means. Raises NotASide (404) for what can never have been one."""
        id = self.desk.vault.pairwise.back(self.acting.agency, kind, handle)
        if id is None:
            raise NotASide
        self.acting.meant[handle] = id
        return id

    def maybe_back(self, kind: Kind, handle: str | None) -> UUID | None:
        """The same for a handle that may be none."""
        return None if handle is None else self.back(kind, handle)

    async def clients(self, clients: Collection[UUID]) -> dict[UUID, ClientNamed]:
        """Clients with the names of the agency's own record."""
        texts = await names_held(self.desk, self.acting, clients)
        return {id: ClientNamed(client=self.out("client", id), name=texts.get(id)) for id in clients}

    async def clients_in(self, rows: Sequence[WorkRow], *, names: bool = True) -> dict[UUID, ClientNamed]:
        """The clients of referrals and handoffs of a list, by their ids: none where a receiver lost sight of her (R1).

        What nobody has opened has no name. A name that she gave and that is not accepted is written down as read
        before this returns; without `names` there are none, and nothing is written.
        """
        seen = [row for row in rows if row.from_agency == self.acting.agency or row.receiver_until is None]
        named = [row for row in seen if not is_unopened(self.acting, row)]
        texts = await names_in(self.desk, self.acting, named) if names else {}
        return {row.id: ClientNamed(client=self.out("client", row.client_id), name=texts.get(row.id)) for row in seen}

    async def client_in(self, client: UUID | None, row: WorkRow, *, names: bool) -> ClientNamed | None:
        """The client of one referral or handoff, named as in a list: to ask for it is to open it; None for none."""
        if client is None:
            return None
        texts = await names_in(self.desk, self.acting, [row]) if names else {}
        return ClientNamed(client=self.out("client", client), name=texts.get(row.id))
