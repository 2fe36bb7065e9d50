"""Owns the words of problems: the heading, whether anything was saved, and what to do, for each that may be raised."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.gateway.pages.words import N_

SERVER_ERROR = 500


@dataclass(frozen=True)
class Told:
    """What a problem page says: the heading, whether anything was saved, and what to do."""

    title: str
    lead: str
    step: str = N_("Go back to your work and look at it as it is now.")


PROBLEMS: Mapping[str, Told] = {
    "not-signed-in": Told(
        N_("You are not signed in any more"),
        N_("Nothing was saved. A sign-in ends by itself after some hours, so that nobody else uses it."),
        N_("Sign in again: you come back to this page. Write it once more: what you typed was not kept."),
    ),
    "role-forbids": Told(
        N_("Your role does not allow this"),
        N_("Nothing was saved. Your agency decides who may do what."),
        N_("Ask the person at your agency who looks after accounts."),
    ),
    "form-not-ours": Told(
        N_("This form was too old to be sent"),
        N_("Nothing was saved. The form did not come from your sign-in of now, so it was stopped."),
        N_("Go back, load the page again and send it once more."),
    ),
    "form-too-large": Told(
        N_("This form holds more than it can take"),
        N_("Nothing was saved. A field takes up to 64,000 bytes, a form up to 200 fields and no files."),
        N_("Go back and shorten what you typed, then send it once more."),
    ),
    "not-found": Told(
        N_("There is nothing here for you"),
        N_("It does not exist, or it is not yours to see. We do not say which."),
        N_("Addresses of clients' pages work until you sign out. Find her again under Clients."),
    ),
    "method-not-allowed": Told(
        N_("This address does not work that way"), N_("Nothing was saved."), N_("Start again from your work.")
    ),
    "wrong-side": Told(
        N_("This step is for the other agency"),
        N_("Nothing was saved. The agency that was asked answers, the agency that asked is told."),
    ),
    "wrong-state": Told(
        N_("Where it stands now, this is not possible"),
        N_("Nothing was saved. Somebody may have moved it on since you opened the page."),
    ),
    "refused": Told(N_("This is not possible"), N_("Nothing was saved.")),
    "conflict": Told(
        N_("Somebody was first"), N_("Yours was not saved. Theirs stands."), N_("Look at it as it is now, then decide.")
    ),
    "referral-already-answered": Told(
        N_("Someone at your agency answered this referral first"),
        N_("Your answer was not saved. Theirs stands, and the sender has been told once."),
        N_("Look at the referral as it is now. Talk to your colleague before you change it."),
    ),
    "referral-already-ended": Told(
        N_("This referral has ended already"),
        N_("Nothing was saved. A referral that ended is never reopened."),
        N_("Send a new one, if she still needs it."),
    ),
    "cancellation-already-asked": Told(
        N_("They were asked to stop already"),
        N_("Nothing was saved. The reason that was given first stands."),
        N_("Wait until they confirm it, or call them."),
    ),
    "referral-already-open": Told(
        N_("You have an open referral for her to this service"),
        N_("Nothing was sent twice."),
        N_("Look at the referral that is open, under Referrals that we sent."),
    ),
    "referral-already-sent": Told(
        N_("This referral was sent already"), N_("It was not sent twice."), N_("Find it under Referrals that we sent.")
    ),
    "referral-informational": Told(
        N_("She goes there herself"), N_("Nothing was saved: nobody answers a referral of this kind.")
    ),
    "handoff-already-answered": Told(
        N_("Someone at your agency answered this handoff first"),
        N_("Your answer was not saved. Theirs stands."),
        N_("Look at the handoff as it is now. Talk to your colleague before you change it."),
    ),
    "handoff-already-ended": Told(
        N_("This handoff has ended already"),
        N_("Nothing was saved. A handoff that ended is never reopened."),
        N_("Propose a new one, if somebody else should lead."),
    ),
    "handoff-already-open": Told(
        N_("You have an open handoff of this to them"), N_("Nothing was proposed twice."), N_("Wait for their answer.")
    ),
    "handoff-already-proposed": Told(N_("This handoff was proposed already"), N_("It was not proposed twice.")),
    "lead-moved": Told(
        N_("Somebody else leads now"),
        N_("Nothing was saved. Only the agency that leads can hand the lead on."),
        N_("Look at her page: it says who leads, as far as you may know."),
    ),
    "episode-not-open": Told(
        N_("No pregnancy is open for this"),
        N_("Nothing was saved. A handoff belongs to a pregnancy."),
        N_("Open the pregnancy on her page first."),
    ),
    "episode-already-open": Told(
        N_("A pregnancy is open already"), N_("Nothing was saved twice. There is one at a time.")
    ),
    "consent-missing": Told(
        N_("Say whether she agreed to share this"),
        N_("Nothing was sent. Her name goes nowhere without her yes."),
        N_("Go back, ask her, and write down how she agreed."),
    ),
    "consent-does-not-cover": Told(
        N_("What she agreed to does not cover this"),
        N_("Nothing was sent. Her yes was for another agency, another need, fewer details, or it has run out."),
        N_("Go back and ask her again, for this."),
    ),
    "consent-already-recorded": Told(N_("This consent is written down already"), N_("It was not written down twice.")),
    "contact-already-recorded": Told(N_("This contact is written down already"), N_("It was not written down twice.")),
    "no-evidence": Told(
        N_("Say which contact shows what was done for her"),
        N_("Nothing was saved. Completed means that something was done: a contact, or a delivery."),
        N_("Go back and record the contact first."),
    ),
    "number-in-use": Told(
        N_("Another client of yours has this number"),
        N_("Nothing was saved. A number of your agency belongs to one woman."),
        N_("Find the client who has it, or check the number."),
    ),
    "idempotency-key-required": Told(
        N_("An agency's system must say which request this is"),
        N_("Nothing was saved."),
        N_("Send the header Idempotency-Key with a new random value, and the same value when you send it again."),
    ),
    "idempotency-key-reused": Told(
        N_("This form was sent before, with other words"),
        N_("The first one was saved, this one was not."),
        N_("Look at what was saved. If it should be different, open the page anew."),
    ),
    "precondition-failed": Told(
        N_("It has changed since you read it"), N_("Nothing was saved."), N_("Read it again and decide anew.")
    ),
    "precondition-required": Told(
        N_("Say which version you change"), N_("Nothing was saved."), N_("Send the header If-Match with the ETag.")
    ),
    "malformed": Told(
        N_("Something in it could not be read"),
        N_("Nothing was saved."),
        N_("Go back and check what you typed. For systems: the answer names each place in errors."),
    ),
    "too-large": Told(
        N_("That is too much at once"), N_("Nothing was saved. One page takes up to 1 megabyte."), N_("Shorten it.")
    ),
    "unsupported-media-type": Told(
        N_("The body must be JSON"), N_("Nothing was saved."), N_("Send the header Content-Type: application/json.")
    ),
    "too-many-requests": Told(
        N_("That was too often"), N_("Nothing was saved."), N_("Wait a minute, then try again.")
    ),
    "overloaded": Told(
        N_("Too much is waiting just now"),
        N_("Nothing was saved."),
        N_("Try again in a few seconds: sending the same page again is never counted twice."),
    ),
    "version-not-here": Told(
        N_("The version that was asked for is not here yet"),
        N_("Nothing was changed. It was waited for a short while."),
        N_("Load the page again in a few seconds."),
    ),
    "unavailable": Told(
        N_("A part of the system is resting"),
        N_("We do not know whether it was saved."),
        N_("Load the page again in a few seconds: sending the same page again is never counted twice."),
    ),
    "internal": Told(
        N_("Something broke on our side"),
        N_("We do not know whether it was saved."),
        N_("Look at your work first. If it is not there, send it again: it is never counted twice."),
    ),
}  # fmt: skip

# The same of a page that was only looked at: nothing was to be saved, so nothing is said of saving.
LOOKED_AT: Mapping[str, Told] = {
    "unavailable": Told(
        N_("A part of the system is resting"),
        N_("This page cannot be shown now. Nothing is lost."),
        N_("Try again in a few seconds."),
    ),
    "internal": Told(
        N_("Something broke on our side"),
        N_("This page cannot be shown now. Nothing is lost."),
        N_("Try again. If it stays like this, call for help and say the code below."),
    ),
    "overloaded": Told(
        N_("Too much is waiting just now"),
        N_("This page cannot be shown now. Nothing is lost."),
        N_("Try again in a few seconds."),
    ),
    "too-many-requests": Told(
        N_("That was too often"), N_("This page cannot be shown now."), N_("Wait a minute, then try again.")
    ),
    "malformed": Told(
        N_("Something in it could not be read"),
        N_("The address of this page is not whole, or it is out of date."),
        N_("Start again from your work."),
    ),
    "role-forbids": Told(
        N_("Your role does not allow this"),
        N_("Your agency decides who may do what."),
        N_("Ask the person at your agency who looks after accounts."),
    ),
}

# The same of a form that stopped on its way, before anything was asked to be saved.
NOT_SENT: Mapping[str, Told] = {
    slug: Told(
        told.title,
        N_("Nothing was saved."),
        N_("Load the page again in a few seconds: what you typed goes with it."),
    )
    for slug, told in PROBLEMS.items()
    if slug in {"unavailable", "internal"}
}  # fmt: skip


def told_of(slug: str, status: int, *, looked: bool, sent: bool) -> tuple[str, Told]:
    """The slug to show and its words. `looked`: nothing was to be saved; `sent`: something was asked to be."""
    if slug not in PROBLEMS:
        slug = "internal" if status >= SERVER_ERROR else "refused"
    special = LOOKED_AT if looked else {} if sent else NOT_SENT
    return slug, special.get(slug, PROBLEMS[slug])
