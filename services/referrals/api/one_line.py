"""One line of text that people read back: names, addresses, numbers, without what cannot be seen."""

from typing import Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError, PydanticKnownError

from contracts.one_line import UNSEEN, holds_unseen, is_blank

_NUL: Final = "\0"


def _seen(text: str) -> str:
    """Raises for a character that cannot be seen, and where none can. NUL is refused in every text, elsewhere."""
    if holds_unseen(text.replace(_NUL, "")):
        raise PydanticCustomError("unseen_character", "A character that cannot be seen.")
    if is_blank(text):
        raise PydanticKnownError("string_too_short", {"min_length": 1})
    return text


SEEN: Final = AfterValidator(_seen)
"""Refuses what cannot be seen."""

SEEN_FORM: Final = Field(json_schema_extra={"pattern": f"^[^{UNSEEN}]*$"})
"""The same for the document."""
