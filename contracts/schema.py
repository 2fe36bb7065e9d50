"""The JSON Schema of each published type, made from its model."""

from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from contracts.envelope import schema_uri
from contracts.events.event import Published
from contracts.registry import EVENTS


class ContractSchema(GenerateJsonSchema):
    """JSON Schema 2020-12 as our events are written: what is None is absent, and readers pass over unknown fields."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """A field that may be None is absent then, never null."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """A default of None is an absent field and no default."""
        if schema.get("default", ...) is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Only the writer is bound to the declared fields."""
        made = super().model_schema(schema)
        made.pop("additionalProperties", None)
        return made

    def field_title_should_be_set(self, schema: Any) -> bool:
        """A field's name says it all."""
        return False


def schema_of(kind: type[Published]) -> dict[str, Any]:
    """The schema of one type."""
    made = kind.model_json_schema(schema_generator=ContractSchema)
    return {"$schema": ContractSchema.schema_dialect, "$id": schema_uri(kind.TYPE), **made, "title": kind.TYPE}


def schemas() -> Mapping[str, dict[str, Any]]:
    """Every schema by its type."""
    return {name: schema_of(kind) for name, kind in sorted(EVENTS.items())}
