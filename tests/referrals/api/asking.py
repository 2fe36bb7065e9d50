"""Owns who asks with a generated request, and about what: mostly of things that are there and can take the step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from schemathesis import Case

from tests.referrals.api.conftest import Caller
from tests.referrals.api.story import AGREED, MET, Given, Handoff, Referral, in_days
from tests.referrals.api.world import BODIES, things

SHARED: Final = {"referral", "handoff", "appointment", "check", "question", "work"}
"""Things that both sides know by the same id."""
ROUND: Final = 7
"""Cases that are about the same thing."""
MAILED: Final[dict[str, Any]] = {
    "to": {"agency": "muster-diaper-bank", "service": "diaper-bank-supplies"},
    "category": "material-hardship",
    "consent": AGREED | {"fields": ["name"]},
}
"""A referral to an agency that is not on the system."""


@dataclass(frozen=True)
class Ready:
    """What an operation is asked of: its places, a good body that depends on them, and whose step it is."""

    places: dict[str, str]
    body: dict[str, Any] | None = None
    by: Caller | None = None


def _referral(of: Referral, body: dict[str, Any] | None = None, by: Caller | None = None) -> Ready:
    return Ready({"referral": of.id}, body, by)


def _handoff(of: Handoff, body: dict[str, Any] | None = None, by: Caller | None = None) -> Ready:
    return Ready({"handoff": of.id}, body, by)


def _client(given: Given, step: str, body: dict[str, Any] | None = None) -> Ready:
    client = given.client()
    given.sender.done(f"/v1/clients/{client}/{step}", body)
    return Ready({"client": client})


def _episode(given: Given, step: str, body: dict[str, Any] | None = None) -> Ready:
    episode = given.sender.done(f"/v1/clients/{given.client()}/episodes")["episode"]
    given.sender.done(f"/v1/episodes/{episode}/{step}", body)
    return Ready({"episode": episode})


def _dated(given: Given) -> Ready:
    ready = _episode(given, "date", {"edd": in_days(100)[:10], "basis": "lmp"})
    dating = given.sender.seen(f"/v1/episodes/{ready.places['episode']}")["dating"]
    return Ready(ready.places, {"reason": "Another client", "dating": dating})


def _born(given: Given) -> Ready:
    ended = {"how": "live_birth", "on": in_days(0)[:10], "children": [{"weight_g": 2600}]}
    return Ready(_episode(given, "end", ended).places, {"on": in_days(0)[:10]})


def _linked(given: Given, step: str | None = None) -> Ready:
    body = {"own_client": Given(given.receiver, given.sender).client()}
    theirs = given.accepted().theirs
    if step:
        given.receiver.done(f"/v1/clients/{theirs}/{step}", body)
    return Ready({"client": theirs}, body, given.receiver)


def _planned(given: Given) -> Ready:
    plan = given.sender.done(f"/v1/clients/{given.client()}/contact-plan", BODIES["plan_contact"])
    return Ready({"contact": plan["contact"]})


def _draft(given: Given) -> Ready:
    return Ready({"referral": given.sender.done("/v1/referrals", {"draft": True})["referral"]})


def _met(given: Given) -> Ready:
    accepted = given.accepted()
    return _referral(accepted, {"outcome": "enrolled", "contact": given.contact(accepted)}, given.receiver)


def _to_be_cancelled(given: Given) -> Ready:
    accepted = given.accepted()
    given.sender.done(f"{accepted.path}/request-cancellation", {"reason": "need_resolved"})
    return _referral(accepted, by=given.receiver)


def _visit(given: Given, step: str | None = None) -> Ready:
    visit = given.booked(days=0.02)
    if step:
        given.receiver.done(f"{visit.path}/{step}", {"by": "client"})
    return Ready({"appointment": visit.id}, by=given.receiver)


def _asked_for_feedback(given: Given) -> Ready:
    completed = given.completed()
    given.sender.done(f"{completed.path}/feedback/ask")
    return _referral(completed, {"need_met": "yes"})


def _question(given: Given) -> Ready:
    sent = given.sent()
    given.receiver.done(f"{sent.path}/questions", {"text": "When?"})
    return Ready({"question": given.sender.seen(f"{sent.path}/questions")["items"][0]["question"]})


def without_asking(given: Given, **more: Any) -> Referral:
    """A referral that went out without her yes, as an emergency."""
    return given.sent(consent={"exception": "emergency", "reason": "She came to the emergency room."}, **more)


def waiting_for_officer(given: Given) -> Ready:
    """What the sender's privacy officer is to look at."""
    client = without_asking(given).client
    waiting = given.sender.listed("/v1/inquiries")
    return Ready({"inquiry": next(each["inquiry"] for each in waiting if each["client"]["client"] == client)})


def asked_by_nobody(given: Given) -> Ready:
    """An entry of no list: she alone may ask about one."""
    return Ready({"client": given.client(), "disclosure": "a" * 26})


def _colleague(given: Given) -> Ready:
    given.sender.seen("/v1/work")  # who comes is of the staff
    return Ready({}, {"from": "somebody-who-left", "to": given.sender.seen("/v1/me")["subject"]})


def _nobody_took_over(given: Given) -> Ready:
    offered = given.offered()
    given.receiver.done(f"{offered.path}/decline", {"reason": "no_capacity"})
    return _handoff(offered)


def _handed_over(given: Given) -> Ready:
    offered = given.offered()
    given.receiver.done(f"{offered.path}/accept")
    body = MET | {"handoff": offered.id}
    contact = given.receiver.done(f"/v1/clients/{offered.theirs}/contacts", body)["contact"]
    return _handoff(offered, {"contact": contact}, given.receiver)


READY: Final[Mapping[str, Callable[[Given], Ready]]] = {
    "resume_episode": lambda given: _episode(given, "lost"),
    "enter_dating_in_error": _dated,
    "record_postpartum_visit": _born,
    "resume_outreach": lambda given: _client(given, "pause"),
    "correct_no_contact": lambda given: _client(given, "no-contact"),
    "link_client": _linked,
    "unlink_client": lambda given: _linked(given, "link"),
    "record_planned_contact": _planned,
    "cancel_contact": _planned,
    "record_group_session": lambda given: Ready({}, {"members": [{"client": given.client(), "attended": True}]}),
    **dict.fromkeys(("change_draft", "delete_draft", "get_draft"), _draft),
    "complete_referral": _met,
    "confirm_referral_cancellation": _to_be_cancelled,
    "acknowledge_referral": lambda given: _referral(given.declined()),
    "take_back_referral": lambda given: _referral(given.accepted(), by=given.receiver),
    "attend_appointment": _visit,
    "take_back_appointment": lambda given: _visit(given, "cancel"),
    "propose_handoff": lambda given: Ready(
        {"client": given.pregnant()},
        {"to": "example-doula-network", "domain": "primary_care_coordination", "kind": "warm_remote"},
    ),
    "take_responsibility": lambda given: Ready({"client": given.pregnant()}),
    "create_note": lambda given: Ready({}, {"client": given.client(), "text": "Rings twice"}),
    "ask_referral_feedback": lambda given: _referral(given.completed()),
    "answer_referral_feedback": _asked_for_feedback,
    **dict.fromkeys(("get_referral_letter", "answer_for_receiver"), lambda given: _referral(given.sent(**MAILED))),
    "answer_question": _question,
    "break_glass": lambda given: Ready({}, BODIES["break_glass"] | {"client": given.client()}),
    "answer_inquiry": waiting_for_officer,
    "ask_about_disclosure": asked_by_nobody,
    "client_agrees_handoff": lambda given: _handoff(given.proposed()),
    "complete_handoff": _handed_over,
    "acknowledge_handoff": _nobody_took_over,
    "hand_on": _colleague,
}
"""By operation, where the thing that `things` makes could not take the step."""


@dataclass
class Asking:
    """Who asks with a generated request, and about what: now a stranger's handle, now a thing that is really there."""

    sender: Caller
    receiver: Caller
    backbone: Caller
    about: Ready = field(default_factory=lambda: Ready({}))
    by: Caller = field(init=False)

    def meant(self, case: Case[Any], number: int) -> Caller:
        """Turn a case into one that means something; who asks. Of each round one is left as it was made, and one is
        given a body that is known to be good.
        """
        operation = str(case.operation.definition.raw["operationId"])
        places, turn = set(case.path_parameters), number % ROUND
        directory = case.operation.path.startswith("/v1/directory/")
        if turn == 1 or places != self.about.places.keys():
            self.about = self.ready(operation, places, number // ROUND)
            self.by = self.about.by or (self.backbone if directory and number // ROUND % 2 else self.sender)
        if turn == 0:
            return self.sender
        case.path_parameters |= self.about.places
        for name in [name for name in case.headers if name.lower() in {"if-match", "idempotency-key"}]:
            del case.headers[name]
        if case.method in {"PUT", "PATCH"}:
            case.headers["If-Match"] = "*"
        body = self.about.body or BODIES.get(operation)
        if turn == 2 and body is not None:  # noqa: PLR2004 - the second of the round
            case.body = body
        return self.by

    def ready(self, operation: str, places: set[str], turn: int) -> Ready:
        given = Given(self.sender, self.receiver)
        if operation in READY:
            return READY[operation](given)
        accepted: dict[str, Callable[[], str]] = {"referral": lambda: given.accepted().id}
        made = things(given) | (accepted if turn % 4 > 1 else {})
        made |= {"agency": lambda: self._agency(active=turn % 4 > 1), "service": lambda: self._service(self._agency())}
        both = bool(places) and places <= SHARED
        return Ready({name: made[name]() for name in places}, by=self.receiver if both and turn % 2 else None)

    def _agency(self, *, active: bool = False) -> str:
        id = f"sample-{uuid4().hex[:12]}"
        self.backbone.done("/v1/directory/agencies", {"agency": id, "name": f"Sample {id}", "type": "clinic"})
        if active:
            self.backbone.done(f"/v1/directory/agencies/{id}/activate")
        return id

    def _service(self, agency: str) -> str:
        id = f"service-{uuid4().hex[:12]}"
        said = {"agency": agency, "service": id, "name": "Sample support", "category": "doula"}
        self.backbone.done("/v1/directory/services", said)
        return id
