"""What shape stands beside the word of a state, and which states are ends."""

from collections.abc import Mapping

# The shape beside the word: done, doing, wait, late or (empty) stopped.
STATE_SHAPES: Mapping[str, str] = {
    "sent": "wait",
    "received": "wait",
    "waitlisted": "wait",
    "cancel_requested": "wait",
    "proposed": "wait",
    "agreed": "wait",
    "offered": "wait",
    "accepted": "doing",
    "in_service": "doing",
    "booked": "wait",
    "attended": "done",
    "completed": "done",
}

UNANSWERED = frozenset({"sent", "received", "waitlisted", "offered"})
"""States in which its receiver has not taken her on."""

ENDED = frozenset(
    {"completed", "not_completed", "declined", "cancelled", "expired", "redirected", "entered_in_error",
     "client_declined", "withdrawn", "failed"}
)  # fmt: skip
