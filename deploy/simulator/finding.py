"""Owns what made-up clients are asked, what is promised to them, and which group they come with."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from contracts.vocabulary import Category, ContactMode, Instrument, RestrictedClass, ScreeningResult
from deploy.simulator import steps
from deploy.simulator.county import County
from deploy.simulator.mix import pick
from services.referrals.domain.contact import Cohort, PlanContact
from services.referrals.domain.need import IdentifyNeed
from services.referrals.domain.screening import RecordScreening

SHARE = {"found_by_asking": 0.7, "promised": 0.12, "would_not_say": 0.04, "asked_after_birth": 0.6}
PROMISED_BEFORE = timedelta(days=4)
MOOD, FOOD, SAFETY = Category.BEHAVIORAL_HEALTH, Category.FOOD_INSECURITY, Category.INTIMATE_PARTNER_VIOLENCE
INSTRUMENTS: Mapping[Category, Mapping[Instrument, float]] = {
    MOOD: {Instrument.EPDS: 5, Instrument.PHQ_9: 3, Instrument.PHQ_2: 2},
    SAFETY: {Instrument.IPV: 7, Instrument.PRAPARE_SAFETY: 3},
    FOOD: {Instrument.HUNGER_VITAL_SIGN: 7, Instrument.PRAPARE: 3},
    Category.TRANSPORTATION_INSECURITY: {Instrument.PRAPARE: 1},
    Category.HOUSING_INSTABILITY: {Instrument.PRAPARE: 1},
}
"""With what she is asked about a need."""
AT_INTAKE: Mapping[Category, tuple[float, float]] = {MOOD: (0.5, 0.06), SAFETY: (0.5, 0.04), FOOD: (0.15, 0.12)}
"""How many are asked when they are first met, and of how many something is found that nobody refers. Invented."""
HELP_AFTER_BIRTH = 0.1
DUE_AFTER_SESSION, DUE_WITHIN = timedelta(days=90), timedelta(days=60)


def asked_and_promised(name: str, taken: Iterable[steps.AnyStep]) -> list[steps.AnyStep]:
    """What goes before the steps of a journey: a screening before a referral, a promise before a contact.

    It draws from chances of its own, so that the steps themselves stay as they are.
    """
    chance, found, asked = Random(f"{name}|asked"), list[steps.AnyStep](), set[tuple[str, Category]]()
    registered = {step.agency: step.at for step in taken if isinstance(step, steps.Register)}
    for step in taken:
        match step:
            case steps.Register():
                found += _at_intake(step, chance)
            case steps.SeeAfter() if chance.random() < SHARE["asked_after_birth"]:
                result = _result(HELP_AFTER_BIRTH, chance)
                found.append(_screen(step, step.at + timedelta(minutes=10), MOOD, result, chance))
            case steps.Send(category=category) if category in INSTRUMENTS and (step.agency, category) not in asked:
                if step.agency in registered and chance.random() < SHARE["found_by_asking"]:
                    asked.add((step.agency, category))
                    at = max(registered[step.agency] + timedelta(minutes=1), step.at - timedelta(minutes=8))
                    found.append(_screen(step, at, category, ScreeningResult.POSITIVE, chance))
            case steps.Contact(referral=None, handoff=None) if chance.random() < SHARE["promised"]:
                promised = step.happened - PROMISED_BEFORE
                if step.agency in registered and promised > registered[step.agency]:
                    plan = steps.Promise(
                        at=promised, agency=step.agency, name=step.name, mode=step.mode, planned_for=step.happened
                    )
                    found.append(plan)
            case _:
                pass
    return found


def _at_intake(step: steps.Register, chance: Random) -> Iterator[steps.Screen]:
    for minutes, (category, (asked, helps)) in enumerate(AT_INTAKE.items(), 28):
        if chance.random() < asked:
            at = step.at + timedelta(minutes=minutes)
            yield _screen(step, at, category, _result(helps, chance), chance)


def _result(helps: float, chance: Random) -> ScreeningResult:
    drawn = chance.random()
    if drawn < helps:
        return ScreeningResult.POSITIVE
    return ScreeningResult.DECLINED if drawn > 1 - SHARE["would_not_say"] else ScreeningResult.NEGATIVE


def _screen(
    step: steps.Step, at: datetime, category: Category, result: ScreeningResult, chance: Random
) -> steps.Screen:
    instrument = pick(INSTRUMENTS[category], chance)
    beside = [each for each, of_it in INSTRUMENTS.items() if instrument in of_it and each is not category]
    return steps.Screen(
        at=at,
        agency=step.agency,
        name=f"screening-{category}-{step.agency}-{at.isoformat()}",
        instrument=instrument,
        category=category,
        result=result,
        others=tuple(beside[:1]),
    )


def need_word(step: steps.Screen | steps.Send) -> str:
    """The journey's word for the need that a screening finds, and that a referral is for."""
    return f"need|{step.agency}|{step.category}"


def screening_of(step: steps.Screen) -> RecordScreening:
    """A screening as a command."""
    return RecordScreening(
        agency=step.agency,
        at=step.at,
        now=step.at,
        instrument=step.instrument,
        results={step.category: step.result} | dict.fromkeys(step.others, ScreeningResult.NEGATIVE),
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
