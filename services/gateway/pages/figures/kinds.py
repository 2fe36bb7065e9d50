"""Owns how figures that are no share are said: times, rates, spreads of numbers, and mixes of outcomes."""

from dataclasses import dataclass

from services.gateway.pages import terms
from services.gateway.pages.api import Json
from services.gateway.pages.figures.rows import Naming, mark_of
from services.gateway.pages.words import N_, Words

BESIDE = ("course", "rate", "spread", "shares")


@dataclass(frozen=True)
class Line:
    """One row: None for what is too few to show; `nobody` where there was no one to count."""

    label: str
    cells: tuple[str, ...] | None
    nobody: bool = False


@dataclass(frozen=True)
class Other:
    """A table of figures that are no share: what its rows are called, its columns, and its lines."""

    rows: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def is_shown(total: Json) -> bool:
    """Whether something that is no share stands in a row."""
    return any(total.get(name) for name in BESIDE)


def headline(measure: Json, total: Json, words: Words, title: str) -> str | None:
    """The figure as one sentence; None for a share or a count, and where it is too few to show."""
    if course := total.get("course"):
        mark = mark_of(course)
        if mark is None or not course["within"][mark]:
            return None
        days, percent = words.number(float(mark)), round(100 * course["within"][mark]["value"])
        text = N_("%(title)s: within %(days)s days for %(percent)s of every 100")
        return words.say(text, title=title, days=days, percent=percent)
    if rate := total.get("rate"):
        value, per = words.number(round(rate["value"], 1)), words.number(rate["per"])
        return words.say("%(title)s: %(value)s in %(per)s days", title=title, value=value, per=per)
    if (spread := total.get("spread")) and spread["median"] is not None:
        return words.say("%(title)s: half have %(median)s or fewer", title=title, median=words.number(spread["median"]))
    if shares := total.get("shares"):
        name, part = max(shares.items(), key=lambda each: int(each[1]))
        percent = round(100 * part / (sum(shares.values()) or 1))
        return words.say(
            "%(title)s: most often %(name)s, %(percent)s of every 100",
            title=title, name=piece(measure, name, words).lower(), percent=percent)  # fmt: skip
    return None


def sentences(total: Json, words: Words) -> list[str]:
    """What else is said of the total."""
    said = []
    if course := total.get("course"):
        if course["median"] is None:
            said.append(words.say("It never came for half of all."))
        else:
            said.append(words.say("It came for half within %(days)s days.", days=words.number(course["median"])))
        if course["p90"] is not None:
            said.append(words.say("For nine of ten within %(days)s days.", days=words.number(course["p90"])))
        if course["unresolved"]:
            open_ = round(100 * course["unresolved"])
            said.append(words.say("Of every 100, %(number)s were still open.", number=words.number(open_)))
    if rate := total.get("rate"):
        low, high = (words.number(round(rate[end], 1)) for end in ("low", "high"))
        said.append(words.say("With chance in mind, between %(low)s and %(high)s.", low=low, high=high))
    if (spread := total.get("spread")) and spread["mean"] is not None:
        mean, most = words.number(round(spread["mean"], 1)), words.number(spread["p90"])
        said.append(words.say("The mean is %(mean)s; nine of ten have %(most)s or fewer.", mean=mean, most=most))
    return said


def table_of(table: Json, naming: Naming) -> Other | None:
    """The table of a rate, a spread or a mix; None for everything that is a share of something or a count."""
    words, rows = naming.words, [*table["rows"], table["total"]]
    labels = [naming.of(table["by"], row["label"]) for row in table["rows"]] + [words.say("All together")]
    grouping = words.say(terms.GROUPINGS.get(table["by"], "All together"))
    match table["measure"]["kind"]:
        case "rate":
            columns = (words.say("Rate"), words.say("Interval"), words.say("Counted"))
            lines = [_line(label, row, _rate(row, words)) for label, row in zip(labels, rows, strict=True)]
            return Other(grouping, columns, tuple(lines))
        case "distribution":
            columns = (words.say("Half have at most"), words.say("Mean"), words.say("Nine of ten have at most"))
            lines = [_line(label, row, _spread(row, words)) for label, row in zip(labels, rows, strict=True)]
            return Other(grouping, columns, tuple(lines))
        case "mix":
            return _mix(table, words)
    return None


def piece(measure: Json, name: str, words: Words) -> str:
    """What an outcome, a way of contact or a band is called."""
    known = terms.PIECES.get(measure["measure"], {})
    return words.say(known.get(name) or terms.CONTACT_MODES.get(name) or terms.ANY_PIECE.get(name, name))


def _line(label: str, row: Json, cells: tuple[str, ...] | None) -> Line:
    return Line(label, cells, nobody=cells is None and row["numerator"] == 0 and not row["denominator"])


def _rate(row: Json, words: Words) -> tuple[str, ...] | None:
    rate = row.get("rate")
    if not rate:
        return None
    value, low, high = (words.number(round(rate[name], 1)) for name in ("value", "low", "high"))
    counted = words.say(
        "%(events)s in %(days)s days", events=words.number(row["numerator"]), days=words.number(row["denominator"])
    )
    return value, words.say("%(low)s to %(high)s", low=low, high=high), counted


def _spread(row: Json, words: Words) -> tuple[str, ...] | None:
    spread = row.get("spread")
    if not spread or spread["median"] is None:
        return None
    return tuple(words.number(round(spread[name], 1)) for name in ("median", "mean", "p90"))


def _mix(table: Json, words: Words) -> Other:
    """The pieces of the total, the largest first: they add up to 100."""
    columns = (words.say("In 100"), words.say("Counted"))
    shares = table["total"].get("shares") or {}
    whole = sum(shares.values())
    lines = [
        Line(
            piece(table["measure"], name, words),
            (words.number(round(100 * part / whole)), words.say("%(part)s of %(whole)s", part=words.number(part),
                                                                whole=words.number(whole))),
        )
        for name, part in sorted(shares.items(), key=lambda each: -each[1])
        if whole
    ]  # fmt: skip
    return Other(words.say("What became of them"), columns, tuple(lines))
