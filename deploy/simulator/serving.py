"""Owns how the receiver of a made-up referral meets her, or tries to and gives up."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from contracts.directory import Agency, Service
from contracts.vocabulary import Category, ContactMode, ContactOutcome, Reason
from deploy.simulator import steps
from deploy.simulator.county import County
from deploy.simulator.mix import ATTEMPTS, OUTCOMES, SERVED_BY, pick

SHARE = {
    "ended": 0.93,  # of those served; the others are served still
    "kept": 0.8,
    "met_at_the_door": 0.7,
}
GIVES_UP_AFTER_DAYS = 12.0
LAST_ATTEMPT_AFTER_DAYS = 11.0
TALKED = frozenset(ContactMode) - {ContactMode.GOODS_DELIVERY, ContactMode.FUNDS_TRANSFER, ContactMode.TRANSPORT_RIDE}


@dataclass
class Serving:
    """What `receiver` does about the referral of that name, which `sender` sent it for `service`."""

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

    def serve(self, accepted: datetime) -> datetime | None:
        """Meetings, and the end of it (UTC); None where she is served still."""
        met = self.county.hours.later(self.chance, accepted, 3.5)
        mode = SERVED_BY.get(self.category, ContactMode.OFFICE_VISIT)
        last = written = self.county.hours.later(self.chance, met, 0.2)
        first = self.contact(met, written, mode, ContactOutcome.COMPLETED)
        for _ in range(self.chance.randrange(0, 3)):
            last = self.county.hours.later(self.chance, last, 16.0)
            kept = ContactOutcome.COMPLETED if self.chance.random() < SHARE["kept"] else ContactOutcome.MISSED
            self.contact(last, last + timedelta(minutes=10), mode, kept)
        if self.chance.random() >= SHARE["ended"]:
            return None
        ended = self.county.hours.later(self.chance, last + timedelta(days=1), 6.0)
        outcome = pick(OUTCOMES, self.chance)
        self.taken.append(
            steps.Complete(at=ended, agency=self.receiver.id, name=self.name, outcome=outcome, contact=first)
        )
        return ended

    def give_up(self, accepted: datetime) -> datetime:
        """Attempts, and the end of it (UTC)."""
        at, words = accepted, list[str]()
        *first, last = ATTEMPTS[: self.chance.randrange(3, len(ATTEMPTS) + 1)]
        for mode, outcome in first:
            at = self.county.hours.later(self.chance, at, 4.5)
            words.append(self.contact(at, at, mode, outcome))
        at = self.county.hours.later(self.chance, at + timedelta(days=LAST_ATTEMPT_AFTER_DAYS), 1.0)
        words.append(self.contact(at, at, *last))
        ended, why = self.county.hours.later(self.chance, at, GIVES_UP_AFTER_DAYS), Reason.UNABLE_TO_REACH
        gave_up = steps.Close(at=ended, agency=self.receiver.id, name=self.name, reason=why, attempts=tuple(words))
        self.taken.append(gave_up)
        return ended

    def contact(self, happened: datetime, recorded: datetime, mode: ContactMode, outcome: ContactOutcome) -> str:
        """Something that it does with her for this referral; gives the journey's word for it."""
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
