"""Owns how gaps between groups of a whole population are said and drawn, apart from figures of our clients."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from services.gateway.pages.api import Json
from services.gateway.pages.figures.plot import Dots, dots_of
from services.gateway.pages.figures.rows import Naming, Row
from services.gateway.pages.figures.scale import Scale, open_scale


@dataclass(frozen=True)
class GapsShown:
    """The gaps of one way of counting, the latest years first, with the picture of the latest."""

    name: str
    tables: list[Json]
    said: str
    plot: Dots | None
    described: str


def gaps_shown(tables: list[Json], name: str, naming: Naming) -> GapsShown:
    """`tables` are those of one way of counting, the latest years first."""
    latest, words = tables[0], naming.words
    reference = naming.of(latest["by"], latest["gaps"]["reference"])
    rows = _rows(tables, naming)
    widest = next((row for row in rows if row.focal), None)
    if widest is None:
        said = words.say("No group that can be shown is behind %(group)s.", group=reference)
    else:
        said = words.say(
            "%(group)s: %(points)s points more of every 100 births are too early than for %(reference)s",
            group=widest.label, points=widest.said(words), reference=reference)  # fmt: skip
    plot = dots_of(rows, words.say("points of every 100 births"), None, None, _from_nothing)
    return GapsShown(name, tables, said, plot and replace(plot, from_another=True), _described(rows, naming))


def _rows(tables: list[Json], naming: Naming) -> list[Row]:
    """A row for each group that can be shown, as far from the reference as it is, the widest gap first."""
    latest, before = tables[0], tables[1] if len(tables) > 1 else None
    earlier = {gap["label"]: gap["difference"] for gap in before["gaps"]["groups"]} if before else {}
    shown = [gap for gap in latest["gaps"]["groups"] if gap["difference"] is not None]
    widest = next((gap["label"] for gap in shown if gap["behind"]), None)
    return [
        Row(
            code=gap["label"],
            label=naming.of(latest["by"], gap["label"]),
            numerator=None,
            denominator=None,
            percent=gap["difference"]["value"],
            low=gap["difference"]["low"],
            high=gap["difference"]["high"],
            unsteady=False,
            last=last["value"] if (last := earlier.get(gap["label"])) else None,
            focal=gap["label"] == widest,
            tenths=True,
        )
        for gap in shown
    ]


def _from_nothing(values: Iterable[float], start: float, end: float) -> Scale:
    """A scale on which no gap at all has its place, too."""
    return open_scale([0, *values], start, end)


def _described(rows: list[Row], naming: Naming) -> str:
    said = [f"{row.label} {row.said(naming.words)}" for row in rows]
    return (
        f"{naming.words.listed(said)}. {naming.words.say('Every figure is in the table that follows.')}" if said else ""
    )
