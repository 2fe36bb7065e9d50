"""Disclosures: writing down that something is about to be shown, before it is (R1)."""

from collections.abc import Collection
from typing import Self
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft
from services.referrals.application.saving import ATTEMPTS
from services.referrals.application.sealing import HANDOFF, REFERRAL
from services.referrals.domain import disclosure
from services.referrals.domain.disclosure import RecordDisclosure
from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import DisclosureKind, RestrictedClass
from services.referrals.store.commit import Commit, Conflicted, WorkRow
from services.referrals.store.written import Written
from services.runtime.postgres import Overloaded


@frozen(kw_only=True)
class Showing:
    """What is about to be shown of one client: the referral or handoff that it belongs to, or else who wrote it down,
    and its class."""

    client: UUID
    consent: UUID | None = None
    referral: UUID | None = None
    handoff: UUID | None = None
    restricted: RestrictedClass | None = None
    sources: tuple[str, ...] = ()

    @classmethod
    def of(cls, row: WorkRow) -> Self:
        """What is shown with a referral or handoff."""
        return cls(
            client=row.client_id,
            consent=row.consent,
            referral=row.id if row.kind == REFERRAL else None,
            handoff=row.id if row.kind == HANDOFF else None,
            restricted=RestrictedClass(row.restricted) if row.restricted else None,
        )


async def disclose(desk: Desk, acting: Acting, kind: DisclosureKind, showings: Collection[Showing]) -> None:
    """Record each, once per person, client, kind, consent, class and sources in an hour; returns when all of them are
    durable, as one.

    Two requests of one person meet on the same streams: the second finds them taken, which is as good. Raises
    Overloaded, Unavailable: then nothing may be shown.
    """
    for _ in range(ATTEMPTS):
        events = await _new(desk, acting, kind, showings)
        if not events or not isinstance(await desk.writer.append(Commit(events)), Conflicted):
            return
    raise Overloaded


async def _new(desk: Desk, acting: Acting, kind: DisclosureKind, showings: Collection[Showing]) -> tuple[Written, ...]:
    looks: dict[UUID, tuple[Showing, RecordDisclosure]] = {}
    for showing in showings:
        command = recording(acting, kind, showing)
        looks.setdefault(disclosure.disclosure_id(showing.client, acting.subject, command), (showing, command))
    found = await desk.histories(looks) if looks else {}
    events: list[Written] = []
    for stream, (showing, command) in looks.items():
        draft = Draft(acting, showing.client)
        draft.add(found[stream], disclosure.decide(command, disclosure.fold(found[stream].happened())))
        events += draft.events
    return tuple(events)


def recording(acting: Acting, kind: DisclosureKind, showing: Showing) -> RecordDisclosure:
    """What is written down of it."""
    return RecordDisclosure(
        agency=acting.agency,
        at=acting.at,
        kind=kind,
        consent=showing.consent,
        referral=showing.referral,
        handoff=showing.handoff,
        restricted=showing.restricted,
        sources=showing.sources,
    )
