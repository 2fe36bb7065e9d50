"""The one way in which data become bytes: JSON, keys sorted, no spaces, UTF-8, the same bytes for the same data."""

import json
from typing import Any


def canonical_json(value: Any) -> bytes:
    """The bytes of plain JSON data (dict, list, str, int, bool, None). Raises TypeError or ValueError for any other."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")
