"""Owns the sentences of a released figure: its headline, what changed, and the picture in words."""

from collections.abc import Sequence

from services.gateway.pages import terms
from services.gateway.pages.api import Json
from services.gateway.pages.figures import gaps, kinds
from services.gateway.pages.figures.bars import Piece
from services.gateway.pages.figures.rows import Naming, Row, in_100
from services.gateway.pages.words import N_, Words


def title(measure: Json, words: Words) -> str:
    return words.say(terms.TITLES.get(measure["measure"], measure["title"]))


def sentence(measure: Json, total: Json, words: Words) -> str:
    """The measure as one sentence with its number, or its name where the number is too small to show."""
    text = terms.SENTENCES.get(measure["measure"])
    if text and measure["counts_clients"] and total["numerator"] is not None:
        return words.say(text, number=words.number(total["numerator"]))
    if text and total["percent"] is not None:
        said = words.say(text, percent=in_100(total["numerator"], total["denominator"], words))
        return said[:1].upper() + said[1:]
    if total["percent"] is not None:
        percent = in_100(total["numerator"], total["denominator"], words)
        return words.say("%(title)s: %(percent)s of every 100", title=title(measure, words), percent=percent)
    return kinds.headline(measure, total, words, title(measure, words)) or title(measure, words)


def headline(table: Json, rows: list[Row], naming: Naming) -> str:
    """Both numbers and whom they are about, where a group is behind; else the measure as one sentence."""
    words, measure = naming.words, table["measure"]
    focal = next((row for row in rows if row.focal), None)
    reference = next((row for row in rows if row.reference), None)
    if focal is None or reference is None:
        return sentence(measure, table["total"], words)
    return gaps.headline(table, (focal, reference), naming, title(measure, words))


def before_said(table: Json, total: Row, change: Json | None, words: Words) -> list[str]:
    """What a rate or a time was in the release compared with; nothing where that is not shown, and of shares."""
    if total.last is None or table["measure"]["kind"] not in {"rate", "time"}:
        return []
    text = N_("All together it was %(number)s of every 100 in the release compared with.")
    text = N_("All together it was %(number)s in the release compared with.") if total.tenths else text
    changed = gaps.change_said(table, total, change, words)
    return [words.say(text, number=total.last_said(words)), *([changed] if changed else [])]


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


def described(title_said: str, rows: list[Row], aim: float | None, words: Words, *, rate: bool = False) -> str:
    """The picture in words, for who does not see it."""
    shown = [row for row in rows if row.percent is not None and row.named]
    lowest, highest = (pick(shown, key=lambda row: row.percent or 0) for pick in (min, max))
    text = N_("Lowest: %(lowest)s, %(low)s in 100. Highest: %(highest)s, %(high)s in 100.")
    said = words.say(
        N_("Lowest: %(lowest)s, %(low)s. Highest: %(highest)s, %(high)s.") if rate else text,
        lowest=lowest.label, low=lowest.said(words),
        highest=highest.label, high=highest.said(words))  # fmt: skip
    if gap := gaps.gap_described(rows, words):
        said += f" {gap}"
    if aim is not None:
        said += " " + words.say("The aim is %(aim)s.", aim=words.number(aim))
    return f"{title_said}. {said} {words.say('Every figure is in the table that follows.')}"


def pieces_described(title_said: str, pieces: Sequence[Piece], words: Words) -> str:
    """Bars in words: which piece is the largest and which the smallest."""
    most, least = (pick(pieces, key=lambda each: each.units) for pick in (max, min))
    said = words.say(
        "Most: %(most)s, %(high)s in 100. Least: %(least)s, %(low)s in 100.",
        most=most.label, high=most.said(words), least=least.label, low=least.said(words))  # fmt: skip
    return f"{title_said}. {said} {words.say('Every figure is in the table that follows.')}"
