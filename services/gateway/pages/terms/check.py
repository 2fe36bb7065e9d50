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

CHECK_RULES: Mapping[str, str] = {
    "first_yes": N_("Suggested: they said yes first."),
    "least_recently_referred": N_("Suggested: nobody was sent to them for longest."),
    "nearest_area": N_("Suggested: they serve the area nearest to her."),
}
"""Why one of several that have room is suggested."""
