"""Owns a walker over the public API with a small model of its own: a referral with its visits, and a handoff.

The model knows the rules as people say them (F2, F3, R16), not the tables of the code: what each side may do from
where, and what follows. After each step the API has to say what the model says, to both sides alike.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.referrals.api.conftest import Service
from tests.referrals.api.story import AGREED, MET, Given, Handoff, Referral

SENDER, RECEIVER, STRANGER = "sender", "receiver", "stranger"
OPEN = {"sent", "received", "waitlisted"}
# step -> (whose, from where, to where, what is said)
Steps: TypeAlias = dict[str, tuple[str, set[str], str, dict[str, Any]]]
REFERRAL: Steps = {
    "receive": (RECEIVER, {"sent"}, "received", {}),
    "accept": (RECEIVER, OPEN, "accepted", {}),
    "decline": (RECEIVER, OPEN | {"accepted", "in_service"}, "declined", {"reason": "no_capacity"}),
    "waitlist": (RECEIVER, {"sent", "received", "accepted"}, "waitlisted", {}),
    "cancel": (SENDER, {"sent"}, "cancelled", {"reason": "need_resolved"}),
    "request-cancellation": (
        SENDER,
        {"received", "waitlisted", "accepted", "in_service"},
        "cancel_requested",
        {"reason": "need_resolved"},
    ),
    "confirm-cancellation": (RECEIVER, {"cancel_requested"}, "cancelled", {}),
}
ENDED = {"completed", "not_completed", "declined", "cancelled"}
HANDOFF: Steps = {
    "client-agrees": (SENDER, {"proposed"}, "agreed", {"consent": AGREED}),
    "client-declines": (SENDER, {"proposed", "agreed", "offered"}, "client_declined", {}),
    "offer": (SENDER, {"agreed"}, "offered", {}),
    "withdraw": (SENDER, {"proposed", "agreed", "offered"}, "withdrawn", {"reason": "need_resolved"}),
    "accept": (RECEIVER, {"offered"}, "accepted", {}),
    "decline": (RECEIVER, {"offered"}, "declined", {"reason": "no_capacity"}),
}
ASKED = {"offered", "accepted", "declined", "completed"}
"""Where the receiver of a handoff is a side of it, whatever came before."""

VISIT_STEPS = {"reschedule": "booked", "attend": "attended", "no-show": "no_show", "cancel": "cancelled"}
TAKEN_ON = {"accepted", "in_service"}
MINUTE = timedelta(minutes=1)


@dataclass
class Visit:
    """A visit as the model has it."""

    id: str
    due: datetime
    state: str = "booked"


@dataclass
class Model:
    """Where everything has to stand."""

    referral: str = "sent"
    accepted: bool = False
    connected: bool = False
    told: bool = False
    visits: list[Visit] = field(default_factory=list)
    handoff: str = "proposed"
    offered: bool = False
    leads: str = SENDER


Taken: TypeAlias = set[tuple[str, str, str]]
"""Steps that were taken: of a referral or handoff, from where, which."""

WHO = st.sampled_from(("whose", "whose", "whose", "other", STRANGER))
"""Mostly whose step it is: a sequence that is refused everything leads nowhere."""


PICK = st.integers(0, 19)
"""Mostly one of the steps that can be taken from where things stand."""
TABLE = 19
"""The pick for the step itself."""


def likely(step: str, pick: int, steps: Steps, state: str) -> str:
    """One of the steps that can be taken from a state, for most picks; else the step itself."""
    possible = [each for each, (_, sources, _, _) in sorted(steps.items()) if state in sources]
    return possible[pick % len(possible)] if possible and pick < 15 else step  # noqa: PLR2004 - of twenty


def one(who: str, whose: str) -> str:
    """Who takes a step that is the sender's or the receiver's."""
    return whose if who == "whose" else STRANGER if who == STRANGER else RECEIVER if whose == SENDER else SENDER


def walker(service: Service, ended: Callable[[], None], taken: Taken) -> type[RuleBasedStateMachine]:
    """The machine over a running service; `ended` is called after each whole sequence, `taken` learns of each step."""

    class Walker(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            service.clock.ahead, service.clock.stands_at = timedelta(0), datetime.now(UTC).replace(microsecond=0)
            self.began = service.clock.stands_at
            self.agencies = {
                SENDER: service.caller("example-clinic-north"),
                RECEIVER: service.caller("example-doula-network", subject="dora-muster"),
                STRANGER: service.caller("sample-county-chw-hub"),
            }
            self.model = Model()
            self.contacts: list[str] = []

        @initialize(accepted=st.booleans(), offered=st.booleans())
        def begin(self, *, accepted: bool, offered: bool) -> None:
            """Half of the sequences begin a good way on."""
            self.given = Given(self.agencies[SENDER], self.agencies[RECEIVER])
            client = self.given.pregnant()
            self.sent: Referral = self.given.sent(client)
            self.handed: Handoff = self.given.proposed(client)
            self.client = client
            self.theirs = self.sent.theirs
            if accepted:
                self.press("accept", TABLE, "whose")
            for step in ("client-agrees", "offer") if offered else ():
                self.hand_over(step, TABLE, "whose")

        def ask(self, by: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
            service.clock.ahead += MINUTE
            return self.agencies[by].post(path, body)

        # What people press

        @rule(step=st.sampled_from(sorted(REFERRAL)), pick=PICK, who=WHO)
        def press(self, step: str, pick: int, who: str) -> None:
            step = likely(step, pick, REFERRAL, self.model.referral)
            whose, sources, target, body = REFERRAL[step]
            by = one(who, whose)
            answer = self.ask(by, f"{self.sent.path}/{step}", body)
            model = self.model
            if not self._may(answer, by, whose):
                return
            if model.referral not in sources:
                assert answer.status_code in {200, 409}, answer.text
                return
            if (step, model.referral) == ("decline", "in_service"):
                target = "not_completed"  # a decline after service is a close (BSeR 25)
            assert answer.status_code == 200, answer.text
            assert answer.json()["state"] in {target, "in_service"}, answer.text
            if target in ENDED and model.accepted:
                self._call_off()
            taken.add(("referral", model.referral, step))
            model.referral = target
            model.accepted |= target == "accepted"
            model.told |= step == "cancel"  # who takes it back itself knows how it ended
            if target == "accepted" and self.contacts:
                model.referral, model.connected = "in_service", True

        @rule(who=WHO)
        def acknowledge(self, who: str) -> None:
            by = one(who, SENDER)
            answer = self.ask(by, f"{self.sent.path}/acknowledge")
            if self._may(answer, by, SENDER):
                assert answer.status_code == (200 if self.model.referral in ENDED else 409), answer.text
                self.model.told |= self.model.referral in ENDED

        @precondition(lambda self: self.model.referral in {"sent", "received", "accepted", "in_service", "waitlisted"})
        @rule()
        def meet(self) -> None:
            """The receiver met her for it."""
            answer = self.ask(RECEIVER, f"/v1/clients/{self.theirs}/contacts", MET | {"referral": self.sent.id})
            assert answer.status_code == 201, answer.text
            self.contacts.append(answer.json()["contact"])
            if self.model.referral == "accepted":
                self.model.referral, self.model.connected = "in_service", True

        @rule(who=WHO, visit=st.booleans())
        def complete(self, who: str, *, visit: bool) -> None:
            by = one(who, RECEIVER)
            attended = [each.id for each in self.model.visits if each.state == "attended"]
            proof = (
                {"appointment": attended[0]} if visit and attended else {"contact": (self.contacts or ["a" * 26])[0]}
            )
            answer = self.ask(by, f"{self.sent.path}/complete", {"outcome": "enrolled"} | proof)
            if not self._may(answer, by, RECEIVER):
                return
            if self.model.referral in {"accepted", "in_service", "cancel_requested"} and (
                self.contacts or (visit and attended)
            ):
                assert answer.status_code == 200, answer.text
                self.model.referral, self.model.connected = "completed", True
            else:
                assert answer.status_code in {200, 404, 409}, answer.text

        # Visits

        @rule(who=WHO, days=st.integers(0, 9))
        def book(self, who: str, days: int) -> None:
            by = one(who, RECEIVER)
            due = self.began + timedelta(days=days)
            answer = self.ask(by, f"{self.sent.path}/appointments", {"due_at": due.isoformat()})
            if not self._may(answer, by, RECEIVER):
                return
            if any((each.state, each.due) == ("booked", due) for each in self.model.visits):
                assert answer.status_code == 200, answer.text
            elif self.model.referral not in TAKEN_ON:
                assert answer.status_code == 409, answer.text
            elif due <= service.clock.now():
                assert answer.status_code == 422, answer.text
            else:
                assert answer.status_code == 201, answer.text
                self.model.visits.append(Visit(answer.json()["appointment"], due))

        @precondition(lambda self: self.model.visits)
        @rule(
            step=st.sampled_from(sorted(VISIT_STEPS)),
            who=WHO,
            days=st.integers(0, 9),
            data=st.data(),
        )
        def answer_visit(self, step: str, who: str, days: int, data: st.DataObject) -> None:
            by = one(who, RECEIVER)
            visit = data.draw(st.sampled_from(self.model.visits))
            to = self.began + timedelta(days=days)
            said = {"reschedule": {"due_at": to.isoformat(), "by": "client"}, "cancel": {"by": "client"}}
            answer = self.ask(by, f"/v1/appointments/{visit.id}/{step}", said.get(step, {}))
            if not self._may(answer, by, RECEIVER):
                return
            expected = self._expected(visit, step, to)
            assert answer.status_code in expected, (answer.text, expected)
            if visit.state != "booked" or answer.status_code != 200:
                return
            visit.state = VISIT_STEPS[step]
            visit.due = to if step == "reschedule" else visit.due
            if step == "attend" and self.model.referral == "accepted":
                self.model.referral, self.model.connected = "in_service", True

        def _expected(self, visit: Visit, step: str, to: datetime) -> set[int]:
            """Statuses that may follow: of a visit that was cancelled it is not known here on whose wish."""
            now = service.clock.now()
            if visit.state != "booked":
                again = visit.state == VISIT_STEPS[step]
                return ({200, 409} if step == "cancel" else {200}) if again else {409}
            match step:
                case "attend":
                    return {200} if now >= visit.due - timedelta(hours=1) else {409}
                case "no-show":
                    return {200} if now >= visit.due else {409}
                case "reschedule" if visit.due != to:
                    return {409} if self.model.referral not in TAKEN_ON else {200} if to > now else {422}
            return {200}

        def _call_off(self) -> None:
            for visit in self.model.visits:
                if visit.state == "booked" and visit.due > service.clock.now():
                    visit.state = "cancelled"

        @rule(days=st.integers(1, 3))
        def time_passes(self, days: int) -> None:
            service.clock.ahead += timedelta(days=days)

        # The handoff

        @rule(step=st.sampled_from(sorted(HANDOFF)), pick=PICK, who=WHO)
        def hand_over(self, step: str, pick: int, who: str) -> None:
            step = likely(step, pick, HANDOFF, self.model.handoff)
            whose, sources, target, body = HANDOFF[step]
            by = one(who, whose)
            answer = self.ask(by, f"{self.handed.path}/{step}", body)
            model = self.model
            if by == STRANGER or (by == RECEIVER and not model.offered):
                assert answer.status_code == 404, answer.text
            elif by != whose:
                assert answer.status_code == 403, answer.text
            elif model.handoff not in sources:
                assert answer.status_code in {200, 409}, answer.text
            else:
                assert answer.status_code == 200, answer.text
                assert answer.json()["state"] == target, answer.text
                taken.add(("handoff", model.handoff, step))
                model.handoff = target
                model.offered |= target == "offered"
                model.leads = RECEIVER if target == "accepted" else model.leads

        @precondition(lambda self: self.model.handoff == "accepted")
        @rule()
        def meet_for_handoff(self) -> None:
            theirs = self.handed.theirs
            answer = self.ask(RECEIVER, f"/v1/clients/{theirs}/contacts", MET | {"handoff": self.handed.id})
            assert answer.status_code == 201, answer.text
            self.model.handoff = "completed"

        # What has to be so

        def _may(self, answer: httpx.Response, by: str, whose: str) -> bool:
            if by == STRANGER:
                assert answer.status_code == 404, answer.text
            elif by != whose:
                assert answer.status_code == 403, answer.text
            return by == whose

        @invariant()
        def the_sender_sees_what_the_model_says(self) -> None:
            if not hasattr(self, "handed"):
                return
            model = self.model
            ours = self.ours = self.agencies[SENDER].seen(f"{self.sent.path}?names=false")
            assert ours["state"] == model.referral, (ours, model)
            assert ours["facts"]["connected"]["yes"] is model.connected, (ours, model)
            assert ours["facts"]["closed"]["yes"] is model.told, (ours, model)
            visits = {each["appointment"]: each["state"] for each in ours["appointments"]}
            assert visits == {each.id: each.state for each in model.visits}, (ours, model)

        def _both_sides_agree(self) -> None:
            handed = self.agencies[SENDER].seen(f"{self.handed.path}?names=false")
            assert handed["state"] == self.model.handoff, (handed, self.model)
            if self.model.accepted:
                theirs = self.agencies[RECEIVER].seen(f"{self.sent.path}?names=false")
                alike = (theirs["state"], theirs["external"]) == (self.ours["state"], self.ours["external"])
                assert alike, (theirs, self.ours)

        def teardown(self) -> None:
            try:
                if hasattr(self, "ours"):
                    self._both_sides_agree()
            finally:
                service.clock.ahead, service.clock.stands_at = timedelta(0), None
                ended()

    return Walker
