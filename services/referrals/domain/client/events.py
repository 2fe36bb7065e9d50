"""What happened to a client as a person; who she is lies in the vault alone, and so does why nobody may call her."""

from typing import Annotated, ClassVar, TypeAlias
from uuid import UUID

from pydantic import StringConstraints

from services.referrals.domain.client.reasons import ErasureReason, HoldReason
from services.referrals.domain.fact import Fact, Language
from services.referrals.domain.vocabulary import DetailedGroup, Payer, RaceEthnicity, Slug, StatedBy

PlainLanguage = Annotated[Language, StringConstraints(pattern=r"^[a-z]{2,3}$")]
"""A language without region or variant: finer than this nothing leaves (R7)."""


class ClientRegistered(Fact):
    """An agency registered a client; who she is lies in the vault alone."""

    TYPE: ClassVar[str] = "client.registered.v1"


class DemographicsStated(Fact):
    """Who she says she is, for measures (R7): exactly these fields. `declined` is a value; None is not known."""

    TYPE: ClassVar[str] = "client.demographics_stated.v1"
    race_ethnicity: tuple[RaceEthnicity, ...] = ()
    detailed: tuple[DetailedGroup, ...] = ()
    declined: bool = False
    source: StatedBy
    language: PlainLanguage | None = None
    interpreter: bool | None = None
    payer: Payer | None = None
    zip_group: Slug | None = None
    county: Slug | None = None


class OutreachPaused(Fact):
    """Nobody reaches out to her until it is resumed; there is no reason in it, whatever it is (R5)."""

    TYPE: ClassVar[str] = "client.outreach_paused.v1"


class OutreachResumed(Fact):
    """She may be reached out to again."""

    TYPE: ClassVar[str] = "client.outreach_resumed.v1"


class NoFurtherContact(Fact):
    """Nobody contacts her any more (R20): why lies in the vault under `cause`. `everything`: no agency does."""

    TYPE: ClassVar[str] = "client.no_further_contact.v1"
    cause: UUID
    everything: bool


class NoFurtherContactCorrected(Fact):
    """That was a mistake of the agency that recorded it."""

    TYPE: ClassVar[str] = "client.no_further_contact_corrected.v1"


class ClientLinked(Fact):
    """The agency knows her under another reference, too (R21): `other` is that client. For its own pages alone."""

    TYPE: ClassVar[str] = "client.linked.v1"
    other: UUID


class ClientUnlinked(Fact):
    """The two are not the same woman after all."""

    TYPE: ClassVar[str] = "client.unlinked.v1"
    other: UUID


class ClientNamed(Fact):
    """The other end of a link: `by` was linked to this client. Stored, published nowhere."""

    TYPE: ClassVar[str] = "client.named.v1"
    by: UUID


class ClientUnnamed(Fact):
    """The other end of a link that was undone. Stored, published nowhere."""

    TYPE: ClassVar[str] = "client.unnamed.v1"
    by: UUID


class DetailsErased(Fact):
    """All that the agency held of who she is, and all that it typed of her, can be read no more. Stored only."""

    TYPE: ClassVar[str] = "client.details_erased.v1"
    reason: ErasureReason


class HoldPlaced(Fact):
    """What the agency holds of her has to be kept: nothing of it is erased until the hold is released. Stored only."""

    TYPE: ClassVar[str] = "client.hold_placed.v1"
    reason: HoldReason


class HoldReleased(Fact):
    """It has to be kept no longer. Stored only."""

    TYPE: ClassVar[str] = "client.hold_released.v1"


ClientFact: TypeAlias = (
    ClientRegistered
    | DemographicsStated
    | OutreachPaused
    | OutreachResumed
    | NoFurtherContact
    | NoFurtherContactCorrected
    | ClientLinked
    | ClientUnlinked
    | ClientNamed
    | ClientUnnamed
    | DetailsErased
    | HoldPlaced
    | HoldReleased
)
