"""Published events of a client. Which client stands in `ce_subject`, as a pseudonym; who she is stands nowhere."""

from typing import Annotated, ClassVar, TypeAlias

from pydantic import StringConstraints

from contracts.events.event import OpenDetailedGroup, OpenPayer, OpenRaceEthnicity, OpenStatedBy, Published
from contracts.vocabulary import Slug

PlainLanguage = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Pseudonym = Annotated[str, StringConstraints(pattern=r"^[a-z2-7]{26}$")]


class ClientRegisteredV1(Published):
    """An agency registered a client."""

    TYPE: ClassVar[str] = "client.registered.v1"


class ClientDemographicsStatedV1(Published):
    """Who she says she is, as far as figures ask (R7): nothing finer leaves. Each is a statement of its own."""

    TYPE: ClassVar[str] = "client.demographics_stated.v1"
    county: Slug | None = None
    declined: bool
    detailed: tuple[OpenDetailedGroup, ...] = ()
    interpreter: bool | None = None
    language: PlainLanguage | None = None
    payer: OpenPayer | None = None
    race_ethnicity: tuple[OpenRaceEthnicity, ...] = ()
    source: OpenStatedBy
    zip_group: Slug | None = None


class ClientOutreachPausedV1(Published):
    """Nobody reaches out to her until it is resumed; no event says why."""

    TYPE: ClassVar[str] = "client.outreach_paused.v1"


class ClientOutreachResumedV1(Published):
    """She may be reached out to again."""

    TYPE: ClassVar[str] = "client.outreach_resumed.v1"


class ClientNoFurtherContactV1(Published):
    """She is not contacted any more: alike for whatever cause (R20)."""

    TYPE: ClassVar[str] = "client.no_further_contact.v1"


class ClientNoFurtherContactCorrectedV1(Published):
    """That was a mistake."""

    TYPE: ClassVar[str] = "client.no_further_contact_corrected.v1"


class ClientLinkedV1(Published):
    """An agency knows her under another pseudonym, too (R21): both are one client in figures."""

    TYPE: ClassVar[str] = "client.linked.v1"
    other: Pseudonym


class ClientUnlinkedV1(Published):
    """They are two after all."""

    TYPE: ClassVar[str] = "client.unlinked.v1"
    other: Pseudonym


ClientEvent: TypeAlias = (
    ClientRegisteredV1
    | ClientDemographicsStatedV1
    | ClientOutreachPausedV1
    | ClientOutreachResumedV1
    | ClientNoFurtherContactV1
    | ClientNoFurtherContactCorrectedV1
    | ClientLinkedV1
    | ClientUnlinkedV1
)
