"""Rows of a golden story about referrals, visits and handoffs that say more than who, what and when.

A row is `[client, verb, name, [days, seconds], more...]`; days are counted from the start, and so are days in `more`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from contracts.events.appointment import (
    AppointmentAttendedV1,
    AppointmentBookedV1,
    AppointmentCancelledV1,
    AppointmentNoShowV1,
    AppointmentRescheduledV1,
)
from contracts.events.contact import ContactEnteredInErrorV1
from contracts.events.handoff import (
    HandoffAcceptedV1,
    HandoffCompletedV1,
    HandoffFailedV1,
    HandoffIntroducedV1,
    HandoffOfferedV1,
    HandoffProposedV1,
)
from contracts.events.referral import (
    ReferralCancelledV1,
    ReferralCompletedV1,
    ReferralDeclinedV1,
    ReferralExpiredV1,
    ReferralNotCompletedV1,
    ReferralRedirectedV1,
    ReferralSentV1,
    ReferralServiceStartedV1,
)
from contracts.vocabulary import (
    CalledBy,
    Category,
    Channel,
    HandoffKind,
    Mode,
    Outcome,
    Priority,
    Reason,
    ReasonOwner,
    ResponsibilityDomain,
    Source,
)
from tests.measures import pregnancies as of
from tests.measures.published import CLINIC, DOULAS, START, Log


def told(log: Log, things: dict[str, UUID], row: list[Any]) -> bool:
    """Writes a row into the log; False where it has no such verb."""
    return _of_referrals(log, things, row) or _of_visits(log, things, row) or _of_handoffs(log, things, row)


def _of_referrals(log: Log, things: dict[str, UUID], row: list[Any]) -> bool:
    client, what, name, (days, seconds), *more = row
    at, id = START + timedelta(days=days, seconds=seconds), things.setdefault(name, log.id())
    match what:
        case "asked":
            need, parent, supersedes = (things.setdefault(each, log.id()) if each else None for each in more)
            event = ReferralSentV1(
                category=Category.DOULA,
                from_agency=CLINIC,
                mode=Mode.DIRECT,
                need=need,
                parent=parent,
                priority=Priority.ROUTINE,
                referral=id,
                service="invented-service",
                supersedes=supersedes,
                to_agency=DOULAS,
                to_channel=Channel.SYSTEM,
            )
            log.add(event, client, at)
        case "started":
            log.add(ReferralServiceStartedV1(referral=id), client, at, DOULAS)
        case "served_by":
            shown = things[more[0]] = log.contact(client, at, DOULAS, referral=id)
            outcome, source = Outcome.SERVICE_RECEIVED, Source.RECIPIENT
            log.add(
                ReferralCompletedV1(evidence=shown, outcome=outcome, referral=id, source=source), client, at, DOULAS
            )
        case "no_contact":
            log.add(ContactEnteredInErrorV1(contact=id, event=log.id()), client, at, DOULAS)
        case "declined_as" | "closed_as" | "cancelled_as" | "expired_as":
            kinds = {
                "declined_as": ReferralDeclinedV1,
                "closed_as": ReferralNotCompletedV1,
                "cancelled_as": ReferralCancelledV1,
                "expired_as": ReferralExpiredV1,
            }
            reason, owner, source = Reason(more[0]), ReasonOwner(more[1]), Source(more[2])
            end = kinds[what](reason=reason, reason_owner=owner, referral=id, source=source)
            log.add(end, client, at, DOULAS)
        case "redirected":
            passed = ReferralRedirectedV1(
                child=things.setdefault(more[0], log.id()),
                reason=Reason.BETTER_FIT_ELSEWHERE,
                reason_owner=ReasonOwner.RECIPIENT,
                referral=id,
                source=Source.RECIPIENT,
                waiting=False,
            )
            log.add(passed, client, at, DOULAS)
        case _:
            return False
    return True


def _of_visits(log: Log, things: dict[str, UUID], row: list[Any]) -> bool:
    client, what, name, (days, seconds), *more = row
    at, visit = START + timedelta(days=days, seconds=seconds), things.setdefault(name, log.id())
    match what:
        case "booked":
            due = START + timedelta(days=more[1])
            log.add(AppointmentBookedV1(appointment=visit, due_at=due, referral=things[more[0]]), client, at, DOULAS)
        case "moved":
            due = START + timedelta(days=more[0])
            event = AppointmentRescheduledV1(appointment=visit, by=CalledBy.CLIENT, due_at=due, notice_hours=48)
            log.visit(client, event, at)
        case "came":
            log.visit(client, AppointmentAttendedV1(appointment=visit, due_at=at), at)
        case "missed":
            log.visit(client, AppointmentNoShowV1(appointment=visit, due_at=at), at)
        case "called_off":
            hours = int(more[0])
            off = AppointmentCancelledV1(appointment=visit, by=CalledBy.CLIENT, due_at=at, notice_hours=hours)
            log.visit(client, off, at)
        case _:
            return False
    return True


def _of_handoffs(log: Log, things: dict[str, UUID], row: list[Any]) -> bool:
    client, what, name, (days, seconds), *more = row
    at, handoff = START + timedelta(days=days, seconds=seconds), things.setdefault(name, log.id())
    match what:
        case "hands_over":
            proposed = HandoffProposedV1(
                domain=ResponsibilityDomain.PRIMARY_CARE_COORDINATION,
                episode=log.id(),
                from_agency=more[0],
                handoff=handoff,
                kind=HandoffKind.WARM_IN_PERSON,
                to_agency=more[1],
            )
            log.add(proposed, client, at, more[0])
            log.add(HandoffOfferedV1(handoff=handoff), client, at, more[0])
        case "leads":
            of.led(log, client, handoff, at, agency=more[0])
        case "leaves":
            of.left(log, client, handoff, at, agency=more[0])
        case "taken_on":
            log.add(HandoffAcceptedV1(handoff=handoff), client, at, DOULAS)
        case "met_and_over":
            shown = things[more[0]] = log.contact(client, at, DOULAS)
            log.add(HandoffCompletedV1(evidence=shown, handoff=handoff), client, at, DOULAS)
        case "introduced":
            log.add(HandoffIntroducedV1(client_present=bool(more[0]), handoff=handoff), client, at)
        case "failed":
            log.add(HandoffFailedV1(handoff=handoff), client, at, DOULAS)
        case _:
            return False
    return True


LIFE: list[list[Any]] = [
    ["asked", "r", [0, 0], None, None, None],
    ["taken_up", "r", [1, 0]],
    ["met", CLINIC, [2, 0]],
    ["met", DOULAS, [3, 0]],
    ["booked", "v", [3, 0], "r", 5],
    ["missed", "v", [5, 0]],
    ["hands_over", "h", [6, 0], CLINIC, DOULAS],
    ["taken_on", "h", [7, 0]],
    ["introduced", "h", [8, 0], True],
    ["met", DOULAS, [9, 0]],
    ["over", "h", [9, 0]],
]


def life(log: Log, client: str) -> None:
    """A client with something for every measure of referrals, visits, contacts and handoffs, nothing of it left out."""
    things: dict[str, UUID] = {}
    for what, name, when, *more in LIFE:
        at = START + timedelta(days=when[0])
        match what:
            case "taken_up":
                log.accepted(client, things[name], at)
            case "met":
                log.contact(client, at, name)
            case "over":
                log.handed_over(client, things[name], at)
            case _:
                assert told(log, things, [client, what, name, when, *more])
