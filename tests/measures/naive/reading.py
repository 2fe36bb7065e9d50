"""How the naive measures read: which events count at a cutoff, and what was first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from tests.measures.published import Fact

DAY = timedelta(days=1)
MET, UNMET, PENDING, MISSING, EXCLUDED = "met", "unmet", "pending", "missing", "excluded"


@dataclass(frozen=True)
class Verdict:
    """One thing that was counted: whose, when, how, and the number or time that it has (`end` of a time)."""

    client: str
    at: datetime
    word: str
    value: Any = None
    end: str = ""


@dataclass(frozen=True)
class Events:
    """Events of all clients that count at a cutoff, in the order in which they happened.

    `heard` are the contacts and visits of which anything is known by then, whether it counts or not.
    """

    facts: Sequence[Fact]
    cutoff: datetime
    zone: tzinfo
    heard: Sequence[object] = ()

    def of(self, *types: str, client: str | None = None, **said: object) -> list[Fact]:
        """Events of these types (without version), of one client, that say these things."""
        return [
            fact
            for fact in self.facts
            if fact.headers.type.removesuffix(".v1") in types
            and (client is None or fact.headers.subject == client)
            and all(getattr(fact.event, name, None) == value for name, value in said.items())
        ]

    def first(self, *types: str, **said: Any) -> datetime | None:
        """When the first of these happened."""
        found = self.of(*types, **said)
        return found[0].headers.time if found else None

    def met(self, client: str, agency: str) -> list[datetime]:
        """When an agency met or answered a client, by what was said of each contact last."""
        last: dict[object, Fact] = {}
        for fact in sorted(self.of("contact.recorded", "contact.amended", client=client), key=position):
            last[said(fact, "contact")] = fact
        return sorted(
            fact.headers.time
            for fact in last.values()
            if said(fact, "met") and said(fact, "outcome") == "completed" and fact.headers.agency == agency
        )

    def served(self, sent: Fact) -> datetime | None:
        """When a referral was first served, by what shows it still: what was named, or another contact for it."""
        id, named = said(sent, "referral"), self.of("referral.service_started", "referral.completed")
        shown = [fact for fact in named if said(fact, "referral") == id]
        right = [fact for fact in shown if said(fact, "evidence") is None or self.shows(said(fact, "evidence"))]
        if not shown or right:
            return right[0].headers.time if right else None
        others = [
            self.last(contact)
            for contact in {said(fact, "contact") for fact in self.of("contact.recorded", "contact.amended")}
            if said(self.last(contact), "referral") == id
            and self.last(contact).headers.agency == said(sent, "to_agency")
            and self.shows(contact)
        ]
        return min((fact.headers.time for fact in others), default=None)

    def handed_over(self, id: object) -> datetime | None:
        """When a handoff was completed, by what shows it still: what was named, or another contact since."""
        done = self.of("handoff.completed", handoff=id)
        right = [fact for fact in done if said(fact, "evidence") is None or self.meets(said(fact, "evidence"))]
        accepted = self.first("handoff.accepted", handoff=id)
        if not done or right or accepted is None:
            return right[0].headers.time if right else None
        receivers = [said(fact, "to_agency") for fact in self.of("handoff.proposed", handoff=id)]
        others = [
            self.last(contact)
            for contact in {said(fact, "contact") for fact in self.of("contact.recorded", "contact.amended")}
            if self.meets(contact)
        ]
        return min(
            (
                fact.headers.time
                for fact in others
                if fact.headers.agency in receivers[:1] and fact.headers.subject == done[0].headers.subject
                if said(fact, "handoff") in (None, id) and fact.headers.time >= accepted
            ),
            default=None,
        )

    def meets(self, contact: object) -> bool:
        """Whether a contact stands as one in which she was met, or was never heard of."""
        if self.of("contact.recorded", "contact.amended", contact=contact):
            return bool(said(self.last(contact), "outcome") == "completed" and said(self.last(contact), "met"))
        return contact not in self.heard

    def last(self, contact: object) -> Fact:
        """What was said of a contact last."""
        return max(self.of("contact.recorded", "contact.amended", contact=contact), key=position)

    def shows(self, evidence: object) -> bool:
        """Whether a contact or visit stands as it must to show a service."""
        if self.of("contact.recorded", "contact.amended", contact=evidence):
            fact = self.last(evidence)
            goods = said(fact, "mode") in ("goods_delivery", "funds_transfer")
            return bool(said(fact, "outcome") == "completed" and (said(fact, "met") or goods))
        return evidence not in self.heard or bool(self.of("appointment.attended", appointment=evidence))

    def day(self, at: datetime) -> int:
        """The local date of a moment, counted in days."""
        return at.astimezone(self.zone).date().toordinal()


def position(fact: Fact) -> int:
    """Its place in the event store."""
    return fact.headers.position


def said(fact: Fact, name: str) -> Any:
    """What an event says under a name."""
    return getattr(fact.event, name)


def counting(facts: Iterable[Fact], cutoff: datetime, zone: tzinfo) -> Events:
    """What was recorded by the cutoff, but for what was taken back or entered in error (R14)."""
    known = [fact for fact in facts if fact.headers.recorded_time <= cutoff]
    taken = [said(fact, "event") for fact in known if fact.headers.type.endswith(".taken_back.v1")]
    kept = [fact for fact in known if fact.headers.id not in taken]
    wrong = [
        (kind(fact), said(fact, kind(fact))) for fact in kept if fact.headers.type.endswith(".entered_in_error.v1")
    ]
    right = [fact for fact in kept if (kind(fact), getattr(fact.event, kind(fact), None)) not in wrong]
    heard = [said(fact, kind(fact)) for fact in known if kind(fact) in ("contact", "appointment")]
    return Events(sorted(right, key=lambda fact: (fact.headers.time, position(fact))), cutoff, zone, heard)


def kind(fact: Fact) -> str:
    """What an event is about: `referral` of `referral.sent.v1`."""
    return fact.headers.type.split(".")[0]


def is_out(events: Events, client: str, rule: str) -> bool:
    """Whether figures leave her out (R7): by the last yes or no of those that her consents say now."""
    now: dict[object, Fact] = {}
    for fact in sorted(events.facts, key=lambda fact: (fact.headers.time, position(fact))):
        if kind(fact) == "consent" and fact.headers.subject == client and said(fact, "measurement") is not None:
            now[said(fact, "consent")] = fact
    answers = [fact for fact in now.values() if said(fact, "measurement") in ("yes", "no")]
    if not answers:
        return rule == "opt_in"
    last = max(answers, key=lambda fact: (fact.headers.time, position(fact)))
    return bool(said(last, "measurement") == "no")
