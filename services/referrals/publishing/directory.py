"""What others may read of an entry of the directory: names, codes, where an agency is reached; no descriptions."""

from typing import assert_never

from contracts.events.directory import AgencyStatedV1, CapacityStatedV1, DirectoryEvent, ServiceStatedV1
from services.referrals.domain.directory import AgencyStated, CapacityStated, DirectoryFact, ServiceStated


def of_directory(fact: DirectoryFact) -> DirectoryEvent:
    """The published twin of a fact, the whole of its entry."""
    match fact:
        case AgencyStated(agency=agency, profile=profile, standing=standing):
            return AgencyStatedV1(
                addresses=profile.addresses,
                agency=agency,
                languages=profile.languages,
                name=profile.name,
                on_system=profile.on_system,
                phones=profile.phones,
                standing=standing,
                type=profile.type,
            )
        case ServiceStated(agency=agency, service=service, profile=offered):
            return ServiceStatedV1(
                agency=agency,
                category=offered.category,
                languages=offered.languages,
                maximum_age=offered.maximum_age,
                minimum_age=offered.minimum_age,
                name=offered.name,
                service=service,
                status=offered.status,
                zips=offered.zips,
            )
        case CapacityStated():
            return CapacityStatedV1(
                agency=fact.agency,
                from_on=fact.from_on,
                on=fact.on,
                room=fact.room,
                service=fact.service,
                waitlist_length=fact.waitlist_length,
            )
        case _:
            assert_never(fact)
