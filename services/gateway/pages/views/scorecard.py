"""Owns the scorecard of a working group: the figures of one frozen release, each as sentence, picture and table."""

import asyncio
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from contracts.initiative import WorkingGroup
from services.gateway.pages import figures as say
from services.gateway.pages.api import Json
from services.gateway.pages.figures import Row
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

BYS = {"category": N_("Need"), "channel": N_("How they were asked"), "quarter": N_("Quarter")}
NOTHING = "none"


@dataclass(frozen=True)
class Shown:
    """One measure of the scorecard as it stands on the page."""

    figures: Json
    last: Json | None
    title: str
    headline: str
    rows: list[Row]
    total: Row
    picture: Markup | None


async def scorecard(visit: Visit) -> Response:
    """The newest release, or the one asked for, as the person's working group reads it."""
    asked = visit.request.query_params
    group = _group(visit, asked.get("group"))
    releases = await visit.api.every("/releases")
    if not releases:
        return await visit.page("no-scorecard.html", group=group, measures=await visit.api.every("/measures"))
    release = next((each for each in releases if each["release"] == asked.get("release")), releases[0])
    older = releases[releases.index(release) + 1 :]
    compared = next((each for each in older if each["release"] == asked.get("compare")), older[0] if older else None)
    if asked.get("compare") == NOTHING:
        compared = None
    by = asked.get("by", "category")
    by = by if by in BYS else "category"
    wanted = _measures(group, release)
    shown = list(await asyncio.gather(*(_shown(visit, each, (release, compared), by) for each in wanted)))
    return await visit.page(
        "scorecard.html",
        group=group,
        groups=_groups(visit),
        release=release,
        releases=releases,
        older=older,
        compared=compared,
        by=by,
        bys=BYS,
        shown=shown,
        widest=say.widest([(each.title, each.rows, each.total) for each in shown], visit.words)
        if by == "category"
        else None,
        visible=sum(each.total.percent is not None or each.figures["measure"]["counts_clients"] for each in shown),
    )


async def figures_csv(visit: Visit) -> Response:
    """One table of a release for a spreadsheet, as the API writes it."""
    asked = visit.request.query_params
    path = f"/releases/{asked.get('release', '')}/figures"
    text = await visit.api.text(path, measure=asked.get("measure"), by=asked.get("by"), format="csv")
    name = f"{asked.get('measure', 'figures')}-by-{asked.get('by', NOTHING)}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{_safe(name)}"', "Cache-Control": "no-store"}
    return Response(text, media_type="text/csv", headers=headers)


def _safe(name: str) -> str:
    return "".join(letter for letter in name if letter.isalnum() or letter in "-_.")


def _groups(visit: Visit) -> list[WorkingGroup]:
    """The groups whose scorecard this person may choose: the backbone any, a member her own."""
    every = list(visit.initiative.working_groups) if visit.initiative else []
    return every if visit.may("backbone") else [each for each in every if each.slug in visit.who.working_groups]


def _group(visit: Visit, asked: str | None) -> WorkingGroup | None:
    groups = _groups(visit)
    return next((each for each in groups if each.slug == asked), groups[0] if groups else None)


def _measures(group: WorkingGroup | None, release: Json) -> list[Json]:
    """The measures of the group's scorecard that the release has, in the scorecard's order."""
    known = {each["measure"]: each for each in release["measures"]}
    return [known[id] for id in (group.measures if group else tuple(known)) if id in known]


async def _shown(visit: Visit, measure: Json, releases: tuple[Json, Json | None], by: str) -> Shown:
    release, compared = releases
    by = by if by in measure["by"] else "quarter" if "quarter" in measure["by"] else NOTHING
    found = await _figures(visit, release, measure, by)
    last = None
    if compared is not None and any(each["measure"] == measure["measure"] for each in compared["measures"]):
        last = await _figures(visit, compared, measure, by)
    rows = say.rows_of(found, last, visit.words)
    return Shown(
        figures=found,
        last=last,
        title=say.title(measure, visit.words),
        headline=say.headline(found, visit.words),
        rows=rows,
        total=say.row_of(visit.words.say("All together"), found["total"], last["total"] if last else None),
        picture=await _picture(visit, found, rows),
    )


async def _figures(visit: Visit, release: Json, measure: Json, by: str) -> Json:
    return await visit.api.get(f"/releases/{release['release']}/figures", measure=measure["measure"], by=by)


async def _picture(visit: Visit, found: Json, rows: list[Row]) -> Markup | None:
    wanted: dict[str, Any] | None = say.drawing(found, rows, visit.words)
    if wanted is None:
        return None
    title, description = say.headline(found, visit.words), say.described(found, rows, visit.words)
    return await visit.site.charts.draw(wanted, str(found["measure"]["measure"]), title, description)
