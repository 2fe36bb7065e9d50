"""Owns what an agency may see of what another wrote down of her, under the consents in force at this second.

A yes opens what was written by whoever recorded it, or by an agency that it names, to the agencies that it names, for
the kinds of information to which she said yes on it. Each yes stands for itself; any no that stands is stronger than
all of them, whichever agency wrote it down.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from services.referrals.domain.consent.events import Statement
from services.referrals.domain.consent.kinds import BIRTH, CLASSES
from services.referrals.domain.consent.machine import ConsentStatus
from services.referrals.domain.consent.state import Consent, holds, receivers_of
from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import (
    Category,
    ConsentAuthority,
    InformationKind,
    Purpose,
    RestrictedClass,
)

CARE: Final = frozenset({Purpose.TREATMENT, Purpose.COORDINATION})
"""What a timeline is read for: a yes to another use opens none."""


class Sight(StrEnum):
    """How much of an entry may be seen: all of it, that there is a restricted health service, or nothing."""

    WHOLE = "whole"
    LABEL = "label"
    NOTHING = "nothing"


@frozen
class About:
    """What an entry is about: who wrote it, the needs that it names, the kinds that it is of, and its class (R6).

    `kinds` None: it is shown to nobody but those whose it is.
    """

    agency: str
    kinds: frozenset[InformationKind] | None
    categories: frozenset[Category] = frozenset()
    restricted: RestrictedClass | None = None


class InForce(NamedTuple):
    """A consent that holds at this second, a yes or a no."""

    id: UUID
    consent: Consent


class Visible(NamedTuple):
    """How much may be seen, and the consent that allows it; None where none is needed, and where nothing is shown."""

    sight: Sight
    under: UUID | None = None


WHOLE: Final = Visible(Sight.WHOLE)
NOTHING: Final = Visible(Sight.NOTHING)


def in_force(consents: Iterable[InForce], *, on: date) -> tuple[InForce, ...]:
    """Those that hold on this local date, for care. What ran out, was taken back or never said is none of them.

    What a guardian agreed to opens nothing where she spoke for herself as a minor (Fam. Code 6925); a no stands,
    whoever said it.
    """
    every = [each for each in consents if each.consent.status is not ConsentStatus.ENTERED_IN_ERROR]
    herself = any(each.consent.recorded.authority is ConsentAuthority.SELF_MINOR for each in every)
    return tuple(
        each
        for each in every
        if each.consent.recorded.purpose in CARE
        if _is_no(each.consent, on)
        or (holds(each.consent, on=on) and not (herself and _by_guardian(each.consent.recorded)))
    )


def visible(viewer: str, about: About, consents: Sequence[InForce], *, side: bool) -> Visible:
    """How much of an entry an agency may see. `consents` are those in force; `side`: of what it is a side of (R8)."""
    if side or about.agency == viewer:
        return WHOLE
    if about.kinds is None or about.restricted is RestrictedClass.IPV:
        return NOTHING
    if any(_denies(each.consent, viewer, about) for each in consents):
        return NOTHING
    opening = [each for each in consents if opens(each.consent, viewer, about.agency)]
    wanted = about.kinds | _class_kinds(about)
    for each in opening:
        said = each.consent.recorded
        if wanted <= set(said.shared) and (said.category is None or about.categories == {said.category}):
            return Visible(Sight.WHOLE, each.id)
    if about.restricted is None:
        return NOTHING
    # A yes for one need says nothing of others, not even that there are any.
    general = next((each for each in opening if each.consent.recorded.category is None), None)
    return NOTHING if general is None else Visible(Sight.LABEL, general.id)


def behind_glass(viewer: str, about: About, consents: Sequence[InForce], *, medical: bool) -> bool:
    """Whether an emergency opens an entry that no consent opens (R1).

    Nothing opens what no consent could, nor whatever says that a pregnancy ended well: that it is missing would tell of
    a loss (R5). What is restricted opens to medical personnel in a medical emergency alone (42 CFR 2.51), and a no of
    hers to it stands.
    """
    if about.kinds is None or about.restricted is RestrictedClass.IPV:
        return False
    if about.restricted is None:
        return not about.kinds >= BIRTH
    return medical and not any(_denies(each.consent, viewer, about) for each in consents)


def opens(consent: Consent, viewer: str, source: str) -> bool:
    """Whether a consent in force shows an agency anything of what another wrote: nobody opens it to itself."""
    said = consent.recorded
    named = receivers_of(said)
    between = viewer in named and viewer != consent.agency and source in {consent.agency, *named}
    return said.agreed and bool(said.shared) and between


def kinds_opened(viewer: str, opening: Iterable[InForce], consents: Iterable[InForce]) -> frozenset[InformationKind]:
    """Of which kinds these let an agency see what others wrote; a no among all that are in force is stronger."""
    every = list(consents)
    said = {
        kind: About(each.consent.agency, frozenset({kind}))
        for each in opening
        if opens(each.consent, viewer, each.consent.agency)
        for kind in each.consent.recorded.shared
    }
    return frozenset(
        kind for kind, about in said.items() if not any(_denies(each.consent, viewer, about) for each in every)
    )


def _denies(consent: Consent, viewer: str, about: About) -> bool:
    """Whether she said no to this: to all, or to its kind, for this agency or for everybody."""
    said, kinds = consent.recorded, about.kinds or frozenset()
    named = receivers_of(said)
    if named and viewer not in named:
        return False
    if consent.status is not ConsentStatus.REFUSED:
        return bool((kinds | _class_kinds(about)) & set(said.withheld))
    return said.category is None or said.category in about.categories


def _class_kinds(about: About) -> frozenset[InformationKind]:
    kind = None if about.restricted is None else CLASSES.get(about.restricted)
    return frozenset() if kind is None else frozenset({kind})


def _is_no(consent: Consent, on: date) -> bool:
    return consent.status is ConsentStatus.REFUSED and consent.recorded.on <= on


def _by_guardian(said: Statement) -> bool:
    return said.authority is ConsentAuthority.GUARDIAN
