"""Owns the rows of a released table in words and in order: the widest gap first, what is too few to show last."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from contracts.initiative import Initiative
from services.gateway.pages import terms
from services.gateway.pages.api import Json
from services.gateway.pages.words import Words

IN_ORDER = frozenset({"quarter"})
"""Groupings whose rows have an order of their own."""


@dataclass(frozen=True)
class Row:
    """One row of a table and its picture. `percent`, `low` and `high` are of 100, or those of a rate; None is too few.

    `last` is what the same row was in the release compared with. `focal` marks the widest gap, `reference` the group
    that the others are compared with. Numbers are as they were counted; `tenths` are said to a tenth, else whole.
    """

    code: str
    label: str
    numerator: int | None
    denominator: int | None
    percent: float | None
    low: float | None
    high: float | None
    unsteady: bool
    last: float | None
    last_hidden: bool = False
    focal: bool = False
    reference: bool = False
    tenths: bool = False

    def said(self, words: Words) -> str:
        return number_said(self.percent or 0, words, tenths=self.tenths)

    def last_said(self, words: Words) -> str:
        return number_said(self.last or 0, words, tenths=self.tenths)

    @property
    def hidden(self) -> bool:
        """Too few to show; where nothing was there to count is no secret."""
        return self.numerator is None

    @property
    def nobody(self) -> bool:
        """No one to count, which is never 0 of 100."""
        return self.denominator == 0

    @property
    def named(self) -> bool:
        """Whether it is a group of people, and not those of whom nobody knows."""
        return self.code not in terms.UNNAMED_GROUPS

    def short_of(self, aim: float, *, more: bool) -> float:
        """By how many points it is short of an aim, 0 where that is reached: by what was counted, not as rounded."""
        percent = self.percent or 0
        return max(0.0, aim - percent if more else percent - aim)


@dataclass(frozen=True)
class Naming:
    """What groups are called: by the initiative where it named them, else by the pages' words."""

    words: Words
    initiative: Initiative | None

    def of(self, by: str, code: str) -> str:
        """The label of a row; the code where nobody named it."""
        known = terms.ROWS.get(by, {})
        if code in known:
            return self.words.say(known[code])
        if by == "language":
            return self.words.language_name(code)
        if by == "county":
            return code.replace("-", " ").title()
        zips = self.initiative.zip_groups if self.initiative and by == "zip_group" else ()
        return next((str(each.name) for each in zips if each.slug == code), code)

    def whom(self, by: str, code: str) -> str:
        """A group inside a sentence: "for White clients"."""
        speaks = by == "language" and code not in terms.ROWS["language"]
        group = self.words.language_name(code, inside=True) if speaks else self.of(by, code)
        return self.words.say(terms.WHOM.get(by, terms.ANYBODY), group=group)


def number_said(value: float, words: Words, *, tenths: bool = False) -> str:
    """A number to a tenth, or how many of every 100: a few are not said as none, nor what is not all as all."""
    if tenths:
        return words.number(round(value, 1))
    percent = round(value)
    if percent == 0 < value:
        return words.say("under 1")
    return words.say("over 99") if value < percent == 100 else words.number(percent)  # noqa: PLR2004 - all


def in_100(part: int, whole: int, words: Words) -> str:
    """How many of every 100."""
    return number_said(100 * part / (whole or 1), words)


class Share(NamedTuple):
    """A share of 100, or a rate in so many days, with its interval; all None where there is none."""

    percent: float | None
    low: float | None
    high: float | None
    unsteady: bool
    tenths: bool = False


def share_of(figure: Json) -> Share:
    """What a row is read by: what is met of all, what had been reached by the last mark of a time, or its rate."""
    if rate := figure.get("rate"):
        value, low, high = (round(rate[name], 1) for name in ("value", "low", "high"))
        return Share(value, low, high, bool(rate["unstable"]), tenths=True)
    course = figure.get("course")
    mark = mark_of(course) if course else None
    if not course or mark is None or not course["within"][mark]:
        percent = None if figure["percent"] is None else 100 * figure["numerator"] / figure["denominator"]
        return Share(percent, figure["low"], figure["high"], bool(figure.get("unsteady")))
    within = course["within"][mark]
    low, high = (round(100 * within[end], 1) for end in ("low", "high"))
    return Share(100 * within["value"], low, high, bool(within["unstable"]))


def mark_of(course: Json) -> str | None:
    """The last mark (days) at which a time is read."""
    return max(course["within"], key=float, default=None)


def row_of(label: str, figure: Json, last: Json | None, *, focal: bool = False, reference: bool = False) -> Row:
    """A row of the API as it is shown; `last` is the same row of the release compared with."""
    share = share_of(figure)
    return Row(
        code=str(figure["label"]),
        label=label,
        numerator=figure["numerator"],
        denominator=figure["denominator"],
        percent=share.percent,
        low=share.low,
        high=share.high,
        unsteady=share.unsteady,
        last=share_of(last).percent if last else None,
        last_hidden=last is not None and last["numerator"] is None,
        focal=focal,
        reference=reference,
        tenths=share.tenths,
    )


def rows_of(table: Json, last: Json | None, naming: Naming) -> list[Row]:
    """Rows in words: the widest gap first, the reference last, else from the worst up; what is hidden at the end."""
    before = {row["label"]: row for row in (last or {}).get("rows", [])}
    by, gaps = str(table["by"]), table.get("gaps")
    focal = widest_of(table)
    rows = [
        row_of(
            naming.of(by, row["label"]),
            row,
            before.get(row["label"]),
            focal=focal is not None and row["label"] == focal["label"],
            reference=gaps is not None and row["label"] == gaps["reference"],
        )
        for row in table["rows"]
    ]
    if by in IN_ORDER:
        return rows
    places = _places(table)
    fewer = table["measure"]["direction"] == "fewer"
    return sorted(
        rows,
        key=lambda row: (
            row.percent is None,
            not row.named,
            row.reference,
            places.get(row.code, len(places)),
            -(row.percent or 0) if fewer else row.percent or 0,
            row.label,
        ),
    )


def widest_of(table: Json) -> Json | None:
    """The gap of the group that is furthest behind the reference; None where no group is, or none can be shown."""
    gaps = table.get("gaps")
    groups: list[Json] = gaps["groups"] if gaps else []
    return next((gap for gap in groups if gap["difference"] is not None and gap["behind"]), None)


def behind(gap: Json) -> Mapping[str, float | None]:
    """How far a group is behind, in points that are positive: value, low and high of the interval, low from none up."""
    found = gap["difference"]
    value, low, high = found["value"], found["low"], found["high"]
    if value >= 0:
        return {"value": value, "low": low, "high": high}
    turned = (None if end is None else -end for end in (high, low))
    return {"value": -value, **dict(zip(("low", "high"), turned, strict=True))}


def _places(table: Json) -> dict[str, int]:
    """Where each compared group stands: those behind first, by their gaps, which come the widest first."""
    gaps = table.get("gaps")
    groups: list[Json] = [gap for gap in gaps["groups"] if gap["difference"] is not None] if gaps else []
    ahead = [gap for gap in groups if not gap["behind"]]
    ordered = [gap for gap in groups if gap["behind"]] + ahead[::-1]
    return {gap["label"]: place for place, gap in enumerate(ordered)}
