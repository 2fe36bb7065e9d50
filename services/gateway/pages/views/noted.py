"""Owns how a note of this agency's own is read on a page: the text behind the handle that the API names."""

from collections.abc import Mapping

from services.gateway.pages.api import Json
from services.gateway.pages.visit import Visit


async def note_of(visit: Visit, note: str | None) -> str | None:
    """What was typed; None where there is no note, or none that this agency may read."""
    found = await visit.api.find(f"/notes/{note}") if note else None
    return (found or {}).get("text")


async def notes_of(visit: Visit, history: list[Json]) -> Mapping[str, str]:
    """What was typed with each step of a history, by the step's event."""
    of = {str(each["event"]): note for each in history if (note := (each.get("detail") or {}).get("note"))}
    found = {event: await note_of(visit, note) for event, note in of.items()}
    return {event: text for event, text in found.items() if text}
