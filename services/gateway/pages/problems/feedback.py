"""The words of problems with a client's voice."""

from collections.abc import Mapping

from services.gateway.pages.problems.told import Told
from services.gateway.pages.words import N_

PROBLEMS: Mapping[str, Told] = {
    "referral-not-ended": Told(
        N_("This referral has not ended yet"),
        N_("Nothing was saved. She is asked how it was when it is over."),
        N_("Look at the referral as it is now."),
    ),
    "feedback-not-asked": Told(
        N_("Nobody has asked her yet"),
        N_("Nothing was saved. That she was asked, and what she said, are two things."),
        N_("Ask her first: the button is on the page of the referral."),
    ),
    "feedback-already-answered": Told(
        N_("What she said is written down already"),
        N_("Nothing was saved. Her first answer stands."),
    ),
}
