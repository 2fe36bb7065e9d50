"""Owns how the files of a referral or a contact are listed on its page."""

from collections.abc import Mapping, Sequence
from typing import Final

from services.gateway.pages.api import Json
from services.gateway.pages.visit import Visit

KINDS: Final[Mapping[str, str]] = {"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG"}


async def listed(visit: Visit, path: str) -> Sequence[Json]:
    """The files of a referral or contact, each with a handle good for this sign-in and the word for its kind."""
    found = await visit.api.find(f"{path}/files")
    items: Sequence[Json] = found["items"] if found else ()
    return [
        {**each, "handle": visit.handles.of(each["note"]), "kind": KINDS.get(each["media_type"], "")} for each in items
    ]
