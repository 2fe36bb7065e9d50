"""Owns the tables and pieces of figures that are no share: rates, spreads of numbers, and mixes of outcomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.gateway.pages import terms
from services.gateway.pages.api import Json
from services.gateway.pages.figures.bars import Piece
from services.gateway.pages.figures.kinds import band, piece
from services.gateway.pages.figures.rows import Naming, Row, in_100, number_said
from services.gateway.pages.words import Words


@dataclass(frozen=True)
class Line:
    """One row: None for what is too few to show; `nobody` where there was no one to count, `unsteady` for few.

    `focal` is the widest gap, `reference` the group that the others are compared with.
    """

    label: str
    cells: tuple[str, ...] | None
    nobody: bool = False
    unsteady: bool = False
    focal: bool = False
    reference: bool = False


@dataclass(frozen=True)
class Other:
    """A table of figures that are no share: what its rows are called, its columns, and its lines."""

    rows: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def pieces_of(table: Json, last: Json | None, words: Words) -> list[Piece]:
    """The pieces of a total: of a mix the largest first, of a spread the bands in their order."""
    shares, before = _shares(table["total"]), _shares(last["total"] if last else {})
    whole, whole_before = sum(shares.values()), sum(before.values())
    said = piece if table["total"].get("shares") else lambda _, name, words: band(name, words)
    alike = set(shares) == set(before)
    found = [
        Piece(
            code=name,
            label=said(table["measure"], name, words),
            units=part,
            percent=100 * part / whole,
            last=100 * before[name] / whole_before if alike and whole_before else None,
        )
        for name, part in shares.items()
        if whole
    ]
    return sorted(found, key=lambda each: -each.units) if table["total"].get("shares") else found


def table_of(table: Json, rows: Sequence[Row], last: Json | None, naming: Naming) -> Other | None:
    """The table beside the picture of a rate, a spread or a mix; None for a share, a time or a count."""
    words = naming.words
    match table["measure"]["kind"]:
        case "rate":
            columns = (words.say("Rate"), words.say("Interval"), words.say("Counted"))
            return Other(_grouping(table, words), columns + _last(last, words), _of_rows(table, rows, last, words))
        case "distribution":
            return _of_pieces(table, last, words.say("How many"), words)
        case "mix":
            rows_are = terms.PIECES_ARE.get(table["measure"]["measure"], terms.ANY_PIECES_ARE)
            return _of_pieces(table, last, words.say(rows_are), words)
    return None


def groups_of(table: Json, rows: Sequence[Row], naming: Naming) -> Other | None:
    """What a spread or a mix is in each group; None for everything else, and where there is no group."""
    words, by_code = naming.words, {row["label"]: row for row in table["rows"]}
    labels = [(row.label, by_code[row.code]) for row in rows]
    if not labels or table["measure"]["kind"] not in {"distribution", "mix"}:
        return None
    columns: tuple[str, ...]
    if table["measure"]["kind"] == "distribution":
        columns = (words.say("Half have at most"), words.say("Mean"), words.say("Nine of ten have at most"))
        lines = [_line(label, row, _spread(row, words)) for label, row in labels]
        return Other(_grouping(table, words), columns, tuple(lines))
    shares = _shares(table["total"])
    names = sorted(shares, key=lambda name: -shares[name])
    columns = tuple(piece(table["measure"], name, words) for name in names)
    lines = [_line(label, row, _mixed(row, names, words)) for label, row in labels]
    return Other(_grouping(table, words), columns, tuple(lines)) if names else None


def _shares(row: Json) -> Mapping[str, int]:
    """The pieces into which what is counted in a row falls; none where it is too few to show."""
    spread = row.get("spread")
    return row.get("shares") or (spread["bands"] if spread else {})


def _of_pieces(table: Json, last: Json | None, rows: str, words: Words) -> Other:
    found = pieces_of(table, last, words)
    units = sum(each.units for each in found)
    whole = words.number(units)
    has_last = any(each.last is not None for each in found)
    lines = [
        Line(
            each.label,
            (
                each.said(words),
                words.say("%(part)s of %(whole)s", part=words.number(each.units), whole=whole),
            )
            + ((number_said(each.last or 0, words),) if has_last else ()),
        )
        for each in found
    ]
    columns = (words.say("In 100"), words.say("Counted")) + ((words.say("Other release"),) if has_last else ())
    return Other(rows, columns, tuple(lines) or (_line(words.say("All together"), table["total"], None),))


def _of_rows(table: Json, rows: Sequence[Row], last: Json | None, words: Words) -> tuple[Line, ...]:
    """A rate by group and all together, the groups in the order of the picture."""
    by_code = {row["label"]: row for row in table["rows"]}
    before = {row["label"]: row for row in last["rows"]} if last else {}
    total = table["total"], last["total"] if last else None
    lines = [
        replace(
            _line(
                row.label, by_code[row.code], _rate(by_code[row.code], before.get(row.code), last is not None, words)
            ),
            focal=row.focal,
            reference=row.reference,
        )
        for row in rows
    ]
    return *lines, _line(words.say("All together"), total[0], _rate(*total, last is not None, words))


def _grouping(table: Json, words: Words) -> str:
    return words.say(terms.GROUPINGS.get(table["by"], "All together"))


def _last(last: Json | None, words: Words) -> tuple[str, ...]:
    return (words.say("Other release"),) if last is not None else ()


def _line(label: str, row: Json, cells: tuple[str, ...] | None) -> Line:
    nobody = cells is None and row["numerator"] == 0 and not row["denominator"]
    return Line(label, cells, nobody, unsteady=bool(cells and (row.get("rate") or {}).get("unstable")))


def _rate(row: Json, earlier: Json | None, compared: bool, words: Words) -> tuple[str, ...] | None:
    rate, before = row.get("rate"), (earlier or {}).get("rate")
    if not rate:
        return None
    value, low, high = (words.number(round(rate[name], 1)) for name in ("value", "low", "high"))
    counted = words.say(
        "%(events)s in %(days)s days", events=words.number(row["numerator"]), days=words.number(row["denominator"])
    )
    cells = (value, words.say("%(low)s to %(high)s", low=low, high=high), counted)
    if not compared:
        return cells
    hidden = earlier is not None and earlier["numerator"] is None
    missing = words.say("Too few to show") if hidden else words.say("No one to count")
    return *cells, words.number(round(before["value"], 1)) if before else missing


def _spread(row: Json, words: Words) -> tuple[str, ...] | None:
    spread = row.get("spread")
    found = [spread[name] for name in ("median", "mean", "p90")] if spread else []
    if not any(each is not None for each in found):
        return None
    few = words.say("Too few to show")
    return tuple(few if each is None else words.number(round(each, 1)) for each in found)


def _mixed(row: Json, names: Sequence[str], words: Words) -> tuple[str, ...] | None:
    shares = _shares(row)
    whole = sum(shares.values())
    return tuple(in_100(shares.get(name, 0), whole, words) for name in names) if whole else None
