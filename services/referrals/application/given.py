"""What she agreed to give, on its way to the one receiver of a referral or handoff: written down before it is shown."""

from dataclasses import field
from uuid import UUID

from services.referrals.application import handoff, referral
from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.disclosure import disclose
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import NotASide, WrongSide
from services.referrals.domain.vocabulary import DisclosureKind, Side
from services.referrals.vault.identity import Json
from services.referrals.vault.terms import Subject


@frozen
class GivenOpened:
    """The fields that she agreed to give and the sender held, and the note if she agreed: for the answer alone."""

    fields: Json = field(repr=False)
    note: str | None = field(repr=False)


async def of_referral(desk: Desk, acting: Acting, id: UUID) -> GivenOpened:
    """The copy for the receiver of a referral.

    Raises WrongSide for its sender, NotASide once it ended without the receiver having accepted (R1).
    """
    seen = await referral.read(desk, acting, id)
    if seen.side is not Side.RECEIVER:
        raise WrongSide
    if seen.client is None:
        raise NotASide
    sent = seen.state.sent
    await disclose(
        desk,
        acting,
        seen.client,
        DisclosureKind.GIVEN_FIELDS,
        consent=sent.consent,
        referral=id,
        restricted=sent.restricted,
    )
    return await _copy(desk, acting, Subject("referral", id))


async def of_handoff(desk: Desk, acting: Acting, id: UUID) -> GivenOpened:
    """The copy for the receiver of a handoff. Raises as `of_referral`."""
    seen = await handoff.read(desk, acting, id)
    if seen.side is not Side.RECEIVER:
        raise WrongSide
    if seen.client is None:
        raise NotASide
    await disclose(
        desk,
        acting,
        seen.client,
        DisclosureKind.GIVEN_FIELDS,
        consent=seen.state.consent,
        handoff=id,
        restricted=seen.state.proposed.restricted,
    )
    return await _copy(desk, acting, Subject("handoff", id))


async def _copy(desk: Desk, acting: Acting, subject: Subject) -> GivenOpened:
    copy = await desk.sealer.given(subject, acting.initiative, acting.agency)
    if copy is None:
        raise NotASide
    return GivenOpened(copy.fields.open(), copy.note.open() if copy.note else None)
