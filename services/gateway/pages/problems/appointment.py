"""The words of problems with a visit."""

from collections.abc import Mapping

from services.gateway.pages.problems.told import Told
from services.gateway.pages.words import N_

PROBLEMS: Mapping[str, Told] = {
    "appointment-already-booked": Told(N_("This visit is booked already"), N_("It was not booked twice.")),
    "appointment-already-over": Told(
        N_("This visit is over, or was cancelled"),
        N_("Nothing was saved. A visit that is over is not booked again."),
        N_("Book another visit on the page of the referral."),
    ),
    "appointment-lies-ahead": Told(
        N_("This visit lies ahead"),
        N_("Nothing was saved. Whether she came is written down once its time has come."),
        N_("If it has another time now, move it first."),
    ),
}
