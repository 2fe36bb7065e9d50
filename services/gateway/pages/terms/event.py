"""What happened, in the words of a timeline, where no value belongs into them."""

from collections.abc import Mapping

from services.gateway.pages.words import N_

EVENTS: Mapping[str, str] = {
    "client.registered": N_("Known to this agency"),
    "consent.expired": N_("Her agreement ran out"),
    "consent.revoked": N_("She took back her agreement"),
    "contact.entered_in_error": N_("Entered in error"),
    "contact.taken_back": N_("A step was taken back"),
    "disclosure.recorded": N_("Somebody read what was shared"),
    "birth.recorded": N_("The birth is written down"),
    "episode.age_band_stated": N_("Her birth date was completed"),
    "episode.closed": N_("Pregnancy closed"),
    "episode.end_recorded": N_("How it ended is written down"),
    "episode.lost": N_("She cannot be found"),
    "episode.opened": N_("Pregnancy opened"),
    "episode.prenatal_care_started": N_("First prenatal visit"),
    "episode.resumed": N_("She was found again"),
    "episode.superseded": N_("Another entry stands in its place"),
    "feedback.answered": N_("She said how it was"),
    "feedback.asked": N_("She was asked how it was"),
    "handoff.accepted": N_("Handoff accepted"),
    "handoff.client_agreed": N_("She agreed to the handoff"),
    "handoff.client_declined": N_("She does not want the handoff"),
    "handoff.completed": N_("Handoff completed"),
    "handoff.declined": N_("Handoff declined"),
    "need.entered_in_error": N_("A need was entered in error"),
    "postpartum_visit.recorded": N_("Visit after the birth"),
    "handoff.expired": N_("Handoff expired: nobody answered"),
    "handoff.failed": N_("Handoff failed: nobody took it up"),
    "handoff.withdrawn": N_("Handoff withdrawn"),
    "note.kept": N_("A note or file was added"),
    "referral.accepted": N_("Accepted"),
    "referral.acknowledged": N_("The sender was told"),
    "referral.cancellation_requested": N_("The receiver was asked to stop"),
    "referral.cancelled": N_("Cancelled"),
    "referral.declined": N_("Declined"),
    "referral.entered_in_error": N_("Entered in error"),
    "referral.expired": N_("Expired"),
    "referral.not_completed": N_("Not completed"),
    "referral.received": N_("Received"),
    "referral.service_started": N_("In service"),
    "referral.taken_back": N_("A step was taken back"),
    "referral.waitlisted": N_("Put on the waiting list"),
    "safecontact.planned": N_("How she may be contacted was planned"),
    "screening.entered_in_error": N_("A screening was entered in error"),
    "restricted": N_("Health service, restricted"),
}
"""By the type of an event without its version; what says more than this has its words in `views/history.py`."""

TIMERS: Mapping[str, str] = {
    "confirm_cancellation": N_("Nobody confirmed it in time"),
    "expire_handoff": N_("Nobody answered in time"),
    "fail_handoff": N_("Nobody met her in time"),
    "expire": N_("Nobody answered in time"),
    "expire_consent": N_("The last day of her agreement is over"),
    "end_postpartum": N_("A year after the due date has passed"),
}
"""What had not happened when its time ran out."""
