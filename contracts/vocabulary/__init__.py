"""The code lists that services, schemas and the directory share: one spelling of each coded value, no free text."""

from contracts.vocabulary.agency import Origin, Room, ServiceStatus, Slug, Standing
from contracts.vocabulary.appointment import CalledBy
from contracts.vocabulary.consent import (
    ConsentAuthority,
    ConsentForm,
    DisclosureKind,
    How,
    InformationKind,
    Measurement,
    Purpose,
)
from contracts.vocabulary.contact import ContactMode, ContactOutcome, UnitKind
from contracts.vocabulary.feedback import Degree
from contracts.vocabulary.lead import Basis, HandoffKind, ResponsibilityDomain
from contracts.vocabulary.need import Category, RestrictedClass, ServiceTag, Unmapped
from contracts.vocabulary.person import AgeBand, DetailedGroup, Payer, RaceEthnicity, StatedBy
from contracts.vocabulary.population import PopulationMeasure
from contracts.vocabulary.pregnancy import BirthWeightBand, DatingBasis, EpisodeEnd
from contracts.vocabulary.principle import Principle
from contracts.vocabulary.referral import (
    Attestation,
    Channel,
    Mode,
    Outcome,
    Priority,
    Reason,
    ReasonOwner,
    Source,
    ToldBy,
)
from contracts.vocabulary.screening import Instrument, Resolution, ScreeningResult

__all__ = [
    "StatedBy",
    "RaceEthnicity",
    "Payer",
    "DetailedGroup",
    "Attestation",
    "AgeBand",
    "Basis",
    "BirthWeightBand",
    "CalledBy",
    "Category",
    "Channel",
    "ConsentAuthority",
    "ConsentForm",
    "ContactMode",
    "ContactOutcome",
    "DatingBasis",
    "Degree",
    "DisclosureKind",
    "EpisodeEnd",
    "HandoffKind",
    "How",
    "InformationKind",
    "Instrument",
    "Measurement",
    "Mode",
    "Origin",
    "Outcome",
    "PopulationMeasure",
    "Principle",
    "Priority",
    "Purpose",
    "Reason",
    "ReasonOwner",
    "Resolution",
    "ResponsibilityDomain",
    "RestrictedClass",
    "Room",
    "ServiceStatus",
    "ScreeningResult",
    "ServiceTag",
    "Slug",
    "Source",
    "Standing",
    "ToldBy",
    "UnitKind",
    "Unmapped",
]
