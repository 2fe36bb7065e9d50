"""Owns how an agency's own exact figures are said: a sentence, how sure it is, and of what."""

from dataclasses import dataclass

from services.gateway.pages.api import Json
from services.gateway.pages.figures import kinds, said
from services.gateway.pages.figures.rows import share_of
from services.gateway.pages.words import Words


@dataclass(frozen=True)
class OwnFigure:
    """One figure; `counted` is None where there was no one to count, `beside` are numbers that are in none of it."""

    measure: Json
    said: str
    sentences: list[str]
    counted: str | None
    beside: tuple[int, int, int]


def own_figure(item: Json, words: Words) -> OwnFigure:
    """A figure of GET /agencies/{id}/figures."""
    measure = item["measure"]
    nobody = not item["denominator"] and not (measure["counts_clients"] and item["numerator"])
    return OwnFigure(
        measure=measure,
        said=said.title(measure, words) if nobody else said.sentence(measure, item, words),
        sentences=[] if nobody else _sentences(item, words),
        counted=None if nobody else _counted(item, words),
        beside=(item["pending"], item["missing"], item["excluded"]),
    )


def _sentences(item: Json, words: Words) -> list[str]:
    share = share_of(item)
    told = kinds.sentences(item, words)
    if item.get("rate") or share.low is None or share.high is None:
        return told
    low, high = (words.number(round(end)) for end in (share.low, share.high))
    return [words.say("With chance in mind, between %(low)s and %(high)s.", low=low, high=high), *told]


def _counted(item: Json, words: Words) -> str:
    part = words.number(item["numerator"])
    if item["measure"]["counts_clients"]:
        return part
    whole = words.number(item["denominator"])
    if item.get("rate"):
        return words.say("%(events)s in %(days)s days", events=part, days=whole)
    return words.say("%(part)s of %(whole)s", part=part, whole=whole)
