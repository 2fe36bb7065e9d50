"""Owns the pages as an application: their table, what never changes, and a page for what leads nowhere."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from services.gateway.access.rates import Rates
from services.gateway.pages.api import ApiProblem
from services.gateway.pages.routes import PAGES
from services.gateway.pages.views import problem
from services.gateway.pages.visit import Site
from services.runtime.auth import AuthProblem

METHOD_NOT_ALLOWED = 405


def allowed(request: Request) -> list[str]:
    """The methods of every page at the request's address: one address may have several routes."""
    routes = [each for each in request.app.routes if isinstance(each, Route)]
    at_it = (each for each in routes if each.matches(request.scope)[0] is not Match.NONE)
    return sorted({method for each in at_it for method in each.methods or ()})


def pages_app(site: Site, rates: Rates) -> Starlette:
    """The pages as an application; an address that leads nowhere has a page too."""

    async def lost(request: Request, error: Exception) -> Response:
        status = getattr(error, "status_code", 404)
        slug = "method-not-allowed" if status == METHOD_NOT_ALLOWED else "not-found"
        try:
            visit = await site.visit(request)
        except AuthProblem:
            visit = site.stranger(request)
        answer = await problem.show_problem(visit, ApiProblem(status, {"type": f"/problems/{slug}"}))
        if status == METHOD_NOT_ALLOWED:
            answer.headers["Allow"] = ", ".join(allowed(request))
        site.telemetry.log.info("page", method=request.method, route="unmatched", status=answer.status_code, slug=slug)
        return answer

    static = Route("/static/{hash}/{name}", site.static.serve, name="static")
    app = Starlette(routes=[*PAGES, static], exception_handlers={404: lost, 405: lost})
    app.state.site, app.state.rates = site, rates
    app.state.show_problem = problem.show_problem
    app.router.redirect_slashes = False
    return app
