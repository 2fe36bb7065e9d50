"""Which days can belong to a pregnancy, by the due date of the agency that says so: what lies outside is mistyped."""

from datetime import date, timedelta

from services.referrals.domain.episode.calendar import POSTPARTUM, PREGNANCY
from services.referrals.domain.episode.state import Own
from services.referrals.domain.refusal import Unfit

LONGEST = timedelta(days=301)
"""43 weeks: longer no pregnancy lasts."""

ALIVE = timedelta(days=140)
"""20 weeks: nobody is born alive earlier."""


def span(own: Own) -> tuple[date, date]:
    """Its first and its last day that are possible; undated, as long before and after it was known."""
    if own.dated is None:
        known = own.since or own.opened_at.date()
        return known - LONGEST, known + LONGEST
    begun = own.dated.edd - PREGNANCY
    return begun, begun + LONGEST


def dated(own: Own, edd: date) -> None:
    """A due date by which what is written down still lies within the pregnancy, or after it. Raises Unfit, which says
    what stands in its way; nothing is dated any more once an end is written down."""
    begun = edd - PREGNANCY
    if not _has_care(own, begun):
        raise Unfit("care-outside-dating")
    if not _has_visits(own, begun):
        raise Unfit("visit-outside-dating")


def again(own: Own, edd: date, ended_on: date | None) -> None:
    """An earlier due date that is in force again, as the one after it was an error: by what has been written down since
    it may be one, too. `ended_on` is when the pregnancy ended, by the agency's own words. Raises Unfit."""
    begun = edd - PREGNANCY
    if not _has_care(own, begun):
        raise Unfit("earlier-dating-not-of-care")
    if not _has_visits(own, begun):
        raise Unfit("earlier-dating-not-of-visit")
    first = begun + ALIVE if own.birth else begun
    if ended_on is not None and not first <= ended_on <= begun + LONGEST:
        raise Unfit("earlier-dating-not-of-birth" if own.birth else "earlier-dating-not-of-end")


def _has_care(own: Own, begun: date) -> bool:
    care_on = own.prenatal_care_on
    return care_on is None or begun <= care_on <= begun + LONGEST


def _has_visits(own: Own, begun: date) -> bool:
    return all(on >= begun + ALIVE for on in own.visits)


def care(own: Own, on: date) -> None:
    """Her first prenatal visit. Raises Unfit."""
    first, last = span(own)
    if not first <= on <= last:
        raise Unfit("care-outside-pregnancy")


def end(own: Own, on: date, *, birth: bool) -> None:
    """How it ended; a live birth after 20 weeks, where it is dated. Raises Unfit."""
    first, last = span(own)
    if not (first + ALIVE if birth and own.dated else first) <= on <= last:
        raise Unfit("birth-outside-pregnancy" if birth else "end-outside-pregnancy")


def visit(own: Own, on: date, born: date | None) -> None:
    """A visit after the birth, for as long as agencies care for her (R5). Raises Unfit."""
    if on < (born or own.due - PREGNANCY + ALIVE):
        raise Unfit("before-the-birth")
    if on > (born or own.due) + POSTPARTUM:
        raise Unfit("long-after-the-birth")
