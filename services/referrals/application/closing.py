"""Giving a referral up: its receiver closes it, for a reason that its attempts to reach her may have to show (R13)."""

from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.ending import ended_by
from services.referrals.application.evidence import evidence_for
from services.referrals.application.in_force import coming_with, standing
from services.referrals.application.referral import ReferralSeen, Stepped, client_of, step
from services.referrals.domain import outreach
from services.referrals.domain.outreach import Attempt, Outreach, OutreachRule
from services.referrals.domain.referral import AttestReferral, CloseReferral, ReferralCommand, ReferralVerb
from services.referrals.domain.safe_contact import SafeContact, allowed_modes, is_prohibited, is_within
from services.referrals.domain.vocabulary import Attestation, ContactMode, Reason, Side


async def close(desk: Desk, acting: Acting, id: UUID, reason: Reason) -> Stepped:
    """The receiver ends without completing it. Raises NotEnoughAttempts where she was not tried for enough (R13)."""

    async def command(desk: Desk, before: ReferralSeen) -> ReferralCommand:
        client, own = client_of(before.whole), before.side is Side.RECEIVER
        plan = await standing(desk, acting, client) if own else None
        came = await coming_with(desk, acting, before) if own else None
        tries = own and reason is Reason.UNABLE_TO_REACH
        return CloseReferral(
            agency=acting.agency,
            at=acting.at,
            reason=reason,
            attempts=await _attempts(desk, acting, before, client, plan) if tries else (),
            allowed_modes=_allowed(plan, acting),
            contact_prohibited=is_prohibited(came, acting.at) or is_prohibited(plan, acting.at),
            rule=_rule(desk, acting),
            source=acting.source,
        )

    return await step(desk, acting, id, command)


async def attest(desk: Desk, acting: Acting, id: UUID, decision: Attestation) -> Stepped:
    """A supervisor of the receiver says whether it ended as it is written, unless it ended it itself."""

    async def command(desk: Desk, before: ReferralSeen) -> ReferralCommand:
        own = ended_by(before.whole) == acting.subject
        return AttestReferral(agency=acting.agency, at=acting.at, decision=decision, own=own)

    return await step(desk, acting, id, command)


async def tried(desk: Desk, acting: Acting, seen: ReferralSeen) -> Outreach | None:
    """What its receiver tried to reach her, while it may close it; None for everybody else."""
    if ReferralVerb.CLOSE not in seen.actions or seen.client is None:
        return None
    plan = await standing(desk, acting, seen.client)
    attempts = await _attempts(desk, acting, seen, seen.client, plan)
    return outreach.outreach(attempts, _rule(desk, acting), _allowed(plan, acting))


async def _attempts(
    desk: Desk, acting: Acting, seen: ReferralSeen, client: UUID, plan: SafeContact | None
) -> list[Attempt]:
    """The attempts of this agency since it was sent, each against the plan that was in force at its time."""
    contacts = [found.contact async for found in evidence_for(desk, acting, seen.id, client)]
    return [
        Attempt(
            on=desk.directory.local_date(acting.initiative, each.at),
            mode=each.recorded.mode,
            within=is_within(plan, each.recorded.mode, each.at),
        )
        for each in contacts
        if outreach.is_attempt(each, seen.state.sent_at)
    ]


def _allowed(plan: SafeContact | None, acting: Acting) -> frozenset[ContactMode] | None:
    return None if plan is None else allowed_modes(plan, acting.at)


def _rule(desk: Desk, acting: Acting) -> OutreachRule:
    asked = desk.directory.initiative(acting.initiative).outreach
    return OutreachRule(asked.attempts, asked.days, asked.modes)
