"""Owns what of an agency's own writing others may ever see under a consent, and what each entry is about.

Whatever is not named here is shown to nobody else: how a pregnancy ended, what was typed, who works on it, how she may
be contacted, what she thinks of a service (R5, R6, R20). What was entered in error or taken back is not shown either.
"""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from services.referrals.domain.appointment.events import (
    AppointmentAttended,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentNoShow,
    AppointmentRescheduled,
)
from services.referrals.domain.consent.kinds import BIRTH, CLASSES, DOMAINS, kinds_of
from services.referrals.domain.consent.visible import About
from services.referrals.domain.contact.events import ContactAmended, ContactCancelled, ContactPlanned, ContactRecorded
from services.referrals.domain.episode.events import (
    BirthRecorded,
    EpisodeDated,
    EpisodeEnteredInError,
    EpisodeOpened,
    PrenatalCareStarted,
    ResponsibilityAssigned,
    ResponsibilityLeft,
)
from services.referrals.domain.fact import Fact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.handoff.events import (
    HandoffAccepted,
    HandoffCompleted,
    HandoffDeclined,
    HandoffIntroduced,
    HandoffOffered,
    HandoffProposed,
)
from services.referrals.domain.need import NeedIdentified, NeedResolved
from services.referrals.domain.referral.ending_events import (
    ReferralCancelled,
    ReferralExpired,
    ReferralNotCompleted,
)
from services.referrals.domain.referral.events import (
    ReferralAccepted,
    ReferralCompleted,
    ReferralDeclined,
    ReferralReceived,
    ReferralSent,
    ReferralServiceStarted,
    ReferralWaitlisted,
)
from services.referrals.domain.safe_contact import SafeContactPlanned
from services.referrals.domain.screening import NeedScreened, ScreeningRecorded
from services.referrals.domain.taking_back import TakenBack
from services.referrals.domain.vocabulary import Category, InformationKind, RestrictedClass, ScreeningResult

SHAREABLE: Final[tuple[type[Fact], ...]] = (
    *(AppointmentBooked, AppointmentRescheduled, AppointmentAttended, AppointmentNoShow, AppointmentCancelled),
    *(ContactPlanned, ContactRecorded, ContactAmended, ContactCancelled),
    *(EpisodeOpened, EpisodeDated, PrenatalCareStarted, BirthRecorded, ResponsibilityAssigned, ResponsibilityLeft),
    *(HandoffOffered, HandoffIntroduced, HandoffAccepted, HandoffDeclined, HandoffCompleted),
    *(NeedIdentified, NeedResolved, NeedScreened, ScreeningRecorded),
    *(ReferralSent, ReferralReceived, ReferralAccepted, ReferralWaitlisted, ReferralServiceStarted),
    *(ReferralCompleted, ReferralDeclined, ReferralNotCompleted, ReferralCancelled, ReferralExpired),
)
_PREGNANCY: Final = frozenset({InformationKind.PHYSICAL_HEALTH})


@frozen
class Shareable:
    """An entry that a consent may show, and what it is about; `of` is the need that its stream is for, if one."""

    id: UUID
    about: About
    of: Category | None


@frozen
class _Matter:
    """What a stream is about, as all of its facts say together."""

    kinds: frozenset[InformationKind] | None
    categories: frozenset[Category]
    restricted: RestrictedClass | None


def shareable(stream: Sequence[Happened], referral: Sequence[Happened] = ()) -> Iterator[Shareable]:
    """The entries of one stream that a consent may show. `referral`: the one that a visit belongs to.

    Its class is that of the strictest of its facts, its kinds are those of all: what is said first fixes what may be
    seen of the rest.
    """
    facts = [each.fact for each in (*referral, *stream)]
    if any(_is_void(fact) for fact in facts):
        return
    gone = {fact.event for fact in facts if isinstance(fact, TakenBack | EpisodeEnteredInError)}
    withdrew = {each.agency for each in stream if isinstance(each.fact, EpisodeEnteredInError) and not each.fact.dating}
    matter = _matter(facts)
    of = next(iter(matter.categories)) if len(matter.categories) == 1 else None
    for each in stream:
        if each.id is None or each.id in gone or each.agency in withdrew or not isinstance(each.fact, SHAREABLE):
            continue
        kinds = _own_kinds(each.fact)
        about = About(
            each.agency, matter.kinds if kinds is None else kinds, matter.categories, _class(each.fact, matter)
        )
        yield Shareable(each.id, about, of)


def may_flag(fact: Fact) -> bool:
    """Whether a stream with this fact may be one that `is_flagged`: few are."""
    return isinstance(fact, SafeContactPlanned) or getattr(fact, "restricted", None) is RestrictedClass.IPV


def is_flagged(stream: Sequence[Happened]) -> bool:
    """Whether a stream says that she may be in danger from somebody near her, or that nobody may contact her."""
    facts = [each.fact for each in stream]
    if any(_is_void(fact) for fact in facts):
        return False
    if facts and isinstance(last := facts[-1], SafeContactPlanned):
        return last.prohibited
    asked = [fact.result for fact in facts if isinstance(fact, ScreeningRecorded)]
    denied = bool(asked) and ScreeningResult.POSITIVE not in asked
    return not denied and any(getattr(fact, "restricted", None) is RestrictedClass.IPV for fact in facts)


def settles_flag(kind: type[Fact]) -> bool:
    """Whether facts of this kind are among what `is_flagged` asks for, of whatever class they are.

    All others are asked for where they `may_flag`, and only there.
    """
    return issubclass(kind, SafeContactPlanned | ScreeningRecorded) or _voids(kind)


def _is_void(fact: Fact) -> bool:
    """Whether a whole stream should never have been written; of a pregnancy, an agency withdraws its own word alone."""
    return _voids(type(fact)) and (not isinstance(fact, EpisodeEnteredInError) or fact.whole)


def _voids(kind: type[Fact]) -> bool:
    return kind.TYPE.endswith(".entered_in_error.v1")


def _matter(facts: Sequence[Fact]) -> _Matter:
    tags = {tag for fact in facts for tag in (*getattr(fact, "tags", ()), getattr(fact, "category", None)) if tag}
    classes = {found for fact in facts if (found := getattr(fact, "restricted", None)) is not None}
    proposed = next((fact for fact in facts if isinstance(fact, HandoffProposed)), None)
    by_class = frozenset({CLASSES[each] for each in classes if each in CLASSES})
    if proposed is not None:
        kinds: frozenset[InformationKind] | None = DOMAINS[proposed.domain]
    else:
        kinds = kinds_of(tags) if tags or not classes else by_class
    if RestrictedClass.IPV in classes or kinds is None:
        return _Matter(None, frozenset(), RestrictedClass.IPV)
    strictest = next((each for each in RestrictedClass if each in classes), None)
    return _Matter(kinds | by_class, frozenset(tag for tag in tags if isinstance(tag, Category)), strictest)


def _own_kinds(fact: Fact) -> frozenset[InformationKind] | None:
    """The kinds of what belongs to a pregnancy, which its stream holds together; None for what is as its stream."""
    match fact:
        case EpisodeOpened() | EpisodeDated() | PrenatalCareStarted():
            return _PREGNANCY
        case BirthRecorded():
            return BIRTH
        case ResponsibilityAssigned() | ResponsibilityLeft():
            return DOMAINS[fact.domain]
        case _:
            return None


def _class(fact: Fact, matter: _Matter) -> RestrictedClass | None:
    """A lead is of the class of its domain. A birth is of none here: that it is hidden would tell of it (R5)."""
    match fact:
        case ResponsibilityAssigned() | ResponsibilityLeft():
            kinds = DOMAINS[fact.domain]
            return RestrictedClass.BEHAVIORAL if InformationKind.BEHAVIORAL_HEALTH in kinds else None
        case _:
            return matter.restricted


def referral_of(stream: Sequence[Happened]) -> UUID | None:
    """The referral that a visit belongs to; None for what is no visit."""
    first = stream[0].fact if stream else None
    return first.referral if isinstance(first, AppointmentBooked) else None
