"""The words of problems with the work list."""

from collections.abc import Mapping

from services.gateway.pages.problems.told import Told
from services.gateway.pages.words import N_

PROBLEMS: Mapping[str, Told] = {
    "work-already-claimed": Told(
        N_("A colleague does it already"),
        N_("Your claim was not saved. Theirs stands until it expires or they give it back."),
        N_("Go back to your work: it says who does it, and you can take it over."),
    ),
    "nothing-waits": Told(
        N_("Nothing waits here any more"),
        N_("Nothing was saved. It was done, or it has ended, since you opened the page."),
    ),
}
