"""Owns why the figures of two releases may differ: what each was made from, side by side."""

from collections.abc import Sequence
from datetime import date, datetime

from services.gateway.pages.api import Json
from services.gateway.pages.figures.said import title
from services.gateway.pages.words import N_, Words

CONSENTS = {
    "not_required": N_("everyone but those who said no"),
    "opt_out": N_("everyone but those who said no"),
    "opt_in": N_("those who said yes"),
}


def differences(release: Json, other: Json, late: Json | None, words: Words) -> list[str]:
    """Each difference between a release and another one as a sentence, the ones that weigh most first.

    `late` says how much was written down between their cutoffs; None where the two have no measure in common.
    """
    return [
        *_periods(release, other, words),
        *_definitions(release, other, words),
        *_references(release, other, words),
        *_consents(release, other, words),
        *_cutoffs(release, other, words),
        *_late(release, other, late, words),
    ]


def _periods(release: Json, other: Json, words: Words) -> list[str]:
    if (release["since"], release["until"]) == (other["since"], other["until"]):
        return [words.say("Both are about the same time."), *_begins((release,), words)]
    if release["period"] != other["period"]:
        text = N_("They are about times of different length: %(this)s and %(other)s. Counts cannot be compared.")
    else:
        text = N_("They are about different times: %(this)s and %(other)s.")
    return [words.say(text, this=_period(release), other=_period(other)), *_begins((release, other), words)]


def _begins(releases: Sequence[Json], words: Words) -> list[str]:
    """Of which of these times only a part is known, as nothing was written down before."""
    text = N_("Of %(period)s there are data from %(day)s on.")
    return [
        words.say(text, period=_period(each), day=words.day(begins, begins, "whole"))
        for each in releases
        if (begins := each["begins_on"] and date.fromisoformat(each["begins_on"]))
    ]


def _definitions(release: Json, other: Json, words: Words) -> list[str]:
    before = {each["measure"]: each for each in other["measures"]}
    now = {each["measure"]: each for each in release["measures"]}
    said = [
        words.say(
            "%(title)s is counted in another way: version %(now)s here, version %(before)s there.",
            title=title(measure, words),
            now=measure["version"],
            before=before[id]["version"],
        )
        for id, measure in now.items()
        if id in before and before[id]["version"] != measure["version"]
    ]
    changed = [(N_("Only here: %(titles)s."), now, before), (N_("Only there: %(titles)s."), before, now)]
    for text, having, lacking in changed:
        if alone := [title(measure, words) for id, measure in having.items() if id not in lacking]:
            said.append(words.say(text, titles=words.listed(alone)))
    return said or [words.say("Every measure is counted in the same way.")]


def _references(release: Json, other: Json, words: Words) -> list[str]:
    here, there = release["references"], other["references"]
    changed = [each for each in release["measures"] if _changed(here, there, each["measure"])]
    names = words.listed([title(each, words) for each in changed])
    return [words.say("Compared with another group than before: %(titles)s.", titles=names)] if changed else []


def _changed(here: Json, there: Json, measure: str) -> bool:
    return measure in here and measure in there and here[measure] != there[measure]


def _consents(release: Json, other: Json, words: Words) -> list[str]:
    rules = [str(each["measurement_consent"]) for each in (release, other)]
    here, there = (words.say(CONSENTS[rule]) for rule in rules)
    if here == there:
        return []
    return [words.say("Other clients are counted: here %(here)s, there %(there)s.", here=here, there=there)]


def _cutoffs(release: Json, other: Json, words: Words) -> list[str]:
    days = [datetime.fromisoformat(each["cutoff"]) for each in (release, other)]
    here, there = (words.day(day, words.local(day).date(), "whole") for day in days)
    if here == there:
        here, there = (f"{day}, {words.time(at)}" for day, at in zip((here, there), days, strict=True))
    if days[0] == days[1]:
        return [words.say("Both know what was written down up to %(here)s.", here=here)]
    text = N_("This one knows what was written down up to %(here)s, the other up to %(there)s: what came late is new.")
    if days[0] < days[1]:
        text = N_("This one knows what was written down up to %(here)s; the other knows more, up to %(there)s.")
    return [words.say(text, here=here, there=there)]


def _late(release: Json, other: Json, late: Json | None, words: Words) -> list[str]:
    if late is None or release["cutoff"] == other["cutoff"]:
        return []
    earlier = min(release, other, key=lambda each: str(each["cutoff"]))
    if late["at_least"] is None:
        return [words.say("Hardly anything about %(period)s came late.", period=_period(earlier))]
    if not late["at_least"]:
        return [words.say("Nothing about %(period)s came late.", period=_period(earlier))]
    text = N_("At least %(number)s things about %(period)s were written down between the two days.")
    return [words.say(text, number=words.number(late["at_least"]), period=_period(earlier))]


def _period(release: Json) -> str:
    return str(release["name"]).rpartition(".")[0]
