"""The words of problems with a need or a screening."""

from collections.abc import Mapping

from services.gateway.pages.problems.told import Told
from services.gateway.pages.words import N_

PROBLEMS: Mapping[str, Told] = {
    "need-already-ended": Told(
        N_("This need has ended already"),
        N_("Nothing was saved. How it ended first stands."),
        N_("If she needs it again, write it down anew on her page."),
    ),
    "screening-already-recorded": Told(
        N_("This screening is written down already"), N_("It was not written down twice.")
    ),
}
