"""Owns a walker over the public API with a small model of its own: a referral with its visits, and a handoff.

The model knows the rules as people say them (F2, F3, R16), not the tables of the code: what each side may do from
where, and what follows. After each step the API has to say what the model says, to both sides alike.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.referrals.api.conftest import Service
from tests.referrals.api.story import AGREED, MET, Given, Handoff, Referral

SENDER, RECEIVER, STRANGER = "sender", "receiver", "stranger"
OPEN = {"sent", "received", "waitlisted"}
# step -> (whose, from where, to where, what is said)
REFERRAL: dict[str, tuple[str, set[str], str, dict[str, Any]]] = {
    "receive": (RECEIVER, {"sent"}, "received", {}),
    "accept": (RECEIVER, OPEN, "accepted", {}),
    "decline": (RECEIVER, OPEN | {"accepted"}, "declined", {"reason": "no_capacity"}),
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
ENDED = {"completed", "declined", "cancelled"}
HANDOFF: dict[str, tuple[str, set[str], str, dict[str, Any]]] = {
    "client-agrees": (SENDER, {"proposed"}, "agreed", {"consent": AGREED}),
    "client-declines": (SENDER, {"proposed", "agreed", "offered"}, "client_declined", {}),
    "offer": (SENDER, {"agreed"}, "offered", {}),
    "withdraw": (SENDER, {"proposed", "agreed", "offered"}, "withdrawn", {"reason": "need_resolved"}),
    "accept": (RECEIVER, {"offered"}, "accepted", {}),
    "decline": (RECEIVER, {"offered"}, "declined", {"reason": "no_capacity"}),
}
ASKED = {"offered", "accepted", "declined", "completed"}
"""Where the receiver of a handoff is a side of it, whatever came before."""

VISIT_STEPS = ("reschedule", "attend", "no-show", "cancel")


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


def walker(service: Service, ended: Callable[[], None]) -> type[RuleBasedStateMachine]:
    """The machine over a running service; `ended` is called after each whole sequence."""

    class Walker(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            service.clock.ahead = timedelta(0)
            self.agencies = {
                SENDER: service.caller("example-clinic-north"),
                RECEIVER: service.caller("example-doula-network", subject="dora-muster"),
                STRANGER: service.caller("sample-county-chw-hub"),
            }
            self.model = Model()
            self.contacts: list[str] = []

        @initialize()
        def begin(self) -> None:
            self.given = Given(self.agencies[SENDER], self.agencies[RECEIVER])
            client = self.given.pregnant()
            self.sent: Referral = self.given.sent(client)
            self.handed: Handoff = self.given.proposed(client)
            self.client = client
            self.theirs = self.sent.theirs

        # What people press

        @rule(step=st.sampled_from(sorted(REFERRAL)), by=st.sampled_from((SENDER, RECEIVER, STRANGER)))
        def press(self, step: str, by: str) -> None:
            whose, sources, target, body = REFERRAL[step]
            answer = self.agencies[by].post(f"{self.sent.path}/{step}", body)
            model = self.model
            if not self._may(answer, by, whose):
                return
            if model.referral not in sources:
                assert answer.status_code in {200, 409}, answer.text
                return
            assert answer.status_code == 200, answer.text
            if target in {"declined", "cancelled"} and model.accepted:
                self._call_off()
            model.referral = target
            model.accepted |= target == "accepted"
            model.told |= step == "cancel"  # who takes it back itself knows how it ended
            if target == "accepted" and self.contacts:
                model.referral, model.connected = "in_service", True

        @rule(by=st.sampled_from((SENDER, RECEIVER, STRANGER)))
        def acknowledge(self, by: str) -> None:
            answer = self.agencies[by].post(f"{self.sent.path}/acknowledge")
            if self._may(answer, by, SENDER):
                assert answer.status_code == (200 if self.model.referral in ENDED else 409), answer.text
                self.model.told |= self.model.referral in ENDED

        @precondition(lambda self: self.model.referral in {"sent", "received", "accepted", "in_service", "waitlisted"})
        @rule()
        def meet(self) -> None:
            """The receiver met her for it."""
            answer = self.agencies[RECEIVER].post(
                f"/v1/clients/{self.theirs}/contacts", MET | {"referral": self.sent.id}
            )
            assert answer.status_code == 201, answer.text
            self.contacts.append(answer.json()["contact"])
            if self.model.referral == "accepted":
                self.model.referral, self.model.connected = "in_service", True

        @rule(by=st.sampled_from((SENDER, RECEIVER)), visit=st.booleans())
        def complete(self, by: str, *, visit: bool) -> None:
            attended = [each.id for each in self.model.visits if each.state == "attended"]
            proof = (
                {"appointment": attended[0]} if visit and attended else {"contact": (self.contacts or ["a" * 26])[0]}
            )
            answer = self.agencies[by].post(f"{self.sent.path}/complete", {"outcome": "enrolled"} | proof)
            if by == SENDER:
                assert answer.status_code == 403, answer.text
            elif self.model.referral in {"accepted", "in_service", "cancel_requested"} and (
                self.contacts or (visit and attended)
            ):
                assert answer.status_code == 200, answer.text
                self.model.referral, self.model.connected = "completed", True
            else:
                assert answer.status_code in {200, 404, 409}, answer.text

        # Visits

        @rule(by=st.sampled_from((SENDER, RECEIVER, STRANGER)), days=st.integers(-1, 5))
        def book(self, by: str, days: int) -> None:
            due = (service.clock.now() + timedelta(days=days, minutes=-5)).replace(microsecond=0)
            answer = self.agencies[by].post(f"{self.sent.path}/appointments", {"due_at": due.isoformat()})
            if not self._may(answer, by, RECEIVER):
                return
            if self.model.referral not in {"accepted", "in_service"}:
                assert answer.status_code == 409, answer.text
            elif days < 1:
                assert answer.status_code == 422, answer.text
            else:
                assert answer.status_code in {200, 201}, answer.text
                if answer.status_code == 201:
                    self.model.visits.append(Visit(answer.json()["appointment"], due))

        @precondition(lambda self: self.model.visits)
        @rule(step=st.sampled_from(VISIT_STEPS), by=st.sampled_from((SENDER, RECEIVER, STRANGER)), data=st.data())
        def answer_visit(self, step: str, by: str, data: st.DataObject) -> None:
            visit = data.draw(st.sampled_from(self.model.visits))
            now = service.clock.now()
            later = (now + timedelta(days=2)).replace(microsecond=0)
            said = {"reschedule": {"due_at": later.isoformat(), "by": "client"}, "cancel": {"by": "client"}}
            answer = self.agencies[by].post(f"/v1/appointments/{visit.id}/{step}", said.get(step, {}))
            if not self._may(answer, by, RECEIVER):
                return
            if not self._possible(visit, step, now):
                assert answer.status_code in {200, 409}, answer.text
                return
            assert answer.status_code == 200, answer.text
            visit.state = {"attend": "attended", "no-show": "no_show", "cancel": "cancelled"}.get(step, "booked")
            visit.due = later if step == "reschedule" else visit.due
            if step == "attend" and self.model.referral == "accepted":
                self.model.referral, self.model.connected = "in_service", True

        def _possible(self, visit: Visit, step: str, now: datetime) -> bool:
            if visit.state != "booked":
                return False
            match step:
                case "attend":
                    return now >= visit.due - timedelta(hours=12)
                case "no-show":
                    return now >= visit.due
                case "reschedule":
                    return self.model.referral in {"accepted", "in_service"}
            return True

        def _call_off(self) -> None:
            for visit in self.model.visits:
                if visit.state == "booked" and visit.due > service.clock.now():
                    visit.state = "cancelled"

        @rule(days=st.integers(1, 3))
        def time_passes(self, days: int) -> None:
            service.clock.ahead += timedelta(days=days)

        # The handoff

        @rule(step=st.sampled_from(sorted(HANDOFF)), by=st.sampled_from((SENDER, RECEIVER, STRANGER)))
        def hand_over(self, step: str, by: str) -> None:
            whose, sources, target, body = HANDOFF[step]
            answer = self.agencies[by].post(f"{self.handed.path}/{step}", body)
            model = self.model
            if by == STRANGER or (by == RECEIVER and not model.offered):
                assert answer.status_code == 404, answer.text
            elif by != whose:
                assert answer.status_code == 403, answer.text
            elif model.handoff not in sources:
                assert answer.status_code in {200, 409}, answer.text
            else:
                assert answer.status_code == 200, answer.text
                model.handoff = target
                model.offered |= target == "offered"
                model.leads = RECEIVER if target == "accepted" else model.leads

        @precondition(lambda self: self.model.handoff == "accepted")
        @rule()
        def meet_for_handoff(self) -> None:
            theirs = self.handed.theirs
            answer = self.agencies[RECEIVER].post(f"/v1/clients/{theirs}/contacts", MET | {"handoff": self.handed.id})
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
        def both_sides_see_what_the_model_says(self) -> None:
            if not hasattr(self, "handed"):
                return
            model = self.model
            ours = self.agencies[SENDER].seen(f"{self.sent.path}?names=false")
            assert ours["state"] == model.referral, (ours, model)
            assert ours["facts"]["connected"]["yes"] is model.connected, (ours, model)
            assert ours["facts"]["closed"]["yes"] is model.told, (ours, model)
            visits = {each["appointment"]: each["state"] for each in ours["appointments"]}
            assert visits == {each.id: each.state for each in model.visits}, (ours, model)
            handed = self.agencies[SENDER].seen(f"{self.handed.path}?names=false")
            assert handed["state"] == model.handoff, (handed, model)
            if model.accepted:
                theirs = self.agencies[RECEIVER].seen(f"{self.sent.path}?names=false")
                alike = (theirs["state"], theirs["external"]) == (ours["state"], ours["external"])
                assert alike, (theirs, ours)

        def teardown(self) -> None:
            service.clock.ahead = timedelta(0)
            ended()

    return Walker
