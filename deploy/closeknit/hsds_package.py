"""Reads an Open Referral HSDS 3.0 data package: tabular CSV, its JSON form, or full objects, as one set of tables."""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

Row = dict[str, Any]

TABLES: Final = ("organizations", "services", "languages", "schedules", "service_areas", "required_documents",
                 "attributes", "taxonomy_terms", "locations", "addresses", "phones")  # fmt: skip
NESTED: Final = {
    "languages": "languages",
    "schedules": "schedules",
    "service_areas": "service_areas",
    "required_documents": "required_documents",
    "attributes": "attributes",
}


class BadPackage(Exception):
    """The path holds no HSDS 3.0 data package; the message names the file, never what is in it."""


@dataclass
class Package:
    """Rows by table. `number` of a row: its place in its table, from 1 on, under the key `#`."""

    tables: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in TABLES})

    def add(self, table: str, row: Row) -> None:
        self.tables[table].append({**row, "#": len(self.tables[table]) + 1})

    def of_service(self, table: str, service: str) -> Iterator[Row]:
        """Rows of a table that belong to a service."""
        return (row for row in self.tables[table] if service in (row.get("service_id"), row.get("link_id")))


def read(path: Path) -> Package:
    """Read a file or a folder. Raises BadPackage."""
    package = Package()
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    found = [each for each in files if each.suffix in {".csv", ".json"} and each.is_file()]
    if not found:
        raise BadPackage(f"{path.name}: no CSV and no JSON file is there")
    for each in found:
        if each.suffix == ".csv":
            _table(package, each.stem, _csv(each))
        elif each.name != "datapackage.json":
            _document(package, _json(each))
    if not package.tables["organizations"] and not package.tables["services"]:
        raise BadPackage(f"{path.name}: no organization and no service is there")
    return package


def _csv(path: Path) -> list[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [{name: value or None for name, value in row.items()} for row in csv.DictReader(file, strict=True)]
    except (OSError, UnicodeDecodeError, csv.Error):
        raise BadPackage(f"{path.name}: it cannot be read as CSV in UTF-8") from None


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BadPackage(f"{path.name}: it cannot be read as JSON") from None


def _table(package: Package, name: str, rows: Iterable[Row]) -> None:
    if name in TABLES:
        for row in rows:
            package.add(name, row)


def _document(package: Package, found: Any) -> None:
    """A tabular document, a list of objects, or one object, in whatever depth the API gives it."""
    if isinstance(found, list):
        for each in found:
            _document(package, each)
    elif isinstance(found, dict):
        if any(str(name).endswith(".csv") for name in found):
            for name, rows in found.items():
                _table(package, str(name).removesuffix(".csv"), rows)
        elif "contents" in found:
            _document(package, found["contents"])
        elif "organization" in found or "organization_id" in found:
            _service(package, found, None)
        elif "services" in found or "legal_status" in found:
            _organization(package, found)


def _organization(package: Package, found: Row) -> None:
    if not _known(package, "organizations", found):
        package.add("organizations", found)
        for phone in found.get("phones") or ():
            package.add("phones", {**phone, "organization_id": found.get("id")})
        for location in found.get("locations") or ():
            _location(package, location, found.get("id"))
    for each in found.get("services") or ():
        _service(package, each, found.get("id"))


def _location(package: Package, found: Row, organization: Any) -> None:
    package.add("locations", {**found, "organization_id": organization})
    for table in ("addresses", "phones"):
        for each in found.get(table) or ():
            package.add(table, {**each, "location_id": found.get("id")})


def _service(package: Package, found: Row, organization: Any) -> None:
    by = found.get("organization")
    if isinstance(by, dict):
        _organization(package, by)
        organization = by.get("id")
    if _known(package, "services", found):
        return
    package.add("services", {**found, "organization_id": found.get("organization_id") or organization})
    for name, table in NESTED.items():
        for each in found.get(name) or ():
            package.add(table, {**each, "service_id": found.get("id")})
            if isinstance(each.get("taxonomy_term"), dict):
                package.add("taxonomy_terms", each["taxonomy_term"])


def _known(package: Package, table: str, found: Row) -> bool:
    return any(row.get("id") == found.get("id") for row in package.tables[table])
