"""Owns the scorecard of a working group: what it aimed at, where it is, since when and for whom not, of one release."""

from collections.abc import Mapping, Sequence
from functools import partial

from starlette.responses import Response

from contracts.initiative import WorkingGroup
from services.gateway.pages import terms
from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.figures import gaps, instead, said
from services.gateway.pages.figures.differences import differences
from services.gateway.pages.figures.release import NOTHING, groupings_of, is_visible
from services.gateway.pages.views.release_list import (
    LONGEST,
    WITHDRAWN,
    Releases,
    first_of,
    no_such_measure,
    no_such_table,
    releases_of,
    usual_of,
)
from services.gateway.pages.views.released import Reading
from services.gateway.pages.visit import Visit

A_PAGE = 8


async def scorecard(visit: Visit) -> Response:
    """The newest release of the initiative's usual period, or the one asked for, as the working group reads it."""
    asked = visit.request.query_params
    group, releases = _group(visit, asked), await releases_of(visit)
    release = releases.asked(asked.get("release")) or releases.usual(usual_of(visit))
    if release is None:
        return await _nothing_yet(visit, group, releases)
    if release["state"] == WITHDRAWN:
        return await visit.page("withdrawn.html", release=release)
    measures = group.measures if group else tuple(each["measure"] for each in release["measures"])
    earlier = releases.before(release)
    compared = _compared(releases, release, earlier, asked.get("compare"))
    by, groupings = _by(visit, groupings_of(release, measures))
    reading = Reading(visit, release, compared, earlier, by, group)
    tables = await reading.tables(measures)
    plain = group is not None and group.view == "plain"
    page, pages = _page_of(asked, tables, plain=plain)
    shown = await reading.all(tables if plain else tables[A_PAGE * (page - 1) : A_PAGE * page])
    return await visit.page(
        "scorecard-plain.html" if plain else "scorecard.html",
        group=group,
        groups=_groups(visit),
        release=release,
        compared=compared,
        instead=[*_elsewhere(visit, group, measures), *_instead(visit, releases, release, compared, by)],
        differences=differences(release, compared, await reading.late(), visit.words) if compared else [],
        others=[each for each in releases.published if each["release"] != release["release"]],
        by=by,
        groupings=groupings,
        shown=shown,
        by_measure={each.id: each for each in shown},
        recorded=await reading.recorded_in_time(),
        page=page,
        pages=pages,
        all=[is_visible(table) for table in tables],
        heading=_heading(visit, tables),
        missing=await _missing(visit, measures, release),
        query=_query(group, release, compared, by),
        due=_due(visit, releases, release) | {"shown": await reading.shown_in(releases.longer_than(release), shown)},
    )


def _by(visit: Visit, there: Sequence[str]) -> tuple[str, list[tuple[str, str]]]:
    """The grouping asked for, else the first that is there; and those by name. Raises ApiProblem 422: no grouping."""
    asked = visit.request.query_params.get("by")
    if asked and asked not in {NOTHING, *terms.GROUPINGS}:
        raise no_such_table()
    by = asked if asked and asked in there else next(iter(there), NOTHING)
    return by, [(code, visit.words.say(terms.GROUPINGS[code])) for code in there]


def _elsewhere(visit: Visit, group: WorkingGroup | None, listed: Sequence[str]) -> list[str]:
    """That the measure asked for is not on this scorecard. Raises ApiProblem 422 for one that is nowhere."""
    asked = visit.request.query_params.get("measure")
    if not asked or asked in listed:
        return []
    if asked not in terms.TITLES:
        raise no_such_measure()
    return instead.of_measure(asked, group.name if group else None, visit.words)


def _instead(visit: Visit, releases: Releases, release: Json, compared: Json | None, by: str) -> list[str]:
    """What was asked for and is not there, by its grouping or to compare with, and what is shown in its place."""
    asked, words = visit.request.query_params, visit.words
    said, other = instead.of_grouping(asked.get("by"), by, words), asked.get("compare")
    if not other or other == NOTHING or (compared is not None and compared["release"] == other):
        return said
    return [*said, *instead.of_comparison(release, releases.find(other), compared, words)]


def _due(visit: Visit, releases: Releases, release: Json) -> dict[str, object]:
    """Where or when what is too few here can be shown, and when the usual release is due, as long as there is none."""
    usual = releases.missed(usual_of(visit))
    return {
        "back": releases.next_of(LONGEST),
        "longer": releases.longer_than(release),
        "usual": usual,
        "usual_stands": releases.stands(usual, visit.today) if usual else None,
    }


def _query(group: WorkingGroup | None, release: Json, compared: Json | None, by: str) -> dict[str, str]:
    """What was chosen, for links that keep to it."""
    other = compared["release"] if compared else NOTHING
    return {"group": group.slug if group else "", "release": release["release"], "by": by, "compare": other}


async def _nothing_yet(visit: Visit, group: WorkingGroup | None, releases: Releases) -> Response:
    measures = await visit.api.every("/measures")
    wanted = [each for each in measures if group is None or each["measure"] in group.measures]
    first = first_of(visit, releases)
    return await visit.page(
        "no-scorecard.html",
        group=group,
        groups=_groups(visit),
        measures=wanted,
        coming=releases.coming,
        first=first,
        stands=partial(releases.stands, today=visit.today),
    )


async def _missing(visit: Visit, listed: Sequence[str], release: Json) -> list[Json]:
    """Measures of the scorecard that the release does not have, with the day from which it can."""
    there = {each["measure"] for each in release["measures"]}
    wanted = [measure for measure in listed if measure not in there]
    if not wanted:
        return []
    back = {each["measure"]: each["back_on"] for each in release["withheld"]}
    measures = await visit.api.every("/measures")
    return [{**each, "back_on": back.get(each["measure"])} for each in measures if each["measure"] in wanted]


def _heading(visit: Visit, tables: list[Json]) -> str | None:
    """The widest gap of all measures; where no group is behind, what the first measure that can be shown says."""
    if not tables:
        return None
    naming = Reading(visit, {}, None, (), NOTHING).naming
    visible = next((table for table in tables if is_visible(table)), tables[0])
    return gaps.heading(tables[0], naming, said.title(tables[0]["measure"], visit.words)) or said.sentence(
        visible["measure"], visible["total"], visit.words
    )


def _page_of(asked: Mapping[str, str], tables: Sequence[Json], *, plain: bool) -> tuple[int, int]:
    """Which page of how many: the one asked for, else that with the `measure` asked for; plain words are all on one.

    Raises ApiProblem 404 for a page that there is not.
    """
    pages, page = 1 if plain else max(1, -(-len(tables) // A_PAGE)), asked.get("page")
    if page and page not in map(str, range(1, pages + 1)):
        raise ApiProblem.not_there()
    wanted = (place for place, each in enumerate(tables) if each["measure"]["measure"] == asked.get("measure"))
    return int(page or 1 + next(wanted, 0) // A_PAGE % pages), pages


def _compared(releases: Releases, release: Json, earlier: list[Json], asked: str | None) -> Json | None:
    """The release that was asked for, none where none was wanted, else the one before."""
    if asked == NOTHING:
        return None
    found = releases.find(asked)
    if found is not None and found["state"] != WITHDRAWN and found["release"] != release["release"]:
        return found
    return earlier[0] if earlier else None


def _groups(visit: Visit) -> list[WorkingGroup]:
    """The groups whose scorecard this person may choose: the backbone any, a member her own."""
    every = list(visit.initiative.working_groups) if visit.initiative else []
    return every if visit.may("backbone") else [each for each in every if each.slug in visit.who.working_groups]


def _group(visit: Visit, asked: Mapping[str, str]) -> WorkingGroup | None:
    """The group asked for, else the person's first that has the measure asked for, else her first.

    Raises ApiProblem 404 for one that is not hers to read.
    """
    groups, wanted = _groups(visit), asked.get("group")
    if wanted and wanted not in {each.slug for each in groups}:
        raise ApiProblem.not_there()
    first = next((each for each in groups if asked.get("measure") in each.measures), groups[0] if groups else None)
    return next((each for each in groups if each.slug == wanted), first)
