"""Which characters cannot be seen: they have no place in a line that people read, be it a name or an address."""

import re
from typing import Final

# Controls and line ends; marks that turn the direction of what follows; what has no width and joins nothing; tags. The
# two joiners are none of it: emoji and Indic and Arabic scripts are written with them.
UNSEEN: Final = (
    r"\u0000-\u001f\u007f-\u009f\u2028\u2029"
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    r"\u00ad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"
)
"""As they stand in the class of a regular expression, of JSON Schema too."""

_TAGS: Final = "\U000e0000-\U000e007f"
_REFUSED: Final = re.compile(f"[{UNSEEN}{_TAGS}]")
_BLANK: Final = re.compile(r"[\s\u034f\u115f\u1160\u200c\u200d\u2800\u3164\ufe00-\ufe0f\uffa0]*\Z")


def holds_unseen(text: str) -> bool:
    """Whether some character of it cannot be seen."""
    return _REFUSED.search(text) is not None


def is_blank(text: str) -> bool:
    """Whether none of it can be seen."""
    return _BLANK.match(text) is not None
