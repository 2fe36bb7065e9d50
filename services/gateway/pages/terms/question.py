"""What the states of a question between two sides are called on a page."""

from collections.abc import Mapping

from services.gateway.pages.words import N_

QUESTION_STATES: Mapping[str, str] = {"asked": N_("Question asked")}
QUESTION_SHAPES: Mapping[str, str] = {"asked": "wait"}
