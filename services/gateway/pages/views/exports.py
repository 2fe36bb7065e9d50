"""Owns what is taken along of a release: a table as CSV or JSON, its chart as SVG, PNG, or as a page of its own.

The page of its own holds chart, table and words in every language of the pages, and loads nothing.
"""

import asyncio
import subprocess
import sys
from collections.abc import Mapping

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.figures.release import NOTHING, views_of
from services.gateway.pages.render import STATIC
from services.gateway.pages.views.release_list import Releases, no_such_measure, no_such_table, releases_of
from services.gateway.pages.views.released import Reading, Shown
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import LANGUAGES

KINDS: Mapping[str, str] = {
    "csv": "text/csv",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "html": "text/html; charset=utf-8",
}
DRAWING_SECONDS = 30.0
STYLES = ("closeknit.css", "pages.css")


async def figures_file(visit: Visit) -> Response:
    """One measure of a release as a file to keep.

    Raises ApiProblem 404 for no such release or picture, 422 for a measure or a table that the release does not have.
    """
    asked, kind = visit.request.query_params, str(visit.request.path_params["kind"])
    measure, by = asked.get("measure", ""), asked.get("by", NOTHING)
    if kind not in KINDS:
        raise ApiProblem.not_there()
    releases = await releases_of(visit)
    release = releases.asked(asked.get("release"))
    if release is None:
        raise ApiProblem.not_there()
    if all(each["measure"] != measure for each in release["measures"]):
        raise no_such_measure()
    if by not in {NOTHING, *views_of(release, measure)}:
        raise no_such_table()
    if kind in {"csv", "json"}:
        path = f"/releases/{release['release']}/figures"
        raw = await visit.api.raw(path, measure=measure, by=by, format=kind, language=visit.language)
        return _file(raw, kind, _name(release, measure, by))
    if kind == "html":
        text = await _page(visit, releases, release, (measure, by))
        return _file(text.encode(), kind, _name(release, measure, by))
    shown = await _reading(visit, releases, release, by).one(measure)
    svg = visit.site.renderer.text("chart.svg", visit.language, _context(visit, shown, release))
    if not shown.has_picture:
        raise ApiProblem.not_there()
    raw = svg.encode() if kind == "svg" else await asyncio.to_thread(_png, svg)
    return _file(raw, kind, _name(release, measure, by))


def _reading(visit: Visit, releases: Releases, release: Json, by: str) -> Reading:
    earlier = releases.before(release)
    asked = releases.find(visit.request.query_params.get("compare"))
    group = next(
        (each for each in (visit.initiative.working_groups if visit.initiative else ())
         if each.slug == visit.request.query_params.get("group")), None)  # fmt: skip
    return Reading(visit, release, asked, earlier, by, group)


async def _page(visit: Visit, releases: Releases, release: Json, table: tuple[str, str]) -> str:
    """Chart and table once in each language, in one file."""
    measure, by = table
    parts = []
    for language in sorted(LANGUAGES, key=lambda code: code != visit.language):
        spoken = visit.in_language(language)
        reading = _reading(spoken, releases, release, by)
        context = _context(spoken, await reading.one(measure), release)
        context["recorded"] = await reading.recorded_in_time()
        text = visit.site.renderer.text("chart-part.html", language, context)
        parts.append({"language": language, "name": LANGUAGES[language], "text": text, "title": context["each"].title})
    style = "\n".join((STATIC / name).read_text("utf-8") for name in STYLES)
    context = {"parts": parts, "style": style, "release": release}
    return visit.site.renderer.text("chart-file.html", visit.language, context)


def _context(visit: Visit, shown: Shown, release: Json) -> Json:
    return {
        "visit": visit,
        "words": visit.words,
        "each": shown,
        "release": release,
        "practice": not visit.site.settings.in_production,
        "own_page": True,
        "grouping": terms.GROUPINGS.get(shown.table["by"]),
    }


def _png(svg: str) -> bytes:
    """Drawn by a process of its own, which ends with it: the library takes memory that the gateway lacks.

    Raises ApiProblem 503.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "services.gateway.pages.drawing"],
            input=svg.encode(),
            capture_output=True,
            timeout=DRAWING_SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise ApiProblem.down() from error
    return done.stdout


def _name(release: Json, measure: str, by: str) -> str:
    return f"{release['name']}-{measure}-by-{by}"


def _file(raw: bytes, kind: str, name: str) -> Response:
    safe = "".join(letter for letter in name if letter.isalnum() or letter in "-_.")
    headers = {
        "Content-Disposition": f'attachment; filename="{safe}.{kind}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    }
    return Response(raw, media_type=KINDS[kind], headers=headers)
