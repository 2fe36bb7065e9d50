"""Owns the walk over every field that a contract, the API or telemetry has, and what stands too high where it is."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel

from contracts.classification import Class, Unclassified, class_of


class Field(NamedTuple):
    """A field of a model or schema, by the names of both."""

    model: str
    name: str


def of_model(model: type[BaseModel]) -> Iterator[Field]:
    """The fields of a model, and of every model that it is made of."""
    for name, field in model.model_fields.items():
        yield Field(model.__name__, field.alias or name)
        for part in _models_in(field.annotation):
            yield from of_model(part)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from _models_in(each)


def of_schema(schema: Any, schemas: Mapping[str, Any], seen: set[str] | None = None) -> Iterator[Field]:
    """The fields that a JSON schema reaches by its references."""
    seen = set() if seen is None else seen
    if isinstance(schema, list):
        for each in schema:
            yield from of_schema(each, schemas, seen)
    elif isinstance(schema, dict):
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        if name and name not in seen:
            seen.add(name)
            model = ".".join(name.split("__")[-2:])  # where two services have one of that name, with its module
            yield from (Field(model, field) for field in schemas[name].get("properties", {}))
            yield from of_schema(schemas[name], schemas, seen)
        yield from of_schema(list(schema.values()), schemas, seen)


def too_high(fields: Iterable[Field], ceiling: Class) -> list[str]:
    """What is above the ceiling of a place or has no class, as text, in order."""
    found = set()
    for field in fields:
        try:
            stands = class_of(*field)
        except Unclassified:
            found.add(f"{field.model}.{field.name} has no class")
        else:
            if stands > ceiling:
                found.add(f"{field.model}.{field.name} is {stands.name.lower()}")
    return sorted(found)
