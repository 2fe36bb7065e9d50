"""What the calendar says of a pregnancy: how long it lasts, how far it is, and what comes after it (R5)."""

from datetime import date, timedelta

from services.referrals.domain.episode.machine import Phase

PREGNANCY = timedelta(days=280)
"""From the first day of the last period to the due date (ACOG 700)."""

POSTPARTUM = timedelta(days=365)
"""How long agencies care for her after it (R5, Medi-Cal's postpartum coverage)."""


def phase_of(due: date, today: date) -> Phase:
    """Prenatal until the due date, postpartum for 365 days after it, then closed (R5)."""
    if today <= due:
        return Phase.PRENATAL
    return Phase.POSTPARTUM if today <= due + POSTPARTUM else Phase.CLOSED


def gestational_days(due: date, on: date) -> int:
    """How many whole days a pregnancy with this due date has lasted on a day."""
    return PREGNANCY.days - (due - on).days
