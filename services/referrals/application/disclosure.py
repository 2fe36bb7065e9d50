"""Disclosures: writing down that something is about to be shown, before it is (R1)."""

from collections.abc import Collection, Iterable
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft
from services.referrals.application.saving import ATTEMPTS
from services.referrals.domain import disclosure
from services.referrals.domain.disclosure import RecordDisclosure
from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import DisclosureKind, RestrictedClass
from services.referrals.store.commit import Commit, Conflicted
from services.referrals.store.written import Written
from services.runtime.postgres import Overloaded


@frozen(kw_only=True)
class Showing:
    """What is about to be shown of one client: the referral or handoff that it belongs to, and its class."""

    client: UUID
    consent: UUID | None = None
    referral: UUID | None = None
    handoff: UUID | None = None
    restricted: RestrictedClass | None = None


async def disclose(desk: Desk, acting: Acting, kind: DisclosureKind, showings: Collection[Showing]) -> None:
    """Record each, once per person, client and kind in an hour; returns when all of them are durable, as one.

    Two requests of one person meet on the same streams: the second finds them taken, which is as good. Raises
    Overloaded, Unavailable: then nothing may be shown.
    """
    for _ in range(ATTEMPTS):
        events = await _new(desk, acting, kind, showings)
        if not events or not isinstance(await desk.writer.append(Commit(events)), Conflicted):
            return
    raise Overloaded


async def unrecorded(desk: Desk, acting: Acting, kind: DisclosureKind, clients: Iterable[UUID]) -> set[UUID]:
    """Those of these clients of whom this person was shown nothing of this kind in this hour."""
    streams = {client: _stream(acting, kind, client) for client in clients}
    found = await desk.histories(streams.values()) if streams else {}
    return {client for client, stream in streams.items() if not found[stream].events}


async def _new(desk: Desk, acting: Acting, kind: DisclosureKind, showings: Collection[Showing]) -> tuple[Written, ...]:
    by_stream = {_stream(acting, kind, showing.client): showing for showing in showings}
    found = await desk.histories(by_stream) if by_stream else {}
    events: list[Written] = []
    for stream, showing in by_stream.items():
        command = RecordDisclosure(
            agency=acting.agency,
            at=acting.at,
            kind=kind,
            consent=showing.consent,
            referral=showing.referral,
            handoff=showing.handoff,
            restricted=showing.restricted,
        )
        draft = Draft(acting, showing.client)
        draft.add(found[stream], disclosure.decide(command, disclosure.fold(found[stream].happened())))
        events += draft.events
    return tuple(events)


def _stream(acting: Acting, kind: DisclosureKind, client: UUID) -> UUID:
    return disclosure.disclosure_id(client, acting.agency, acting.subject, kind, acting.at)
