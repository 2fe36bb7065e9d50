"""Who acts, for which agency, in which request, and when: what every use case is told first."""

from dataclasses import field, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from services.referrals.domain.frozen import frozen
from services.referrals.domain.uuids import uuid_of
from services.referrals.domain.vocabulary import Source
from services.runtime.http.call import Call
from services.runtime.postgres.behalf import ask_also_for

BACKBONE: Final = "backbone"
"""Who records what an initiative itself says: its people are of no agency, and no agency may be called so."""


@frozen
class Acting:
    """A person or system of one agency asking for one thing. `at` is the present (UTC), `today` the local date of it.

    `source` is who says what the receiver of a referral says: itself, or off the system by letter (code, phone, slip).
    `supervises`: it may attest how its agency's work ended. `correlation` is one id for everything that this request
    sets off. `meant`: what each reference in the request named, as it was looked up.
    """

    agency: str
    initiative: str
    subject: str
    is_system: bool
    at: datetime
    today: date
    call: Call
    source: Source = Source.RECIPIENT
    supervises: bool = False
    meant: dict[str, UUID] = field(default_factory=dict)

    @property
    def correlation(self) -> UUID:
        return uuid_of(int(self.call.request_id.replace("-", ""), 16))

    @property
    def asked(self) -> bytes:
        """What is "the same request" for an Idempotency-Key: a reference is the same in whichever year's form."""
        text = self.call.fingerprint_text
        for reference, id in self.meant.items():
            text = text.replace(reference.encode(), id.bytes)
        return text


def speaking_for(acting: Acting, agency: str, **otherwise: Any) -> Acting:
    """The same request in the name of another agency, where the rules let the caller speak for it: what it writes is
    that agency's, and the store takes it as such from here on."""
    ask_also_for(agency)
    return replace(acting, agency=agency, **otherwise)
