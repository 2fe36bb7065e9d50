"""Disclosures: writing down that something is about to be shown, before it is (R1)."""

from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft
from services.referrals.domain import disclosure
from services.referrals.domain.disclosure import RecordDisclosure
from services.referrals.domain.vocabulary import DisclosureKind, RestrictedClass
from services.referrals.store.commit import Commit


async def disclose(
    desk: Desk,
    acting: Acting,
    client: UUID,
    kind: DisclosureKind,
    *,
    consent: UUID | None = None,
    referral: UUID | None = None,
    handoff: UUID | None = None,
    restricted: RestrictedClass | None = None,
) -> None:
    """Record it, once per person, client and kind in an hour; returns when it is durable.

    Two who read at once meet on the same stream: the second finds it taken, which is as good.
    """
    stream = disclosure.disclosure_id(client, acting.agency, acting.subject, kind, acting.at)
    history = await desk.history(stream)
    command = RecordDisclosure(
        agency=acting.agency,
        at=acting.at,
        kind=kind,
        consent=consent,
        referral=referral,
        handoff=handoff,
        restricted=restricted,
    )
    draft = Draft(acting, client)
    draft.add(history, disclosure.decide(command, disclosure.fold(history.happened())))
    if draft.events:
        await desk.writer.append(Commit(tuple(draft.events)))
