"""The words of problems of a page that was only looked at: nothing was to be saved, so nothing is said of saving."""

from collections.abc import Mapping

from services.gateway.pages.problems.told import Told
from services.gateway.pages.words import N_

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
