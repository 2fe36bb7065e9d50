"""How the directory is answered over HTTP, in Open Referral HSDS 3.0 words."""

from datetime import date

from contracts.directory import Address, Agency, Phone
from contracts.schedule import Schedule
from services.referrals.api.shapes import AgencyNamed, Answer
from services.referrals.application.finding import Miss
from services.referrals.directory import Directory, Entry
from services.referrals.domain.directory import RoomNow, room_now
from services.referrals.domain.vocabulary import Room, ServiceStatus, Standing


class ServiceShown(Answer):
    """A service in HSDS words. `room` is what can be relied on: "not_known" where nobody said anything for 30 days.

    `room_as_of` is the local date of the last word on it and `room_age_days` its age; `usually_answers_days` is there
    from 11 answers on. `next_open` is the next local date on which its schedules have it open.
    """

    service: str
    name: str
    category: str
    status: str
    description: str | None
    eligibility_description: str | None
    minimum_age: int | None
    maximum_age: int | None
    languages: list[str]
    counties: list[str]
    zips: list[str]
    required_documents: list[str]
    schedules: list[Schedule]
    next_open: date | None
    room: Room
    room_as_of: date | None
    room_age_days: int | None
    room_from: date | None
    waitlist_length: int | None
    usually_answers_days: int | None
    version: int


class AgencyOnSystem(AgencyNamed):
    """An agency, whether it is asked on the system or by letter, and where she can go or call herself."""

    on_system: bool
    phones: list[Phone]
    addresses: list[Address]


class ServiceOffered(ServiceShown):
    """A service with the agency that offers it; `unfit`: in what it is not for her, null where nobody asked."""

    agency: AgencyOnSystem
    unfit: list[Miss] | None = None


class AgencyShown(Answer):
    """An agency with its services."""

    agency: str
    name: str
    type: str
    standing: Standing
    on_system: bool
    languages: list[str]
    description: str | None
    website: str | None
    phones: list[Phone]
    addresses: list[Address]
    services: list[ServiceShown]
    version: int


class AgencyInFull(AgencyShown):
    """An agency with all its services; `actions` are what this caller may do with its part in the initiative (R22)."""

    actions: list[str]


class Agencies(Answer):
    """A part of the agencies of the caller's initiative, in the order in which they came."""

    items: list[AgencyShown]
    next: str | None


class Services(Answer):
    """A part of the services of the caller's initiative that take somebody new, in the order in which they came."""

    items: list[ServiceOffered]
    next: str | None


class EntryRef(Answer):
    """What was saved, by its id."""

    agency: str
    service: str | None = None
    version: int


def room_of(directory: Directory, initiative: str, entry: Entry, today: date) -> RoomNow:
    """What can be relied on of a service's room (R15)."""
    return room_now(entry.capacity, today, directory.initiative(initiative).service_levels.room_known.days)


def offered_of(directory: Directory, initiative: str, entry: Entry, today: date) -> ServiceOffered:
    """A service as it is shown, with its agency."""
    by = on_system_of(entry.agency)
    return ServiceOffered(**dict(service_of(directory, initiative, entry, today)), agency=by)


def on_system_of(agency: Agency) -> AgencyOnSystem:
    """An agency as somebody is told of it whom it helps, or could."""
    return AgencyOnSystem(
        agency=agency.id,
        name=agency.name,
        on_system=agency.on_system,
        phones=list(agency.phones),
        addresses=list(agency.addresses),
    )


def service_of(directory: Directory, initiative: str, entry: Entry, today: date) -> ServiceShown:
    """A service as it is shown."""
    service, room = entry.service, room_of(directory, initiative, entry, today)
    is_holiday = directory.initiative(initiative).week.is_holiday
    opens = [day for each in service.schedules if (day := each.next_open(today, is_holiday)) is not None]
    return ServiceShown(
        service=service.id,
        name=service.name,
        category=service.category,
        status=service.status,
        description=service.description,
        eligibility_description=service.eligibility_description,
        minimum_age=service.minimum_age,
        maximum_age=service.maximum_age,
        languages=list(service.languages or entry.agency.languages),
        counties=list(service.counties),
        zips=list(service.zips),
        required_documents=list(service.required_documents),
        schedules=list(service.schedules),
        next_open=min(opens, default=None),
        room=room.room,
        room_as_of=room.said_on,
        room_age_days=None if room.said_on is None else (today - room.said_on).days,
        room_from=room.from_on,
        waitlist_length=room.waitlist_length,
        usually_answers_days=directory.usually_answers(initiative, service.id),
        version=entry.version,
    )


def agency_of(directory: Directory, initiative: str, agency: Agency, today: date, *, whole: bool) -> AgencyShown:
    """An agency as it is shown: `whole` with services that are closed too."""
    entries = directory.entries(initiative)
    own = [entry for each in agency.services if (entry := entries.entry(each.id)) is not None]
    shown = [entry for entry in own if whole or entry.service.status is ServiceStatus.ACTIVE]
    return AgencyShown(
        agency=agency.id,
        name=agency.name,
        type=agency.type,
        standing=entries.standing(agency.id),
        on_system=agency.on_system,
        languages=list(agency.languages),
        description=agency.description,
        website=agency.website,
        phones=list(agency.phones),
        addresses=list(agency.addresses),
        services=[service_of(directory, initiative, entry, today) for entry in shown],
        version=entries.version_of_agency(agency.id),
    )
