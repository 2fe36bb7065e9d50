"""Owns one made-up handoff of coordination, from the proposal to the receiver's first meeting, or to its end before."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from contracts.vocabulary import How, Reason
from deploy.simulator import steps
from deploy.simulator.county import County
from deploy.simulator.mix import HANDOFF_KINDS, INTAKE, pick

SHARE = {
    "handed_over": 0.32,
    "agrees": 0.97,
    "spoken": 0.6,
    "accepted": 0.82,
    "declined": 0.95,  # of all offers that were answered, the accepted ones included
    "unwanted": 0.95,
    "withdrawn": 0.97,
    "introduced": 0.7,  # of those accepted
    "she_was_there": 0.75,
    "met": 0.95,
}
READ_AFTER = timedelta(hours=20)
NAME = "handoff"


@dataclass
class Handing:
    """What `agency` does to hand her over; `met_at` (UTC) is when the receiver, who leads then, met her, if it did."""

    county: County
    chance: Random
    agency: str
    receiver: str = ""
    accepted_at: datetime = field(init=False)
    met_at: datetime | None = None
    taken: list[steps.AnyStep] = field(default_factory=list)

    def run(self, start: datetime, end: datetime) -> list[steps.AnyStep]:
        """All its steps but for that meeting; mostly there is no handoff."""
        if self.chance.random() > SHARE["handed_over"]:
            return self.taken
        others = {id: weight for id, weight in self.county.intake.items() if id != self.agency}
        if self.county.initiative.hub in others:
            others[self.county.initiative.hub] += max(INTAKE.values())
        self.receiver = pick(others, self.chance)
        at = self.county.hours.later(self.chance, start + (end - start) * self.chance.uniform(0.02, 0.5), 0.1)
        kind = pick(HANDOFF_KINDS, self.chance)
        self.taken.append(steps.Propose(at=at, agency=self.agency, name=NAME, to_agency=self.receiver, kind=kind))
        agreed = self.chance.random() < SHARE["agrees"]
        asked = self.county.hours.later(self.chance, at, 0.6)
        self.taken.append(
            steps.Consent(
                at=asked,
                agency=self.agency,
                name="consent-handoff",
                agreed=agreed,
                how=How.SPOKEN if self.chance.random() < SHARE["spoken"] else How.SIGNED,
                recipient=self.receiver,
                category=None,
            )
        )
        if agreed:
            self._offer(asked)
        return self.taken

    def _offer(self, at: datetime) -> None:
        offered = at + timedelta(minutes=4)
        self.taken += [
            steps.Agree(at=at + timedelta(minutes=2), agency=self.agency, name=NAME, consent="consent-handoff"),
            steps.Offer(at=offered, agency=self.agency, name=NAME),
        ]
        answered = self.county.hours.later(
            self.chance, at + timedelta(minutes=5), self.county.temper(self.receiver).answers
        )
        expires = self.county.handoff_ends(offered, accepted=False)
        if answered >= expires:
            self.taken.append(steps.ExpireHandoff(at=expires, agency=self.agency, name=NAME))
            self._read(expires)
            return
        drawn = self.chance.random()
        if drawn < SHARE["accepted"]:
            self.taken.append(steps.AcceptHandoff(at=answered, agency=self.receiver, name=NAME))
            self._take_up(answered)
        elif drawn > SHARE["withdrawn"]:
            self.taken.append(steps.Withdraw(at=answered, agency=self.agency, name=NAME, reason=Reason.CHOSE_OTHER))
        elif drawn > SHARE["unwanted"]:
            self.taken.append(steps.SheDeclines(at=answered, agency=self.agency, name=NAME))
        elif drawn < SHARE["declined"]:
            no = steps.DeclineHandoff(at=answered, agency=self.receiver, name=NAME, reason=Reason.NO_CAPACITY)
            self.taken.append(no)
            self._read(answered)

    def _take_up(self, accepted: datetime) -> None:
        """The call of all three, mostly, and the first contact; without one in time the lead goes back."""
        self.accepted_at = accepted
        if self.chance.random() < SHARE["introduced"]:
            present = self.chance.random() < SHARE["she_was_there"]
            called = accepted + timedelta(minutes=12)
            self.taken.append(steps.Introduce(at=called, agency=self.agency, name=NAME, client_present=present))
        met = self.county.hours.later(self.chance, accepted + timedelta(minutes=20), 3.0)
        fails = self.county.handoff_ends(accepted, accepted=True)
        if met < fails and self.chance.random() < SHARE["met"]:
            self.met_at = met
            return
        self.taken.append(steps.FailHandoff(at=fails, agency=self.agency, name=NAME))
        self._read(fails)

    def _read(self, ended: datetime) -> None:
        """The sender sees on its work list that nobody took it up."""
        self.taken.append(steps.ReadHandoff(at=ended + READ_AFTER, agency=self.agency, name=NAME))
