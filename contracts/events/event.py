"""What every published event is: frozen, closed to its writer, open to readers, without a place for identity."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

from contracts.vocabulary import (
    BirthWeightBand,
    Category,
    ContactMode,
    ContactOutcome,
    DatingBasis,
    Degree,
    DetailedGroup,
    DisclosureKind,
    EpisodeEnd,
    HandoffKind,
    Instrument,
    Mode,
    Outcome,
    Payer,
    Purpose,
    RaceEthnicity,
    Reason,
    Resolution,
    ResponsibilityDomain,
    Room,
    ScreeningResult,
    ServiceStatus,
    ServiceTag,
    Source,
    Standing,
    StatedBy,
    UnitKind,
    Unmapped,
)

UNKNOWN = "unknown"
"""What a reader sees in place of a code that is younger than itself. It is never written."""

Code = TypeVar("Code", bound=StrEnum)


class Published(BaseModel):
    """One published fact. `TYPE` is its `ce_type`; who, when and about whom stand in the headers (`envelope`).

    Fields are declared in alphabetical order, which is that of their bytes: sorted keys then cost nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    TYPE: ClassVar[str]


class Part(BaseModel):
    """A part of a published fact."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _open(*kinds: type[StrEnum]) -> tuple[BeforeValidator, WithJsonSchema]:
    known = {str(code): code for kind in kinds for code in kind}

    def read(value: Any) -> Any:
        return known.get(value, UNKNOWN) if isinstance(value, str) else value

    return BeforeValidator(read), WithJsonSchema({"type": "string", "enum": [*known, UNKNOWN]})


_Unknown: TypeAlias = Literal["unknown"]

OpenCategory = Annotated[Category | _Unknown, *_open(Category)]
OpenTag = Annotated[ServiceTag | _Unknown, *_open(Category, Unmapped)]
OpenMode = Annotated[Mode | _Unknown, *_open(Mode)]
OpenOutcome = Annotated[Outcome | _Unknown, *_open(Outcome)]
OpenReason = Annotated[Reason | _Unknown, *_open(Reason)]
OpenSource = Annotated[Source | _Unknown, *_open(Source)]
OpenContactMode = Annotated[ContactMode | _Unknown, *_open(ContactMode)]
OpenContactOutcome = Annotated[ContactOutcome | _Unknown, *_open(ContactOutcome)]
OpenInstrument = Annotated[Instrument | _Unknown, *_open(Instrument)]
OpenScreeningResult = Annotated[ScreeningResult | _Unknown, *_open(ScreeningResult)]
OpenResolution = Annotated[Resolution | _Unknown, *_open(Resolution)]
OpenUnitKind = Annotated[UnitKind | _Unknown, *_open(UnitKind)]
OpenHandoffKind = Annotated[HandoffKind | _Unknown, *_open(HandoffKind)]
OpenDomain = Annotated[ResponsibilityDomain | _Unknown, *_open(ResponsibilityDomain)]
OpenDisclosureKind = Annotated[DisclosureKind | _Unknown, *_open(DisclosureKind)]
OpenDatingBasis = Annotated[DatingBasis | _Unknown, *_open(DatingBasis)]
OpenEpisodeEnd = Annotated[EpisodeEnd | _Unknown, *_open(EpisodeEnd)]
OpenWeightBand = Annotated[BirthWeightBand | _Unknown, *_open(BirthWeightBand)]
OpenDegree = Annotated[Degree | _Unknown, *_open(Degree)]
OpenRaceEthnicity = Annotated[RaceEthnicity | _Unknown, *_open(RaceEthnicity)]
OpenDetailedGroup = Annotated[DetailedGroup | _Unknown, *_open(DetailedGroup)]
OpenStatedBy = Annotated[StatedBy | _Unknown, *_open(StatedBy)]
OpenPayer = Annotated[Payer | _Unknown, *_open(Payer)]
OpenPurpose = Annotated[Purpose | _Unknown, *_open(Purpose)]
OpenStanding = Annotated[Standing | _Unknown, *_open(Standing)]
OpenServiceStatus = Annotated[ServiceStatus | _Unknown, *_open(ServiceStatus)]
OpenRoom = Annotated[Room | _Unknown, *_open(Room)]
