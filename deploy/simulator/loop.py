"""Owns one made-up referral from her yes to the sender's knowing how it ended, or to whatever was left undone."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from contracts.directory import Agency, Service
from contracts.vocabulary import Category, ContactMode, ContactOutcome, How, Mode, Priority, Reason
from deploy.simulator import passing, steps
from deploy.simulator.county import County
from deploy.simulator.mix import (
    ATTEMPTS,
    NOTES,
    OUTCOMES,
    REJECTIONS,
    SAID,
    SERVED_BY,
    SHE_SAID,
    TOLD_BY,
    URGENT,
    Ending,
    endings,
    pick,
)

SHARE = {
    "agrees": 0.94,
    "spoken": 0.6,
    "informational": 0.04,
    "note": 0.12,
    "ended": 0.93,  # of those served; the others are served still
    "acknowledged": 0.78,
    "acknowledged_at_last": 0.96,
    "answered_at_last": 0.85,  # of those that seemed forgotten
    "pregnancy_opened_again": 0.06,  # by the receiver, which is not told that it is open already (R4)
    "kept": 0.8,
    "met_at_the_door": 0.7,
    "no_room_now": 0.05,
    "asked_how_it_was": 0.35,
    "said_how_it_was": 0.7,
    "rather_not": 0.1,  # of those who answered
    "taken_back": 0.3,  # of those that nobody opened
}
GIVES_UP_AFTER_DAYS = 12.0
ANSWERS_AT_LAST_DAYS = 40.0
ACKNOWLEDGES_AT_LAST_DAYS = 20.0
ROOM_COMES_AFTER_DAYS = 16.0
TAKES_BACK_AFTER_DAYS = 9.0
LAST_ATTEMPT_AFTER_DAYS = 11.0
DELIVERY_FIELDS = (*steps.FIELDS, "address")
BIRTH_FIELDS = (*steps.FIELDS, "due_date")
TALKED = frozenset(ContactMode) - {ContactMode.GOODS_DELIVERY, ContactMode.FUNDS_TRANSFER, ContactMode.TRANSPORT_RIDE}
WANTS_THE_ADDRESS = frozenset({ContactMode.GOODS_DELIVERY, ContactMode.HOME_VISIT, ContactMode.TRANSPORT_RIDE})


@dataclass
class Loop:
    """A referral by `sender` to `receiver` for `service`; `name` is the journey's word for it."""

    county: County
    chance: Random
    name: str
    sender: str
    receiver: Agency
    service: Service
    pregnancy: steps.Open | None = None
    language: str = "en"
    taken: list[steps.AnyStep] = field(default_factory=list)
    contacts: int = 0

    @property
    def category(self) -> Category:
        return self.service.category

    def run(self, at: datetime) -> list[steps.AnyStep]:
        """All its steps from `at` (UTC) on; what lies after the county's present is for the caller to drop."""
        agrees = self.chance.random() < SHARE["agrees"]
        mode = SERVED_BY.get(self.category, ContactMode.OFFICE_VISIT)
        fields = DELIVERY_FIELDS if mode in WANTS_THE_ADDRESS else steps.FIELDS
        fields = BIRTH_FIELDS if self.category is Category.DOULA else fields
        self.taken.append(
            steps.Consent(
                at=at,
                agency=self.sender,
                name=f"consent-{self.name}",
                agreed=agrees,
                how=How.SPOKEN if self.chance.random() < SHARE["spoken"] else How.SIGNED,
                recipient=self.receiver.id,
                category=self.category,
                fields=fields,
            )
        )
        if agrees:
            self._send(at + timedelta(minutes=self.chance.randrange(1, 6)), fields)
        return self.taken

    def _send(self, at: datetime, fields: tuple[str, ...]) -> None:
        informational = self.chance.random() < SHARE["informational"]
        urgent = self.chance.random() < URGENT.get(self.category, 0.02)
        note = self.chance.choice(NOTES) if self.chance.random() < SHARE["note"] else None
        self.taken.append(
            steps.Send(
                at=at,
                agency=self.sender,
                name=self.name,
                consent=f"consent-{self.name}",
                to_agency=self.receiver.id,
                service=self.service.id,
                category=self.category,
                mode=Mode.INFORMATIONAL if informational else Mode.DIRECT,
                priority=Priority.URGENT if urgent else Priority.ROUTINE,
                fields=fields,
                note=note,
            )
        )
        if self.receiver.on_system and not informational:
            self._answer(at, 0.3 if urgent else 1.0)
        elif not informational:
            self._expire(at)

    def _answer(self, sent: datetime, hurry: float) -> None:
        temper = self.county.temper(self.receiver.id)
        silent = self.chance.random() < temper.unanswered
        if silent and self.chance.random() > SHARE["answered_at_last"]:
            self._take_back(sent)
            return
        opened = self.later(sent, temper.opens * hurry)
        answered = self.later(opened, ANSWERS_AT_LAST_DAYS if silent else temper.answers * hurry)
        expires = self.county.expires(sent, self.category)
        if opened < expires:
            self.taken.append(steps.Receive(at=opened, agency=self.receiver.id, name=self.name))
        if answered >= expires:
            self._expire(sent)
            return
        ending = Ending.REJECTED if silent else pick(endings(self.language), self.chance)
        if ending is Ending.REJECTED:
            self._decline(answered, REJECTIONS)
            return
        if self.chance.random() < SHARE["no_room_now"]:
            self.taken.append(steps.Waitlist(at=answered, agency=self.receiver.id, name=self.name))
            answered = self.later(answered, ROOM_COMES_AFTER_DAYS)
        self.taken.append(steps.Accept(at=answered, agency=self.receiver.id, name=self.name))
        if self.pregnancy and self.chance.random() < SHARE["pregnancy_opened_again"]:
            self.taken.append(replace(self.pregnancy, at=answered + timedelta(minutes=3), agency=self.receiver.id))
        match ending:
            case Ending.ENROLLED:
                self._serve(answered)
            case Ending.CLIENT_DECLINED:
                called = self.later(answered, 2.0)
                self._contact(called, called, ContactMode.PHONE, ContactOutcome.CLIENT_DECLINED)
                self._decline(called + timedelta(minutes=5), SHE_SAID)
            case Ending.NOT_REACHED:
                self._give_up(answered)

    def _take_back(self, sent: datetime) -> None:
        at, reason = self.later(sent, TAKES_BACK_AFTER_DAYS), pick(SHE_SAID, self.chance)
        if self.chance.random() < SHARE["taken_back"] and at < self.county.expires(sent, self.category):
            self.taken.append(steps.Cancel(at=at, agency=self.sender, name=self.name, reason=reason))
        else:
            self._expire(sent)

    def _expire(self, sent: datetime) -> None:
        at = self.county.expires(sent, self.category)
        self.taken.append(steps.Expire(at=at, agency=self.sender, name=self.name))
        self._tell(at)

    def _serve(self, accepted: datetime) -> None:
        met = self.later(accepted, 3.5)
        mode = SERVED_BY.get(self.category, ContactMode.OFFICE_VISIT)
        last = written = self.later(met, 0.2)
        first = self._contact(met, written, mode, ContactOutcome.COMPLETED)
        for _ in range(self.chance.randrange(0, 3)):
            last = self.later(last, 16.0)
            kept = ContactOutcome.COMPLETED if self.chance.random() < SHARE["kept"] else ContactOutcome.MISSED
            self._contact(last, last + timedelta(minutes=10), mode, kept)
        if self.chance.random() < SHARE["ended"]:
            ended = self.later(last + timedelta(days=1), 6.0)
            outcome = pick(OUTCOMES, self.chance)
            self.taken.append(
                steps.Complete(at=ended, agency=self.receiver.id, name=self.name, outcome=outcome, contact=first)
            )
            self._tell(ended)
            self._ask_her(ended)

    def _give_up(self, accepted: datetime) -> None:
        at, words = accepted, list[str]()
        *first, last = ATTEMPTS[: self.chance.randrange(3, len(ATTEMPTS) + 1)]
        for mode, outcome in first:
            at = self.later(at, 4.5)
            words.append(self._contact(at, at, mode, outcome))
        at = self.later(at + timedelta(days=LAST_ATTEMPT_AFTER_DAYS), 1.0)
        words.append(self._contact(at, at, *last))
        ended, why = self.later(at, GIVES_UP_AFTER_DAYS), Reason.UNABLE_TO_REACH
        gave_up = steps.Close(at=ended, agency=self.receiver.id, name=self.name, reason=why, attempts=tuple(words))
        self.taken.append(gave_up)
        self._tell(ended)

    def _decline(self, at: datetime, reasons: Mapping[Reason, float]) -> None:
        reason = pick(reasons, self.chance)
        said = steps.Decline(at=at, agency=self.receiver.id, name=self.name, reason=reason)
        self.taken.append(passing.on(said, self.service, self.sender, self.county, self.chance))
        self._tell(at)

    def _tell(self, ended: datetime) -> None:
        drawn = self.chance.random()
        if drawn < SHARE["acknowledged_at_last"]:
            told = self.later(ended, 1.5 if drawn < SHARE["acknowledged"] else ACKNOWLEDGES_AT_LAST_DAYS)
            channel = pick(TOLD_BY, self.chance)
            self.taken.append(steps.Acknowledge(at=told, agency=self.sender, name=self.name, channel=channel))

    def _ask_her(self, ended: datetime) -> None:
        """The receiver asks some of them how it was; some answer, some would rather not."""
        if self.chance.random() > SHARE["asked_how_it_was"]:
            return
        asked, receiver = self.later(ended, 4.0), self.receiver.id
        self.taken.append(steps.AskHer(at=asked, agency=receiver, name=self.name))
        if self.chance.random() < SHARE["said_how_it_was"]:
            rather_not = self.chance.random() < SHARE["rather_not"]
            said = [None if rather_not else pick(SAID, self.chance) for _ in range(2)]
            at = self.later(asked, 3.0)
            self.taken.append(
                steps.SheSaid(at=at, agency=receiver, name=self.name, need_met=said[0], respectful_care=said[1])
            )

    def _contact(self, happened: datetime, recorded: datetime, mode: ContactMode, outcome: ContactOutcome) -> str:
        self.contacts += 1
        name = f"contact-{self.name}-{self.contacts}"
        completed = outcome is ContactOutcome.COMPLETED
        handed_over = completed and mode is ContactMode.GOODS_DELIVERY
        self.taken.append(
            steps.Contact(
                at=max(recorded, happened),
                agency=self.receiver.id,
                name=name,
                happened=happened,
                mode=mode,
                outcome=outcome,
                tags=(self.category,) if completed else (),
                duration_min=self.chance.randrange(10, 120, 10) if completed and mode in TALKED else None,
                met=self.chance.random() < SHARE["met_at_the_door"] if handed_over else None,
                referral=self.name,
            )
        )
        return name

    def later(self, at: datetime, days: float) -> datetime:
        """A desk moment some days after `at`; `days` is the median."""
        return self.county.hours.desk(at + timedelta(days=days * self.chance.lognormvariate(0, 0.6)), self.chance)
