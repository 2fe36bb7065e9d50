"""Owns what made-up clients are asked, what is promised to them, and which group they come with."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from contracts.vocabulary import Category, ContactMode, Instrument, RestrictedClass, ScreeningResult
from deploy.simulator import steps
from deploy.simulator.county import County
from services.referrals.domain.contact import Cohort, PlanContact
from services.referrals.domain.need import IdentifyNeed
from services.referrals.domain.screening import RecordScreening

SHARE = {"asked": 0.4, "mood_needs_help": 0.12, "promised": 0.15}
PROMISED_BEFORE = timedelta(days=4)
FOUND_BY = {
    Category.FOOD_INSECURITY: Instrument.HUNGER_VITAL_SIGN,
    Category.TRANSPORTATION_INSECURITY: Instrument.PRAPARE,
    Category.HOUSING_INSTABILITY: Instrument.PRAPARE,
}
MOOD = Category.BEHAVIORAL_HEALTH
DUE_AFTER_SESSION, DUE_WITHIN = timedelta(days=90), timedelta(days=60)


def asked_and_promised(name: str, taken: Iterable[steps.AnyStep]) -> list[steps.AnyStep]:
    """What goes before the steps of a journey: a screening before a referral, a promise before a contact.

    It draws from chances of its own, so that the steps themselves stay as they are.
    """
    chance, found, asked = Random(f"{name}|asked"), list[steps.AnyStep](), set[tuple[str, Category]]()
    registered = {step.agency: step.at for step in taken if isinstance(step, steps.Register)}
    for step in taken:
        drawn = chance.random()
        match step:
            case steps.Register() if drawn < SHARE["asked"]:
                helps = chance.random() < SHARE["mood_needs_help"]
                result = ScreeningResult.POSITIVE if helps else ScreeningResult.NEGATIVE
                found.append(_screen(step, step.at + timedelta(minutes=30), Instrument.EPDS, MOOD, result))
            case steps.Send(category=category) if drawn < SHARE["asked"] and category in FOUND_BY:
                if step.agency in registered and (step.agency, category) not in asked:
                    asked.add((step.agency, category))
                    at = max(registered[step.agency] + timedelta(minutes=1), step.at - timedelta(minutes=8))
                    found.append(_screen(step, at, FOUND_BY[category], category, ScreeningResult.POSITIVE))
            case steps.Contact(referral=None, handoff=None) if drawn < SHARE["promised"]:
                promised = step.happened - PROMISED_BEFORE
                if step.agency in registered and promised > registered[step.agency]:
                    plan = steps.Promise(
                        at=promised, agency=step.agency, name=step.name, mode=step.mode, planned_for=step.happened
                    )
                    found.append(plan)
    return found


def _screen(
    step: steps.Step, at: datetime, instrument: Instrument, category: Category, result: ScreeningResult
) -> steps.Screen:
    word = f"screening-{category}-{step.agency}"
    return steps.Screen(at=at, agency=step.agency, name=word, instrument=instrument, category=category, result=result)


def need_word(step: steps.Screen) -> str:
    """The journey's word for the need that a screening finds."""
    return f"need|{step.agency}|{step.category}"


def screening_of(step: steps.Screen) -> RecordScreening:
    """A screening as a command."""
    return RecordScreening(
        agency=step.agency,
        at=step.at,
        now=step.at,
        instrument=step.instrument,
        results={step.category: step.result},
    )


def need_of(step: steps.Screen, screening: UUID) -> IdentifyNeed:
    """The need that it found."""
    return IdentifyNeed(agency=step.agency, at=step.at, category=step.category, screening=screening)


def promise_of(step: steps.Promise, county: County) -> PlanContact:
    """A promise as a command."""
    return PlanContact(
        agency=step.agency,
        at=step.at,
        planned_for=step.planned_for,
        planned_on=county.hours.local_date(step.planned_for),
        mode=step.mode,
    )


def class_of(named: Iterable[Any]) -> RestrictedClass | None:
    """The restricted class of the referrals and handoffs that a contact names, by their states (R6)."""
    classes = ((getattr(state, "sent", None) or state.proposed).restricted for state in named)
    return next((found for found in classes if found), None)


def cohort_of(step: steps.Contact, county: County) -> UUID | None:
    """Whom she comes with to a group session: those who are due three to five months later."""
    if step.mode is not ContactMode.GROUP_SESSION:
        return None
    first = (county.hours.local_date(step.happened).replace(day=1) + DUE_AFTER_SESSION).replace(day=1)
    return Cohort(first, first + DUE_WITHIN).id(county.initiative.slug, step.agency)
