"""Owns how figures that are no share are said in words: times, rates, spreads of numbers, and mixes of outcomes."""

import re
from collections.abc import Callable, Mapping

from services.gateway.pages import terms
from services.gateway.pages.api import Json
from services.gateway.pages.figures.rows import Naming, Row, in_100, mark_of, number_said
from services.gateway.pages.words import N_, Words

BESIDE = ("course", "rate", "spread", "shares")
_BAND = re.compile(r"(?P<upto>up to )?(?P<low>[0-9]+)(?:-(?P<high>[0-9]+))?(?P<open>\+)?")


def is_shown(total: Json) -> bool:
    """Whether something that is no share stands in a row."""
    return any(total.get(name) for name in BESIDE)


def headline(measure: Json, total: Json, words: Words, title: str) -> str | None:
    """The figure as one sentence; None for a share or a count, and where it is too few to show."""
    if course := total.get("course"):
        mark = mark_of(course)
        if mark is None or not course["within"][mark]:
            return None
        days, percent = words.number(float(mark)), number_said(100 * course["within"][mark]["value"], words)
        text = N_("%(title)s: within %(days)s days for %(percent)s of every 100")
        return words.say(text, title=title, days=days, percent=percent)
    if rate := total.get("rate"):
        value, per = words.number(round(rate["value"], 1)), words.number(rate["per"])
        return words.say("%(title)s: %(value)s in %(per)s days", title=title, value=value, per=per)
    if (spread := total.get("spread")) and spread["median"] is not None:
        median = words.number(round(spread["median"], 1))
        return words.say("%(title)s: half have %(median)s or fewer", title=title, median=median)
    if shares := total.get("shares"):
        return _most_often(shares, lambda name: piece(measure, name, words), words, title)
    if spread and len(spread["bands"]) > 1 and any(spread["bands"].values()):
        return _most_often(spread["bands"], lambda name: band(name, words), words, title)
    return None


def _most_often(units: Mapping[str, int], called: Callable[[str], str], words: Words, title: str) -> str:
    name, part = max(units.items(), key=lambda each: int(each[1]))
    percent = in_100(part, sum(units.values()), words)
    text = N_("%(title)s: most often %(name)s, %(percent)s of every 100")
    return words.say(text, title=title, name=called(name).lower(), percent=percent)


def sentences(total: Json, words: Words, *, of_groups: bool = False) -> list[str]:
    """What else is said of the total; `of_groups`: the headline is about two groups, so that its number is said too."""
    said = []
    if course := total.get("course"):
        if course["median"] is None:
            said.append(words.say("It never came for half of all."))
        else:
            said.append(
                words.say("It came for half within %(days)s days.", days=words.number(round(course["median"], 1)))
            )
        if course["p90"] is not None:
            said.append(words.say("For nine of ten within %(days)s days.", days=words.number(round(course["p90"], 1))))
        if course["unresolved"]:
            open_ = number_said(100 * course["unresolved"], words)
            said.append(words.say("Of every 100, %(number)s were still open.", number=open_))
    if rate := total.get("rate"):
        low, high = (words.number(round(rate[end], 1)) for end in ("low", "high"))
        text = N_("With chance in mind, between %(low)s and %(high)s.")
        if of_groups:
            text = N_("All together: %(value)s in %(per)s days; with chance in mind, between %(low)s and %(high)s.")
        value, per = words.number(round(rate["value"], 1)), words.number(rate["per"])
        said.append(words.say(text, value=value, per=per, low=low, high=high))
    if (spread := total.get("spread")) and total["numerator"]:
        said.append(_spread_said(spread, words))
    return said


def _spread_said(spread: Json, words: Words) -> str:
    """The mean and the ninth decile; what is too few to show is said to be."""
    mean, most = (None if spread[name] is None else words.number(round(spread[name], 1)) for name in ("mean", "p90"))
    if mean is None and most is None:
        return words.say("The mean, and what nine of ten have: too few to show.")
    if mean is None:
        return words.say("Nine of ten have %(most)s or fewer; the mean: too few to show.", most=most)
    if most is None:
        return words.say("The mean is %(mean)s.", mean=mean)
    return words.say("The mean is %(mean)s; nine of ten have %(most)s or fewer.", mean=mean, most=most)


def between_said(table: Json, rows: list[Row], naming: Naming) -> list[str]:
    """Of a rate, between which groups it lies; nothing where a gap says so, or fewer than two can be shown."""
    named = [row for row in rows if row.named and row.percent is not None]
    if not table["total"].get("rate") or len(named) <= 1 or any(row.focal for row in rows):
        return []
    low, high = (pick(named, key=lambda row: row.percent or 0) for pick in (min, max))
    text = N_("From %(low)s %(lowest)s to %(high)s %(highest)s.")
    ends = {"low": low.said(naming.words), "high": high.said(naming.words)}
    whom = {"lowest": naming.whom(table["by"], low.code), "highest": naming.whom(table["by"], high.code)}
    return [naming.words.say(text, **ends, **whom)]


def unit_of(table: Json, words: Words) -> str:
    """What the numbers of a picture are of: "of every 100 referrals", "in 30 days"."""
    rate = next((row["rate"] for row in (table["total"], *table["rows"]) if row.get("rate")), None)
    if rate:
        return words.say("in %(per)s days", per=words.number(rate["per"]))
    return words.say("of every 100 %(units)s", units=words.say(str(table["measure"]["of"])))


def piece(measure: Json, name: str, words: Words) -> str:
    """What an outcome, a way of contact or a band is called."""
    known = terms.PIECES.get(measure["measure"], {})
    return words.say(known.get(name) or terms.CONTACT_MODES.get(name) or terms.ANY_PIECE.get(name, name))


def band(name: str, words: Words) -> str:
    """What a band of numbers is called: "3 or fewer", "4 to 6", "7 or more"; `all` where there is one alone."""
    found = _BAND.fullmatch(name)
    if found is None:
        return words.say("All together")
    low, high = (words.number(int(found[end])) if found[end] else "" for end in ("low", "high"))
    if found["upto"]:
        return words.say("%(number)s or fewer", number=low)
    if found["open"]:
        return words.say("%(number)s or more", number=low)
    return words.say("%(low)s to %(high)s", low=low, high=high) if high else low
