"""How an organization of an HSDS 3.0 package is reached: its phones and faxes, and the addresses of its locations."""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from contracts.directory import Address, Phone
from deploy.closeknit.hsds_package import Package, Row

PHONES, ADDRESSES = 10, 5
KINDS = {"voice": "voice", "cell": "voice", "hotline": "voice", "fax": "fax", "": "voice"}
"""HSDS phone types that a letter can name; text lines, pagers and video phones are left out."""


def reached(package: Package, organization: str) -> dict[str, Any]:
    """The first phones and addresses that are whole; one that cannot be dialled or written to is left out."""
    own = [row for row in package.tables["locations"] if _of(row, "organization_id", organization)]
    places = {str(row.get("id")) for row in own}
    return {
        "phones": tuple(_phones(package, organization, places))[:PHONES],
        "addresses": tuple(_addresses(package, places))[:ADDRESSES],
    }


def _phones(package: Package, organization: str, places: set[str]) -> Iterator[Phone]:
    rows = package.tables["phones"]
    own = [row for row in rows if _of(row, "organization_id", organization)]
    for row in own + [row for row in rows if str(row.get("location_id")) in places]:
        kind = KINDS.get(str(row.get("type") or "").lower())
        if kind is None:
            continue
        said = _line(row, "description")
        number = " ".join(
            filter(None, (_line(row, "number"), f"x{row['extension']}" if row.get("extension") else None))
        )
        try:
            yield Phone.model_validate({"number": number, "type": kind, "description": said})
        except ValidationError:
            continue


def _addresses(package: Package, places: set[str]) -> Iterator[Address]:
    for row in package.tables["addresses"]:
        if str(row.get("location_id")) in places:
            try:
                yield Address.model_validate({name: _line(row, name) for name in Address.model_fields})
            except ValidationError:
                continue


def _of(row: Row, name: str, id: str) -> bool:
    return id in {str(row.get(name)), str(row.get("link_id"))}


def _line(row: Row, name: str) -> str | None:
    return " ".join(str(row.get(name) or "").split()) or None
