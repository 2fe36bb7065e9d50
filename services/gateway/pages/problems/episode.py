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
    "episode-closed": Told(N_("This pregnancy is closed"), N_("Nothing was saved. Your agency is through with it.")),
    "dating-moved": Told(
        N_("Another due date stands by now"),
        N_("Yours was not saved. A colleague wrote one down since you opened the page."),
        N_("Look at the due date that stands, then decide anew."),
    ),
    "prenatal-care-already-recorded": Told(
        N_("Her first visit is written down already"), N_("Nothing was saved. It stands on another day.")
    ),
    "end-already-recorded": Told(
        N_("It is written down already how it ended"),
        N_("Nothing was saved. What your agency wrote first stands."),
    ),
    "no-birth-recorded": Told(
        N_("A visit after the birth needs a birth"),
        N_("Nothing was saved."),
        N_("Write down the visit as a contact: that says what your agency did for her."),
    ),
}
