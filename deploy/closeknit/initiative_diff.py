"""Owns how two initiatives are held beside each other: what is said of one alone, and what is said otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from contracts.initiative import Initiative

NAMES: Final = ("id", "slug", "username", "principle", "name")
"""What a part of a list is known by, the first that it has; a part without any is known by its place."""
SAYS: Final = ("en", "text", "statement", "population", "what", "name", "title", "about")
FIGURES: Final = ("number", "percent", "value")
ABSENT: Final = object()


@dataclass(frozen=True)
class Difference:
    """A field that differs; `before` or `after` is ABSENT where one of the two does not have it."""

    place: str
    before: Any
    after: Any

    @property
    def line(self) -> str:
        if self.before is ABSENT:
            return f"+ {self.place}: {_short(self.after)}"
        if self.after is ABSENT:
            return f"- {self.place}: {_short(self.before)}"
        return f"~ {self.place}: {_short(self.before)} -> {_short(self.after)}"

    @property
    def facts(self) -> dict[str, Any]:
        sides = (("before", self.before), ("after", self.after))
        return {"field": self.place} | {name: value for name, value in sides if value is not ABSENT}


def differences(one: Initiative, other: Initiative) -> list[Difference]:
    """Every field in which two initiatives differ, but for their slugs, in the order of the first."""
    said, theirs = (each.model_dump(mode="json", exclude={"slug"}) for each in (one, other))
    return list(_between(said, theirs, ""))


def _between(one: Any, other: Any, place: str) -> Iterator[Difference]:
    one, other = _by_name(one), _by_name(other)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in [*one, *(key for key in other if key not in one)]:
            yield from _between(one.get(key, ABSENT), other.get(key, ABSENT), f"{place}.{key}".removeprefix("."))
    elif one != other:
        yield Difference(place, _whole(one), _whole(other))


def _by_name(part: Any) -> Any:
    """A list of parts as a table by what each is known by."""
    if not (isinstance(part, list) and part and all(isinstance(each, dict) for each in part)):
        return {} if part == [] else part
    return {_name(each) or str(number): each for number, each in enumerate(part)}


def _name(part: Mapping[str, Any]) -> str | None:
    return next((str(part[name]) for name in NAMES if isinstance(part.get(name), str)), None)


def _whole(part: Any) -> Any:
    return None if part == {} else part


def _short(part: Any) -> str:
    """A part in one line: a text in English, a table by its figure and by what it is called."""
    if isinstance(part, Mapping) and (says := next((part[name] for name in SAYS if part.get(name)), None)):
        figure = next((f"{part[name]} " for name in FIGURES if part.get(name)), "")
        return figure + _short(says)
    return json.dumps(part, ensure_ascii=False)
