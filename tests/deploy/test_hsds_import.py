"""An HSDS 3.0 data package comes into the directory once; what cannot be is refused by its row, an edit stands."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from contracts.vocabulary import Category, Origin, ServiceStatus
from deploy.closeknit.hsds_import import Imported, Refused, entries, save
from deploy.closeknit.hsds_package import BadPackage, Package, read
from services.referrals.domain.directory import AgencyStated, ServiceStated
from services.referrals.store.directory_log import whole_directory
from services.referrals.store.mapper import FactMapper
from tests.fix_servers import Databases

DATA = Path(__file__).parents[3] / "shared" / "data" / "hsds"
FRESNO = "fresno-ptbi"
official = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data/hsds with the official examples is absent")
ORGANIZATION = {"id": "sample-org", "name": "Sample Organisation", "legal_status": "Nonprofit", "website": "o.invalid"}
SERVICE = {
    "id": "sample-service",
    "organization_id": "sample-org",
    "name": "Sample support",
    "status": "active",
    "minimum_age": 12,
    "languages": [{"code": "es"}],
    "required_documents": [{"document": "Proof of address"}],
    "schedules": [{"freq": "WEEKLY", "byday": "MO,WE", "opens_at": "09:00:00", "closes_at": "17:00:00"}],
    "attributes": [{"taxonomy_term": {"id": "t1", "code": "doula", "name": "Doula"}}],
}


def package(tmp_path: Path, *services: dict[str, Any], **organization: Any) -> Package:
    path = tmp_path / "package.json"
    path.write_text(json.dumps(ORGANIZATION | {"services": list(services)} | organization))
    return read(path)


def made(found: Package, category: Category | None = None) -> tuple[list[AgencyStated | ServiceStated], list[str]]:
    refused: list[Refused] = []
    return list(entries(found, category, refused)), [str(each) for each in refused]


def test_an_organization_and_its_service_become_entries(tmp_path: Path) -> None:
    (agency, service), refused = made(package(tmp_path, SERVICE))
    assert isinstance(agency, AgencyStated)
    assert isinstance(service, ServiceStated)
    assert (agency.agency, agency.profile.on_system, agency.origin) == ("sample-org", False, Origin.IMPORTED)
    said = service.profile
    assert (said.category, said.status, said.minimum_age) == (Category.DOULA, ServiceStatus.ACTIVE, 12)
    assert (said.languages, said.required_documents) == (("es",), ("Proof of address",))
    assert [each.rule_text() for each in said.schedules] == ["FREQ=WEEKLY;BYDAY=MO,WE"]
    assert refused == []


def test_an_organization_brings_its_phones_and_the_addresses_of_its_locations(tmp_path: Path) -> None:
    street = {"address_1": "1 Sample Street", "city": "Sampleton", "state_province": "CA", "postal_code": "94100"}
    location = {"id": "l1", "phones": [{"number": "415 555 0141", "type": "fax"}], "addresses": [street, {"city": "X"}]}
    phones = [{"number": "415 555 0140", "type": "voice", "description": "8 am to 5 pm"}, {"number": "none"}]
    (agency,), _ = made(package(tmp_path, phones=phones, locations=[location]))
    assert isinstance(agency, AgencyStated)
    assert [(each.number, each.type) for each in agency.profile.phones] == [
        ("415 555 0140", "voice"),
        ("415 555 0141", "fax"),
    ]
    assert [each.model_dump() for each in agency.profile.addresses] == [street]


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ({"attributes": []}, "services 1: none of its terms is a need of ours: give --category"),
        ({"id": "Not A Slug"}, "services 1: its id has other signs than small letters, digits and hyphens"),
        ({"name": ""}, "services 1: not possible: profile"),
        ({"minimum_age": 900}, "services 1: not possible: profile"),
        ({"organization_id": "nobody"}, "services 1: its organization is not in the package"),
        ({"schedules": [{"freq": "HOURLY"}]}, "schedules 1: it is no recurrence that can be (RFC 5545)"),
    ],
)
def test_what_cannot_be_is_refused_by_its_row_and_repeats_nothing(
    tmp_path: Path, spoilt: dict[str, Any], said: str
) -> None:
    assert made(package(tmp_path, SERVICE | spoilt))[1] == [said]


def test_what_is_no_package_is_said_so(tmp_path: Path) -> None:
    for name, text in (("a.json", "{"), ("b.json", "{}"), ("c.txt", "")):
        (tmp_path / name).write_text(text)
        with pytest.raises(BadPackage):
            read(tmp_path / name)


@pytest.fixture
def connection(databases: Databases) -> Iterator[psycopg.Connection]:
    with psycopg.connect(databases.dsn("referrals"), autocommit=True) as opened:
        yield opened


def test_a_second_run_adds_nothing_and_an_edit_stands(connection: psycopg.Connection, tmp_path: Path) -> None:
    def run(name: str) -> Imported:
        done = Imported()
        save(connection, FRESNO, made(package(tmp_path, SERVICE | {"name": name}))[0], done)
        return done

    first, again, renamed = run("Sample support"), run("Sample support"), run("Support for all")
    assert (first.agencies, first.services, first.stands) == (1, 1, 0)
    assert (again.agencies, again.services, again.stands) == (0, 0, 2)
    assert (renamed.services, renamed.stands) == (1, 1)
    assert len(whole_directory(connection, FactMapper())) == 3


@official
@pytest.mark.parametrize("name", ["csv", "tabular.json", "organization_full.json", "service_full.json"])
def test_the_official_examples_are_read_in_every_form(name: str) -> None:
    found, refused = made(read(DATA / "spec-3.0-examples" / name), Category.HOME_VISITING)
    agency, service = found
    assert (agency.agency, agency.profile.name) == (
        "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610",
        "Example Organization Inc.",
    )
    assert isinstance(service, ServiceStated)
    assert (service.profile.name, service.profile.minimum_age) == ("Community Counselling", 12)
    # The example's schedule recurs weekly on days of the month, up to a day and so many times: it can never be.
    assert refused == ["schedules 1: it is no recurrence that can be (RFC 5545)"]


@official
def test_the_sample_directory_is_read_and_its_service_has_no_need_of_ours() -> None:
    found, refused = made(read(DATA / "sample-3.0"))
    assert [type(each) for each in found] == [AgencyStated]
    assert "services 1: none of its terms is a need of ours: give --category" in refused
