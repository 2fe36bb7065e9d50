"""Owns the visits of made-up clients: booked when a referral is accepted, kept, missed, moved, booked again."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from contracts.vocabulary import CalledBy, ContactMode, ContactOutcome
from deploy.simulator import steps
from deploy.simulator.county import County
from deploy.simulator.known import Known
from services.referrals.domain import appointment

SHARE = {"booked": 0.7, "missed": 0.25, "moved": 0.15, "by_her": 0.7}
VISITS = frozenset({ContactMode.OFFICE_VISIT, ContactMode.HOME_VISIT})
BOOKED_AFTER = timedelta(minutes=4)
TIME_FOR_ANOTHER = timedelta(days=3)


def with_visits(county: County, name: str, taken: Iterable[steps.AnyStep]) -> list[steps.AnyStep]:
    """The steps of a journey, and the visits at which its first meetings take place.

    It draws from chances of its own, so that the steps themselves stay as they are.
    """
    chance, found, accepted = Random(f"{name}|visits"), list[steps.AnyStep](), dict[str, steps.Accept]()
    for step in taken:
        if isinstance(step, steps.Accept):
            accepted[step.name] = step
        elif isinstance(step, steps.Contact) and step.referral in accepted:
            said_yes = accepted.pop(step.referral)
            here = step.mode in VISITS and step.outcome is ContactOutcome.COMPLETED
            if here and chance.random() < SHARE["booked"]:
                found += _visits(county, chance, said_yes, step)
        found.append(step)
    return found


def _visits(county: County, chance: Random, accepted: steps.Accept, met: steps.Contact) -> list[steps.AnyStep]:
    """Until the visit at which they meet."""
    agency, word, first = accepted.agency, accepted.name, f"visit-{accepted.name}-1"
    booked, drawn = accepted.at + BOOKED_AFTER, chance.random()
    at = met.happened - timedelta(minutes=chance.randrange(0, 15))
    if at <= booked:
        return []
    came = steps.Attend(at=met.happened, agency=agency, name=first, referral=word)
    early = county.hours.desk(booked + (at - booked) * 0.4, chance)
    if at - booked < TIME_FOR_ANOTHER or drawn > SHARE["missed"] + SHARE["moved"] or not booked < early < at:
        return [steps.Book(at=booked, agency=agency, name=first, referral=word, due_at=at), came]
    planned = steps.Book(at=booked, agency=agency, name=first, referral=word, due_at=early)
    if drawn > SHARE["missed"]:
        by = CalledBy.CLIENT if chance.random() < SHARE["by_her"] else CalledBy.AGENCY
        moved = booked + (early - booked) * 0.5
        return [planned, steps.Rebook(at=moved, agency=agency, name=first, referral=word, due_at=at, by=by), came]
    return [planned, *_missed(early, accepted, at, met.happened)]


def _missed(early: datetime, accepted: steps.Accept, at: datetime, met: datetime) -> list[steps.AnyStep]:
    agency, word = accepted.agency, accepted.name
    first, second = f"visit-{word}-1", f"visit-{word}-2"
    noted = early + timedelta(minutes=40)
    if noted + BOOKED_AFTER >= at:
        return []
    return [
        steps.Miss(at=noted, agency=agency, name=first, referral=word),
        steps.Book(at=noted + BOOKED_AFTER, agency=agency, name=second, referral=word, due_at=at),
        steps.Attend(at=met, agency=agency, name=second, referral=word),
    ]


def visit_of(step: steps.VisitStep, known: Known) -> appointment.AppointmentCommand:
    """The command of a step."""
    at, agency, of = step.at, step.agency, known.streams[step.referral]
    match step:
        case steps.Book(due_at=due_at):
            return appointment.BookAppointment(agency=agency, at=at, due_at=due_at, referral=of.id, of=of.state)
        case steps.Rebook(due_at=due_at, by=by):
            return appointment.RescheduleAppointment(agency=agency, at=at, due_at=due_at, by=by, of=of.state)
        case steps.Attend():
            return appointment.AttendAppointment(agency=agency, at=at)
        case steps.Miss():
            return appointment.MissAppointment(agency=agency, at=at)
