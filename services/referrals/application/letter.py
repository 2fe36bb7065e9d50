"""Letters to receivers that are not on the system: what stands on one, and the answers that come back."""

from collections.abc import AsyncIterator
from dataclasses import field
from datetime import date
from uuid import UUID

from services.referrals.application import closing
from services.referrals.application import contact as contacts
from services.referrals.application import referral as referrals
from services.referrals.application.acting import Acting, speaking_for
from services.referrals.application.contact import Happening
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.due_date import with_due_date
from services.referrals.application.ending import BY_LETTER
from services.referrals.application.evidence import evidence_for
from services.referrals.application.identifiers import new_id
from services.referrals.application.in_force import coming_with, words_of
from services.referrals.application.referral import ReferralSeen
from services.referrals.domain import consent, disclosure
from services.referrals.domain.contact import is_service_evidence
from services.referrals.domain.disclosure import RecordDisclosure
from services.referrals.domain.frozen import frozen
from services.referrals.domain.referral import ENDED, SAID_YES, ReferralStatus
from services.referrals.domain.refusal import NoEvidence, NotAgreed, NotASide, Unfit, WrongSide, WrongState
from services.referrals.domain.safe_contact import SafeContact
from services.referrals.domain.vocabulary import (
    Channel,
    ContactMode,
    ContactOutcome,
    DisclosureKind,
    GivenField,
    Outcome,
    Reason,
    Side,
    Source,
)
from services.referrals.store.commit import Commit, Stored
from services.referrals.vault.identity import Json
from services.referrals.vault.letters import Letter
from services.referrals.vault.open_keys import Holder
from services.runtime.postgres import Overloaded
from services.runtime.postgres.behalf import across

ON_PAPER = frozenset(GivenField) - {GivenField.MEDI_CAL_CIN}
"""What may stand on a letter: no insurance number, whoever agreed to it."""


@frozen
class Paper:
    """What a letter says. `fields` are those that she agreed to give and the sender holds."""

    seen: ReferralSeen
    name: str | None = field(repr=False)
    letter: Letter = field(repr=False)
    fields: Json = field(repr=False)
    note: str | None = field(repr=False)
    plan: SafeContact | None
    words: str | None = field(repr=False)
    agreed_on: date | None


@frozen(kw_only=True)
class Answered:
    """One step of an answer, with what it takes: from which day, why, how and when she was met, how it ended, and under
    which number of its own the receiver takes it on."""

    step: str
    on: date | None = None
    reason: Reason | None = None
    mode: ContactMode | None = None
    outcome: Outcome | None = None
    number: str | None = None


@frozen
class Standing:
    """How far the answers to a letter have come: the referral, and which steps may still be said."""

    seen: ReferralSeen
    open: tuple[str, ...]


async def paper(desk: Desk, acting: Acting, id: UUID) -> Paper:
    """What goes on the letter. That it was printed is written down first, every time (R1).

    Raises WrongSide for its receiver, WrongState where the receiver is on the system or it has ended, NotAgreed where
    she took back her agreement.
    """
    seen = await referrals.read(desk, acting, id)
    sent = seen.state.sent
    if seen.side is not Side.SENDER:
        raise WrongSide
    if sent.to_channel is not Channel.LETTER:
        raise WrongState(seen.state.status, "letter-on-system")
    if seen.state.status in ENDED:
        raise WrongState(seen.state.status, "referral-already-ended")
    said = consent.fold((await desk.history(sent.consent)).happened()) if sent.consent else None
    if said is not None and said.withdrawn:
        raise NotAgreed("consent-does-not-cover")
    holder = Holder(acting.initiative, acting.agency, seen.work.client_id)
    held = (await desk.vault.held.of([holder], accepted=True)).get(holder)
    known = await with_due_date(desk, seen, held.fields if held else {})
    fields = {name: value for name, value in known.items() if name in ON_PAPER & set(sent.given)}
    client = seen.work.client_id
    plan = await coming_with(desk, acting, seen)
    words = (await words_of(desk, acting, {client: plan})).get(client) if plan else None
    wanted = sent.note if GivenField.NOTE in sent.given else None
    typed = await desk.vault.notes.read_many([wanted] if wanted else [])
    note = typed[wanted].text.open() if wanted in typed else None
    await _printed(desk, acting, seen)
    letter = await desk.vault.letters.of(id, acting.initiative, sent.to_agency, acting.at)
    agreed_on = said.recorded.on if said is not None else None
    name = held.name.text() if held and held.name and GivenField.NAME in sent.given else None
    return Paper(seen, name, letter, fields, note, plan, words, agreed_on)


async def _printed(desk: Desk, acting: Acting, seen: ReferralSeen) -> None:
    sent = seen.state.sent
    told = RecordDisclosure(
        agency=sent.to_agency,
        at=acting.at,
        kind=DisclosureKind.LETTER,
        consent=sent.consent,
        referral=seen.id,
        restricted=sent.restricted,
    )
    draft = Draft(speaking_for(acting, sent.to_agency), seen.work.client_id)
    draft.add(History(new_id()), disclosure.decide(told, None))
    if not isinstance(await desk.writer.append(Commit(tuple(draft.events))), Stored):
        raise Overloaded


async def opened(desk: Desk, acting: Acting, name: str, code: str) -> tuple[Acting, UUID]:
    """Who answers with this code, and to which referral. Raises NotASide for a wrong one."""
    with across("letters"):
        found = await desk.vault.letters.opened(name, code)
    if found is None:
        raise NotASide
    today = desk.directory.local_date(found.initiative, acting.at)
    theirs = speaking_for(
        acting, found.receiver, initiative=found.initiative, subject=BY_LETTER, today=today, source=Source.LETTER
    )
    return theirs, found.referral


async def for_them(desk: Desk, acting: Acting, id: UUID) -> Acting:
    """The sender's staff, who write down what the receiver said by phone or on the slip: it is theirs in the record.

    Raises NotASide, WrongSide; WrongState where the receiver answers by itself.
    """
    seen = await referrals.read(desk, acting, id)
    if seen.side is not Side.SENDER:
        raise WrongSide
    if seen.state.sent.to_channel is not Channel.LETTER:
        raise WrongState(seen.state.status, "letter-on-system")
    return speaking_for(acting, seen.state.sent.to_agency, source=Source.LETTER)


async def standing(desk: Desk, theirs: Acting, id: UUID) -> Standing:
    """Which steps the receiver may still say. Raises NotASide."""
    seen = await referrals.read(desk, theirs, id)
    met = [each async for each in _met(desk, theirs, seen)] if seen.client is not None else []
    status = seen.state.status
    if status in {ReferralStatus.SENT, ReferralStatus.RECEIVED, ReferralStatus.WAITLISTED}:
        return Standing(seen, ("accept", "decline"))
    if status in SAID_YES:
        return Standing(seen, ("ended",) if met else ("met", "ended"))
    return Standing(seen, ())


async def answer(desk: Desk, theirs: Acting, id: UUID, said: Answered) -> Standing:
    """One step, once. Raises WrongState for one that is not to be said now, and what the step itself raises.

    Who said yes and cannot after all says that it has ended, and why.
    """
    stands = await standing(desk, theirs, id)
    match said.step:
        case "accept":
            await referrals.accept(desk, theirs, id, BY_LETTER, said.on, number=said.number)
        case "decline":
            await referrals.decline(desk, theirs, id, said.reason or Reason.OTHER)
        case "met":
            if "met" not in stands.open:
                raise WrongState(stands.seen.state.status)
            await _write_met(desk, theirs, stands.seen, said)
        case "ended" if said.outcome is not None:
            evidence = [each async for each in _met(desk, theirs, stands.seen)]
            if not evidence:
                raise NoEvidence
            await referrals.complete(desk, theirs, id, said.outcome, contact=evidence[-1])
        case _:
            await closing.close(desk, theirs, id, said.reason or Reason.OTHER)
    return await standing(desk, theirs, id)


async def _write_met(desk: Desk, theirs: Acting, seen: ReferralSeen, said: Answered) -> None:
    if seen.client is None:
        raise NotASide
    on = said.on or theirs.today
    if on > theirs.today:
        raise Unfit("date-in-future")
    if on < desk.directory.local_date(theirs.initiative, seen.state.sent_at):
        raise Unfit("met-before-sent")
    mode = said.mode or ContactMode.COMMUNITY_VISIT
    met = True if mode is ContactMode.GOODS_DELIVERY else None
    happening = Happening(at=theirs.at, on=on, mode=mode, outcome=ContactOutcome.COMPLETED, met=met, referral=seen.id)
    await contacts.record(desk, theirs, seen.client, happening)


async def _met(desk: Desk, theirs: Acting, seen: ReferralSeen) -> AsyncIterator[UUID]:
    async for evidence in evidence_for(desk, theirs, seen.id, seen.work.client_id):
        if is_service_evidence(evidence.contact.recorded):
            yield evidence.id
