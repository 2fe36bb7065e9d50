"""What the directory's codes are called on a page."""

from collections.abc import Mapping

from services.gateway.pages.words import N_

STANDINGS: Mapping[str, str] = {
    "invited": N_("Invited"),
    "active": N_("Takes part"),
    "paused": N_("Paused"),
    "left": N_("Has left"),
}
STANDING_SHAPES: Mapping[str, str] = {"invited": "wait", "active": "done", "paused": "wait"}

SERVICE_STATUSES: Mapping[str, str] = {
    "active": N_("Open"),
    "temporarily closed": N_("Closed for a while"),
    "inactive": N_("Not offered now"),
    "defunct": N_("Ended for good"),
}

AGENCY_TYPES: Mapping[str, str] = {
    "clinic": N_("Clinic"),
    "community_organisation": N_("Community organisation"),
    "doula_network": N_("Doula network"),
    "family_resource_centre": N_("Family resource centre"),
    "hub": N_("Hub"),
    "wic_office": N_("WIC office"),
    "other": N_("Another kind"),
}
