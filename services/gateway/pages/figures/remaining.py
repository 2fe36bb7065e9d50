"""Owns how what remains to a target is said of all whom it is about, and which level its pictures have."""

from collections.abc import Sequence
from typing import NamedTuple

from services.gateway.pages.api import Json
from services.gateway.pages.figures.rows import Naming
from services.gateway.pages.words import N_


class Latest(NamedTuple):
    """The latest window of a baseline."""

    baseline: Json
    row: Json


LEVELS = frozenset({"level", "every"})
"""The readings of a target that are a level by themselves: a part less of each rate of a baseline is another each."""


def level(windows: Sequence[Json]) -> float | None:
    """What is aimed at in a picture; None where nothing is to be reduced, or no one level is to be reached."""
    found = {float(each["percent"]) for row in windows for each in row["remains"] if each["said_as"] in LEVELS}
    return found.pop() if len(found) == 1 else None


def heading(targets: Sequence[tuple[Json, Sequence[Latest]]], naming: Naming) -> str:
    """What remains to the first target that has figures, for each group of families that it is about."""
    words = naming.words
    if not targets:
        return words.say("The initiative has set no target")
    target, latest = next((each for each in targets if _wanted(each[1])), targets[0])
    wanted, year = _wanted(latest), target["by_year"]
    if not wanted:
        return words.say("The target is for %(year)s; no counts of births are in yet", year=year)
    if len(wanted) > 1:
        parts = words.listed([_part(each, naming) for each in wanted])
        return words.say("What remains to the target for %(year)s: %(parts)s", year=year, parts=parts)
    points = _points(wanted[0])
    if points > 0:
        text = N_("%(points)s points remain to the target for %(year)s")
        return words.say(text, points=words.number(points), year=year)
    text = N_("The target for %(year)s is reached by the figures of %(years)s")
    return words.say(text, year=year, years=_years(wanted[0].row["window"]))


def _years(window: Json) -> str:
    """The years that a window is about."""
    since, until = window["since"], window["until"]
    return str(since) if since == until else f"{since}-{until}"


def _wanted(latest: Sequence[Latest]) -> list[Latest]:
    """Those of which something is to be reduced, of each group one: its starts are the same way to go."""
    groups: dict[tuple[str, str], Latest] = {}
    for each in latest:
        if each.row["remains"]:
            groups.setdefault((each.baseline["by"], each.baseline["group"]), each)
    return list(groups.values())


def _part(of: Latest, naming: Naming) -> str:
    """What remains for one group: 11.11 points for Pacific Islander families."""
    words, points = naming.words, _points(of)
    if points <= 0:
        return words.say("nothing for %(whom)s", whom=_whom(of.baseline, naming))
    many = 1 if points == 1 else 2
    said = {"points": words.number(points), "whom": _whom(of.baseline, naming)}
    return words.count("%(points)s point for %(whom)s", "%(points)s points for %(whom)s", many, **said)


def _whom(baseline: Json, naming: Naming) -> str:
    """The initiative's own words for whom a baseline is about; the group's label where it has none."""
    said = baseline["whom"] or {}
    language = naming.words.language
    return str(said.get(language) or said.get("en") or naming.of(baseline["by"], baseline["group"]))


def _points(of: Latest) -> float:
    return float(of.row["remains"][0]["points"]["value"])
