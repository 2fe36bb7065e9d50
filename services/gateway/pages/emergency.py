"""Owns the strip on every page of a client whose record the reader opened in an emergency: until when."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from services.gateway.pages.visit import Visit


def until(visit: "Visit", context: Mapping[str, Any]) -> datetime | None:
    """In local time; None where nothing is open. `her` in a page's context is whom the API told of in one line."""
    her = context.get("her")
    told = her.get("break_glass_until") if isinstance(her, Mapping) else None
    return visit.words.local(datetime.fromisoformat(told)) if told else None
