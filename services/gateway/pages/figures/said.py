"""Owns the sentences of a released figure: its headline, its gap, what was aimed at, and the picture in words."""

from collections.abc import Mapping, Sequence

from services.gateway.pages import terms
from services.gateway.pages.api import Json
from services.gateway.pages.figures import kinds
from services.gateway.pages.figures.bars import Piece
from services.gateway.pages.figures.rows import Naming, Row, behind, widest_of
from services.gateway.pages.words import N_, Words


def title(measure: Json, words: Words) -> str:
    return words.say(terms.TITLES.get(measure["measure"], measure["title"]))


def sentence(measure: Json, total: Json, words: Words) -> str:
    """The measure as one sentence with its number, or its name where the number is too small to show."""
    text = terms.SENTENCES.get(measure["measure"])
    if text and measure["counts_clients"] and total["numerator"] is not None:
        return words.say(text, number=words.number(total["numerator"]))
    if text and total["percent"] is not None:
        return words.say(text, percent=total["percent"])
    if total["percent"] is not None:
        return words.say("%(title)s: %(percent)s of every 100", title=title(measure, words), percent=total["percent"])
    return kinds.headline(measure, total, words, title(measure, words)) or title(measure, words)


def headline(table: Json, rows: list[Row], naming: Naming) -> str:
    """Both numbers and whom they are about, where a group is behind; else the measure as one sentence."""
    words, measure = naming.words, table["measure"]
    focal = next((row for row in rows if row.focal), None)
    reference = next((row for row in rows if row.reference), None)
    if focal is None or reference is None:
        return sentence(measure, table["total"], words)
    return words.say(
        "%(title)s: %(low)s of every 100 %(whom)s, %(high)s %(others)s",
        title=title(measure, words),
        low=focal.percent,
        high=reference.percent,
        whom=naming.whom(table["by"], focal.code),
        others=naming.whom(table["by"], reference.code),
    )


def heading(table: Json, naming: Naming) -> str | None:
    """The widest gap of a table as the heading of a page; None where nobody is behind."""
    gap = widest_of(table)
    if gap is None:
        return None
    words, points = naming.words, naming.words.number(round(behind(gap)["value"] or 0))
    whom = naming.whom(table["by"], gap["label"])
    if gap["difference"]["chance"]:
        return words.say("The widest gap, %(points)s points %(whom)s, could be chance", points=points, whom=whom)
    return words.say("The widest gap is %(points)s points, %(whom)s", points=points, whom=whom)


def change_said(change: Json | None, words: Words) -> str:
    """Whether what changed since the release compared with may be chance; nothing where that cannot be said."""
    points = change["points"] if change else None
    if points is None or points["low"] is None:
        return ""
    if points["chance"]:
        return words.say("A change that small can be chance.")
    number = words.number(abs(round(points["value"])))
    more, fewer = N_("That is %(points)s more, and not chance."), N_("That is %(points)s less, and not chance.")
    text = more if points["value"] > 0 else fewer
    return words.say(text, points=number)


def version_said(table: Json, last: Json | None, words: Words) -> list[str]:
    """That the release compared with counts in another way, so that the two are not set side by side."""
    if last is None or last["measure"]["version"] == table["measure"]["version"]:
        return []
    text = N_(
        "The release compared with counts it in another way (version %(before)s, here %(now)s):"
        " the two are not set side by side."
    )
    return [words.say(text, before=last["measure"]["version"], now=table["measure"]["version"])]


def late_said(direction: str | None, words: Words) -> list[str]:
    """What came late did to the figure, where both releases are about the same time and count in the same way."""
    texts = {
        "more": N_("It is about the same time as the release compared with: what came late made it higher."),
        "fewer": N_("It is about the same time as the release compared with: what came late made it lower."),
        "same": N_("It is about the same time as the release compared with: what came late left it as it was."),
    }
    return [words.say(texts[direction])] if direction in texts else []


def gap_said(table: Json, last: Json | None, naming: Naming, changed: Mapping[str, Json]) -> list[str]:
    """How wide the gap is, how sure that is, what it was, and what closing it would mean."""
    gap, words = widest_of(table), naming.words
    if gap is None:
        return _no_gap(table, naming)
    found = behind(gap)
    points = {name: words.number(max(0, round(value or 0))) for name, value in found.items()}
    said = []
    if gap["difference"]["chance"]:
        text = N_(
            "The gap is %(value)s points. It could be chance: with so few, it may be anything from none to %(high)s."
        )
        said += [words.say(text, **points)]
    else:
        text = N_("The gap is %(value)s points; with chance in mind, between %(low)s and %(high)s.")
        said += [words.say(text, **points)]
    before = _gap_of(last, gap["label"])
    if before is not None and before["difference"] is not None:
        text = N_("In the release compared with it was %(points)s.")
        text = text if before["behind"] else N_("In the release compared with there was no gap.")
        said += [words.say(text, points=words.number(round(behind(before)["value"] or 0)))]
        sure = before["behind"] and not gap["difference"]["chance"]
        said += _closed(changed.get(gap["label"]), words) if sure else []
    return said + _closing(gap, table["measure"], words)


def _closed(change: Json | None, words: Words) -> list[str]:
    closed = round(change["closed"]) if change and change["closed"] is not None else 0
    if closed > 0:
        return [words.say("%(closed)s %% of it has closed since.", closed=closed)]
    return [words.say("It is wider now.")] if closed < 0 else []


def _no_gap(table: Json, naming: Naming) -> list[str]:
    """Why no gap is said, where there is a group to compare with."""
    gaps, words = table["gaps"], naming.words
    if gaps is None or table["measure"]["direction"] == "neutral":
        return []
    group = naming.of(table["by"], gaps["reference"])
    reference = next((row for row in table["rows"] if row["label"] == gaps["reference"]), None)
    if reference is None or reference["percent"] is None:
        text = N_("No gap can be said: the group that others are compared with, %(group)s, is too few to show.")
        return [words.say(text, group=group)]
    if any(gap["difference"] is not None for gap in gaps["groups"]):
        return [words.say("No group that can be shown is behind %(group)s.", group=group)]
    return [words.say("No gap can be said: the other groups are too few to show.")]


def _gap_of(table: Json | None, label: str) -> Json | None:
    gaps = table["gaps"] if table else None
    return next((gap for gap in gaps["groups"] if gap["label"] == label), None) if gaps else None


def _closing(gap: Json, measure: Json, words: Words) -> list[str]:
    number, units = abs(round(gap["excess"] or 0)), str(measure["of"])
    if not number:
        return []
    more = N_("Closing it means about %(number)s more %(units)s.")
    fewer = N_("Closing it means about %(number)s fewer %(units)s.")
    text = more if measure["direction"] == "more" else fewer
    return [words.say(text, number=words.number(number), units=words.say(units))]


def described(title_said: str, rows: list[Row], aim: float | None, words: Words, *, rate: bool = False) -> str:
    """The picture in words, for who does not see it."""
    shown = [row for row in rows if row.percent is not None and row.named]
    lowest, highest = (pick(shown, key=lambda row: row.percent or 0) for pick in (min, max))
    text = N_("Lowest: %(lowest)s, %(low)s in 100. Highest: %(highest)s, %(high)s in 100.")
    said = words.say(
        N_("Lowest: %(lowest)s, %(low)s. Highest: %(highest)s, %(high)s.") if rate else text,
        lowest=lowest.label, low=words.number(lowest.percent or 0),
        highest=highest.label, high=words.number(highest.percent or 0))  # fmt: skip
    if aim is not None:
        said += " " + words.say("The aim is %(aim)s.", aim=words.number(aim))
    return f"{title_said}. {said} {words.say('Every figure is in the table that follows.')}"


def pieces_described(title_said: str, pieces: Sequence[Piece], words: Words) -> str:
    """Bars in words: which piece is the largest and which the smallest."""
    most, least = (pick(pieces, key=lambda each: each.units) for pick in (max, min))
    said = words.say(
        "Most: %(most)s, %(high)s in 100. Least: %(least)s, %(low)s in 100.",
        most=most.label, high=most.percent, least=least.label, low=least.percent)  # fmt: skip
    return f"{title_said}. {said} {words.say('Every figure is in the table that follows.')}"
