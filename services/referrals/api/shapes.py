"""Shapes that several resources share: strict bodies, handles, an agency with its name, a person's identity, pages."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints, model_validator

from contracts.directory import Slug
from services.referrals.api.one_line import SEEN, SEEN_FORM
from services.referrals.domain.consent import Consent
from services.referrals.domain.fact import CodedReason, Language, Person
from services.referrals.domain.vocabulary import GivenField, How

__all__ = ["CodedReason", "Language", "Person", "Slug"]

Handle = Annotated[str, StringConstraints(pattern=r"^[a-z2-7]{26}$")]
"""An id as one agency knows it (interface.md section 3)."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), SEEN, SEEN_FORM]
"""One line, as it is read back; notes have lines."""

NoteText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]

OwnNumber = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64), SEEN, SEEN_FORM]
"""An agency's own number for somebody, whatever it is made of."""

_APART = r"[ \u00a0().\-\u2010-\u2013/]*"
_EXTENSION = r"(?:[,;]? ?(?:[eE][xX][tT](?:ensi[oó]n)?[.:=]?|[xX#]) ?[0-9]{1,6})?"
Phone = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=40, pattern=rf"^\+?(?:{_APART}[0-9]){{7,15}}{_APART}{_EXTENSION}$"
    ),
]
"""7 to 15 digits (ITU-T E.164) with what people set between them, and an extension if there is one."""

Day = Annotated[date, Field(ge=date(1900, 1, 1))]
"""A local date on the way in: of nobody who is helped here is anything older."""

Moment = Annotated[AwareDatetime, Field(ge=datetime(1990, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))]
"""A time on the way in, with its zone."""


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Instant = Annotated[datetime, PlainSerializer(_rfc3339, return_type=str, when_used="json")]
"""A time on the way out: RFC 3339 in UTC, to the millisecond."""


WorkKind = Literal["referral", "handoff", "appointment", "contact", "check", "question", "episode", "consent"]
"""What can wait for somebody."""


class Body(BaseModel):
    """What may be sent: strict types, and nothing that is not described."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class Answer(BaseModel):
    """What is answered."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, serialize_by_alias=True)


class AgencyNamed(Answer):
    """An agency: its id and the name that people know."""

    agency: str
    name: str


class NameGiven(Body):
    """One name that she uses; either part may be missing, not both."""

    given: Text | None = None
    family: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.given is None and self.family is None:
            raise ValueError("A name has a given or a family part.")
        return self


class AddressGiven(Body):
    """Where she can be written to."""

    line: Text | None = None
    city: Text | None = None
    zip: Annotated[str, StringConstraints(pattern=r"^[0-9]{5}(-[0-9]{4})?$")] | None = None


class IdentityGiven(Body):
    """Who she is, as one agency knows her. All but a name is optional; `mrn` is the agency's own number for her."""

    names: Annotated[tuple[NameGiven, ...], Field(min_length=1, max_length=10)]
    birth_date: Day | None = None
    phones: Annotated[tuple[Phone, ...], Field(max_length=10)] = ()
    address: AddressGiven | None = None
    language: Language | None = None
    medi_cal_cin: Annotated[str, StringConstraints(pattern=r"^[0-9]{8}[A-Z]$")] | None = None
    mrn: OwnNumber | None = None


class ConsentById(Body):
    """A consent that is recorded already."""

    id: Handle


class ConsentNow(Body):
    """What she says now about these details for this receiver; recorded together with the command."""

    agreed: bool
    how: How
    on: Day
    fields: Annotated[tuple[GivenField, ...], Field(max_length=len(GivenField))] = ()


def kind_of_consent(value: Any) -> str | None:
    """Which of its shapes a consent in a body has, by what only that one says."""
    names = value if isinstance(value, dict) else getattr(value, "model_fields_set", ())
    if "id" in names:
        return "ById"
    return "Exception" if "exception" in names else "Now" if "agreed" in names else None


class Page(Body):
    """Which part of a list: at most `limit` entries from `cursor` on (opaque, from the last answer's `next`)."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, StringConstraints(pattern=r"^[a-z2-7]{52}$")] | None = None


class WhetherNamed(Body):
    """`names=false` leaves clients' names away, for who shows none: a name that she gave and that is not accepted yet
    is written down as read by whoever it is answered to (rule R1)."""

    names: bool = True

    def unnamed(self) -> bool | None:
        """What of it stands in the address of the next part."""
        return None if self.names else False


class ClientNamed(Answer):
    """A client by this agency's own reference, with the name that it holds (null where it holds none)."""

    client: str
    name: str | None


class ConsentSaid(Answer):
    """How and when she agreed; and when she took it back, if she did: nothing new is given from then on (R1)."""

    how: How
    on: date
    taken_back_on: date | None

    @classmethod
    def of(cls, consent: Consent | None) -> Self | None:
        """As a side reads it; None for none."""
        if consent is None:
            return None
        taken_back_on = consent.ended_on if consent.withdrawn else None
        return cls(how=consent.recorded.how, on=consent.recorded.on, taken_back_on=taken_back_on)
