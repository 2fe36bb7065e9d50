"""Owns forms that came when their sign-in was over: sealed into the answer, for the same person to go on with (R10).

They lie in no browser storage and on no server: whoever closes that page has the draft that was saved before. A form
names who it was drawn for, sealed, so that this is known also when the session is gone: it ended by itself, or
somebody signed out in another tab, as on a computer that several people share.
"""

import base64
import json
import re
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from services.gateway.access.session import Handles, Sealer, Session
from services.gateway.access.way_back import HANDLES as IN_ADDRESS
from services.runtime.auth import Principal

GOOD_FOR_SECONDS = 12 * 3600
LONGEST = 1_200_000
PIECE = 10_000
OF_THEM = "came-"
HANDLES = frozenset({"client", "need", "screening", "contact", "own_client", "episode", "member", "add"})
"""Fields whose value is a handle of the sign-in, where it has the form of one."""
FORM_OF_ONE = re.compile(r"[a-z2-7]{26}")

Turn = Callable[[str], str | None]
Values = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Kept:
    """What was typed, and the parameters of its page's address, with references in the place of handles."""

    whose: str
    values: Values
    path: Mapping[str, str]

    def is_of(self, principal: Principal | None) -> bool:
        """Whether that person, in the same place, has signed in."""
        return principal is not None and self.whose == _whose(principal)

    def in_sign_in(self, session: Session) -> tuple[Values, Mapping[str, str]]:
        """The values and parameters with handles of that sign-in."""
        return _turned(self.values, self.path, Handles(session).of)


class KeptForms:
    """Seals a form's values to one page and one person. A client's handle ends with its sign-in: it is turned over."""

    def __init__(self, key_hex: str) -> None:
        self._names = Sealer(key_hex, "form")
        self._forms = Sealer(key_hex, "kept-form", longest=LONGEST)

    def signed(self, session: Session, principal: Principal) -> Session:
        """The session, whose forms say whose they are: to us alone."""
        return replace(session, csrf=self._names.seal({"whose": _whose(principal), "seed": session.seed}))

    def drawn_for(self, csrf: str) -> Session | None:
        """The sign-in for which a form was drawn, without its token: it has ended, or is another's."""
        drawn = self._names.open(csrf)
        return None if drawn is None else Session("", csrf, drawn["seed"], json.loads(drawn["whose"])[0])

    def seal(self, template: str, csrf: str, values: Values, path: Mapping[str, str]) -> list[str]:
        """In pieces that a field can hold; none where the form does not say whose it is, or holds too much."""
        drawn = self._names.open(csrf)
        if drawn is None:
            return []
        turned, parameters = _turned(values, path, Handles(Session("", "", drawn["seed"])).back)
        packed = zlib.compress(json.dumps([turned, parameters]).encode())
        sealed = self._forms.seal(
            {
                "template": template,
                "whose": drawn["whose"],
                "until": time.time() + GOOD_FOR_SECONDS,
                "values": base64.b64encode(packed).decode(),
            }
        )
        return [sealed[at : at + PIECE] for at in range(0, len(sealed), PIECE)] if len(sealed) <= LONGEST else []

    def open(self, pieces: tuple[str, ...], template: str) -> Kept | None:
        """None for what was not sealed here for this page, or too long ago."""
        found = self._forms.open("".join(pieces))
        if found is None or found["until"] < time.time() or found["template"] != template:
            return None
        values, path = json.loads(zlib.decompress(base64.b64decode(found["values"])))
        return Kept(found["whose"], {name: tuple(each) for name, each in values.items()}, path)


def _whose(principal: Principal) -> str:
    return json.dumps([principal.subject, principal.initiative, principal.agency])


def _turned(values: Values, path: Mapping[str, str], turn: Turn) -> tuple[Values, Mapping[str, str]]:
    def over(text: str) -> str:
        return (turn(text) if FORM_OF_ONE.fullmatch(text) else None) or text

    fields: dict[str, tuple[str, ...]] = {}
    for name, each in values.items():
        of_them = name.startswith(OF_THEM)
        known = f"{OF_THEM}{over(name.removeprefix(OF_THEM))}" if of_them else name
        fields[known] = tuple(map(over, each)) if name in HANDLES else tuple(each)
    return fields, {name: over(value) if name in IN_ADDRESS else value for name, value in path.items()}
