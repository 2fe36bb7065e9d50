"""Sending a referral: who she is, what she agreed to, and the question to another agency, stored as one."""

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from services.referrals.application import client as clients
from services.referrals.application import consent as consents
from services.referrals.application import need as needs
from services.referrals.application import referral as referrals
from services.referrals.application.acting import Acting
from services.referrals.application.again import superseded
from services.referrals.application.check import closed_by_sending
from services.referrals.application.consent import Said
from services.referrals.application.desk import Desk, Found
from services.referrals.application.draft import Draft, History
from services.referrals.application.identifiers import new_id
from services.referrals.application.inquiry import to_be_looked_at
from services.referrals.application.offered import Offered, offered_by, open_twin
from services.referrals.application.referral import ReferralSeen, Stepped
from services.referrals.application.saving import Decided, before_writing, carry_out
from services.referrals.application.typed import write_note
from services.referrals.domain import referral, safe_contact
from services.referrals.domain.consent import Agreement, Consent
from services.referrals.domain.frozen import frozen
from services.referrals.domain.referral import ConsentException, SendReferral
from services.referrals.domain.refusal import NotASide
from services.referrals.domain.vocabulary import (
    Category,
    ExceptionCode,
    GivenField,
    Mode,
    Priority,
    RestrictedClass,
    Side,
)
from services.referrals.store.commit import Answer
from services.referrals.vault.identity import Identity
from services.runtime.http.call import in_step


@frozen(kw_only=True)
class Exceptional:
    """Why her details go out without her yes, in words for the vault, and which of them (R1)."""

    code: ExceptionCode
    reason: str
    fields: Iterable[GivenField]


@frozen(kw_only=True)
class Sending:
    """What is to be sent: a client by id or by who she is; `basis` is a recorded consent, what she says, or neither."""

    client: UUID | Identity
    to_agency: str
    service: str
    category: Category
    basis: UUID | Said | Exceptional | None
    reason_code: str | None = None
    priority: Priority = Priority.ROUTINE
    mode: Mode = Mode.DIRECT
    need: UUID | None = None
    episode: UUID | None = None
    note: str | None = None
    identifier: str | None = None
    supersedes: UUID | None = None
    check: UUID | None = None


@frozen
class _Typed:
    """The vault ids of what was typed, and those of her plan and of the referral, the same in every attempt."""

    client: UUID
    plan: UUID
    note: UUID | None
    exception: ConsentException | None
    referral: UUID


async def send(
    desk: Desk, acting: Acting, wish: Sending, *, id: UUID | None = None, parent: UUID | None = None
) -> Stepped:
    """Send it, under the `id` of its draft if it had one; `parent` was passed on as this and waited for it (R3).

    By reference and without a note it needs the event store alone.
    Raises NotInDirectory, NumberInUse, NotASide for what is not this agency's, and what the domain refuses.
    """
    offered = offered_by(desk, acting, wish.to_agency, wish.service)
    typed = isinstance(wish.client, Identity) or isinstance(wish.basis, Exceptional) or wish.note is not None
    if typed and (kept := await before_writing(desk, acting)) is not None:
        return await _again(desk, acting, kept)
    ids = await _write_typed(desk, acting, wish, offered, id)

    async def attempt(desk: Desk) -> Decided[ReferralSeen]:
        basis = wish.basis if isinstance(wish.basis, UUID) else None
        found = await desk.look(ids.client, basis, wish.episode, ids.plan, wish.need, wish.supersedes)
        draft = Draft(acting, ids.client)
        _put_down(draft, wish, found[ids.client], found)
        agreed = _basis(draft, wish, ids, found, await consents.refusals(desk, acting, found.work))
        if agreed[0] is not None and isinstance(wish.basis, Said):
            await consents.asked_anew(desk, draft, found.work, agreed[0].consent.recorded)
        command = _command(acting, wish, ids, offered=offered, agreed=agreed, found=found, parent=parent)
        before = History(ids.referral) if id is None else await desk.history(id)
        state = referral.fold(before.happened()) if before.events else None
        history = draft.add(before, referral.decide(command, state))
        await in_step()
        sent = referrals.seen(desk, acting, history)
        draft.work = [sent.work] if history is not before else []
        await to_be_looked_at(desk, draft, history)
        if parent is not None:
            await _passed_on(desk, draft, parent, ids.referral)
        await closed_by_sending(desk, draft, wish.check)
        return Decided(draft, Answer(201, {"referral": ids.referral, "client": ids.client}, sent.version), sent)

    done = await carry_out(desk, acting, attempt)
    return Stepped(done.view, replayed=False) if done.view is not None else await _again(desk, acting, done.answer)


def _put_down(draft: Draft, wish: Sending, history: History, found: Found) -> None:
    """Adds who she is, where that is said; else she has to be the agency's own. Raises NotASide, WrongState."""
    if isinstance(wish.client, Identity):
        clients.put_down(draft, history)
    else:
        clients.in_contact(draft.acting, found, history.stream)
        draft.acting.call.makes_new()


async def _passed_on(desk: Desk, draft: Draft, parent: UUID, child: UUID) -> None:
    """Adds that its sender knows of the redirect as it sends the child on. Raises NotASide, WrongState."""
    acting = draft.acting
    before = referrals.seen(desk, acting, await desk.history(parent))
    redirected = before.state.redirected
    if before.side is not Side.SENDER or redirected is None or redirected.child != child:
        raise NotASide
    facts = referral.decide(referrals.told(acting, None), before.state)
    history = draft.add(before.whole, facts)
    if facts:
        draft.work.append(referrals.seen(desk, acting, history).work)


def _command(
    acting: Acting,
    wish: Sending,
    ids: _Typed,
    *,
    offered: Offered,
    agreed: "_Agreed",
    found: Found,
    parent: UUID | None,
) -> SendReferral:
    agreement, fields = agreed
    plan = safe_contact.fold(found[ids.plan].happened())
    return SendReferral(
        agency=acting.agency,
        at=acting.at,
        today=acting.today,
        to_agency=wish.to_agency,
        service=wish.service,
        service_category=offered.category,
        category=wish.category,
        to_channel=offered.channel,
        mode=wish.mode,
        priority=wish.priority,
        agreement=agreement,
        exception=ids.exception,
        given=fields if ids.note else fields - {GivenField.NOTE},
        need=wish.need,
        reason_code=wish.reason_code,
        episode=wish.episode,
        note=ids.note,
        identifier=wish.identifier,
        parent=parent,
        supersedes=superseded(acting, ids.client, found[wish.supersedes]) if wish.supersedes else None,
        open_twin=open_twin(acting, found.work, wish.service),
        named_class=_class_of_need(acting, wish, ids, found),
        safe_contact=plan.plan.words if plan else None,
        contact_prohibited=plan is not None and plan.plan.prohibited,
    )


async def sent_before(desk: Desk, acting: Acting, draft: UUID) -> Stepped:
    """What a draft that is there no more became. Raises NotASide for what this agency did not send."""
    kept = await before_writing(desk, acting)
    if kept is not None:
        return await _again(desk, acting, kept)
    seen = await referrals.read(desk, acting, draft)
    if seen.side is not Side.SENDER:
        raise NotASide
    return Stepped(seen, replayed=False)


def _class_of_need(acting: Acting, wish: Sending, ids: _Typed, found: Found) -> RestrictedClass | None:
    """A referral for a restricted need is restricted, whatever it asks for (R6). Raises NotASide."""
    return needs.named(acting, ids.client, found[wish.need]).restricted if wish.need else None


async def _again(desk: Desk, acting: Acting, kept: Answer) -> Stepped:
    first = (await desk.history(kept.ids["referral"])).at(kept.version)
    return Stepped(referrals.seen(desk, acting, first), replayed=True)


def _refuse_of_anybody(acting: Acting, wish: Sending, offered: Offered) -> None:
    """Refuses, before she is written down, what is refused whoever she is. Raises what the domain refuses."""
    if isinstance(wish.basis, UUID) or wish.supersedes or wish.need or wish.episode:
        return  # what is hers already is looked at with her
    said = wish.basis if isinstance(wish.basis, Exceptional) else None
    exception = ConsentException(code=said.code, reason=new_id()) if said else None
    ids = _Typed(client=new_id(), plan=new_id(), note=None, exception=exception, referral=new_id())
    agreed = _basis(Draft(acting, ids.client), wish, ids, (nothing := Found({ids.plan: ()}, ())), ())
    referral.decide(_command(acting, wish, ids, offered=offered, agreed=agreed, found=nothing, parent=None), None)


async def _write_typed(desk: Desk, acting: Acting, wish: Sending, offered: Offered, id: UUID | None) -> _Typed:
    """The vault first: who she is, then what was typed about her (design, "Identity")."""
    if isinstance(wish.client, Identity):
        if id is None:
            _refuse_of_anybody(acting, wish, offered)
        client = await clients.in_the_vault(desk, acting, wish.client)
    else:
        client = wish.client
        if wish.note or isinstance(wish.basis, Exceptional):
            await clients.known_client(desk, acting, client)
    typed = partial(write_note, desk, acting, client, of=[wish.need], tags=[wish.category])
    exception = None
    if isinstance(wish.basis, Exceptional):
        exception = ConsentException(code=wish.basis.code, reason=await typed(wish.basis.reason, "reason"))
    note = await typed(wish.note) if wish.note else None
    plan = safe_contact.safe_contact_id(client, acting.agency)
    return _Typed(client=client, plan=plan, note=note, exception=exception, referral=id or new_id())


_Agreed = tuple[Agreement | None, set[GivenField]]


def _basis(draft: Draft, wish: Sending, ids: _Typed, found: Found, refusals: tuple[Consent, ...]) -> _Agreed:
    """The agreement, if any, and the fields that it or the exception gives."""
    if wish.episode is not None and found[wish.episode].client != ids.client:
        raise NotASide
    match wish.basis:
        case None:
            return None, set()
        case UUID() as id:
            agreement = consents.agreement_of(draft.acting, ids.client, found[id], refusals)
        case Said():
            agreement, _ = consents.put_down(draft, new_id(), wish.basis, refusals)
        case _:
            return None, set(wish.basis.fields)
    return agreement, set(agreement.consent.recorded.fields)
