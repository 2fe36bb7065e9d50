"""The words of problems with a request as such, whatever it is about."""

from collections.abc import Mapping

from services.gateway.pages.problems.told import Told
from services.gateway.pages.words import N_

WITHOUT_CLIENTS = N_("Choose what you looked for from the menu.")
"""What to do where nothing is found, for somebody who has no clients."""

PROBLEMS: Mapping[str, Told] = {
    "too-many-wrong-codes": Told(
        N_("Too many wrong codes came from here"),
        N_("Nothing was saved. So nobody can find a code by trying."),
        N_("Look at the code on the letter and try again in an hour, or call who sent it."),
    ),
    "inquiry-already-open": Told(
        N_("You asked about this before"),
        N_("Your first question was sent. This one was not."),
        N_("Go back: the answer to your first question comes there within 30 days."),
    ),
    "not-signed-in": Told(
        N_("You are not signed in any more"),
        N_("Nothing was saved. A sign-in ends by itself after a while, so that nobody else uses it."),
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
    "typed-by-another": Told(
        N_("Somebody else is signed in here now"),
        N_("Nothing was saved. This form was typed before, by somebody else or for another agency."),
        N_("Who typed it signs in and sends it once more."),
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
    "refused": Told(N_("This is not possible"), N_("Nothing was saved.")),
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
    "head-too-large": Told(
        N_("Too much came along with the request"),
        N_("Nothing was saved. The head of a request takes up to 64 kilobytes and 200 headers."),
        N_("In a browser: delete the cookies of this site. For systems: send fewer headers, or shorter ones."),
    ),
    "unsupported-media-type": Told(
        N_("The body must be JSON"), N_("Nothing was saved."), N_("Send the header Content-Type: application/json.")
    ),
    "too-many-requests": Told(N_("That was too often"), N_("Nothing was saved."), N_("Wait a minute, then try again.")),
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
}
