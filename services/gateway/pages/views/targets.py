"""Owns the page of targets: how far they are by figures that others printed of the whole population.

Figures of our clients never stand here: they say nothing about a county's births (G26).
"""

from typing import Any

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import Json
from services.gateway.pages.figures import remaining
from services.gateway.pages.figures.plot import Panel, Point, panels_of
from services.gateway.pages.figures.population import gaps_shown
from services.gateway.pages.figures.rows import Naming, Row
from services.gateway.pages.visit import Visit


async def targets(visit: Visit) -> Response:
    """The initiative's targets, each with its printed baselines and what remains; and every printed figure."""
    items = await visit.api.every("/targets")
    figures = await visit.api.every("/population-figures")
    naming = Naming(visit.words, visit.initiative)
    shown = [_shown(each, str(place), naming) for place, each in enumerate(items)]
    return await visit.page(
        "targets.html",
        targets=shown,
        remains=remaining.heading([(each["target"], each["latest"]) for each in shown], naming),
        figures=figures,
        naming=naming,
        labels_of=lambda ratio: [naming.of(ratio["by"], group) for group in ratio["too_small"]],
        population=terms.POPULATION,
        publisher_of=lambda counted: visit.words.say(terms.PUBLISHERS.get(counted["publisher"], counted["publisher"])),
        differing=sum(each["difference"] is not None for each in figures),
    )


def _shown(target: Json, place: str, naming: Naming) -> dict[str, Any]:
    """A target with its progress by baseline: the windows in order, and a picture where there are two or more."""
    of_baselines = []
    for baseline in target["baselines"]:
        windows = [each for each in target["progress"] if each["baseline"] == baseline["name"]]
        by_publisher: dict[str, list[Json]] = {}
        for each in sorted(windows, key=lambda each: each["window"]["until"]):
            by_publisher.setdefault(str(sorted(each["window"]["counted"].items())), []).append(each)
        series = [{"windows": rows, "panel": _panel(rows), "level": remaining.level(rows)}
                  for each in by_publisher.values() if (rows := _by_window(each))]  # fmt: skip
        of_baselines.append({"baseline": baseline, "series": series})
    return {
        "target": target,
        "baselines": of_baselines,
        "latest": [
            remaining.Latest(each["baseline"], each["series"][-1]["windows"][-1])
            for each in of_baselines
            if each["series"]
        ],
        "gaps": [
            gaps_shown(each, f"{place}-{number}", naming) for number, each in enumerate(_counted_alike(target["gaps"]))
        ],
        "ratios": _counted_alike(target["disparity_ratios"]),
    }


def _by_window(found: list[Json]) -> list[Json]:
    """One row for each window: a baseline that was printed as two rates is left behind by two parts."""
    rows: dict[int, Json] = {}
    for each in found:
        row = rows.setdefault(int(each["window"]["until"]), {**each, "starts": []})
        row["starts"].append({"percent": each["start_percent"], "reduced": each["reduced_percent"]})
    return list(rows.values())


def _counted_alike(found: list[Json]) -> list[list[Json]]:
    """What was counted in one way, by the same groups, together: the latest years first."""
    alike: dict[str, list[Json]] = {}
    for each in sorted(found, key=lambda each: -int(each["until"])):
        alike.setdefault(str((sorted(each["counted"].items()), each["by"])), []).append(each)
    return list(alike.values())


def _panel(windows: list[Json]) -> Panel | None:
    """The rate over the windows: one way of counting, one group, and the level that is aimed at."""
    points = [
        Point(_years(each["window"]), rate["percent"], rate["low"], rate["high"], few=False, tenths=True)
        for each in windows
        for rate in [each["window"]["rate"]]
    ]
    row = Row("", "", None, None, None, None, None, unsteady=False, last=None)
    return next(iter(panels_of([(row, points)], remaining.level(windows))), None)


def _years(window: Json) -> str:
    since, until = window["since"], window["until"]
    return str(since) if since == until else f"{since}-{str(until)[2:]}"
