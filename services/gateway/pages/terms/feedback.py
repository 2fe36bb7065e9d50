"""What a client says of how it was."""

from collections.abc import Mapping

from services.gateway.pages.words import N_

DEGREES: Mapping[str, str] = {"yes": N_("Yes"), "partly": N_("Partly"), "no": N_("No")}
