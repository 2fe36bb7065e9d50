"""Owns by which day a receiver is asked to answer, as the send page says it before anything is sent."""

from datetime import date

from services.gateway.pages.visit import Visit


def asked_by(visit: Visit) -> date | None:
    """The day by which an answer is asked for, as far as days can say; None where hours count."""
    initiative = visit.initiative
    if initiative is None or visit.form.on("urgent", "yes"):
        return None
    own, week = initiative.answers_of(visit.form.one("need")), initiative.week
    day = date.fromordinal(visit.today.toordinal() + own.days)
    while day not in week.working_days(day.year):
        day = date.fromordinal(day.toordinal() + 1)
    return day
