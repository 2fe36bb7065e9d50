"""One line of text that people read back: names, addresses, numbers, without what cannot be seen."""

import re
from typing import Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError, PydanticKnownError

# Controls and line ends; marks that turn the direction of what follows; what has no width and joins nothing; tags. The
# two joiners are none of it: emoji and Indic and Arabic scripts are written with them.
_UNSEEN: Final = (
    r"\u0000-\u001f\u007f-\u009f\u2028\u2029"
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    r"\u00ad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"
)
_TAGS: Final = "\U000e0000-\U000e007f"
_REFUSED: Final = re.compile(f"[{_UNSEEN}{_TAGS}]")
_BLANK: Final = re.compile(r"[\s\u034f\u115f\u1160\u200c\u200d\u2800\u3164\ufe00-\ufe0f\uffa0]*\Z")
_NUL: Final = "\0"


def _seen(text: str) -> str:
    """Raises for a character that cannot be seen, and where none can. NUL is refused in every text, elsewhere."""
    if _REFUSED.search(text.replace(_NUL, "")):
        raise PydanticCustomError("unseen_character", "A character that cannot be seen.")
    if _BLANK.match(text):
        raise PydanticKnownError("string_too_short", {"min_length": 1})
    return text


SEEN: Final = AfterValidator(_seen)
"""Refuses what cannot be seen."""

SEEN_FORM: Final = Field(json_schema_extra={"pattern": f"^[^{_UNSEEN}]*$"})
"""The same for the document."""
