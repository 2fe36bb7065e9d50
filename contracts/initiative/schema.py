"""Owns the JSON Schema of each file of an initiative's folder, made from the model that refuses what it refuses.

An editor that knows TOML checks a file while it is written, by the `#:schema` line at its head. What needs more than
one file (does the hub exist) is said by `closeknit initiative check` alone.
"""

from collections.abc import Mapping
from typing import Any, Final

from contracts.initiative.files import FILES, file_of
from contracts.initiative.initiative import Initiative

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, Any]]:
    """The schema of each file (JSON Schema 2020-12), by the file's name without its ending."""
    whole = Initiative.model_json_schema()
    return {name.removesuffix(".toml"): _of(name, whole) for name in FILES}


def _of(file: str, whole: Mapping[str, Any]) -> dict[str, Any]:
    """The part of the schema that speaks of one file, with the definitions that it needs."""
    keys = {key: said for key, said in whole["properties"].items() if key != "slug" and file_of(key) == file}
    needed = dict(sorted(_needed(keys, whole["$defs"]).items()))
    required = [key for key in whole["required"] if key in keys]
    return {
        "$schema": DIALECT,
        "title": file,
        "type": "object",
        "additionalProperties": False,
        "properties": keys,
        **({"required": required} if required else {}),
        **({"$defs": needed} if needed else {}),
    }


def _needed(part: Any, known: Mapping[str, Any]) -> dict[str, Any]:
    """Every definition that a part refers to, and those that they refer to."""
    found: dict[str, Any] = {}
    waiting = [part]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            name = str(here.get("$ref", "")).removeprefix("#/$defs/")
            if name and name not in found:
                found[name] = known[name]
                waiting.append(known[name])
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)
    return found
