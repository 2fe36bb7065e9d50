"""The directory: agencies, their services, and their room, each an entry of its own with its own history."""

from typing import TypeAlias

from services.referrals.domain.directory import agency, capacity, service
from services.referrals.domain.directory.agency import (
    AgencyFact,
    AgencyProfile,
    AgencyStated,
    AgencyVerb,
    ChangeStanding,
    EditAgency,
    ListAgency,
)
from services.referrals.domain.directory.capacity import (
    Capacity,
    CapacityFact,
    CapacityStated,
    RoomNow,
    StateCapacity,
    room_now,
)
from services.referrals.domain.directory.service import (
    EditService,
    ListService,
    ServiceFact,
    ServiceProfile,
    ServiceStated,
)
from services.referrals.domain.directory.words import agency_stream, capacity_stream, service_stream

DirectoryFact: TypeAlias = AgencyFact | ServiceFact | CapacityFact

__all__ = [
    "AgencyFact",
    "AgencyProfile",
    "AgencyStated",
    "AgencyVerb",
    "Capacity",
    "CapacityFact",
    "CapacityStated",
    "ChangeStanding",
    "DirectoryFact",
    "EditAgency",
    "EditService",
    "ListAgency",
    "ListService",
    "RoomNow",
    "ServiceFact",
    "ServiceProfile",
    "ServiceStated",
    "StateCapacity",
    "agency",
    "agency_stream",
    "capacity",
    "capacity_stream",
    "room_now",
    "service",
    "service_stream",
]
