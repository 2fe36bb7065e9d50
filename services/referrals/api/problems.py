"""Refusals over HTTP: every named refusal of domain, directory and vault as the problem that explains it."""

from collections.abc import Mapping

from services.referrals.api.pointers import POINTERS
from services.referrals.api.titles import TITLES, UNFIT
from services.referrals.directory import NotInDirectory
from services.referrals.domain.outreach import Outreach
from services.referrals.domain.refusal import (
    Conflict,
    ForReceiver,
    NoEvidence,
    NotAgreed,
    NotASide,
    NotEnoughAttempts,
    Refusal,
    Unfit,
    UnfitFile,
    WrongSide,
    WrongState,
)
from services.referrals.vault.given import CopyGone
from services.referrals.vault.identities import NumberInUse
from services.referrals.vault.wrapping import KeyGone
from services.runtime.http.problem import FieldError, Problem, malformed, not_found, unavailable

_UNKNOWN: Mapping[str, str] = {"agency": "/to/agency", "service": "/to/service"}


def problem_of(error: Exception) -> Problem | None:
    """The problem that an exception stands for; None for one that is nobody's refusal."""
    match error:
        case Refusal():
            return _of_refusal(error)
        case NotInDirectory(what=what):
            return unknown(_UNKNOWN.get(what, ""), what)
        case NumberInUse():
            return Problem(409, "number-in-use", TITLES["number-in-use"], "Nothing was saved.")
        case KeyGone():
            told = "What your agency held of her was erased for ever; nobody can read it again."
            return Problem(410, "details-erased", "Her details were erased.", told)
        case CopyGone():
            return not_found()
        case TimeoutError():
            return unavailable()
        case _:
            return None


def told_outreach(tried: Outreach) -> dict[str, int]:
    """What was tried to reach her, beside what is needed (R13)."""
    return {
        "attempts": tried.attempts,
        "attempts_needed": tried.needed.attempts,
        "days": tried.days,
        "days_needed": tried.needed.days,
        "modes": tried.modes,
        "modes_needed": tried.needed.modes,
    }


def unknown(pointer: str, what: str) -> Problem:
    """422: the directory has no such agency or service."""
    return malformed([FieldError(pointer, f"unknown_{what}", f"The directory has no such {what}.")])


def not_later(pointer: str) -> Problem:
    """422: a date or time that lies in the future."""
    return malformed([FieldError(pointer, "in_the_future", "It lies in the future.")])


def too_far_ahead(pointer: str) -> Problem:
    """422: a day that is planned for and lies further ahead than anything is planned."""
    return malformed([FieldError(pointer, "too_far_ahead", "It lies too far ahead: check the year.")])


def too_far_back(pointer: str) -> Problem:
    """422: a day of a plan that lies further back than anything that is still answered."""
    return malformed([FieldError(pointer, "too_far_back", "It lies too far back: check the year.")])


def before_birth(pointer: str) -> Problem:
    """422: a date that lies before she was born."""
    return malformed([FieldError(pointer, "before_birth", "It lies before her birth.")])


def unfit(slug: str, within: str = "") -> Problem:
    """422: what makes no sense as it is, pointed at in the body, or in that part of the body."""
    return malformed([FieldError(within + POINTERS.get(slug, ""), slug, UNFIT.get(slug, "It does not fit."))])


def _of_refusal(refusal: Refusal) -> Problem:
    title = TITLES.get(refusal.slug, "This is not possible.")
    match refusal:
        case NotASide():
            return not_found()
        case ForReceiver():
            told = "What she agreed to give is shown to its receiver alone; your own record of her is yours to read."
            return Problem(403, refusal.slug, title, told)
        case UnfitFile(slug=slug):
            status = 415 if slug == "file-type-unknown" else 422
            return Problem(status, slug, title, "Nothing of it was kept.")
        case WrongSide() | NotAgreed():
            return Problem(403, refusal.slug, title, "Nothing was saved.")
        case WrongState(stands=stands):
            return Problem(409, refusal.slug, title, "Nothing was saved.", more={"stands": stands})
        case Conflict(stands=stands):
            return Problem(
                409, refusal.slug, title, "Yours was not saved. What stands, stands.", more={"stands": stands}
            )
        case NotEnoughAttempts(outreach=tried):
            return Problem(409, refusal.slug, title, "Nothing was saved.", more={"outreach": told_outreach(tried)})
        case NoEvidence():
            return Problem(409, refusal.slug, title, "Nothing was saved.")
        case Unfit(slug=slug):
            return unfit(slug)
        case _:
            return Problem(409, refusal.slug, title, "Nothing was saved.")
