"""The words of problems with a referral."""

from collections.abc import Mapping

from services.gateway.pages.problems.told import Told
from services.gateway.pages.words import N_

PROBLEMS: Mapping[str, Told] = {
    "question-already-answered": Told(
        N_("Somebody at your agency answered this question first"),
        N_("Yours was not saved. Theirs stands."),
        N_("Look at the answer. If something is missing, ask or say it by phone."),
    ),
    "letter-already-answered": Told(
        N_("The answer was already that they will help"),
        N_("Nothing was saved. The first answer stands."),
        N_("To change it, say that it has ended, and why."),
    ),
    "letter-on-system": Told(
        N_("They are on Closeknit: they answer by themselves"),
        N_("Nothing was saved. Letters, and answers by phone or slip, are for agencies that are not."),
        N_("Wait for their answer: you are told as soon as it comes."),
    ),
    "wrong-side": Told(
        N_("This step is for the other agency"),
        N_("Nothing was saved. The agency that was asked answers, the agency that asked is told."),
    ),
    "wrong-state": Told(
        N_("Where it stands now, this is not possible"),
        N_("Nothing was saved. Somebody may have moved it on since you opened the page."),
    ),
    "referral-already-received": Told(
        N_("It was opened before"),
        N_("Your number of it was not saved: it has another, or none yet."),
        N_("Say your number when you accept it."),
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
    "referral-not-ended": Told(
        N_("This referral has not ended yet"),
        N_("Nothing was sent. A new referral takes the place of one that has ended."),
        N_("Wait for their answer, or ask them to stop."),
    ),
    "referral-already-attested": Told(
        N_("Somebody checked already how it ended"),
        N_("Nothing was saved. What was said first stands."),
    ),
    "attest-own-work": Told(
        N_("Somebody else has to check this"),
        N_("Nothing was saved. Who wrote down how it ended does not check it, too."),
        N_("Ask another supervisor of your agency."),
    ),
    "sender-left": Told(
        N_("Who sent this has left the initiative"),
        N_("Nothing was passed on: nobody there would follow it, or be told how it ends."),
        N_("Ask her, and send a referral of your own. Then close this one."),
    ),
    "not-enough-attempts": Told(
        N_("She was not tried for enough yet"),
        N_(
            "Nothing was saved. Before an agency gives up it tries several times, over some days, in more than one way."
        ),
        N_("Record each attempt as a contact on the referral; its page says what is missing."),
    ),
    "nothing-to-take-back": Told(
        N_("There is no step of yours to take back"),
        N_("Nothing was changed. The other agency has seen your step, or the last step was not yours."),
        N_("Call them, if something is wrong."),
    ),
    "too-late-to-take-back": Told(
        N_("It is too late to take this back"),
        N_("Nothing was changed. A step can be taken back for 15 minutes."),
        N_("Look at it as it stands: if it has ended, you can send a new one."),
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
}
