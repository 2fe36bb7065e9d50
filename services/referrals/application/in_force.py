"""The safe-contact plan that binds an agency now, and the one that comes with a referral or handoff (R1, R13)."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import History
from services.referrals.application.handoff_seen import HandoffSeen
from services.referrals.application.referral import ReferralSeen
from services.referrals.application.sealing import GIVING
from services.referrals.domain import handoff, plans_given, referral, safe_contact
from services.referrals.domain.consent import ConsentEnteredInError, ConsentRevoked
from services.referrals.domain.frozen import frozen
from services.referrals.domain.handoff import Handoff
from services.referrals.domain.plans_given import REACHED_BY, Giving
from services.referrals.domain.referral import Referral
from services.referrals.domain.safe_contact import SafeContact, safe_contact_id
from services.referrals.vault.open_keys import Holder
from services.runtime.postgres.behalf import across


@frozen
class _Said:
    """The plans about one client, by agency, and what went of her from one agency to another."""

    plans: Mapping[str, SafeContact]
    givings: Mapping[UUID, Giving]


async def in_force(desk: Desk, acting: Acting, clients: Collection[UUID]) -> dict[UUID, SafeContact]:
    """What binds this agency for each of these clients; a client for whom nothing was planned is left out.

    Of what it was given and has not accepted it is bound by a prohibition alone: what else came with that is read as
    a given field, and accounted.
    """
    said = await _said(desk, acting, clients)
    found = {
        client: plans_given.binding(acting.agency, each.plans, each.givings.values()) for client, each in said.items()
    }
    return {client: plan for client, plan in found.items() if plan is not None}


async def standing(desk: Desk, acting: Acting, client: UUID) -> SafeContact | None:
    """`in_force` for one client, of which R13 asks what it allows."""
    return (await in_force(desk, acting, [client])).get(client)


async def coming_with(
    desk: Desk, acting: Acting, seen: ReferralSeen | HandoffSeen, until: datetime | None = None
) -> SafeContact | None:
    """The plan of the sender that its receiver has to keep to: as it stands, or stood when nothing new followed.

    `until` (UTC): as it stood then.
    """
    client, sender = seen.work.client_id, seen.work.from_agency
    said = (await _said(desk, acting, [client], around=sender))[client]
    if not said.plans:
        return None
    giving = _giving(seen.state, await _taken_back(desk, [seen.state]))
    return plans_given.coming(giving, said.plans, said.givings.values(), until)


async def nothing_new_after(desk: Desk, state: Referral | Handoff) -> datetime | None:
    """Since when (UTC) its receiver is told nothing new of her; None while it goes on (R1)."""
    return _giving(state, await _taken_back(desk, [state])).until


async def words_of(desk: Desk, acting: Acting, plans: Mapping[UUID, SafeContact]) -> dict[UUID, str]:
    """The words of each client's plan, out of the vault of the agency that planned it. Raises what an outage raises."""
    with across("shared"):
        typed = await desk.vault.notes.read_many([state.plan.words for state in plans.values() if state.plan.words])
    return {
        client: found.text.open()
        for client, state in plans.items()
        if state.plan.words
        and (found := typed.get(state.plan.words))
        and found.holder == Holder(acting.initiative, state.agency, client)
    }


async def _said(
    desk: Desk, acting: Acting, clients: Collection[UUID], *, around: str | None = None
) -> dict[UUID, _Said]:
    """All that is needed to tell what binds an agency (`around`, the caller's where none is named): two questions
    where nobody else planned anything."""
    agency = around or acting.agency
    asked = [desk.look(client, safe_contact_id(client, agency)) for client in clients]
    looked = dict(zip(clients, await asyncio.gather(*asked), strict=True))
    rows = {client: [row for row in found.work if row.kind in GIVING] for client, found in looked.items()}
    senders = {
        safe_contact_id(client, row.from_agency): (client, row.from_agency)
        for client, each in rows.items()
        if any(row.to_agency == agency for row in each)
        for row in each
        if row.from_agency != agency
    }
    others = await desk.histories(senders) if senders else {}
    plans: dict[UUID, dict[str, SafeContact]] = {client: {} for client in clients}
    for client, found in looked.items():
        _put(plans[client], agency, found[safe_contact_id(client, agency)])
    for stream, history in others.items():
        client, sender = senders[stream]
        _put(plans[client], sender, history)
    bound = {row.id: client for client, each in rows.items() if plans[client].keys() - {agency} for row in each}
    streams = await desk.histories(bound) if bound else {}
    states = {id: state for id, history in streams.items() if (state := _state(history)) is not None}
    taken_back = await _taken_back(desk, states.values())
    givings = {id: _held(state, taken_back) for id, state in states.items() if _was_given(state)}
    return {
        client: _Said(plans[client], {id: giving for id, giving in givings.items() if bound[id] == client})
        for client in clients
    }


def _put(plans: dict[str, SafeContact], agency: str, history: History) -> None:
    state = safe_contact.fold(history.happened())
    if state is not None:
        plans[agency] = state


def _state(history: History) -> Referral | Handoff | None:
    facts = history.happened()
    if not facts:
        return None
    is_handoff = facts[0].fact.TYPE.startswith("handoff.")
    return handoff.fold(facts) if is_handoff else referral.fold(facts)


def _was_given(state: Referral | Handoff) -> bool:
    """Whether its receiver holds anything of it still (R1)."""
    sent_at = state.sent_at if isinstance(state, Referral) else state.offered_at
    return sent_at is not None and (state.ended_at is None or state.accepted_at is not None)


def _held(state: Referral | Handoff, taken_back: Mapping[UUID, datetime]) -> Giving:
    giving = _giving(state, taken_back)
    return giving if state.accepted_at is not None else replace(giving, reached=False)


def _giving(state: Referral | Handoff, taken_back: Mapping[UUID, datetime]) -> Giving:
    if isinstance(state, Referral):
        sent, given, agreed = state.sent, state.sent.given, state.sent.consent
        sides = sent.from_agency, sent.to_agency
    else:
        given, agreed = state.given, state.consent
        sides = state.proposed.from_agency, state.proposed.to_agency
    ends = [state.ended_at, taken_back.get(agreed) if agreed else None]
    return Giving(
        sender=sides[0],
        receiver=sides[1],
        reached=bool(REACHED_BY & set(given)),
        until=min((each for each in ends if each is not None), default=None),
    )


async def _taken_back(desk: Desk, states: Collection[Referral | Handoff]) -> dict[UUID, datetime]:
    """When (UTC) she took back the agreements that these rest on, where she did."""
    asked = {state.sent.consent if isinstance(state, Referral) else state.consent for state in states} - {None}
    histories = await desk.histories(asked) if asked else {}
    return {
        id: happened.at
        for id, history in histories.items()
        for happened in history.happened()
        if isinstance(happened.fact, ConsentRevoked | ConsentEnteredInError)
    }
