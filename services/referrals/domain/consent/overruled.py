"""Owns how much of a yes is left where she said no at the same agency: as much as still may be sent on it (R1, R3)."""

from collections.abc import Iterable
from datetime import date

from services.referrals.domain.consent.machine import ConsentStatus
from services.referrals.domain.consent.state import Consent, overrules, receivers_of
from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import Category

ANYBODY_ELSE = ""
"""Stands for the receivers that nobody named: it is no agency's id."""


@frozen(kw_only=True)
class Overruled:
    """What goes before a yes: a no to the `whole` of it or to a part, said `on` a local date, the last if several."""

    whole: bool
    on: date


def overruled(yes: Consent, every: Iterable[Consent], receiver: str | None = None) -> Overruled | None:
    """What a yes comes after, among `every` consent of hers; None where it stands as it was said.

    `receiver`: as far as it is about this one alone.
    """
    if yes.status is not ConsentStatus.AGREED:
        return None
    refusals = [each for each in every if each.agency == yes.agency and each.status is ConsentStatus.REFUSED]
    about = [(to, need) for to in _receivers(yes, refusals, receiver) for need in _needs(yes, refusals)]
    found = {each: [no for no in refusals if overrules(no, yes, *each)] for each in about}
    days = [no.recorded.on for standing in found.values() for no in standing]
    return Overruled(whole=all(found.values()), on=max(days)) if days else None


def _receivers(yes: Consent, refusals: Iterable[Consent], receiver: str | None) -> list[str]:
    if receiver is not None:
        return [receiver]
    named = receivers_of(yes.recorded)
    return list(named or (ANYBODY_ELSE, *(each for no in refusals for each in receivers_of(no.recorded))))


def _needs(yes: Consent, refusals: Iterable[Consent]) -> list[Category]:
    """Its own; else those that she refused, and one that stands for all others."""
    if yes.recorded.category is not None:
        return [yes.recorded.category]
    refused = [no.recorded.category for no in refusals if no.recorded.category is not None]
    return [*refused, *[each for each in Category if each not in refused][:1]]
