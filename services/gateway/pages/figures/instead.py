"""Owns the sentences of what a page shows in the place of what was asked for and cannot be shown."""

from services.gateway.pages import terms
from services.gateway.pages.api import Json
from services.gateway.pages.figures.release import NOTHING
from services.gateway.pages.words import N_, Words


def of_grouping(asked: str | None, by: str, words: Words) -> list[str]:
    """That the release has nothing by the grouping asked for; nothing is said of all together, which it always has."""
    if not asked or asked in {by, NOTHING}:
        return []
    lacking = words.say(terms.GROUPINGS[asked])
    if by == NOTHING:
        return [words.say("This release has nothing by “%(asked)s”. Here are all together.", asked=lacking)]
    text = N_("This release has nothing by “%(asked)s”. Here it is by “%(by)s”.")
    return [words.say(text, asked=lacking, by=words.say(terms.GROUPINGS[by]))]


def of_measure(asked: str, group: str | None, words: Words) -> list[str]:
    """That a measure is not on the scorecard of a group, None for all that a release has."""
    title = words.say(terms.TITLES[asked])
    if group is None:
        return [words.say("“%(title)s” is not in this release.", title=title)]
    return [words.say("“%(title)s” is not on the scorecard of %(group)s.", title=title, group=group)]


def of_comparison(release: Json, wanted: Json | None, compared: Json | None, words: Words) -> list[str]:
    """Why a release is not compared with the one wanted, None where there is no such one, and with which it is."""
    if wanted is None:
        said = words.say("The release to compare with is not here.")
    elif wanted["release"] == release["release"]:
        said = words.say("A release is not compared with itself.")
    else:
        said = words.say("%(name)s was withdrawn: nothing is compared with it.", name=wanted["name"])
    if compared is None:
        return [said, words.say("There is no release of an earlier time to compare with.")]
    return [said, words.say("Here it is compared with %(name)s.", name=compared["name"])]
