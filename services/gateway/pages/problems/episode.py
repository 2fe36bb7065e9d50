"""The words of problems with a pregnancy."""

from collections.abc import Mapping

from services.gateway.pages.problems.told import Told
from services.gateway.pages.words import N_

PROBLEMS: Mapping[str, Told] = {
    "episode-not-open": Told(
        N_("No pregnancy is open for this"),
        N_("Nothing was saved. A handoff belongs to a pregnancy."),
        N_("Open the pregnancy on her page first."),
    ),
    "episode-already-open": Told(
        N_("A pregnancy is open already"), N_("Nothing was saved twice. There is one at a time.")
    ),
}
