"""Owns what is said of a pregnancy: how it is dated, how far it is, and how it ended."""

from collections.abc import Mapping

from services.gateway.pages.words import N_

DATING_BASES: Mapping[str, str] = {
    "ultrasound": N_("Ultrasound"),
    "lmp": N_("Her last period"),
    "art": N_("The day of treatment (IVF)"),
    "clinical": N_("Examination"),
}

EPISODE_STATES: Mapping[str, str] = {
    "open_undated": N_("No due date yet"),
    "open_dated": N_("Due date known"),
    "lost": N_("She cannot be found"),
    "postpartum": N_("After the pregnancy"),
    "closed": N_("Closed"),
    "entered_in_error": N_("Entered in error"),
}

EPISODE_SHAPES: Mapping[str, str] = {
    "open_undated": "wait",
    "open_dated": "doing",
    "lost": "late",
    "postpartum": "doing",
}

ENDINGS: Mapping[str, str] = {
    "live_birth": N_("Live birth"),
    "stillbirth": N_("Stillbirth"),
    "miscarriage": N_("Miscarriage"),
    "termination": N_("Termination"),
    "other": N_("Another way"),
}

LEAD_STATES: Mapping[str, str] = {"silent": N_("Out of touch")}
"""How it stands between her and the agency that leads, where something waits."""

LEAD_SHAPES: Mapping[str, str] = {"silent": "late"}

PROMISE_STATES: Mapping[str, str] = {"planned": N_("Promised")}
"""The same of a contact that was promised."""

PROMISE_SHAPES: Mapping[str, str] = {"planned": "wait"}
