"""What she agreed to give, on its way to the one receiver of a referral or handoff: written down before it is shown."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from uuid import UUID

from services.referrals.application import handoff_seen, referral
from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.disclosure import Showing, disclose
from services.referrals.application.due_date import with_due_date
from services.referrals.application.handoff_seen import HandoffSeen
from services.referrals.application.in_force import coming_with, words_of
from services.referrals.application.referral import ReferralSeen
from services.referrals.application.sealing import GIVING
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import ForReceiver, NotASide
from services.referrals.domain.safe_contact import SafeContact
from services.referrals.domain.vocabulary import DisclosureKind, GivenField, Side
from services.referrals.store.commit import WorkRow
from services.referrals.vault.held import Holding
from services.referrals.vault.identity import Json
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.terms import Subject
from services.runtime.postgres import Unavailable, is_outage

KIND = DisclosureKind.GIVEN_FIELDS


@frozen
class GivenOpened:
    """The fields that she agreed to give and the sender held, and the note if she agreed: for the answer alone.

    `not_held` are those that she agreed to give and the sender did not hold. `plan` says how she may be contacted, with
    its `words`: where her phone or address is given, as it stands now; else at most that she may not be.
    """

    fields: Json = field(repr=False)
    note: str | None = field(repr=False)
    plan: SafeContact | None
    words: str | None = field(repr=False)
    not_held: tuple[GivenField, ...] = ()


async def of_referral(desk: Desk, acting: Acting, id: UUID) -> GivenOpened:
    """The copy for the receiver of a referral.

    Raises ForReceiver for its sender, NotASide once it ended without the receiver having accepted (R1).
    """
    return await _opened(desk, acting, await referral.read(desk, acting, id))


async def of_handoff(desk: Desk, acting: Acting, id: UUID) -> GivenOpened:
    """The copy for the receiver of a handoff. Raises as `of_referral`."""
    return await _opened(desk, acting, await handoff_seen.read(desk, acting, id))


async def not_held(desk: Desk, acting: Acting, seen: ReferralSeen | HandoffSeen) -> tuple[GivenField, ...] | None:
    """What she agreed to give and its sender does not hold, so that its receiver finds nothing there.

    None for the receiver, whose copy says so, and while the vault is away.
    """
    if seen.side is not Side.SENDER:
        return None
    holder = Holder(acting.initiative, acting.agency, seen.work.client_id)
    try:
        held = (await desk.vault.held.of([holder], accepted=True)).get(holder)
    except Exception as error:
        if not (isinstance(error, Unavailable) or is_outage(error)):
            raise
        return None
    return _lacking(seen, await with_due_date(desk, seen, held.fields if held else {}))


async def names(desk: Desk, acting: Acting, rows: Iterable[WorkRow]) -> dict[UUID, str]:
    """Her name by referral or handoff, out of the copies that this agency was given and has not accepted.

    Reading a name is reading a given field: all of them are written down as one before any is answered (R1). None
    while the vault is away. Raises Overloaded, Unavailable where they cannot be written down.
    """
    asked = {Subject(row.kind, row.id): row for row in rows if _may_read(acting, row)}
    found = await _names(desk, acting, asked)
    await disclose(desk, acting, KIND, [Showing.of(asked[subject]) for subject in found])
    return {subject.id: name for subject, name in found.items()}


def _may_read(acting: Acting, row: WorkRow) -> bool:
    return row.to_agency == acting.agency and row.receiver_until is None and row.kind in GIVING


async def _names(desk: Desk, acting: Acting, asked: Mapping[Subject, WorkRow]) -> dict[Subject, str]:
    if not asked:
        return {}
    try:
        held = await _held(desk, acting, asked)
    except Exception as error:
        if not (isinstance(error, Unavailable) or is_outage(error)):
            raise
        return {}
    return {subject: name.text() for subject in asked if subject in held and (name := held[subject].name)}


async def _held(desk: Desk, acting: Acting, asked: Mapping[Subject, WorkRow]) -> dict[Subject, Holding]:
    held = await desk.vault.held.copies(asked.keys(), acting.initiative, acting.agency)
    # Whoever reads first has the copy made: what was sent or accepted a moment ago has its name in the list.
    unmade = [subject for subject, row in asked.items() if subject not in held and row.waits_on == acting.agency]
    if unmade:
        await desk.sealer.make(unmade)
        held |= await desk.vault.held.copies(unmade, acting.initiative, acting.agency)
    return held


async def _opened(desk: Desk, acting: Acting, seen: ReferralSeen | HandoffSeen) -> GivenOpened:
    if seen.side is not Side.RECEIVER:
        raise ForReceiver
    if seen.client is None:
        raise NotASide
    copy = await desk.sealer.given(Subject(seen.work.kind, seen.id), acting.initiative, acting.agency)
    if copy is None:
        raise NotASide
    await disclose(desk, acting, KIND, [Showing.of(seen.work)])
    fields = await with_due_date(desk, seen, copy.fields.open())
    plan = await coming_with(desk, acting, seen)
    words = (await words_of(desk, acting, {seen.work.client_id: plan})) if plan else {}
    return GivenOpened(
        fields,
        copy.note.open() if copy.note else None,
        plan,
        words.get(seen.work.client_id),
        _lacking(seen, fields),
    )


def _lacking(seen: ReferralSeen | HandoffSeen, fields: Json) -> tuple[GivenField, ...]:
    """The note is never lacking: it is given only where one was typed."""
    agreed = seen.state.sent.given if isinstance(seen, ReferralSeen) else seen.state.given
    return tuple(each for each in agreed if each is not GivenField.NOTE and each not in fields)
