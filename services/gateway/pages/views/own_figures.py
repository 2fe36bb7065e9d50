"""Owns the page of an agency's own figures: exact, of its own clients, for its own staff, and not to be passed on."""

from http import HTTPStatus

from starlette.responses import Response

from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.figures.own import own_figure
from services.gateway.pages.visit import Visit


async def own_figures(visit: Visit) -> Response:
    """The agency's figures over a period of the lattice: the one asked for, else the newest quarter that is over."""
    asked = visit.request.query_params.get("period") or None
    found, unknown = await _figures(visit, asked)
    figures = [own_figure(each, visit.words) for each in found["items"]]
    return await visit.page(
        "own-figures.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if unknown else HTTPStatus.OK,
        found=found,
        figures=figures,
        empty=not any(each.counted or any(each.beside) for each in figures),
        running=found["until"] > found["cutoff"],
        unknown=unknown,
    )


async def _figures(visit: Visit, period: str | None) -> tuple[Json, bool]:
    """What was asked for; where that is no period, the newest quarter, and that it is."""
    path = f"/agencies/{visit.who.agency}/figures"
    try:
        return await visit.api.get(path, period=period), False
    except ApiProblem as problem:
        if period is None or problem.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            raise
        return await visit.api.get(path), True
