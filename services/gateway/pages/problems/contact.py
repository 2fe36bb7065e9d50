"""The words of problems with a support contact."""

from collections.abc import Mapping

from services.gateway.pages.problems.told import Told
from services.gateway.pages.words import N_

PROBLEMS: Mapping[str, Told] = {
    "contact-already-recorded": Told(N_("This contact is written down already"), N_("It was not written down twice.")),
    "contact-already-cancelled": Told(
        N_("This was called off already"),
        N_("Nothing was saved. Who called it off first stands."),
        N_("Plan another contact on her page."),
    ),
    "no-evidence": Told(
        N_("Say which contact shows what was done for her"),
        N_("Nothing was saved. Completed means that something was done: a contact, or a delivery."),
        N_("Go back and record the contact first."),
    ),
}
