"""Owns the way back: the page that somebody wanted before signing in, sealed, so that it leads nowhere but here."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from services.gateway.access.authorize import Resource, authorize
from services.gateway.access.session import Handles, Sealer, Session
from services.runtime.auth import Principal

GOOD_FOR_SECONDS = 24 * 3600
LONGEST_QUERY = 300
LONGEST = 2048
HANDLES = frozenset({"handle", "contact", "file"})
"""Parameters of an address that are handles of the sign-in."""


@dataclass(frozen=True)
class Place:
    """A page of ours: the template of its address and the action that its reader must be allowed."""

    template: str
    action: str


class WayBack:
    """Seals a wanted page and opens it again for whoever signs in. An address is made of our own templates alone.

    A client's handle ends with its sign-in, so her reference is sealed instead and becomes a handle of the new one;
    what an ended sign-in was looking at is opened for the same person only.
    """

    def __init__(self, key_hex: str, initiatives: Collection[str]) -> None:
        """`initiatives` are those that are served here."""
        self._sealer = Sealer(key_hex, "way-back")
        self._initiatives = initiatives

    def to(self, place: Place, parameters: Mapping[str, str], query: str, session: Session | None) -> str:
        """The sealed way to a page; empty where there is none. `session`: the sign-in that has ended, if any."""
        found = dict(parameters)
        for name in HANDLES & found.keys():
            reference = Handles(session).back(found[name]) if session is not None else None
            if reference is None:
                return ""
            found[name] = reference
        sealed = self._sealer.seal(
            {
                "template": place.template,
                "action": place.action,
                "parameters": found,
                "query": query if len(query) <= LONGEST_QUERY else "",
                "subject": session.subject if session is not None else "",
                "until": time.time() + GOOD_FOR_SECONDS,
            }
        )
        return sealed if len(sealed) <= LONGEST else ""

    def address(self, sealed: str, session: Session, principal: Principal) -> str:
        """The page's address in this sign-in; the first page where the way is not ours, not theirs, or too old."""
        found = self._sealer.open(sealed) if len(sealed) <= LONGEST else None
        if found is None or found["until"] < time.time() or found["subject"] not in {"", principal.subject}:
            return "/"
        parameters = dict(found["parameters"])
        wanted = Resource(found["template"], self._initiatives, parameters)
        if not authorize(principal, found["action"], wanted).allowed:
            return "/"
        for name in HANDLES & parameters.keys():
            parameters[name] = Handles(session).of(parameters[name])
        path = found["template"].format(**{name: quote(value, safe="") for name, value in parameters.items()})
        return f"{path}?{found['query']}" if found["query"] else path
