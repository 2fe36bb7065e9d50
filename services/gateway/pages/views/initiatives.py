"""Owns the pages about the initiatives: what each has agreed and what is in print of it, and the nine principles."""

from starlette.responses import Response

from contracts.initiative import Initiative
from services.gateway.access.authorize import Resource, authorize
from services.gateway.pages.api import ApiProblem
from services.gateway.pages.gate import Gated
from services.gateway.pages.principles import AUDIENCES, KINDS, PRINCIPLES
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
    served = [each for principle in PRINCIPLES.values() for each in principle.served]
    return await visit.page(
        "principles.html",
        principles=PRINCIPLES,
        kinds=KINDS,
        audiences=AUDIENCES,
        opens={each.link for each in served if each.audience is None or _opens(visit, each.link)},
        figures_of={each.slug for each in every if _reads_figures_of(visit, each.slug)},
        followed=followed,
        titles=TITLES,
    )


def _opens(visit: Visit, path: str) -> bool:
    """Whether a page opens for this reader; for who has not signed in, it asks for that first."""
    if visit.principal is None:
        return True
    pages = (each for each in visit.request.app.routes if isinstance(each, Gated) and each.path == path)
    action = next(each.action for each in pages if "GET" in (each.methods or ()))
    return authorize(visit.principal, action, Resource(path, visit.site.initiatives)).allowed


def _reads_figures_of(visit: Visit, initiative: str) -> bool:
    """Whether a scorecard that opens is this initiative's: everybody reads that of their own."""
    return visit.principal is None or (visit.principal.initiative == initiative and _opens(visit, "/scorecard"))


def _here(each: Initiative, code: str) -> list[object]:
    return [here for here in each.principles if here.principle == code and (here.here or here.measures)]
