"""States and outcomes of a referral."""

from collections.abc import Mapping

from services.gateway.pages.words import N_

STATES: Mapping[str, str] = {
    "sent": N_("Sent, not opened"),
    "received": N_("Received"),
    "accepted": N_("Accepted"),
    "waitlisted": N_("On the waiting list"),
    "in_service": N_("In service"),
    "completed": N_("Completed"),
    "not_completed": N_("Not completed"),
    "declined": N_("Declined"),
    "cancel_requested": N_("Cancellation asked for"),
    "cancelled": N_("Cancelled"),
    "expired": N_("Expired"),
    "redirected": N_("Redirected"),
    "entered_in_error": N_("Entered in error"),
}

ATTESTATIONS: Mapping[str, str] = {
    "verified": N_("It ended as it is written here"),
    "not_verified": N_("What is written here does not show it"),
}
"""What a supervisor of the receiver found."""

OUTCOMES: Mapping[str, str] = {
    "service_received": N_("She received the service"),
    "service_begun": N_("The service has begun and goes on"),
    "enrolled": N_("She is enrolled"),
    "need_resolved": N_("The need is solved"),
}
