"""What a problem page says."""

from dataclasses import dataclass

from services.gateway.pages.words import N_


@dataclass(frozen=True)
class Told:
    """What a problem page says: the heading, whether anything was saved, and what to do."""

    title: str
    lead: str
    step: str = N_("Go back to your work and look at it as it is now.")
