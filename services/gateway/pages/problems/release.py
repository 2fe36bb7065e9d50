"""The words of problems with figures and releases."""

from collections.abc import Mapping

from services.gateway.pages.problems.told import Told
from services.gateway.pages.words import N_

AGAIN = N_("Go back to the releases and choose again.")
LOOK = N_("Go back to the releases and look at them as they are now.")

PROBLEMS: Mapping[str, Told] = {
    "measure-unknown": Told(
        N_("There is no measure of that name"), N_("Nothing was saved."), N_("The list of definitions names them all.")
    ),
    "view-not-in-catalogue": Told(
        N_("This release has no such table"),
        N_("Nothing was saved. A release has the tables that were declared before, and no others."),
        AGAIN,
    ),
    "period-unknown": Told(
        N_("Figures are not released over that time"),
        N_("Nothing was saved. They are released over a quarter, a year or three years, and over no other span."),
        AGAIN,
    ),
    "period-not-closed": Told(
        N_("That time is not over yet"),
        N_("Nothing was saved. What happened in it may still be answered, or still be written down."),
        N_("The list of releases says from which day on it can be released."),
    ),
    "period-before-data": Told(
        N_("That time was over before the data begin"),
        N_("Nothing was saved. Nothing is known of that time, so that a release of it would show nothing."),
        AGAIN,
    ),
    "cutoff-in-the-future": Told(
        N_("That moment lies ahead"),
        N_("Nothing was saved. Nobody knows yet what will be written down by then."),
        AGAIN,
    ),
    "window-longer-than-data": Told(
        N_("The data do not reach back that far"),
        N_("Nothing was saved. This measure looks at a longer time than anything has been written down for."),
        N_("Wait until there is more, or leave the measure out."),
    ),
    "figures-behind": Told(
        N_("The figures are a little behind"),
        N_("Nothing was saved. What was written down last is not counted yet."),
        N_("Try again in a minute."),
    ),
    "own-release": Told(
        N_("You built this release yourself"),
        N_("Nothing was saved. Another person looks at it before others see it."),
        N_("Ask another person of the backbone to approve it."),
    ),
    "release-overlaps": Told(
        N_("Another release is about some of the same time"),
        N_("Nothing was saved. The two together would show what each hides; the other was published later."),
        N_("Build this one again, and ask another person to approve it: it then hides what would follow."),
    ),
    "release-withdrawn": Told(
        N_("This release was withdrawn"),
        N_("Nothing was saved. Its figures are not shown any more; why, stands with it."),
        LOOK,
    ),
}
