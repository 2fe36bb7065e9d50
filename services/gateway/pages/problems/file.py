"""The words of problems with a file."""

from collections.abc import Mapping

from services.gateway.pages.problems.told import Told
from services.gateway.pages.words import N_

PROBLEMS: Mapping[str, Told] = {
    "file-empty": Told(
        N_("The file is empty"),
        N_("Nothing of it was kept. It has no bytes at all."),
        N_("Open it on your computer, save it again, and choose it once more."),
    ),
    "file-not-as-named": Told(
        N_("The file is not what its name says"),
        N_("Nothing of it was kept. Its name ends like one kind of file, and it is another."),
        N_("Save it anew as PDF, PNG or JPEG, and choose it once more."),
    ),
    "file-type-unknown": Told(
        N_("Only PDF, PNG and JPEG are taken"),
        N_("Nothing of it was kept. Other kinds of files can carry harm."),
        N_("Save or print it as a PDF, and choose that."),
    ),
    "file-with-script": Told(
        N_("The PDF holds a script, or a file of its own"),
        N_("Nothing of it was kept. A paper that runs something can carry harm."),
        N_("Print it to a new PDF: that holds the pages alone."),
    ),
    "file-unreadable": Told(
        N_("Nobody can look into this PDF"),
        N_("Nothing of it was kept. It is damaged, or locked with a password."),
        N_("Open it, print it to a new PDF, and choose that."),
    ),
}
