"""Owns `contracts/openapi.json`: the one public document, put together from the services' own (OpenAPI 3.1).

python -m deploy.openapi             write it
python -m deploy.openapi --check     1 when the file is not what the services say
"""

import argparse
import functools
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import contracts
from services.measures.api import routers as measures
from services.referrals.api import routers as referrals
from services.runtime.http import create_app
from services.runtime.telemetry import Telemetry

Json = dict[str, Any]

FILE = Path(contracts.__path__[0]) / "openapi.json"
SERVICE_KEY = "x-closeknit-service"
REFERENCE = "#/components/schemas/"
DESCRIPTION = (
    "Closed-loop referrals for pregnancy care. Errors are application/problem+json (RFC 9457); `type` is a page that"
    " explains. A POST with an Idempotency-Key is carried out once. Times are RFC 3339 in UTC, dates local dates of the"
    " initiative."
)


@functools.cache
def documents() -> Mapping[str, Json]:
    """Each service's own document, by the service's name; nothing is connected to. Made once: it takes a second."""
    routers = {"referrals": referrals.ROUTERS, "measures": measures.ROUTERS}
    return {
        name: create_app(f"Closeknit {name}", routers=parts, telemetry=Telemetry.off()).openapi()
        for name, parts in routers.items()
    }


def merged(parts: Mapping[str, Json]) -> Json:
    """One document of several: each operation says who answers it; a schema of one name and two meanings is kept twice.

    Raises ValueError where two services claim one path or one operation id.
    """
    paths: Json = {}
    schemas: Json = {}
    beside: dict[str, Json] = {}
    for service, document in parts.items():
        components = document.get("components", {})
        names = _names(schemas, components.get("schemas", {}), service)
        schemas |= {names[name]: _renamed(schema, names) for name, schema in components.get("schemas", {}).items()}
        for kind in ("responses", "securitySchemes"):
            beside.setdefault(kind, {}).update(components.get(kind, {}))
        for path, item in document["paths"].items():
            if path in paths:
                raise ValueError(f"two services answer {path}")
            paths[path] = {
                method: {**_renamed(operation, names), SERVICE_KEY: service} for method, operation in item.items()
            }
    _once([operation["operationId"] for item in paths.values() for operation in item.values()])
    return {
        "openapi": "3.1.0",
        "info": {"title": "Closeknit", "version": "1", "description": DESCRIPTION},
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(schemas.items())), **beside},
    }


def text() -> str:
    """The file as it should be."""
    return json.dumps(merged(documents()), indent=1, ensure_ascii=False) + "\n"


def _names(known: Json, schemas: Json, service: str) -> dict[str, str]:
    """What each schema is called in the merged document: its own name, or the service's with it where that is taken."""
    return {
        name: name if known.get(name, schema) == schema else f"{service.capitalize()}{name}"
        for name, schema in schemas.items()
    }


def _renamed(part: Any, names: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {
            key: REFERENCE + names[value.removeprefix(REFERENCE)]
            if key == "$ref" and isinstance(value, str) and value.startswith(REFERENCE)
            else _renamed(value, names)
            for key, value in part.items()
        }
    return [_renamed(each, names) for each in part] if isinstance(part, list) else part


def _once(actions: list[str]) -> None:
    twice = {action for action in actions if actions.count(action) > 1}
    if twice:
        raise ValueError(f"claimed twice: {', '.join(sorted(twice))}")


def main(arguments: Sequence[str]) -> int:
    """The command; prints a sentence to stderr and gives the exit code."""
    parser = argparse.ArgumentParser(prog="deploy.openapi", description="Write the public OpenAPI document.")
    parser.add_argument("--check", action="store_true", help="only compare")
    if not parser.parse_args(arguments).check:
        FILE.write_text(text(), encoding="utf-8")
        return 0
    if FILE.exists() and FILE.read_text(encoding="utf-8") == text():
        return 0
    sys.stderr.write("contracts/openapi.json is not what the services say: python -m deploy.openapi\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
