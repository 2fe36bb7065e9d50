"""Owns forms that came when the sign-in had run out: sealed into the answer, for the same person to send once more.

They lie in no browser storage and on no server: whoever closes that page has the draft that was saved before (R10).
"""

import json
import time
import zlib
from collections.abc import Callable, Mapping

from services.gateway.access.session import Handles, Sealer, Session

GOOD_FOR_SECONDS = 12 * 3600
LONGEST = 60_000
CLIENT = "client"

Turn = Callable[[str], str | None]
Values = dict[str, list[str]]


class KeptForms:
    """Seals a form's values to one page and one person. A client's handle ends with its sign-in: it is turned over."""

    def __init__(self, key_hex: str) -> None:
        self._sealer = Sealer(key_hex, "kept-form", longest=LONGEST)

    def seal(self, template: str, session: Session, values: Mapping[str, list[str]]) -> str:
        """The values, sealed; empty where they are more than a page can hold."""
        packed = zlib.compress(json.dumps(_turned(values, Handles(session).back)).encode()).hex()
        sealed = self._sealer.seal(
            {
                "template": template,
                "subject": session.subject,
                "until": time.time() + GOOD_FOR_SECONDS,
                "values": packed,
            }
        )
        return sealed if len(sealed) <= LONGEST else ""

    def open(self, sealed: str, template: str, session: Session | None) -> Values | None:
        """The values; None for what was not sealed for this person on this page, or too long ago."""
        found = self._sealer.open(sealed)
        if found is None or session is None or found["until"] < time.time():
            return None
        if (found["template"], found["subject"]) != (template, session.subject):
            return None
        values: Values = json.loads(zlib.decompress(bytes.fromhex(found["values"])))
        return _turned(values, Handles(session).of)


def _turned(values: Mapping[str, list[str]], turn: Turn) -> Values:
    chosen = values.get(CLIENT, [])
    turned = [each if each in {"", "new"} else turn(each) for each in chosen]
    return {**values, CLIENT: [each for each in turned if each is not None]}
