"""Owns the sentences of a gap between groups: how wide it is, how sure that is, what it was, what closing it means."""

from collections.abc import Mapping

from services.gateway.pages import terms
from services.gateway.pages.api import Json
from services.gateway.pages.figures.rounding import HALF, about, differs
from services.gateway.pages.figures.rows import Naming, Row, behind, share_of, widest_of
from services.gateway.pages.words import N_, Words

NO_GAPS: Mapping[str, str] = {
    "clients": N_("No gap is said: how many clients a group has follows from how many people are in it."),
    "mix": N_("No gap is said: each group has several shares here, and none of them stands for all."),
    "distribution": N_("No gap is said: a group's numbers are spread here, and no one of them stands for all."),
}
"""By kind of measure: groups are compared by one rate, and these have none."""


def is_rate(table: Json) -> bool:
    """Whether differences are events in so many days, and not points of 100."""
    return bool(table["measure"]["kind"] == "rate")


def sized(table: Json, value: float, words: Words) -> str:
    """A difference as a number: whole points, less than half of one to a tenth as a rate's."""
    return words.number(round(value, 1) if is_rate(table) or abs(value) < HALF else round(value))


def in_unit(table: Json, value: float, words: Words) -> str:
    """A difference with what it is in: "1 point", "0.3 points"; that of a rate is a number alone."""
    size = sized(table, value, words)
    if is_rate(table):
        return size
    return words.count("%(points)s point", "%(points)s points", 1 if size == words.number(1) else 2, points=size)


def wide(table: Json, gap: Json, words: Words) -> str:
    """How far a group is behind: "16 points", "about 8 points" where the numbers shown are another number apart."""
    said = in_unit(table, behind(gap)["value"] or 0, words)
    return about(said, words) if _is_about(table, gap) else said


def _is_about(table: Json, gap: Json) -> bool:
    shown = {row["label"]: share_of(row).percent for row in table["rows"]}
    ends = shown.get(gap["label"]), shown.get(table["gaps"]["reference"])
    return differs(ends, behind(gap)["value"] or 0, tenths=is_rate(table))


def headline(table: Json, ends: tuple[Row, Row], naming: Naming, title: str) -> str:
    """Both numbers and whom they are about: `ends` are the group that is behind, and the one compared with."""
    words, (focal, reference) = naming.words, ends
    said = {
        "title": title,
        "low": focal.said(words),
        "high": reference.said(words),
        "whom": naming.whom(table["by"], focal.code),
        "others": naming.whom(table["by"], reference.code),
    }
    if is_rate(table):
        per = words.number(table["gaps"]["per_days"])
        return words.say("%(title)s: %(low)s in %(per)s days %(whom)s, %(high)s %(others)s", per=per, **said)
    days = table["gaps"]["within_days"]
    if days is not None:
        text = N_("%(title)s: within %(days)s days %(low)s of every 100 %(whom)s, %(high)s %(others)s")
        return words.say(text, days=words.number(days), **said)
    return words.say("%(title)s: %(low)s of every 100 %(whom)s, %(high)s %(others)s", **said)


def heading(table: Json, naming: Naming, title: str) -> str | None:
    """The widest gap of a table as the heading of a page; None where nobody is behind."""
    gap = widest_of(table)
    if gap is None:
        return None
    words = naming.words
    said = {
        "points": wide(table, gap, words),
        "whom": naming.whom(table["by"], gap["label"]),
    }
    chance = gap["difference"]["chance"]
    if is_rate(table):
        could, sure = (
            N_("%(title)s: the gap %(whom)s, %(points)s, could be chance"),
            N_("%(title)s: the gap %(whom)s is %(points)s"),
        )
        return words.say(could if chance else sure, title=title, **said)
    if chance:
        return words.say("The widest gap, %(points)s %(whom)s, could be chance", **said)
    return words.say("The widest gap is %(points)s, %(whom)s", **said)


def bracket(table: Json, words: Words) -> str | None:
    """What stands over the widest gap in a picture; None where there is none."""
    gap = widest_of(table)
    if gap is None:
        return None
    return words.say("%(value)s behind", value=wide(table, gap, words))


def gap_said(table: Json, last: Json | None, naming: Naming, changed: Mapping[str, Json]) -> list[str]:
    """How wide the gap is, how sure that is, what it was, and what closing it would mean."""
    gap, words = widest_of(table), naming.words
    if gap is None:
        return _no_gap(table, naming)
    said = [_wide(table, gap, words)]
    said += [words.say("It is worked out before rounding.")] if _is_about(table, gap) else []
    before = _gap_of(last, gap["label"])
    if last is not None and before is not None and before["difference"] is not None:
        text = N_("In the release compared with it was %(points)s.")
        text = text if before["behind"] else N_("In the release compared with there was no gap.")
        size = sized(table, behind(before)["value"] or 0, words)
        said += [words.say(text, points=about(size, words) if _is_about(last, before) else size)]
        sure = before["behind"] and not gap["difference"]["chance"]
        said += _closed(changed.get(gap["label"]), words) if sure else []
    return said + _closing(table, gap, words)


def _wide(table: Json, gap: Json, words: Words) -> str:
    found = behind(gap)
    points = {name: sized(table, max(0, value or 0), words) for name, value in found.items()}
    if is_rate(table):
        chance = N_(
            "The gap is %(value)s in %(per)s days. It could be chance: it may be anything from none to %(high)s."
        )
        sure = N_("The gap is %(value)s in %(per)s days; with chance in mind, between %(low)s and %(high)s.")
        points["per"] = words.number(table["gaps"]["per_days"])
    else:
        chance = N_("The gap is %(value)s. It could be chance: with so few, it may be anything from none to %(high)s.")
        sure = N_("The gap is %(value)s; with chance in mind, between %(low)s and %(high)s.")
    text = chance if gap["difference"]["chance"] else sure
    return words.say(text, **points | {"value": wide(table, gap, words)})


def _closed(change: Json | None, words: Words) -> list[str]:
    """How much has closed; nothing where the same people may be in both, so that chance cannot be told from it."""
    gap = change["gap"] if change else None
    if gap is None or gap["low"] is None:
        return []
    if gap["chance"]:
        return [words.say("A change that small can be chance.")]
    closed = round(change["closed"]) if change and change["closed"] is not None else 0
    if closed > 0:
        return [words.say("%(closed)s %% of it has closed since.", closed=closed)]
    return [words.say("It is wider now.")] if closed < 0 else []


def change_said(table: Json, total: Row, change: Json | None, words: Words) -> str:
    """Whether what changed since the release compared with may be chance; nothing where that cannot be said."""
    points = change["points"] if change else None
    if points is None or points["low"] is None:
        return ""
    if points["chance"]:
        return words.say("A change that small can be chance.")
    more, fewer = N_("That is %(points)s more, and not chance."), N_("That is %(points)s less, and not chance.")
    text = more if points["value"] > 0 else fewer
    size = sized(table, abs(points["value"]), words)
    is_about = differs((total.percent, total.last), points["value"], tenths=total.tenths)
    return words.say(text, points=about(size, words) if is_about else size)


def why_none(table: Json, reference: str | None, words: Words) -> list[str]:
    """Why no gap is said of what has no one rate, or no better side, where a group is there to compare with."""
    if reference is None:
        return []
    text = NO_GAPS.get(table["measure"]["kind"])
    if text is None and table["gaps"] is not None and table["measure"]["direction"] == "neutral":
        text = N_("No gap is said: here neither more nor fewer is better.")
    return [words.say(text)] if text else []


def _no_gap(table: Json, naming: Naming) -> list[str]:
    """Why no gap is said, where there is a group to compare with."""
    gaps, words = table["gaps"], naming.words
    if gaps is None or table["measure"]["direction"] == "neutral":
        return []
    group = naming.of(table["by"], gaps["reference"])
    reference = next((row for row in table["rows"] if row["label"] == gaps["reference"]), None)
    if reference is None or share_of(reference).percent is None:
        text = N_("No gap can be said: the group that others are compared with, %(group)s, is too few to show.")
        return [words.say(text, group=group)]
    if any(gap["difference"] is not None for gap in gaps["groups"]):
        return [words.say("No group that can be shown is behind %(group)s.", group=group)]
    return [words.say("No gap can be said: the other groups are too few to show.")]


def _gap_of(table: Json | None, label: str) -> Json | None:
    gaps = table["gaps"] if table else None
    return next((gap for gap in gaps["groups"] if gap["label"] == label), None) if gaps else None


def _closing(table: Json, gap: Json, words: Words) -> list[str]:
    number, texts = abs(round(gap["excess"] or 0)), terms.CLOSING.get(table["measure"]["measure"])
    if not number or texts is None or is_rate(table):
        return []
    what = words.count(*texts, number, days=words.number(table["gaps"]["within_days"] or 0))
    return [words.say("Closing it means about %(what)s.", what=what)]


def gap_described(rows: list[Row], words: Words) -> str:
    """The bracket in words, for who does not see it; nothing where there is none."""
    focal, reference = (next((row for row in rows if getattr(row, of)), None) for of in ("focal", "reference"))
    if focal is None or reference is None or focal.percent is None or reference.percent is None:
        return ""
    apart = abs(focal.percent - reference.percent)
    points = words.number(round(apart, 1 if focal.tenths else None))
    points = about(points, words) if differs((focal.percent, reference.percent), apart, tenths=focal.tenths) else points
    text = N_("The widest gap: %(group)s, %(points)s from %(reference)s.")
    return words.say(text, group=focal.label, points=points, reference=reference.label)
