"""A schema that breaks its last release is seen, whatever the break; a change that breaks nobody passes."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from contracts.compatibility import breaks
from contracts.generate import released

Schema = dict[str, Any]

RELEASED: Schema = {
    "$id": "urn:closeknit:schema:thing.made.v1",
    "title": "thing.made.v1",
    "type": "object",
    "$defs": {
        "Priority": {"type": "string", "enum": ["routine", "urgent"]},
        "Part": {
            "type": "object",
            "properties": {"count": {"type": "integer", "minimum": 1, "maximum": 9}},
            "required": ["count"],
        },
    },
    "properties": {
        "thing": {"type": "string", "format": "uuid"},
        "agency": {"type": "string", "pattern": "^[a-z]+$"},
        "priority": {"$ref": "#/$defs/Priority"},
        "mode": {"type": "string", "enum": ["direct", "unknown"]},
        "need": {"type": "string", "format": "uuid"},
        "tags": {"type": "array", "items": {"type": "string", "enum": ["food", "unknown"]}, "default": []},
        "parts": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
    },
    "required": ["thing", "agency", "priority", "mode"],
}


def changed(change: Callable[[Schema], object]) -> list[str]:
    """What the check says of the released schema after a change."""
    current = copy.deepcopy(RELEASED)
    change(current)
    return breaks({"thing.made.v1": RELEASED}, {"thing.made.v1": current})


def fields(schema: Schema) -> Schema:
    found: Schema = schema["properties"]
    return found


def count(schema: Schema) -> Schema:
    found: Schema = schema["$defs"]["Part"]["properties"]["count"]
    return found


BREAKING: list[tuple[str, Callable[[Schema], object], str]] = [
    ("a field goes", lambda s: fields(s).pop("need"), ".need: the field is gone"),
    ("a needed field goes", lambda s: fields(s).pop("agency"), ".agency: the field is gone"),
    ("a type changes", lambda s: fields(s)["thing"].update(type="integer"), ".thing: type changed"),
    ("a format changes", lambda s: fields(s)["need"].update(format="date"), ".need: format changed"),
    ("a pattern changes", lambda s: fields(s)["agency"].update(pattern="^.*$"), ".agency: pattern changed"),
    ("a code goes", lambda s: fields(s)["mode"]["enum"].remove("direct"), ".mode: code direct is gone"),
    ("a list is closed", lambda s: fields(s)["mode"]["enum"].remove("unknown"), ".mode: code unknown is gone"),
    (
        "a closed list grows",
        lambda s: s["$defs"]["Priority"]["enum"].append("asap"),
        ".priority: code asap is new in a closed list",
    ),
    ("a list becomes text", lambda s: fields(s)["mode"].pop("enum"), ".mode: enum changed"),
    ("a field becomes needed", lambda s: s["required"].append("need"), ".need: must now be there"),
    ("a field becomes optional", lambda s: s["required"].remove("mode"), ".mode: need no longer be there"),
    (
        "a bound tightens",
        lambda s: count(s).update(maximum=5),
        ".parts[].count: maximum",
    ),
    ("a bound loosens", lambda s: count(s).pop("minimum"), ".parts[].count: minimum"),
    ("a default changes", lambda s: fields(s)["tags"].update(default=["food"]), ".tags: default changed"),
    ("items go", lambda s: fields(s)["tags"].pop("items"), ".tags: items changed"),
    (
        "a code in a list goes",
        lambda s: fields(s)["tags"]["items"]["enum"].remove("food"),
        ".tags[]: code food is gone",
    ),
    (
        "a new field is needed",
        lambda s: (fields(s).update(new={"type": "boolean"}), s["required"].append("new")),
        ".new: must now be there",
    ),
    (
        "a new field has a default",
        lambda s: fields(s).update(new={"type": "array", "default": []}),
        ".new: a new field has a default",
    ),
    (
        "a keyword is not known",
        lambda s: fields(s)["need"].update({"not": {}}),
        ".need: keyword not is not understood",
    ),
    ("readers are bound", lambda s: s.update(additionalProperties=False), ": keyword additionalProperties"),
]


@pytest.mark.parametrize(("change", "said"), [each[1:] for each in BREAKING], ids=[each[0] for each in BREAKING])
def test_a_breaking_change_is_seen(change: Callable[[Schema], object], said: str) -> None:
    found = changed(change)
    assert any(each.startswith(f"thing.made.v1{said}") for each in found), found


def test_a_type_that_is_gone_is_seen() -> None:
    assert breaks({"thing.made.v1": RELEASED}, {}) == ["thing.made.v1: the type is gone"]


HARMLESS: list[tuple[str, Callable[[Schema], object]]] = [
    ("nothing", lambda s: None),
    ("a field that may be absent comes", lambda s: fields(s).update(new={"type": "string", "format": "date"})),
    ("an open list grows", lambda s: fields(s)["mode"]["enum"].append("informational")),
    ("an open list inside a list grows", lambda s: fields(s)["tags"]["items"]["enum"].append("ride")),
    ("words change", lambda s: s.update(description="Said better.", title="Thing")),
    ("a definition moves in", lambda s: fields(s).update(priority=s["$defs"]["Priority"])),
]


@pytest.mark.parametrize("change", [each[1] for each in HARMLESS], ids=[each[0] for each in HARMLESS])
def test_a_change_that_breaks_nobody_passes(change: Callable[[Schema], object]) -> None:
    assert changed(change) == []


def test_a_new_type_passes() -> None:
    assert breaks({}, {"thing.made.v1": RELEASED}) == []


@pytest.mark.parametrize("name", released())
def test_each_released_schema_would_be_seen_to_break_without_its_fields(name: str) -> None:
    schema = released()[name]
    bare = {**schema, "properties": {}, "required": []}
    assert bool(breaks({name: schema}, {name: bare})) == bool(schema["properties"])
