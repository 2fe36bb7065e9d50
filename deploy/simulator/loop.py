"""Owns one made-up referral from her yes to the sender's knowing how it ended, or to whatever was left undone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.directory import Agency, Service
from contracts.vocabulary import Category, ContactMode, ContactOutcome, How, Mode, Priority, Reason
from deploy.simulator import passing, steps
from deploy.simulator.mix import (
    NOTES,
    REJECTIONS,
    SERVED_BY,
    SHE_SAID,
    TOLD_BY,
    URGENT,
    Ending,
    endings,
    pick,
)
from deploy.simulator.passing import Way
from deploy.simulator.serving import Serving
from deploy.simulator.voice import voice

SHARE = {
    "agrees": 0.94,
    "spoken": 0.6,
    "informational": 0.04,
    "note": 0.12,
    "acknowledged": 0.78,
    "acknowledged_at_last": 0.96,
    "answered_at_last": 0.85,  # of those that seemed forgotten
    "pregnancy_opened_again": 0.06,  # by the receiver, which is not told that it is open already (R4)
    "no_room_now": 0.05,
    "by_need": 0.25,  # of her consents, which name no receiver
    "sent_on": 0.8,  # of what waits for its sender
    "sent_again": 0.22,  # of what ended without service
    "taken_back": 0.3,  # of those that nobody opened
}
ANSWERS_AT_LAST_DAYS = 40.0
ACKNOWLEDGES_AT_LAST_DAYS = 20.0
ROOM_COMES_AFTER_DAYS = 16.0
TAKES_BACK_AFTER_DAYS = 9.0
DELIVERY_FIELDS = (*steps.FIELDS, "address")
BIRTH_FIELDS = (*steps.FIELDS, "due_date")
WANTS_THE_ADDRESS = frozenset({ContactMode.GOODS_DELIVERY, ContactMode.HOME_VISIT, ContactMode.TRANSPORT_RIDE})


@dataclass
class Loop(Serving):
    """A referral by `sender` to `receiver` for `service`; `name` is the journey's word for it."""

    parent: str | None = None
    supersedes: str | None = None
    note: str | None = None
    by_need: bool = False

    def run(self, at: datetime) -> list[steps.AnyStep]:
        """All its steps from `at` (UTC) on; what lies after the county's present is for the caller to drop."""
        agrees = self.chance.random() < SHARE["agrees"]
        self.by_need = self.parent is None and self.chance.random() < SHARE["by_need"]
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
                recipient=None if self.by_need else self.receiver.id,
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
        if self.parent is None and self.chance.random() < SHARE["note"]:
            self.note = self.chance.choice(NOTES)
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
                note=self.note,
                parent=self.parent,
                supersedes=self.supersedes,
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
        opened = self.county.hours.later(self.chance, sent, temper.opens * hurry)
        answered = self.county.hours.later(
            self.chance, opened, ANSWERS_AT_LAST_DAYS if silent else temper.answers * hurry
        )
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
            answered = self.county.hours.later(self.chance, answered, ROOM_COMES_AFTER_DAYS)
        self.taken.append(steps.Accept(at=answered, agency=self.receiver.id, name=self.name))
        if self.pregnancy and self.chance.random() < SHARE["pregnancy_opened_again"]:
            self.taken.append(replace(self.pregnancy, at=answered + timedelta(minutes=3), agency=self.receiver.id))
        match ending:
            case Ending.ENROLLED:
                if ended := self.serve(answered):
                    self._tell(ended)
                    self.taken += voice(self.county, self.chance, self.receiver.id, self.name, ended)
            case Ending.CLIENT_DECLINED:
                called = self.county.hours.later(self.chance, answered, 2.0)
                self.contact(called, called, ContactMode.PHONE, ContactOutcome.CLIENT_DECLINED)
                self._decline(called + timedelta(minutes=5), SHE_SAID)
            case Ending.NOT_REACHED:
                ended = self.give_up(answered)
                self._tell(ended)
                self._again(ended)

    def _take_back(self, sent: datetime) -> None:
        at, reason = self.county.hours.later(self.chance, sent, TAKES_BACK_AFTER_DAYS), pick(SHE_SAID, self.chance)
        if self.chance.random() < SHARE["taken_back"] and at < self.county.expires(sent, self.category):
            self.taken.append(steps.Cancel(at=at, agency=self.sender, name=self.name, reason=reason))
        else:
            self._expire(sent)

    def _expire(self, sent: datetime) -> None:
        at = self.county.expires(sent, self.category)
        self.taken.append(steps.Expire(at=at, agency=self.sender, name=self.name))
        self._tell(at)
        self._again(at)

    def _decline(self, at: datetime, reasons: Mapping[Reason, float]) -> None:
        reason = pick(reasons, self.chance)
        said = steps.Decline(at=at, agency=self.receiver.id, name=self.name, reason=reason)
        way = Way(self.county, self.sender, self.receiver, self.service, self.by_need)
        answer = passing.on(said, way, self.chance) if self.parent is None else said
        self.taken.append(answer)
        if isinstance(answer, steps.Redirect):
            self._go_on(answer)
        else:
            self._tell(at)
            if reasons is REJECTIONS:
                self._again(at)

    def _go_on(self, passed: steps.Redirect) -> None:
        """At once where her consent covers it; else her sender asks her, or reads it and lets it be."""
        agency, service = next(each for each in self.county.offers[self.category] if each[1].id == passed.service)
        child = self._other(passed.child, agency, service)
        child.parent, child.note = self.name, self.note
        if not passed.waiting:
            self._tell(passed.at)
            child.goes_out(passed.at)
        elif self.chance.random() < SHARE["sent_on"]:
            child.run(self.county.hours.later(self.chance, passed.at, 1.5))
            if not any(isinstance(step, steps.Send) for step in child.taken):
                self._tell(passed.at)
        else:
            self._tell(passed.at)
        self.taken += child.taken

    def _again(self, ended: datetime) -> None:
        """Some try another receiver, or the same once more, where the first came to nothing."""
        if self.supersedes or self.parent or self.chance.random() > SHARE["sent_again"]:
            return
        way = Way(self.county, self.sender, self.receiver, self.service, self.by_need)
        agency, service = passing.another(way, self.chance) or (self.receiver, self.service)
        again = self._other(f"{self.name}-again", agency, service)
        again.supersedes = self.name
        self.taken += again.run(self.county.hours.later(self.chance, ended, 4.0))

    def _other(self, name: str, receiver: Agency, service: Service) -> "Loop":
        pregnancy, language = self.pregnancy, self.language
        return Loop(self.county, self.chance, name, self.sender, receiver, service, pregnancy, language)

    def goes_out(self, at: datetime) -> None:
        """It was sent by itself at that time (UTC), as what was passed on."""
        self._answer(at, 1.0)

    def _tell(self, ended: datetime) -> None:
        drawn = self.chance.random()
        if drawn < SHARE["acknowledged_at_last"]:
            told = self.county.hours.later(
                self.chance, ended, 1.5 if drawn < SHARE["acknowledged"] else ACKNOWLEDGES_AT_LAST_DAYS
            )
            channel = pick(TOLD_BY, self.chance)
            self.taken.append(steps.Acknowledge(at=told, agency=self.sender, name=self.name, channel=channel))
