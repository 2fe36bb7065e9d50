"""Needs, as people who do the work call them."""

from collections.abc import Mapping

from contracts.vocabulary.need_words import NEED_WORDS
from services.gateway.pages.words import N_, ORIGIN

CATEGORIES: Mapping[str, str] = {**NEED_WORDS[ORIGIN], "unmapped": N_("Something else")}
