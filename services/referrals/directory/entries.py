"""Owns the agencies and services of one initiative as the latest words about each have them, in memory.

The initiative's configuration is the ground; what the store says stands over it, entry by entry.
"""

from collections.abc import Iterator

from contracts.directory import Agency, Service
from contracts.initiative import Initiative
from services.referrals.domain.directory import (
    AgencyProfile,
    AgencyStated,
    CapacityStated,
    DirectoryFact,
    ServiceProfile,
    ServiceStated,
)
from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import Origin, Standing


@frozen
class Entry:
    """One service as it is offered: by whom, and what was said last of its room. `version`: words about both."""

    agency: Agency
    service: Service
    capacity: CapacityStated | None
    version: int


class Entries:
    """The directory of one initiative. `learn` may come in any order and again: of each entry the newest stands."""

    def __init__(self, initiative: Initiative) -> None:
        self._agencies: dict[str, AgencyStated] = {}
        self._services: dict[str, ServiceStated] = {}
        self._capacities: dict[str, CapacityStated] = {}
        self._versions: dict[tuple[str, str], int] = {}
        self._whole: dict[str, Agency] = {}
        self._offered: dict[str, Service] = {}
        for stated in configured(initiative):
            self.learn(stated, 0)

    def learn(self, fact: DirectoryFact, version: int) -> None:
        """Take in what stands at that version of its stream; older than what is known changes nothing."""
        match fact:
            case AgencyStated(agency=id):
                if self._newer(("agency", id), version):
                    self._agencies[id] = fact
                    self._whole.pop(id, None)
            case ServiceStated(service=id):
                if self._newer(("service", id), version):
                    self._services[id] = fact
                    self._offered[id] = _service(fact)
                    self._whole.pop(fact.agency, None)
            case CapacityStated(service=id):
                if self._newer(("capacity", id), version):
                    self._capacities[id] = fact

    def _newer(self, place: tuple[str, str], version: int) -> bool:
        if version < self._versions.get(place, -1):
            return False
        self._versions[place] = version
        return True

    def agency(self, id: str) -> Agency | None:
        """An agency with all its services."""
        found = self._whole.get(id)
        if found is None and (stated := self._agencies.get(id)) is not None:
            own = tuple(self._offered[each.service] for each in self._services.values() if each.agency == id)
            found = self._whole[id] = _agency(stated).model_copy(update={"services": own})
        return found

    def service(self, agency: str, id: str) -> Service | None:
        """A service of an agency."""
        stated = self._services.get(id)
        return self._offered[id] if stated is not None and stated.agency == agency else None

    def agencies(self) -> Iterator[Agency]:
        """Every agency, in the order in which they came."""
        return (agency for agency in map(self.agency, tuple(self._agencies)) if agency is not None)

    def stated_agency(self, id: str) -> AgencyStated | None:
        """What stands of an agency."""
        return self._agencies.get(id)

    def stated_service(self, id: str) -> ServiceStated | None:
        """What stands of a service."""
        return self._services.get(id)

    def standing(self, id: str) -> Standing:
        """Where an agency stands; of one that is not listed nothing is expected, as of one that left."""
        stated = self._agencies.get(id)
        return stated.standing if stated is not None else Standing.LEFT

    def entry(self, service: str) -> Entry | None:
        """A service by its id."""
        stated = self._services.get(service)
        agency = self.agency(stated.agency) if stated is not None else None
        if stated is None or agency is None:
            return None
        return Entry(agency, self._offered[service], self._capacities.get(service), self.version_of_service(service))

    def version_of_agency(self, id: str) -> int:
        """The version of an agency's entry; 1 where the store has not heard of it."""
        return max(1, self._versions.get(("agency", id), 0))

    def version_of_service(self, id: str) -> int:
        """The version of a service's entry with what is said of its room."""
        return max(1, self._versions.get(("service", id), 0)) + self._versions.get(("capacity", id), 0)


def configured(initiative: Initiative) -> Iterator[AgencyStated | ServiceStated]:
    """What the initiative's files say, as facts."""
    for agency in initiative.agencies:
        yield AgencyStated(
            agency=agency.id, profile=_agency_profile(agency), standing=Standing.ACTIVE, origin=Origin.CONFIGURATION
        )
        for service in agency.services:
            profile = ServiceProfile.model_validate_json(service.model_dump_json(exclude={"id"}))
            yield ServiceStated(agency=agency.id, service=service.id, profile=profile, origin=Origin.CONFIGURATION)


def _agency_profile(agency: Agency) -> AgencyProfile:
    return AgencyProfile.model_validate_json(agency.model_dump_json(exclude={"id", "services"}))


def _agency(stated: AgencyStated) -> Agency:
    return Agency.model_construct(id=stated.agency, services=(), **dict(stated.profile))


def _service(stated: ServiceStated) -> Service:
    return Service.model_construct(id=stated.service, **dict(stated.profile))
