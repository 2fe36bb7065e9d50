"""Whether a schema still fits its last release, for readers older and younger than itself.

A field may be added when it may be absent and has no default, and a code when its list has `unknown`. All else breaks
somebody: it needs a new version of the type. A keyword that this module does not know is refused, never passed over.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

WORDS = frozenset({"$schema", "$id", "$defs", "title", "description", "examples"})
"""Keywords without effect on what is valid."""

FIXED = ("type", "format", "pattern", "const", "anyOf", "default")
FIXED_BOUNDS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems")
KNOWN = WORDS | {*FIXED, *FIXED_BOUNDS, "$ref", "enum", "properties", "required", "items"}

UNKNOWN = "unknown"


def breaks(released: Mapping[str, Schema], current: Mapping[str, Schema]) -> list[str]:
    """One sentence for each way in which the current schemas (by type) break the released ones; empty: none."""
    gone = [f"{name}: the type is gone" for name in sorted(released.keys() - current.keys())]
    both = sorted(released.keys() & current.keys())
    return gone + [f"{name}{said}" for name in both for said in _differences(released[name], current[name])]


def _differences(released: Schema, current: Schema) -> Iterator[str]:
    yield from _compare(released, current, released.get("$defs", {}), current.get("$defs", {}), "")


def _compare(old: Schema, new: Schema, old_defs: Schema, new_defs: Schema, place: str) -> Iterator[str]:
    old, new = _resolved(old, old_defs), _resolved(new, new_defs)
    for keyword in sorted((old.keys() | new.keys()) - KNOWN):
        yield f"{place}: keyword {keyword} is not understood"
    for keyword in (*FIXED, *FIXED_BOUNDS):
        if old.get(keyword) != new.get(keyword):
            yield f"{place}: {keyword} changed"
    yield from _codes(old, new, place)
    if "items" in old and "items" in new:
        yield from _compare(old["items"], new["items"], old_defs, new_defs, f"{place}[]")
    elif "items" in old or "items" in new:
        yield f"{place}: items changed"
    yield from _fields(old, new, place)
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in sorted(before.keys() & after.keys()):
        yield from _compare(before[name], after[name], old_defs, new_defs, f"{place}.{name}")
    for name in sorted(after.keys() - before.keys()):
        if "default" in _resolved(after[name], new_defs):
            yield f"{place}.{name}: a new field has a default, which changes the bytes of old events"


def _codes(old: Schema, new: Schema, place: str) -> Iterator[str]:
    if ("enum" in old) != ("enum" in new):
        yield f"{place}: enum changed"
        return
    before, after = old.get("enum", []), new.get("enum", [])
    for code in (each for each in before if each not in after):
        yield f"{place}: code {code} is gone"
    if UNKNOWN not in before:
        for code in (each for each in after if each not in before):
            yield f"{place}: code {code} is new in a closed list"


def _fields(old: Schema, new: Schema, place: str) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    needed, needed_now = set(old.get("required", [])), set(new.get("required", []))
    for name in sorted(before.keys() - after.keys()):
        yield f"{place}.{name}: the field is gone"
    for name in sorted(needed_now - needed):
        yield f"{place}.{name}: must now be there"
    for name in sorted((needed - needed_now) & after.keys()):
        yield f"{place}.{name}: need no longer be there"


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    target: Schema = definitions[str(schema["$ref"]).removeprefix("#/$defs/")]
    return {**target, **{keyword: value for keyword, value in schema.items() if keyword != "$ref"}}
