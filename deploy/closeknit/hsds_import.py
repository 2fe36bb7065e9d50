"""Owns the import of an HSDS 3.0 data package into the directory: what is read, what is refused, what stands."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Any, Final

import psycopg
from pydantic import ValidationError

from contracts.schedule import Schedule
from contracts.vocabulary import Category, Origin, Standing
from deploy.closeknit.hsds_package import BadPackage, Package, Row, read
from deploy.closeknit.hsds_reach import reached
from services.referrals.application.acting import BACKBONE
from services.referrals.application.configuration import stream_of
from services.referrals.application.identifiers import new_id
from services.referrals.directory import Directory
from services.referrals.domain.directory import AgencyProfile, AgencyStated, ServiceProfile, ServiceStated
from services.referrals.settings import StoreSettings
from services.referrals.store.bulk import append_batch
from services.referrals.store.commit import Commit, Stored
from services.referrals.store.directory_log import whole_directory
from services.referrals.store.mapper import FactMapper
from services.referrals.store.written import Envelope, Written
from services.runtime.clock import SystemClock
from services.runtime.postgres import conninfo

ACTOR: Final = "import hsds"
SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
LINE, PARAGRAPH = 200, 600
Stated = AgencyStated | ServiceStated


@dataclass(frozen=True, slots=True)
class Refused:
    """One row that cannot be in the directory: its table, its number there, and why, repeating nothing of it."""

    table: str
    number: int
    reason: str

    def __str__(self) -> str:
        return f"{self.table} {self.number}: {self.reason}"


@dataclass
class Imported:
    """What it came to; `stands`: entries that were there already, or that somebody edited since."""

    agencies: int = 0
    services: int = 0
    stands: int = 0
    refused: list[Refused] = field(default_factory=list)

    def facts(self) -> dict[str, object]:
        return {
            "agencies": self.agencies,
            "services": self.services,
            "there_already": self.stands,
            "refused": [str(each) for each in self.refused],
        }

    def sentence(self) -> str:
        said = f"{self.agencies} agencies and {self.services} services are in the directory now"
        said += f"; {self.stands} stand as they stood" if self.stands else ""
        return "\n".join([said, *(f"refused {each}" for each in self.refused)])


def run(path: Path, initiative: str, category: Category | None, environ: Mapping[str, str]) -> Imported:
    """Import a package. Raises BadPackage, SettingsProblem, BadInitiative, psycopg's errors."""
    settings = StoreSettings.from_env(environ)
    if initiative not in {each.slug for each in Directory.read(settings.initiatives).initiatives}:
        raise BadPackage(f"there is no initiative {initiative!r}")
    done = Imported()
    stated = list(entries(read(path), category, done.refused))
    with psycopg.connect(conninfo(settings.referrals_dsn, "closeknit import"), autocommit=True) as connection:
        save(connection, initiative, stated, done)
    return done


def save(connection: psycopg.Connection[Any], initiative: str, stated: list[Stated], done: Imported) -> None:
    """Store what is new or was imported before and is different now; an edit, and the configuration, stand."""
    mapper, correlation, now = FactMapper(), new_id(), SystemClock().now().astimezone(UTC)
    standing = {event.stream: event for event in whole_directory(connection, mapper)}
    commits: list[Commit] = []
    for fact in stated:
        stream = stream_of(initiative, fact)
        known = standing.get(stream)
        if known is not None and (known.fact == fact or getattr(known.fact, "origin", None) is not Origin.IMPORTED):
            done.stands += 1
            continue
        envelope = Envelope(new_id(), stream, BACKBONE, initiative, now, ACTOR, correlation)
        commits.append(Commit((Written(stream, (known.version if known else 0) + 1, fact, envelope),)))
    for commit, outcome in zip(commits, append_batch(connection, commits, mapper), strict=True):
        if not isinstance(outcome, Stored):
            done.stands += 1
        elif isinstance(commit.events[0].fact, AgencyStated):
            done.agencies += 1
        else:
            done.services += 1


def entries(package: Package, category: Category | None, refused: list[Refused]) -> Iterator[Stated]:
    """The agencies and services of a package; what cannot be one is put aside."""
    taken = set[str]()
    for row in package.tables["organizations"]:
        fact = _made(AgencyStated, _agency(package, row), "organizations", row, refused)
        if fact is not None:
            taken.add(fact.agency)
            yield fact
    for row in package.tables["services"]:
        if str(row.get("organization_id")) not in taken:
            refused.append(Refused("services", row["#"], "its organization is not in the package"))
            continue
        need = _need(package, str(row.get("id"))) or category
        if need is None:
            refused.append(Refused("services", row["#"], "none of its terms is a need of ours: give --category"))
            continue
        service = _made(ServiceStated, _service(package, row, need, refused), "services", row, refused)
        if service is not None:
            yield service


def _made(kind: type[Any], fields: Row, table: str, row: Row, refused: list[Refused]) -> Any:
    if SLUG.fullmatch(str(row.get("id") or "")) is None:
        refused.append(Refused(table, row["#"], "its id has other signs than small letters, digits and hyphens"))
        return None
    try:
        return kind(**fields)
    except ValidationError as error:
        places = sorted({".".join(map(str, each["loc"])) for each in error.errors(include_input=False)})
        refused.append(Refused(table, row["#"], f"not possible: {', '.join(places)}"))
        return None


def _agency(package: Package, row: Row) -> Row:
    try:
        profile = AgencyProfile(
            name=_text(row, "name", LINE) or "",
            type="community_organisation",
            on_system=False,
            description=_text(row, "description", PARAGRAPH),
            website=_website(_text(row, "website", LINE)),
            **reached(package, str(row.get("id"))),
        )
    except ValidationError:
        return {"agency": row.get("id"), "profile": None, "standing": Standing.ACTIVE, "origin": Origin.IMPORTED}
    return {"agency": row.get("id"), "profile": profile, "standing": Standing.ACTIVE, "origin": Origin.IMPORTED}


def _website(text: str | None) -> str | None:
    """As most write it, without its scheme, it is one of https."""
    return text if text is None or ":" in text else f"https://{text}"


def _service(package: Package, row: Row, need: Category, refused: list[Refused]) -> Row:
    id = str(row.get("id"))
    profile = {
        "name": _text(row, "name", LINE),
        "category": need,
        "description": _text(row, "description", PARAGRAPH),
        "eligibility_description": _text(row, "eligibility_description", PARAGRAPH),
        "status": row.get("status") or "active",
        "languages": sorted({str(each["code"]) for each in package.of_service("languages", id) if each.get("code")}),
        "minimum_age": _age(row, "minimum_age"),
        "maximum_age": _age(row, "maximum_age"),
        "required_documents": [
            text for each in package.of_service("required_documents", id) if (text := _text(each, "document", LINE))
        ],
        "schedules": list(_schedules(package, id, refused)),
    }
    made: Any = None
    try:
        made = ServiceProfile.model_validate(profile, strict=False)
    except ValidationError:
        made = None
    return {"agency": row.get("organization_id"), "service": id, "profile": made, "origin": Origin.IMPORTED}


def _schedules(package: Package, service: str, refused: list[Refused]) -> Iterator[Schedule]:
    for row in package.of_service("schedules", service):
        said = {name: row[name] for name in Schedule.model_fields if row.get(name) not in (None, "")}
        if "description" in said:
            said["description"] = str(said["description"])[:LINE]
        try:
            yield Schedule.model_validate(said, strict=False)
        except ValidationError:
            refused.append(Refused("schedules", row["#"], "it is no recurrence that can be (RFC 5545)"))


def _need(package: Package, service: str) -> Category | None:
    """The first of its taxonomy terms that is a need of ours, by its code."""
    terms = {str(row.get("id")): row for row in package.tables["taxonomy_terms"]}
    for attribute in package.of_service("attributes", service):
        nested = attribute.get("taxonomy_term")
        term = nested if isinstance(nested, dict) else terms.get(str(attribute.get("taxonomy_term_id")), {})
        code = str(term.get("code") or "")
        if code in set(Category):
            return Category(code)
    return None


def _text(row: Row, name: str, most: int) -> str | None:
    text = " ".join(str(row.get(name) or "").split())
    if not text:
        return None
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _age(row: Row, name: str) -> int | None:
    said = str(row.get(name) or "")
    return int(float(said)) if said.replace(".", "", 1).isdecimal() else None
