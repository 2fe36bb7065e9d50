"""The words of problems with what she agreed to."""

from collections.abc import Mapping

from services.gateway.pages.problems.told import Told
from services.gateway.pages.words import N_

PROBLEMS: Mapping[str, Told] = {
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
    "consent-overruled": Told(
        N_("She has said no to this"),
        N_("Nothing was sent. What she agreed to before does not stand against her no."),
        N_("If she says yes now, write it down as a new agreement with this agency."),
    ),
    "consent-already-ended": Told(
        N_("This agreement holds no more already"),
        N_("Nothing was saved. She took it back, or its last day is over."),
        N_("If she agrees again, write it down as a new agreement."),
    ),
    "consent-refused": Told(
        N_("She said no: there is nothing to take back"),
        N_("Nothing was saved. What she refused was never shared."),
        N_("If she says yes now, change what is written down."),
    ),
    "consent-already-recorded": Told(N_("This consent is written down already"), N_("It was not written down twice.")),
}
