"""Owns how the form of an agency asks for its phone, its fax and its street, the first of each that HSDS lists."""

from typing import Any

from services.gateway.pages.api import Json
from services.gateway.pages.forms import Form

KINDS = {"voice": "phone", "fax": "fax"}
STREET = {"address_1": "street", "city": "city", "state_province": "state", "postal_code": "zip"}


def reached(form: Form, found: Json | None) -> dict[str, Any]:
    """The phones and addresses as the form has them; what a package brought beyond the first of each stays."""
    phones = [
        {"number": form.one(field), "type": kind, "description": _words(form, found, kind)}
        for kind, field in KINDS.items()
        if form.one(field)
    ]
    address = {name: form.one(field) for name, field in STREET.items()}
    address["state_province"] = address["state_province"].upper()
    said = any(address[name] for name in STREET if name != "state_province")
    return {
        "phones": phones + _beyond_first(found),
        "addresses": ([address] if said else []) + (found["addresses"][1:] if found else []),
    }


def shown_again(found: Json) -> dict[str, tuple[str, ...]]:
    """What the form shows of an agency that is there."""
    voice, fax = (_first(found, kind) or {} for kind in KINDS)
    address = found["addresses"][0] if found["addresses"] else {}
    return {
        "phone": (voice.get("number") or "",),
        "phone_words": (voice.get("description") or "",),
        "fax": (fax.get("number") or "",),
        **{field: (address.get(name) or "",) for name, field in STREET.items() if name != "state_province" or address},
    }


def _words(form: Form, found: Json | None, kind: str) -> str | None:
    if kind == "voice":
        return form.one("phone_words") or None
    before = _first(found, kind) if found else None
    return before["description"] if before else None


def _first(found: Json, kind: str) -> Json | None:
    return next((each for each in found["phones"] if each["type"] == kind), None)


def _beyond_first(found: Json | None) -> list[Json]:
    if found is None:
        return []
    firsts = [_first(found, kind) for kind in KINDS]
    return [each for each in found["phones"] if not any(each is first for first in firsts)]
