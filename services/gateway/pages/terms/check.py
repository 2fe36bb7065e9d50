"""What the states of a capacity check are called on a page."""

from collections.abc import Mapping

from services.gateway.pages.words import N_

CHECK_STATES: Mapping[str, str] = {
    "asked": N_("Not answered yet"),
    "yes": N_("Has room"),
    "no": N_("No room"),
    "closed": N_("Not asked any more"),
}
CHECK_SHAPES: Mapping[str, str] = {"asked": "wait", "yes": "done"}
