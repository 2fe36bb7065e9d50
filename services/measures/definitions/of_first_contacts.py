"""What measures of the first contact of a pregnancy share: the rules by which it is left out or not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.measures.definitions.of_pregnancies import day_of, first_contacts
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Rule, Standing, Unit
from services.measures.domain.path import Contact

POSTPARTUM: Final = Rule("postpartum", Standing.EXCLUDED, "first reached after the due date in force (R5)")
UNDATED: Final = Rule("undated", Standing.MISSING, "no due date in force")
TOO_EARLY: Final = Rule(
    "too_early", Standing.MISSING, "first reached before the first day that the due date in force gives"
)
LEFT_OUT: Final = (POSTPARTUM, UNDATED, TOO_EARLY)


def reached(journey: Journey, as_of: AsOf) -> Iterator[tuple[Contact, int | Rule]]:
    """Each first contact with the whole days of gestation on its day, or with the rule by which there are none."""
    for pregnancy, contact in first_contacts(journey, as_of):
        day = day_of(contact.moment.at, as_of.zone)
        days = pregnancy.gestation(day)
        if not pregnancy.is_prenatal(day):
            yield contact, POSTPARTUM
        elif days is None:
            yield contact, UNDATED
        else:
            yield contact, days if days >= 0 else TOO_EARLY


def entered_by(limit: int, early: Rule, later: Rule, journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a pregnancy that was reached: `early` up to so many whole days of gestation."""
    for contact, found in reached(journey, as_of):
        rule = found if isinstance(found, Rule) else early if found <= limit else later
        yield Unit(contact.moment.at, rule, agencies=(contact.agency,))
