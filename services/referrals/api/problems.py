"""Refusals over HTTP: every named refusal of domain, directory and vault as the problem that explains it."""

from collections.abc import Mapping

from services.referrals.api.pointers import POINTERS
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

_TITLES: Mapping[str, str] = {
    "wrong-side": "This is for the other side.",
    "wrong-state": "Where it stands now, this step is not possible.",
    "referral-informational": "She goes there herself: nobody answers this referral.",
    "referral-already-answered": "It is answered already.",
    "referral-already-received": "It was opened before, under another number or none: say yours when you accept it.",
    "referral-already-ended": "It has ended already.",
    "cancellation-already-asked": "They were asked to stop already.",
    "nothing-to-take-back": "There is no step of yours that can be taken back.",
    "too-late-to-take-back": "It is too late to take this back.",
    "referral-already-open": "You have an open referral for her to this service.",
    "referral-already-sent": "It is sent already.",
    "appointment-already-booked": "It is booked already.",
    "appointment-already-over": "This visit is over, or cancelled.",
    "appointment-lies-ahead": "The visit lies ahead.",
    "handoff-already-answered": "It is answered already.",
    "handoff-already-ended": "It has ended already.",
    "handoff-already-open": "You have an open handoff of this to them.",
    "handoff-already-proposed": "It is proposed already.",
    "work-already-claimed": "A colleague does it already.",
    "nothing-waits": "Nothing waits here any more.",
    "lead-moved": "Somebody else leads now.",
    "domain-led": "Somebody leads this already.",
    "not-leading": "Your agency does not lead this.",
    "nobody-takes-over": "Nobody would lead it then.",
    "episode-not-open": "No pregnancy is open for this.",
    "dating-moved": "Another due date stands by now.",
    "prenatal-care-already-recorded": "Her first visit is recorded already, on another day.",
    "end-already-recorded": "How it ended is recorded already.",
    "no-birth-recorded": "A visit after the birth needs a birth.",
    "episode-closed": "It is closed.",
    "outreach-paused": "Outreach to her is paused.",
    "outreach-not-paused": "Outreach to her is not paused.",
    "no-further-contact-recorded": "It is recorded already, in other words.",
    "contact-not-stopped": "Your agency did not write down that contact with her ends.",
    "no-further-contact": "She is not to be contacted any more.",
    "episode-already-open": "Her pregnancy is open already, known since another day.",
    "referral-already-attested": "It is attested already.",
    "referral-not-ended": "It has not ended yet.",
    "feedback-not-asked": "Nobody has asked her yet.",
    "feedback-already-answered": "What she said is written down already.",
    "consent-missing": "Say whether she agreed to share this.",
    "consent-does-not-cover": "What she agreed to does not cover this.",
    "consent-overruled": "She has said no to this agency or need since.",
    "consent-already-recorded": "It is recorded already.",
    "consent-already-ended": "It holds no more already.",
    "consent-refused": "She said no: there is nothing to take back.",
    "contact-already-recorded": "It is recorded already.",
    "contact-already-cancelled": "It is called off already.",
    "need-already-ended": "It has ended already.",
    "screening-already-recorded": "It is recorded already.",
    "question-already-answered": "It is answered already.",
    "emergency-already-open": "You opened it for this already, with other words.",
    "inquiry-already-open": "You asked this already.",
    "letter-already-answered": "They said already that they will help.",
    "letter-on-system": "They are on the system: they answer by themselves.",
    "file-empty": "The file is empty.",
    "file-not-as-named": "The file is not what its name says.",
    "file-type-unknown": "Only PDF, PNG and JPEG are taken.",
    "file-with-script": "The PDF holds a script, or a file of its own.",
    "file-unreadable": "Nobody can look into this PDF.",
    "no-evidence": "Name the contact that shows what was done for her.",
    "agency-already-listed": "Another agency has this id.",
    "service-already-listed": "Another service has this id.",
    "check-already-answered": "It is answered already.",
    "check-closed": "Whoever asked needs no answer any more.",
    "hub-cannot-leave": "Everything falls back to the hub: name another first.",
    "agency-left": "It has left the initiative.",
    "receiver-not-on-system": "They are not on the system: nobody there could accept or answer it.",
    "sender-left": "Who sent it has left the initiative.",
    "attest-own-work": "Somebody else has to check it.",
    "agency-not-receiving": "They receive nothing new now.",
    "service-category-fixed": "The need that it is for stays: list another service.",
    "not-enough-attempts": "She was not tried for often, long or variously enough.",
    "details-held": "What is held of her has to be kept: release the hold first.",
    "number-in-use": "Another client of yours has this number.",
}

_UNFIT: Mapping[str, str] = {
    "age-not-possible": "On this day she is of no age for a pregnancy: check it, and her birth date.",
    "due-date-not-possible": "No pregnancy that is open now is due on this day: check the year.",
    "care-outside-dating": "By this due date she was not pregnant at her first prenatal visit, which is written down.",
    "visit-outside-dating": "By this due date a visit after the birth, which is written down, lies before it.",
    "earlier-dating-not-of-care": "By the due date before it she was not pregnant at her first prenatal visit.",
    "earlier-dating-not-of-visit": "By the due date before it a visit after the birth lies before the birth.",
    "earlier-dating-not-of-birth": "By the due date before it nobody was born on the day that is written down.",
    "earlier-dating-not-of-end": "By the due date before it the pregnancy did not end on the day that is written down.",
    "not-two-references": "Name a client whom your agency registered itself, for one whom somebody else brought.",
    "declined-and-stated": "Either she would not say, or she said this.",
    "group-not-of-race": "A detailed group belongs to one of the races or ethnicities that are stated.",
    "children-do-not-fit": "A live birth has a living child, and nothing else has one.",
    "before-the-birth": "It lies before the birth: check the year.",
    "long-after-the-birth": "It lies more than a year after the birth: check the year.",
    "gestation-not-of-dating": "By the due date she was much less or more pregnant: check the weeks, and the due date.",
    "birth-outside-pregnancy": "By the due date nobody was born on this day: check the year, and the due date.",
    "end-outside-pregnancy": "This day is not of this pregnancy: check the year, and the due date.",
    "care-outside-pregnancy": "She was not pregnant on this day: check the year, and the due date.",
    "same-agency": "It is your own agency.",
    "same-service": "It is the service that it was sent to.",
    "back-to-sender": "They sent it: decline it, and say why.",
    "screening-too-long-ago": "It lies more than ten months before you knew of her: check the year.",
    "contact-too-long-ago": "It lies more than ten months before you knew of her: check the year.",
    "contact-day-too-long-ago": "It lies more than ten months before you knew of her: check the year.",
    "visit-in-past": "It lies in the past.",
    "category-not-of-service": "The service is for another need.",
    "no-such-code": "It is no code of ICD-10-CM, SNOMED CT or LOINC: check its last digit.",
    "reason-not-possible": "This reason does not fit this step.",
    "contact-prohibited": "She may not be contacted: say that she does not want it, or that it is not safe.",
    "date-in-future": "It lies in the future.",
    "cohort-ends-before-it-begins": "It ends before it begins.",
    "not-of-this-instrument": "This instrument does not ask about it.",
    "cohort-too-wide": "One group is due within three months.",
    "plan-in-past": "It lies in the past: record it.",
    "class-is-fixed": "This kind is kept apart from the first: record it as a contact of its own.",
    "feedback-says-nothing": "Say what she said, or that she would rather not: one of the two.",
    "expires-before-it-begins": "It ends before it begins.",
    "ages-out-of-order": "The highest age is under the lowest.",
    "county-not-known": "The state has no county of this name.",
    "open-already": "It is open then already: see the schedules before it.",
    "day-off-over": "This day is over: leave it out.",
    "waitlist-without-list": "Only a waiting list has a length.",
    "room-from-when": "It lies in the past, or nothing is known.",
    "consent-too-long-ago": "It lies more than two years back: check the year, or ask her again.",
    "consent-names-nobody": "Say to whom, or for what need.",
    "consent-names-no-field": "Say which details.",
    "note-text-or-file": "Either a text or a file.",
    "plan-both-ways": "Either she may not be contacted, or by these modes.",
    "plan-allows-nothing": "Say how she may be contacted, or that she may not be.",
    "plan-mode-not-possible": "By this mode nobody tries to reach her.",
    "met-before-sent": "It lies before it was sent.",
    "consent-both-ways": "A kind of information is either shared or not.",
    "revoked-before-it-began": "It was taken back before it began.",
}

_UNKNOWN: Mapping[str, str] = {"agency": "/to/agency", "service": "/to/service"}


def problem_of(error: Exception) -> Problem | None:
    """The problem that an exception stands for; None for one that is nobody's refusal."""
    match error:
        case Refusal():
            return _of_refusal(error)
        case NotInDirectory(what=what):
            return unknown(_UNKNOWN.get(what, ""), what)
        case NumberInUse():
            return Problem(409, "number-in-use", _TITLES["number-in-use"], "Nothing was saved.")
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
    return malformed([FieldError(within + POINTERS.get(slug, ""), slug, _UNFIT.get(slug, "It does not fit."))])


def _of_refusal(refusal: Refusal) -> Problem:
    title = _TITLES.get(refusal.slug, "This is not possible.")
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
