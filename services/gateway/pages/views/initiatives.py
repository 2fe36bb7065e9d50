"""Owns the pages about the initiatives: what each has agreed and what is in print of it, and the nine principles."""

from starlette.responses import Response

from contracts.initiative import Initiative
from services.gateway.pages.api import ApiProblem
from services.gateway.pages.principles import KINDS, PRINCIPLES
from services.gateway.pages.terms import TITLES
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

PERIODS = {"quarter": N_("quarter"), "year": N_("year"), "three_years": N_("three years")}


async def initiative(visit: Visit) -> Response:
    """What one initiative wants, who runs it, its agenda, groups and programmes, each with its source."""
    found = visit.site.initiatives.get(str(visit.request.path_params["initiative"]))
    if found is None:
        raise ApiProblem.not_there()
    return await visit.page("initiative.html", initiative=found, periods=PERIODS, titles=TITLES)


async def principles(visit: Visit) -> Response:
    """The nine principles of practice, each with what serves it here and what the initiatives do about it."""
    every = list(visit.site.initiatives.values())
    followed = {code: [(each, here) for each in every for here in _here(each, code)] for code in PRINCIPLES}
    return await visit.page("principles.html", principles=PRINCIPLES, kinds=KINDS, followed=followed, titles=TITLES)


def _here(each: Initiative, code: str) -> list[object]:
    return [here for here in each.principles if here.principle == code and (here.here or here.measures)]
