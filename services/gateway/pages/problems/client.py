"""The words of problems with a client."""

from collections.abc import Mapping

from services.gateway.pages.problems.told import Told
from services.gateway.pages.words import N_

PROBLEMS: Mapping[str, Told] = {
    "number-in-use": Told(
        N_("Another client of yours has this number"),
        N_("Nothing was saved. A number of your agency belongs to one woman."),
        N_("Find the client who has it, or check the number."),
    ),
}
