"""Random worlds of published events: what can happen, and much that cannot, with times on the edges of every window."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from contracts.events.appointment import (
    AppointmentAttendedV1,
    AppointmentBookedV1,
    AppointmentCancelledV1,
    AppointmentEnteredInErrorV1,
    AppointmentNoShowV1,
    AppointmentRescheduledV1,
)
from contracts.events.contact import ContactAmendedV1, ContactEnteredInErrorV1, ContactRecordedV1, ContactTakenBackV1
from contracts.events.event import Published
from contracts.events.handoff import (
    HandoffAcceptedV1,
    HandoffCompletedV1,
    HandoffDeclinedV1,
    HandoffExpiredV1,
    HandoffFailedV1,
    HandoffIntroducedV1,
    HandoffOfferedV1,
    HandoffProposedV1,
    HandoffTakenBackV1,
)
from contracts.events.referral import (
    ReferralAcceptedV1,
    ReferralAcknowledgedV1,
    ReferralCancelledV1,
    ReferralCompletedV1,
    ReferralDeclinedV1,
    ReferralEnteredInErrorV1,
    ReferralExpiredV1,
    ReferralNotCompletedV1,
    ReferralRedirectedV1,
    ReferralSentV1,
    ReferralServiceStartedV1,
    ReferralTakenBackV1,
    ReferralWaitlistedV1,
)
from contracts.vocabulary import (
    CalledBy,
    Category,
    Channel,
    ContactMode,
    ContactOutcome,
    HandoffKind,
    Measurement,
    Mode,
    Outcome,
    Priority,
    Reason,
    ReasonOwner,
    ResponsibilityDomain,
    Source,
)
from tests.measures.published import CLINIC, DOULAS, START, Fact, Log, pseudonym

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
AGENCIES = (CLINIC, DOULAS, "example-pantry")
EDGES = [edge * DAY + more for edge in (2, 7, 14, 30, 60, 90) for more in (-SECOND, timedelta(0), SECOND)]


class World:
    """One world, the same for the same seed."""

    def __init__(self, seed: int, clients: int = 4) -> None:
        self.dice = random.Random(seed)
        self.log = Log(seed=seed)
        self.cutoff = START + self.dice.randrange(60, 260) * DAY
        for number in range(clients):
            self._client(pseudonym(number))
        self._record_late()

    def after(self, at: datetime) -> datetime:
        """A while later: on an edge of some window, soon, or any time."""
        match self.dice.randrange(4):
            case 0:
                return at + self.dice.choice(EDGES)
            case 1:
                return at + self.dice.randrange(72) * timedelta(hours=1)
            case _:
                return at + self.dice.random() * 120 * DAY

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def add(self, event: Published, client: str, at: datetime, agency: str = CLINIC) -> Fact:
        return self.log.add(event, client, at, agency)

    def _client(self, client: str) -> None:
        sent: list[UUID] = []
        needs = [self.log.id() for _ in range(2)]
        for _ in range(self.dice.randrange(5)):
            at = START + self.dice.randrange(-20, 240) * DAY + self.dice.randrange(86_400) * SECOND
            at = self._moment(client) if sent and self.chance(0.3) else at
            sent.append(self._referral(client, at, sent, needs))
        for _ in range(self.dice.randrange(5)):
            self._handoff(client, START + self.dice.randrange(200) * DAY)
        for _ in range(self.dice.randrange(8)):
            self._contact(client, self._near(client))
        if self.chance(0.3):
            self.log.consented(client, START + self.dice.randrange(300) * DAY, self.dice.choice(list(Measurement)))

    def _near(self, client: str) -> datetime:
        """At, or a while after, something that happened to her."""
        at = self._moment(client)
        return at if self.chance(0.2) else self.after(at)

    def _moment(self, client: str) -> datetime:
        """Of something that happened to her."""
        return self.dice.choice([f.headers.time for f in self.log.facts if f.headers.subject == client] or [START])

    def _contact(
        self,
        client: str,
        at: datetime,
        agency: str | None = None,
        referral: UUID | None = None,
        handoff: UUID | None = None,
    ) -> UUID:
        dice, contact = self.dice, self.log.id()
        agency = agency or dice.choice(AGENCIES)
        mode, outcome = dice.choice(list(ContactMode)), dice.choice([*[ContactOutcome.COMPLETED] * 6, *ContactOutcome])
        met = outcome is ContactOutcome.COMPLETED and self.chance(0.9)
        said = ContactRecordedV1(
            contact=contact, met=met, mode=mode, outcome=outcome, referral=referral, handoff=handoff
        )
        wrong = 0.2 if referral or handoff else 0.05
        first = self.add(said, client, at, agency)
        if self.chance(0.1):
            met, outcome = not (referral or handoff) or self.chance(0.5), ContactOutcome.COMPLETED
            other = ContactAmendedV1(
                contact=contact, met=met, mode=mode, outcome=outcome, referral=referral, handoff=handoff
            )
            self.add(other, client, self.after(at), agency)
        if self.chance(wrong):
            self.add(ContactTakenBackV1(contact=contact, event=first.headers.id), client, at, agency)
        if self.chance(wrong):
            self.add(ContactEnteredInErrorV1(contact=contact, event=first.headers.id), client, at, agency)
        return contact

    def _referral(self, client: str, at: datetime, before: list[UUID], needs: list[UUID]) -> UUID:
        dice, referral = self.dice, self.log.id()
        earlier = dice.choice(before) if before and self.chance(0.5) else None
        sent = ReferralSentV1(
            category=dice.choice([Category.DOULA, Category.WIC, Category.LACTATION]),
            from_agency=CLINIC,
            mode=Mode.INFORMATIONAL if self.chance(0.08) else Mode.DIRECT,
            need=dice.choice(needs) if self.chance(0.4) else None,
            parent=earlier if self.chance(0.5) else None,
            priority=Priority.ROUTINE,
            referral=referral,
            service="invented-service",
            supersedes=earlier if self.chance(0.3) else None,
            to_agency=dice.choice(AGENCIES[1:]),
            to_channel=dice.choice(list(Channel)),
        )
        self.add(sent, client, at)
        shown = [self._contact(client, self.after(at), sent.to_agency, referral) for _ in range(dice.randrange(3))]
        shown += [self._visit(client, referral, self.after(at)) for _ in range(dice.randrange(3))]
        steps = [event for event in self._steps(referral, [None, *shown]) if self.chance(0.28)]
        facts = [self.add(event, client, self.after(at), dice.choice(AGENCIES)) for event in steps]
        accepted = next((fact.headers.time for fact in facts if isinstance(fact.event, ReferralAcceptedV1)), None)
        if accepted is not None and self.chance(0.5):
            edge = accepted + 60 * DAY + self.dice.randrange(-1, 2) * SECOND
            if self.chance(0.5):
                self._contact(client, edge, sent.to_agency)
            else:
                self.add(dice.choice(self._steps(referral)[5:10]), client, edge, sent.to_agency)
        if facts and self.chance(0.15):
            taken = ReferralTakenBackV1(event=dice.choice(facts).headers.id, referral=referral)
            self.add(taken, client, self.after(at), DOULAS)
        if self.chance(0.04):
            self.add(ReferralEnteredInErrorV1(event=self.log.id(), referral=referral), client, self.after(at))
        return referral

    def _steps(self, referral: UUID, shown: Sequence[UUID | None] = (None,)) -> list[Published]:
        dice = self.dice
        why = {
            "reason": dice.choice([*Reason, *[Reason.UNABLE_TO_REACH] * 6, *[Reason.NO_FURTHER_CONTACT] * 4]),
            "reason_owner": dice.choice(list(ReasonOwner)),
        }
        how = why | {"referral": referral, "source": dice.choice(list(Source))}
        return [
            ReferralAcceptedV1(referral=referral),
            ReferralWaitlistedV1(referral=referral, **why),
            ReferralServiceStartedV1(referral=referral, evidence=dice.choice(shown)),
            ReferralCompletedV1(
                referral=referral,
                evidence=dice.choice(shown),
                outcome=Outcome.ENROLLED,
                source=dice.choice(list(Source)),
            ),
            ReferralAcknowledgedV1(referral=referral),
            ReferralDeclinedV1(**how),
            ReferralRedirectedV1(child=self.log.id(), waiting=False, **how),
            ReferralNotCompletedV1(**how),
            ReferralCancelledV1(**how),
            ReferralExpiredV1(**how),
            ReferralAcceptedV1(referral=referral),
        ]

    def _visit(self, client: str, referral: UUID, at: datetime) -> UUID:
        visit, due, dice = self.log.id(), self.after(at), self.dice
        self.add(AppointmentBookedV1(appointment=visit, referral=referral, due_at=due), client, at, DOULAS)
        if self.chance(0.3):
            due = self.after(due)
            moved = AppointmentRescheduledV1(appointment=visit, by=CalledBy.CLIENT, due_at=due, notice_hours=3)
            self.add(moved, client, at + DAY, DOULAS)
        hours = dice.choice([0, 23, 24, 200])
        ends: list[Published] = [
            AppointmentAttendedV1(appointment=visit, due_at=due),
            AppointmentNoShowV1(appointment=visit, due_at=due),
            AppointmentCancelledV1(appointment=visit, by=CalledBy.AGENCY, due_at=due, notice_hours=hours),
        ]
        if self.chance(0.8):
            self.add(dice.choice(ends), client, due, DOULAS)
        if self.chance(0.1):
            error = AppointmentEnteredInErrorV1(appointment=visit, event=self.log.id())
            self.add(error, client, self.after(at), DOULAS)
        return visit

    def _handoff(self, client: str, at: datetime) -> None:
        dice, handoff = self.dice, self.log.id()
        proposed = HandoffProposedV1(
            domain=ResponsibilityDomain.PRIMARY_CARE_COORDINATION,
            episode=self.log.id(),
            from_agency=CLINIC,
            handoff=handoff,
            kind=HandoffKind.COLD,
            to_agency=dice.choice(AGENCIES[1:]),
        )
        self.add(proposed, client, at)
        offered = self.after(at)
        if self.chance(0.9):
            self.add(HandoffOfferedV1(handoff=handoff), client, offered)
        shown = [
            self._contact(client, self.after(offered), proposed.to_agency, handoff=handoff)
            for _ in range(dice.randrange(3))
        ]
        steps: list[tuple[float, Published]] = [
            (0.7, HandoffAcceptedV1(handoff=handoff)),
            (0.5, HandoffIntroducedV1(client_present=self.chance(0.7), handoff=handoff)),
            (0.5, HandoffCompletedV1(handoff=handoff, evidence=dice.choice([None, *shown]))),
            (0.3, HandoffFailedV1(handoff=handoff)),
            (0.1, HandoffExpiredV1(handoff=handoff)),
            (0.1, HandoffDeclinedV1(handoff=handoff, reason=Reason.OTHER, reason_owner=ReasonOwner.OTHER)),
        ]
        facts = [self.add(event, client, self.after(offered), DOULAS) for share, event in steps if self.chance(share)]
        failed = [fact.headers.time for fact in facts if isinstance(fact.event, HandoffFailedV1)]
        if failed and self.chance(0.5):
            self._contact(client, failed[0], proposed.to_agency)
        if facts and self.chance(0.15):
            taken = HandoffTakenBackV1(event=dice.choice(facts).headers.id, handoff=handoff)
            self.add(taken, client, self.after(offered), DOULAS)

    def _record_late(self) -> None:
        """Some of it was written down later than it happened, some after the cutoff."""
        for place, fact in enumerate(self.log.facts):
            late = self.dice.randrange(60) * DAY if self.chance(0.1) else timedelta(0)
            self.log.facts[place] = fact.recorded_at(fact.headers.time + late)
