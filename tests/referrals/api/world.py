"""Owns one real thing of each kind, by the names that addresses have places for, and a body for each operation."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.days import SAID_ON
from tests.referrals.api.conftest import Caller
from tests.referrals.api.story import AGREED, MET, Given, in_days

BODIES: Mapping[str, dict[str, Any]] = {
    "record_consent": AGREED | {"recipient": "example-doula-network"},
    **dict.fromkeys(("ask_about_referral", "ask_about_handoff", "answer_question"), {"text": "When?"}),
    "ask_about_disclosure": {"text": "Was this right?"},
    "answer_inquiry": {"text": "She could not be asked.", "finding": "appropriate"},
    "break_glass": {"client": "a" * 26, "code": "medical", "reason": "She came to the emergency room."},
    "answer_letter": {"letter": "aaaaaaaa", "code": "222222"},
    "open_access": {"code": "222 222 222 222"},
    "answer_for_receiver": {"by": "phone"},
    "plan_safe_contact": {"modes": ["phone"]},
    "change_consent": AGREED | {"recipient": "example-doula-network"},
    "record_contact": MET,
    "record_planned_contact": MET,
    "amend_contact": MET,
    "enter_contact_in_error": {"reason": "Another client"},
    "identify_need": {"category": "doula"},
    "resolve_need": {"how": "served"},
    "enter_consent_in_error": {"reason": "Another client"},
    "enter_episode_in_error": {"reason": "Another client"},
    "enter_dating_in_error": {"reason": "Another client", "dating": "a" * 26},
    "enter_need_in_error": {"reason": "Another client"},
    "record_screening": {"instrument": "epds", "result": "negative"},
    "enter_screening_in_error": {"reason": "Another client"},
    "record_group_session": {"members": [{"client": "a" * 26, "attended": True}]},
    "cancel_contact": {"outcome": "cancelled_by_client"},
    "plan_contact": {"mode": "phone", "planned_for": (datetime.now(UTC) + timedelta(days=9)).isoformat()},
    "propose_handoff": {"to": "sample-wic-office-east", "domain": "doula", "kind": "cold"},
    "book_appointment": {"due_at": in_days(3)},
    "reschedule_appointment": {"due_at": in_days(3), "by": "client"},
    "cancel_appointment": {"by": "client"},
    "enter_appointment_in_error": {"reason": "Another woman of that name."},
    "decline_referral": {"reason": "no_capacity"},
    "redirect_referral": {"to": {"agency": "sample-wic-office-east", "service": "x"}},
    "waitlist_referral": {"reason": "no_capacity"},
    "cancel_referral": {"reason": "need_resolved"},
    "request_referral_cancellation": {"reason": "need_resolved"},
    "attest_referral": {"decision": "verified"},
    "close_referral": {"reason": "client_declined"},
    "enter_referral_in_error": {"reason": "Another woman of that name."},
    "decline_handoff": {"reason": "no_capacity"},
    "withdraw_handoff": {"reason": "duplicate"},
    "introduce_handoff": {"client_present": True},
    "take_responsibility": {"domain": "doula"},
    "complete_referral": {"outcome": "service_received", "contact": "a" * 26},
    "complete_handoff": {"contact": "a" * 26},
    "client_agrees_handoff": {"consent": AGREED},
    "date_episode": {"edd": SAID_ON, "basis": "lmp"},
    "end_episode": {"how": "other", "on": SAID_ON},
    "search_clients": {"text": "Nobody"},
    "search_referrals": {"text": "Nobody"},
    "list_held": {"person": "testa"},
    "hand_on": {"from": "testa", "to": "dora-muster"},
    "ask_for_room": {"category": "doula", "to": ["doula-network-birth-support"]},
    "answer_capacity_check": {"service": "doula-network-birth-support", "answer": "yes"},
    "list_agency": {"agency": "sample-newcomer", "name": "Sample Newcomer", "type": "clinic"},
    "list_service": {"service": "sample-new-service", "name": "Sample Service", "category": "doula"},
    "state_capacity": {"room": "open"},
    "register_client": {"names": [{"given": "Testa"}]},
    "link_client": {"own_client": "a" * 26},
    "unlink_client": {"own_client": "a" * 26},
    "correct_identity": {"names": [{"given": "Testa"}]},
}
"""By operation; those without one take an empty body."""


def things(given: Given) -> dict[str, Callable[[], str]]:
    """How to make one of each, the sender's own or between the two, by the name of its place in an address."""
    sender = given.sender

    def of_client(path: str, body: dict[str, Any], kind: str) -> Callable[[], str]:
        return lambda: str(sender.done(f"/v1/clients/{given.client()}/{path}", body)[kind])

    return {
        "referral": lambda: given.sent().id,
        "work": lambda: given.sent().id,
        "handoff": lambda: given.offered().id,
        "appointment": lambda: given.booked().id,
        "check": lambda: str(sender.done("/v1/capacity-checks", BODIES["ask_for_room"])["check"]),
        "client": given.client,
        "question": lambda: str(sender.done(f"{given.sent().path}/questions", {"text": "When?"})["question"]),
        "note": lambda: str(sender.done("/v1/notes", {"client": given.client(), "text": "Rings twice"})["note"]),
        "consent": lambda: given.consent(given.client()),
        "contact": of_client("contacts", MET, "contact"),
        "responsibility": lambda: leads(sender, given.pregnant()),
        "need": of_client("needs", {"category": "doula"}, "need"),
        "screening": lambda: screened(sender, given.client()),
        "episode": of_client("episodes", {}, "episode"),
    }


def leads(caller: Caller, client: str) -> str:
    """The reference of what a sender leads."""
    return str(caller.seen(f"/v1/clients/{client}/responsibility")["items"][0]["responsibility"])


def screened(caller: Caller, client: str) -> str:
    found = caller.done(f"/v1/clients/{client}/screenings", BODIES["record_screening"])
    return str(found["screenings"][0]["screening"])
