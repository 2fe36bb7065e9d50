"""Owns how a released figure is said and prepared for its picture: intervals, sentences, rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from services.gateway.pages import terms
from services.gateway.pages.api import Json
from services.gateway.pages.words import N_, Words

Z = 1.959964  # both sides of 95 in 100
FEW = 20
GAP = 5  # a smaller one is no headline

TITLES: Mapping[str, str] = {
    "response_rate": N_("Answered within 14 days"),
    "closed_loop_rate": N_("Loop closed"),
    "handoff_completion": N_("Handoffs completed"),
    "clients_reached": N_("Clients reached"),
    "agency_changes": N_("Next seen by another agency"),
}
SENTENCES: Mapping[str, str] = {
    "response_rate": N_("%(percent)s of every 100 referrals were answered in time"),
    "closed_loop_rate": N_("%(percent)s of every 100 referrals ended with the sender told"),
    "handoff_completion": N_("%(percent)s of every 100 handoffs were completed"),
    "clients_reached": N_("%(number)s clients were reached"),
    "agency_changes": N_("%(percent)s of every 100 times, another agency saw her next"),
}
CHANNELS: Mapping[str, str] = {"letter": N_("By letter: not on the system"), "system": N_("On the system")}
GROUPS = frozenset({"category", "channel"})  # rows without an order of their own
COUNTED: Mapping[str, str] = {
    "referrals": N_("of every 100 referrals"),
    "handoffs": N_("of every 100 handoffs"),
    "pairs of contacts": N_("of every 100 pairs of contacts"),
}


@dataclass(frozen=True)
class Row:
    """One row of a table and its picture. `percent`, `low` and `high` are of 100; None is too few to show."""

    label: str
    numerator: int | None
    denominator: int | None
    percent: int | None
    low: int | None
    high: int | None
    last: int | None

    @property
    def hidden(self) -> bool:
        """Too few to show; where nothing was there to count is no secret."""
        return self.numerator is None

    @property
    def unsteady(self) -> bool:
        """Few on either side of the fraction."""
        if self.numerator is None or not self.denominator:
            return False
        return min(self.numerator, self.denominator - self.numerator) < FEW


def interval(numerator: int, denominator: int) -> tuple[int, int]:
    """The 95 % interval of a fraction in whole per cent (Wilson 1927, score method)."""
    share, z2 = numerator / denominator, Z * Z
    centre = (share + z2 / (2 * denominator)) / (1 + z2 / denominator)
    half = Z * sqrt(share * (1 - share) / denominator + z2 / (4 * denominator**2)) / (1 + z2 / denominator)
    return round(100 * (centre - half)), round(100 * (centre + half))


def row_of(label: str, figure: Json, last: Json | None) -> Row:
    """A row of the API as it is shown; `last` is the same row of the release compared with."""
    numerator, denominator = figure["numerator"], figure["denominator"]
    low = high = None
    if figure["percent"] is not None and denominator:
        low, high = interval(numerator, denominator)
    before = last["percent"] if last else None
    return Row(label, numerator, denominator, figure["percent"], low, high, before)


def rows_of(figures: Json, last: Json | None, words: Words) -> list[Row]:
    """Rows in words: needs from the lowest share up, quarters in their order; those too few to show come last."""
    before = {row["label"]: row for row in (last or {}).get("rows", [])}
    named = {"category": terms.CATEGORIES, "channel": CHANNELS}.get(figures["by"], {})
    rows = [row_of(words.say(named.get(row["label"], row["label"])), row, before.get(row["label"]))
            for row in figures["rows"]]  # fmt: skip
    if figures["by"] in GROUPS:
        rows.sort(key=lambda row: (row.percent is None, row.percent or 0, row.label))
    return rows


def title(measure: Json, words: Words) -> str:
    return words.say(TITLES.get(measure["measure"], measure["title"]))


def headline(figures: Json, words: Words) -> str:
    """The measure as one sentence with its number, or its name where the number is too small to show."""
    measure, total = figures["measure"], figures["total"]
    sentence = SENTENCES.get(measure["measure"])
    if sentence and measure["counts_clients"] and total["numerator"] is not None:
        return words.say(sentence, number=words.number(total["numerator"]))
    if sentence and total["percent"] is not None:
        return words.say(sentence, percent=total["percent"])
    if total["percent"] is not None:
        return words.say("%(title)s: %(percent)s of every 100", title=measure["title"], percent=total["percent"])
    return title(measure, words)


def widest(found: list[tuple[str, list[Row], Row]], words: Words) -> tuple[str, str] | None:
    """The row that is furthest behind its measure as heading and sentence; `found` is (title, rows, all together)."""
    behind = [
        (total.percent - row.percent, title, row, total)
        for title, rows, total in found
        for row in rows
        if row.percent is not None and total.percent is not None
    ]
    if not behind or (most := max(behind, key=lambda entry: entry[0]))[0] < GAP:
        return None
    gap, title, row, total = most
    heading = words.say("The widest gap: %(need)s, %(gap)s points behind", need=row.label, gap=gap)
    sentence = words.say("%(title)s: %(low)s of every 100, %(all)s over all needs.", title=title, low=row.percent,
                         all=total.percent)  # fmt: skip
    return heading, sentence


def drawing(figures: Json, rows: list[Row], words: Words) -> dict[str, Any] | None:
    """What is drawn: dots by group, or a line by quarter; None where fewer than two rows can be shown."""
    shown = [row for row in rows if row.percent is not None]
    by, measure = figures["by"], figures["measure"]
    if len(shown) < 2 or measure["counts_clients"]:  # noqa: PLR2004 - one point is no picture
        return None
    counted = COUNTED.get(measure["of"])
    return {
        "kind": "dots" if by in GROUPS else "trend",
        "axis": words.say(counted) if counted else words.say("of every 100"),
        "total": figures["total"]["percent"] if by in GROUPS else None,
        "total_word": words.say("All %(percent)s", percent=figures["total"]["percent"]),
        "rows": [
            {"label": row.label, "percent": row.percent, "low": row.low, "high": row.high, "last": row.last,
             "hidden": row.hidden, "word": word}
            for row, word in (((row, None) for row in shown) if by in GROUPS else _with_words(rows, words))
        ],
    }  # fmt: skip


def _with_words(rows: list[Row], words: Words) -> list[tuple[Row, str | None]]:
    """Each row with what is said at its cross: "too few" once for quarters that are hidden one after the other."""
    said = words.say("too few")
    before = [False, *(row.hidden for row in rows)][: len(rows)]
    return [(row, said if row.hidden and not was else None) for row, was in zip(rows, before, strict=True)]


def described(figures: Json, rows: list[Row], words: Words) -> str:
    """The picture in words, for who does not see it."""
    shown = [row for row in rows if row.percent is not None]
    lowest, highest = (pick(shown, key=lambda row: row.percent or 0) for pick in (min, max))
    return words.say(
        "Lowest: %(lowest)s, %(low)s in 100. Highest: %(highest)s, %(high)s in 100."
        " Every figure is in the table that follows.",
        lowest=lowest.label, low=lowest.percent, highest=highest.label, high=highest.percent)  # fmt: skip
