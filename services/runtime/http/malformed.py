"""Malformed input: pydantic's complaints as pointers, codes and sentences that hold nothing of what was sent."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, get_args, get_origin

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, RootModel, Tag, ValidationError

from services.runtime.http.problem import FieldError

_SENTENCES: Mapping[str, str] = {
    "missing": "This is required.",
    "json_invalid": "The body is not valid JSON.",
    "string_type": "A text is expected.",
    "string_too_short": "At least {min_length} characters.",
    "string_too_long": "At most {max_length} characters.",
    "string_pattern_mismatch": "It does not have the form that is described.",
    "int_type": "A whole number is expected.",
    "int_parsing": "A whole number is expected.",
    "bool_type": "true or false is expected.",
    "bool_parsing": "true or false is expected.",
    "list_type": "A list is expected.",
    "tuple_type": "A list is expected.",
    "too_short": "At least {min_length} entries.",
    "too_long": "At most {max_length} entries.",
    "model_type": "An object is expected.",
    "enum": "One of: {expected}.",
    "literal_error": "One of: {expected}.",
    "union_tag_not_found": "It does not say which kind it is.",
    "uuid_parsing": "An id is expected.",
    "uuid_type": "An id is expected.",
    "date_type": "A date is expected, like 2026-01-31.",
    "date_parsing": "A date is expected, like 2026-01-31.",
    "date_from_datetime_parsing": "A date is expected, like 2026-01-31.",
    "datetime_type": "A time with its zone is expected, like 2026-01-31T17:00:00Z.",
    "datetime_parsing": "A time with its zone is expected, like 2026-01-31T17:00:00Z.",
    "datetime_from_date_parsing": "A time with its zone is expected, like 2026-01-31T17:00:00Z.",
    "timezone_aware": "A time with its zone is expected, like 2026-01-31T17:00:00Z.",
    "greater_than_equal": "At least {ge}.",
    "less_than_equal": "At most {le}.",
    "in_the_future": "A date in the future.",
    "unseen_character": "It holds a character that cannot be seen (control, direction, zero width): type it anew.",
    "unknown_field": "A field that is not known here.",
    "nul_character": "A character that no text may hold.",
}


def pointer(parts: Iterable[int | str]) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def field_errors(error: ValidationError, model: type[BaseModel], prefix: str = "") -> list[FieldError]:
    """Every complaint of `error` as it may leave the house; an unknown field is pointed at by its parent: its name was
    typed, and nothing that was typed is told."""
    found: list[FieldError] = []
    for entry in error.errors(include_url=False, include_input=False):
        code = entry["type"]
        parts = tuple(part for part in entry["loc"] if not _is_branch(part))
        if code == "extra_forbidden":
            found.append(FieldError(prefix + pointer(parts[:-1]), "unknown_field", _known(model, entry["loc"])))
        elif code == "value_error":
            found.append(FieldError(prefix + pointer(parts), code, str(entry["ctx"]["error"])))
        else:
            found.append(FieldError(prefix + pointer(parts), code, _sentence(code, entry.get("ctx", {}))))
    return [each for each in found if not _only_follows(each, found)]


def fastapi_errors(error: RequestValidationError) -> list[FieldError]:
    """The same for what FastAPI itself refused; a name that was typed is left out here too."""
    found = []
    for entry in error.errors():
        code, parts = str(entry["type"]), tuple(entry["loc"])
        if code == "extra_forbidden":
            found.append(FieldError(pointer(parts[:-1]), "unknown_field", "A name that is not known here."))
        else:
            found.append(FieldError(pointer(parts), code, _sentence(code, entry.get("ctx", {}))))
    return found


def _only_follows(error: FieldError, found: list[FieldError]) -> bool:
    """A list counts as too short when its entries are refused: that is said of the entries already."""
    return error.code == "too_short" and any(each.pointer.startswith(error.pointer + "/") for each in found)


def _is_branch(part: int | str) -> bool:
    """Pydantic names the branch of a union in its path (`ConsentById`, `function-after[...]`); JSON has no such."""
    return isinstance(part, str) and (part[:1].isupper() or "[" in part)


def _sentence(code: str, context: Mapping[str, Any]) -> str:
    return _SENTENCES.get(code, "It is not what is described.").format_map(_Blank(context))


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def _known(model: type[BaseModel], place: tuple[int | str, ...]) -> str:
    """What may be named there instead, and what was meant, it seems: names of ours, never the one that was typed."""
    *way, typed = place
    found: list[Any] = [model]
    for part in way:
        if isinstance(part, str) and _is_branch(part):
            found = [each for one in found for each in _branches(one, part)] or found
        elif isinstance(part, str):
            objects = (each for one in found for each in _objects(one) if part in each.model_fields)
            found = [each.model_fields[part].annotation for each in objects]
    fields = (field for one in found for each in _objects(one) for field in each.model_fields.items())
    names = list(dict.fromkeys(info.alias or name for name, info in fields))
    near = get_close_matches(str(typed), names, 1)
    meant = f" Is {near[0]} meant?" if near else ""
    return (
        f"A field that is not known here.{meant} Known: {', '.join(names)}." if names else _SENTENCES["unknown_field"]
    )


def _objects(annotation: Any) -> list[type[BaseModel]]:
    """The objects that an annotation lets stand somewhere, alone, in a list, or as branches of a union."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        root = issubclass(annotation, RootModel)
        return _objects(annotation.model_fields["root"].annotation) if root else [annotation]
    return [each for part in get_args(annotation) for each in _objects(part)]


def _branches(annotation: Any, tag: str) -> list[Any]:
    """The branch of a union that pydantic calls so: by its tag, else by its class."""
    parts = get_args(annotation)
    if get_origin(annotation) is Annotated and any(isinstance(part, Tag) and part.tag == tag for part in parts):
        return [parts[0]]
    if isinstance(annotation, type) and issubclass(annotation, RootModel):
        return _branches(annotation.model_fields["root"].annotation, tag)
    if isinstance(annotation, type) and annotation.__name__ == tag:
        return [annotation]
    return [each for part in parts for each in _branches(part, tag)]
