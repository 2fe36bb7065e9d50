"""Owns what is drawn over time: all together and each group, or each piece of what falls into pieces."""

from collections.abc import Sequence

from contracts.initiative import Aim
from services.gateway.pages.api import Json
from services.gateway.pages.figures.beside import pieces_of
from services.gateway.pages.figures.plot import Panel, Point, Scaled, panels_of
from services.gateway.pages.figures.release import period_of
from services.gateway.pages.figures.rows import Row, row_of, share_of
from services.gateway.pages.figures.scale import open_scale, scale_of
from services.gateway.pages.words import Words

Series = list[tuple[Row, Sequence[Point]]]


def panels(tables: Sequence[Json], lines: tuple[Sequence[Row], Row], aim: Aim | None, words: Words) -> list[Panel]:
    """Over the releases of `tables`, or over the quarters of the last; none of a count of clients.

    `lines` are the groups of the last, and all together.
    """
    newest = tables[-1]
    if newest["measure"]["counts_clients"]:
        return []
    by_quarter = newest["by"] == "quarter"
    periods = [(period_of(each), each["total"]) for each in tables]
    if by_quarter:
        periods = [(str(row["label"]), row) for row in newest["rows"]]
    if newest["total"].get("pieces"):
        return panels_of(_of_pieces(newest, periods, words), None, scale_of)
    rows, total = lines
    groups = [] if by_quarter else [(row, [_of_period(each, row.code) for each in tables]) for row in rows if row.named]
    together = (total, [_point(*each) for each in periods])
    return panels_of([together, *groups], aim.percent if aim else None, scaled(newest))


def scaled(table: Json) -> Scaled:
    """A rate has no highest value; everything else is of 100."""
    return open_scale if table["measure"]["kind"] == "rate" else scale_of


def _of_pieces(table: Json, periods: Sequence[tuple[str, Json]], words: Words) -> Series:
    """Each piece of a total in the order of its bars."""
    return [
        (
            row_of(piece.label, {**table["total"], "label": piece.code}, None),
            [_piece(*each, piece.code) for each in periods],
        )
        for piece in pieces_of(table, None, words)
    ]


def _piece(label: str, figure: Json, name: str) -> Point:
    """A piece in one period; where that has it not by itself, it is too few: then it is in another one."""
    found = (figure.get("pieces") or {}).get(name)
    if found is None:
        nobody = figure["numerator"] == 0 and not figure["denominator"]
        return Point(label, None, None, None, few=not nobody)
    value, low, high = (100 * found[end] for end in ("value", "low", "high"))
    return Point(label, value, low, high, few=False)


def _of_period(table: Json, code: str) -> Point:
    row = next((row for row in table["rows"] if row["label"] == code), None)
    return Point(period_of(table), None, None, None, few=False) if row is None else _point(period_of(table), row)


def _point(label: str, row: Json) -> Point:
    share = share_of(row)
    few = row["numerator"] is None
    return Point(label, share.percent, share.low, share.high, few=few, tenths=share.tenths)
