"""What can happen to a consent."""

from datetime import date
from typing import Annotated, ClassVar, TypeAlias
from uuid import UUID

from pydantic import StringConstraints

from services.referrals.domain.fact import Fact, Value
from services.referrals.domain.vocabulary import (
    Category,
    ConsentAuthority,
    ConsentForm,
    GivenField,
    How,
    InformationKind,
    Measurement,
    Purpose,
    Slug,
)

FormVersion = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,15}$")]
"""The version that is printed on a form: a number or a month."""


class Statement(Value):
    """What she said. `expires` is the last local date on which a yes holds; None: until taken back.

    A yes is for `recipient`, or for each of `recipients`, or for whoever serves `category`. `shared` and `withheld` are
    the kinds of information to which a form asked yes or no; of what is in neither she was not asked. `measurement` is
    a yes or no to being counted (R7), None where she was not asked.
    """

    agreed: bool
    how: How
    on: date
    fields: tuple[GivenField, ...]
    recipient: Slug | None = None
    recipients: tuple[Slug, ...] = ()
    category: Category | None = None
    purpose: Purpose = Purpose.COORDINATION
    expires: date | None = None
    form: ConsentForm | None = None
    form_version: FormVersion | None = None
    authority: ConsentAuthority = ConsentAuthority.SELF
    shared: tuple[InformationKind, ...] = ()
    withheld: tuple[InformationKind, ...] = ()
    measurement: Measurement | None = None


class ConsentRecorded(Statement, Fact):
    """She agreed or refused: a no is a fact as well."""

    TYPE: ClassVar[str] = "consent.recorded.v1"


class ConsentChanged(Statement, Fact):
    """She says it otherwise from now on: the whole of what she says, not the difference."""

    TYPE: ClassVar[str] = "consent.changed.v1"


class ConsentRevoked(Fact):
    """She took back her agreement `on` a local date; `measurement` is what follows for figures, if anything (R7).

    `how` is None where nobody did so for her: she pressed it herself, on her own pages.
    """

    TYPE: ClassVar[str] = "consent.revoked.v1"
    how: How | None
    on: date
    measurement: Measurement | None = None


class ConsentExpired(Fact):
    """The last day on which her yes held is over; `measurement` as in ConsentRevoked."""

    TYPE: ClassVar[str] = "consent.expired.v1"
    on: date
    measurement: Measurement | None = None


class ConsentAcknowledged(Fact):
    """The agency knows that it ran out: somebody read it, or she was asked anew. Stored only."""

    TYPE: ClassVar[str] = "consent.acknowledged.v1"


class ConsentEnteredInError(Fact):
    """It should never have been written (R14), as was found `on` a local date; `note` is the vault id of why."""

    TYPE: ClassVar[str] = "consent.entered_in_error.v1"
    event: UUID
    note: UUID
    on: date


ConsentFact: TypeAlias = (
    ConsentRecorded | ConsentChanged | ConsentRevoked | ConsentExpired | ConsentAcknowledged | ConsentEnteredInError
)
