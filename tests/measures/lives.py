"""Random lives: a few clients with everything that is ever published of one, windows hit to the second and the day.

A world follows from its seed alone. What happens is placed at a moment of hers, or a telling time after one, so that
the ends of windows (7, 14, 30, 42, 56, 84, 90 days, 97, 104 and 259 days of gestation) are met and missed by a second
or a day. START is midnight of a local date in California.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from contracts.events.appointment import (
    AppointmentAttendedV1,
    AppointmentBookedV1,
    AppointmentCancelledV1,
    AppointmentEnteredInErrorV1,
    AppointmentNoShowV1,
)
from contracts.events.contact import (
    ContactAmendedV1,
    ContactEnteredInErrorV1,
    ContactRecordedV1,
    ContactTakenBackV1,
)
from contracts.events.event import Published
from contracts.events.handoff import (
    HandoffAcceptedV1,
    HandoffCompletedV1,
    HandoffFailedV1,
    HandoffIntroducedV1,
    HandoffOfferedV1,
    HandoffProposedV1,
    HandoffTakenBackV1,
)
from contracts.events.need import NeedIdentifiedV1
from contracts.events.referral import (
    ReferralAcceptedV1,
    ReferralAcknowledgedV1,
    ReferralCancelledV1,
    ReferralCompletedV1,
    ReferralDeclinedV1,
    ReferralEnteredInErrorV1,
    ReferralExpiredV1,
    ReferralNotCompletedV1,
    ReferralSentV1,
    ReferralServiceStartedV1,
    ReferralTakenBackV1,
    ReferralWaitlistedV1,
)
from contracts.vocabulary import (
    AgeBand,
    CalledBy,
    Category,
    Channel,
    ContactMode,
    ContactOutcome,
    Degree,
    HandoffKind,
    Instrument,
    Measurement,
    Mode,
    Outcome,
    Priority,
    RaceEthnicity,
    Reason,
    ReasonOwner,
    ScreeningResult,
    Source,
    StatedBy,
)
from tests.measures import pregnancies as of
from tests.measures.published import CLINIC, DOULAS, START, Fact, Log, pseudonym
from tests.measures.telling import RESTRICTED, said_of_herself

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
AGENCIES: Final = (CLINIC, DOULAS, "example-pantry", "example-hub")
CATEGORIES: Final = (
    *(Category.FOOD_INSECURITY, Category.FOOD_INSECURITY, Category.HOMELESSNESS, Category.HOUSING_INSTABILITY),
    *(Category.TRANSPORTATION_INSECURITY, Category.DOULA, Category.BEHAVIORAL_HEALTH, Category.BEHAVIORAL_HEALTH),
    Category.INTIMATE_PARTNER_VIOLENCE,
)
MET_BY: Final = frozenset(ContactMode) - {
    *(ContactMode.TEXT_ONE_WAY, ContactMode.MAIL, ContactMode.GOODS_DELIVERY, ContactMode.FUNDS_TRANSFER)
}
MODES: Final = (*sorted(MET_BY), ContactMode.TEXT_ONE_WAY, ContactMode.GOODS_DELIVERY, ContactMode.FUNDS_TRANSFER)
AFTER: Final = (0, 0, 1, 2, 7, 14, 29, 30, 31, 60, 84, 85, 90)
BESIDE: Final = (timedelta(), timedelta(), -SECOND, SECOND, timedelta(hours=9), timedelta(hours=-9))
RESULTS: Final = (*ScreeningResult, ScreeningResult.POSITIVE)
Thing = TypeVar("Thing")


def world(seed: int, clients: int = 3, acts: int = 16) -> Log:
    """A log of that many clients, each with that many things that happened."""
    log = Log(seed=seed)
    dice = random.Random(seed)
    for number in range(clients):
        Life(log, dice, pseudonym(number)).live(acts)
    return log


class Life:
    """One client: what has happened to her already is what the next thing can be about."""

    def __init__(self, log: Log, dice: random.Random, client: str) -> None:
        self.log, self.dice, self.client = log, dice, client
        self.moments = [START + dice.randrange(120) * DAY]
        self.episodes: list[UUID] = []
        self.births: list[tuple[UUID, date]] = []
        self.referrals: dict[UUID, tuple[str, bool]] = {}
        self.needs: dict[UUID, bool] = {}

    def live(self, acts: int) -> None:
        """So many things happen to her."""
        kinds = (self.pregnancy, self.contact, self.contact, self.contact, self.referral, self.referral, self.handoff,
                 self.screening, self.screening, self.need, self.voice, self.visit, self.visit,
                 self.words)  # fmt: skip
        self.pregnancy()
        for _ in range(self.dice.randrange(acts)):
            self.dice.choice(kinds)()

    def one(self, *of_these: Thing) -> Thing:
        return self.dice.choice(of_these)

    def likely(self, share: float) -> bool:
        return self.dice.random() < share

    def when(self) -> datetime:
        """A moment of hers, or a telling time after one."""
        at = self.dice.choice(self.moments) + self.dice.choice(AFTER) * DAY + self.dice.choice(BESIDE)
        self.moments.append(at)
        return at

    def add(self, event: Published, at: datetime, agency: str = CLINIC, *, restricted: bool = False) -> Fact:
        """It is written down at once, or after a telling time."""
        late = self.one(timedelta(), timedelta(), 7 * DAY, 7 * DAY + SECOND, 40 * DAY)
        return self.log.add(event, self.client, at, agency, at + late, restricted=restricted)

    # ---- pregnancies

    def pregnancy(self) -> None:
        """An entry of one, dated or not, with what becomes of it."""
        log, her, at = self.log, self.client, self.when()
        episode = of.opened(log, her, at, self.one(None, AgeBand.UNDER_20), self.dice.choice(AGENCIES))
        opening, known = log.facts[-1], at.date()
        edd = known + self.one(200, 183, 182, 176, 175, 84, 85, 22, 21, 20, 0, -1, 279, 280, 281) * DAY
        if self.likely(0.8):
            dated = of.dated(log, her, episode, at, edd)
            if self.likely(0.2):
                of.dated(log, her, episode, self.when(), edd + self.one(-28, 27, 28, 29, 7) * DAY)
            if self.likely(0.15):
                of.no_pregnancy(log, her, dated, episode, self.when())
        if self.likely(0.6):
            on = self.one(known, known + 42 * DAY, known + 43 * DAY, edd - 176 * DAY, edd - 175 * DAY, edd - 240 * DAY)
            of.in_care(log, her, episode, self.when(), on)
        if self.likely(0.7):
            self.birth(episode, edd)
        if self.likely(0.2):
            closing = of.closed(log, her, episode, self.when())
            if self.likely(0.3):
                of.reopened(log, her, closing, episode, self.when())
        if self.episodes and self.likely(0.2):
            of.superseded(log, her, episode, self.when(), self.dice.choice(self.episodes))
        if self.likely(0.07):
            of.no_pregnancy(log, her, opening, episode, self.when())
        first = self.dice.choice(AGENCIES)
        of.led(log, her, episode, at, agency=first)
        for _ in range(self.one(0, 0, 1, 2)):
            of.led(log, her, episode, self.when(), agency=self.dice.choice(AGENCIES))
        if self.likely(0.3):
            of.left(log, her, episode, self.when(), agency=self.one(first, *AGENCIES))
        for after in self.dice.sample((0, 10, 20, 21, 41), self.dice.randrange(4)):
            contact = ContactRecordedV1(
                contact=log.id(), met=True, mode=ContactMode.PHONE, outcome=ContactOutcome.COMPLETED
            )
            self.add(contact, at + after * DAY, first)
        self.episodes.append(episode)

    def birth(self, episode: UUID, edd: date) -> None:
        """A delivery, said once or twice, with visits after it; a screening may follow it by a telling time."""
        on = edd + self.one(-60, -22, -21, -20, 0, 6, 10) * DAY
        at = START + (on - START.date()) * 1 + timedelta(hours=20)
        for _ in range(self.one(1, 1, 1, 2)):
            days = self.one(None, None, 240, 258, 259, 275)
            of.born(self.log, self.client, episode, at, on, gestational_days=days, agency=self.dice.choice(AGENCIES))
        for after in self.dice.sample((0, 1, 6, 7, 56, 57, 84, 85), self.dice.randrange(4)):
            of.visited(self.log, self.client, episode, at + after * DAY, on + after * DAY)
        for after in self.dice.sample((-30, 0, 6, 7, 84, 85), self.dice.randrange(3)):
            self.depression(at + after * DAY)

    # ---- contacts, referrals, handoffs, visits

    def contact(self) -> None:
        """A contact or an attempt, maybe said otherwise later, or not counting after all."""
        referral = self.dice.choice(list(self.referrals)) if self.referrals and self.likely(0.3) else None
        need = self.dice.choice(list(self.needs)) if self.needs and self.likely(0.2) else None
        tags = tuple(self.dice.sample(CATEGORIES, self.dice.randrange(3)))
        restricted = bool(RESTRICTED & set(tags)) or (referral is not None and self.referrals[referral][1])
        restricted = restricted or (need is not None and self.needs[need])
        contact, agency = self.log.id(), self.dice.choice(AGENCIES)
        said: list[Fact] = []
        for kind in (ContactRecordedV1, *self.one((), (), (), (ContactAmendedV1,))):
            mode, outcome = self.dice.choice(MODES), self.one(*[ContactOutcome.COMPLETED] * 5, ContactOutcome.NOT_HOME)
            can = mode in MET_BY or (mode is ContactMode.GOODS_DELIVERY and self.likely(0.5))
            event = kind(
                contact=contact,
                episode=self.dice.choice(self.episodes) if self.episodes and self.likely(0.3) else None,
                met=outcome is ContactOutcome.COMPLETED and can,
                mode=mode,
                need=need,
                outcome=outcome,
                referral=referral,
                tags=tags,
            )
            said.append(self.add(event, self.when(), agency, restricted=restricted))
        if self.likely(0.07):
            wrong = ContactTakenBackV1(contact=contact, event=self.dice.choice(said).headers.id)
            self.add(wrong, self.when(), agency, restricted=restricted)
        if self.likely(0.05):
            error = ContactEnteredInErrorV1(contact=contact, event=said[0].headers.id)
            self.add(error, self.when(), agency, restricted=restricted)

    def referral(self, wanted: Category | None = None) -> None:
        """A referral and some of what can come of it, in whatever order the clock has it."""
        category, referral, at = wanted or self.dice.choice(CATEGORIES), self.log.id(), self.when()
        restricted, to = category in RESTRICTED, self.dice.choice(AGENCIES)
        parents = [id for id, (_, closed) in self.referrals.items() if closed == restricted]
        sent = ReferralSentV1(
            category=category,
            from_agency=CLINIC,
            mode=self.one(Mode.DIRECT, Mode.DIRECT, Mode.DIRECT, Mode.INFORMATIONAL),
            need=self.dice.choice(list(self.needs)) if self.needs and self.likely(0.3) else None,
            parent=self.dice.choice(parents) if parents and self.likely(0.3) else None,
            priority=Priority.ROUTINE,
            referral=referral,
            service="invented-service",
            to_agency=to,
            to_channel=self.one(Channel.SYSTEM, Channel.SYSTEM, Channel.LETTER),
        )
        self.add(sent, at, restricted=restricted)
        self.referrals[referral] = (category, restricted)
        shown = [self.shown(referral, to, restricted=restricted) for _ in range(self.one(0, 0, 1, 2))]
        told = self.steps(referral, None if not shown else self.one(None, *shown))
        steps = [self.add(step, self.when(), to, restricted=restricted) for step in told]
        if steps and self.likely(0.1):
            back = ReferralTakenBackV1(event=self.dice.choice(steps).headers.id, referral=referral)
            self.add(back, self.when(), to, restricted=restricted)
        if self.likely(0.05):
            self.add(
                ReferralEnteredInErrorV1(event=self.log.id(), referral=referral), self.when(), restricted=restricted
            )

    def shown(self, referral: UUID, agency: str, *, restricted: bool) -> UUID:
        """A contact or visit that shows a service, which may have been an error."""
        id, at = self.log.id(), self.when()
        wrong: Published
        if self.likely(0.3):
            self.add(AppointmentAttendedV1(appointment=id, due_at=at), at, agency, restricted=restricted)
            wrong = AppointmentEnteredInErrorV1(appointment=id, event=self.log.id())
        else:
            mode, done = self.one(ContactMode.PHONE, ContactMode.GOODS_DELIVERY), ContactOutcome.COMPLETED
            met = mode is ContactMode.PHONE
            said = ContactRecordedV1(contact=id, met=met, mode=mode, outcome=done, referral=referral)
            self.add(said, at, agency, restricted=restricted)
            wrong = ContactEnteredInErrorV1(contact=id, event=self.log.id())
        if self.likely(0.4):
            self.add(wrong, self.when(), agency, restricted=restricted)
        return id

    def steps(self, referral: UUID, shown: UUID | None) -> Sequence[Published]:
        recipient, sender = Source.RECIPIENT, Source.SENDER
        ends: tuple[Published, ...] = (
            ReferralCompletedV1(evidence=shown, outcome=Outcome.SERVICE_RECEIVED, referral=referral, source=recipient),
            ReferralCompletedV1(evidence=shown, outcome=Outcome.SERVICE_BEGUN, referral=referral, source=recipient),
            ReferralDeclinedV1(
                reason=Reason.NO_CAPACITY, reason_owner=ReasonOwner.RECIPIENT, referral=referral, source=recipient
            ),
            ReferralNotCompletedV1(
                reason=Reason.UNABLE_TO_REACH, reason_owner=ReasonOwner.CONTACT, referral=referral, source=recipient
            ),
            ReferralCancelledV1(
                reason=Reason.NEED_RESOLVED, reason_owner=ReasonOwner.CLIENT, referral=referral, source=sender
            ),
            ReferralExpiredV1(
                reason=Reason.NO_ANSWER, reason_owner=ReasonOwner.RECIPIENT, referral=referral, source=Source.TIMER
            ),
        )
        between: tuple[Published, ...] = (
            ReferralAcceptedV1(referral=referral),
            ReferralWaitlistedV1(reason=Reason.NO_CAPACITY, reason_owner=ReasonOwner.RECIPIENT, referral=referral),
            ReferralServiceStartedV1(evidence=shown, referral=referral),
        )
        taken = self.dice.sample(between, self.dice.randrange(3))
        end = self.dice.sample(ends, self.one(0, 1, 1, 1))
        return [*taken, *end, *((ReferralAcknowledgedV1(referral=referral),) if end and self.likely(0.7) else ())]

    def handoff(self) -> None:
        """A handoff between two agencies, as far as it got."""
        handoff = self.log.id()
        by, to = self.dice.sample(AGENCIES, 2)
        proposed = HandoffProposedV1(
            domain=of.COORDINATION,
            episode=self.dice.choice(self.episodes),
            from_agency=by,
            handoff=handoff,
            kind=self.dice.choice(list(HandoffKind)),
            to_agency=to,
        )
        steps: tuple[Published, ...] = (
            proposed,
            HandoffOfferedV1(handoff=handoff),
            HandoffAcceptedV1(handoff=handoff),
            HandoffIntroducedV1(client_present=self.likely(0.5), handoff=handoff),
            self.one(HandoffCompletedV1(handoff=handoff), HandoffFailedV1(handoff=handoff)),
        )
        done = [self.add(step, self.when(), by) for step in steps[: self.dice.randrange(1, 6)]]
        if self.likely(0.1):
            self.add(HandoffTakenBackV1(event=done[-1].headers.id, handoff=handoff), self.when(), by)

    def visit(self) -> None:
        """A visit of a referral that was booked, and what came of it."""
        if not self.referrals:
            return
        referral = self.dice.choice(list(self.referrals))
        restricted, visit, due = self.referrals[referral][1], self.log.id(), self.when()
        booked = AppointmentBookedV1(appointment=visit, due_at=due, referral=referral)
        self.add(booked, due - self.one(1, 5) * DAY, DOULAS, restricted=restricted)
        came: Published | None = self.one(
            None,
            AppointmentAttendedV1(appointment=visit, due_at=due),
            AppointmentNoShowV1(appointment=visit, due_at=due),
            AppointmentCancelledV1(appointment=visit, by=CalledBy.CLIENT, due_at=due, notice_hours=self.one(23, 24)),
        )
        if came is not None:
            self.add(came, due, DOULAS, restricted=restricted)

    # ---- what she is asked, and says

    def screening(self) -> None:
        """She is asked about one thing or several."""
        if self.likely(0.4):
            self.depression(self.when())
            return
        at, asked = self.when(), self.log.id()
        categories = dict.fromkeys(self.dice.sample(CATEGORIES[:5], self.one(1, 2)))
        for category in categories:
            result = self.dice.choice(RESULTS)
            of.asked_about(self.log, self.client, at, result, category=category, screening=asked)
        if self.likely(0.1):
            of.screened_by_mistake(self.log, self.client, asked, self.when(), restricted=False)

    def depression(self, at: datetime) -> None:
        """She is screened for depression or violence."""
        instruments = (Instrument.EPDS, Instrument.PHQ_2, Instrument.PHQ_9, Instrument.IPV, Instrument.PRAPARE_SAFETY)
        instrument = self.dice.choice(instruments)
        asked = of.screened(self.log, self.client, at, self.dice.choice(RESULTS), instrument)
        self.moments = [*self.moments[-3:], at, at]
        if self.likely(0.4):
            violence = instrument in instruments[3:]
            self.referral(Category.INTIMATE_PARTNER_VIOLENCE if violence else Category.BEHAVIORAL_HEALTH)
        if self.likely(0.1):
            of.screened_by_mistake(self.log, self.client, asked, self.when(), restricted=True)

    def need(self) -> None:
        """An agency knows of a need of hers."""
        category = self.dice.choice(CATEGORIES)
        need, restricted = self.log.id(), category in RESTRICTED
        self.add(NeedIdentifiedV1(category=category, need=need), self.when(), restricted=restricted)
        self.needs[need] = restricted
        if not restricted and self.likely(0.15):
            of.no_need(self.log, self.client, need, self.when())

    def voice(self) -> None:
        """She is asked how a referral went, and may answer."""
        ordinary = [id for id, (_, restricted) in self.referrals.items() if not restricted]
        if not ordinary:
            return
        referral, at = self.dice.choice(ordinary), self.when()
        feedback = of.asked_how(self.log, self.client, referral, at)
        if self.likely(0.7):
            met = self.one(*Degree, None)
            later = at + self.one(0, 3, 30, 31) * DAY + self.one(timedelta(), SECOND)
            declined = met is None and self.likely(0.5)
            of.answered_how(self.log, self.client, feedback, referral, later, met=met, declined=declined)

    def words(self) -> None:
        """She says who she is, or whether figures count her."""
        if self.likely(0.6):
            races = self.dice.sample(list(RaceEthnicity), self.dice.randrange(3))
            said_of_herself(self.log, self.client, self.when(), self.dice.choice(list(StatedBy)), *races)
        else:
            self.log.consented(self.client, self.when(), self.one(None, *Measurement))
