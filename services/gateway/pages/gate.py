"""Owns the door of every page: no view is reached but through the decision point, no form but from our own pages."""

import time
from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.gateway.access.authorize import NOT_SIGNED_IN, Resource, authorize
from services.gateway.access.session import same_origin
from services.gateway.access.way_back import Place
from services.gateway.pages.api import ApiProblem
from services.gateway.pages.kept import take_up
from services.gateway.pages.navigation import READS_DIRECTORY
from services.gateway.pages.visit import Site, Visit, is_hers
from services.runtime.auth import AuthProblem
from services.runtime.http.problem import Problem
from services.runtime.telemetry import describe

View = Callable[[Visit], Awaitable[Response]]
ProblemView = Callable[[Visit, ApiProblem], Awaitable[Response]]
BAD_REQUEST, SERVER_ERROR = 400, 500


class Gated(Route):
    """A page for people who may do `action`: the same name, the same table as in the public API.

    What was typed into its form is handed back when the sign-in is over meanwhile (R10).
    """

    keeps = True

    def __init__(
        self,
        path: str,
        view: View,
        action: str,
        *,
        methods: Sequence[str] = ("GET",),
        files: bool = False,
        by_itself: bool = False,
    ) -> None:
        """`files`: its form may bring a file, which comes last. `by_itself`: a page's script asks for it."""
        self.view = view
        self.action = action
        self.files = files
        self.by_itself = by_itself
        super().__init__(path, self._answer, methods=list(methods), name=view.__name__)

    async def _answer(self, request: Request) -> Response:
        return await _carried_out(request, self.path, self._through, by_itself=self.by_itself)

    async def _through(self, visit: Visit) -> Response:
        visit.place = Place(self.path, self.action)
        resource = Resource(self.path, visit.site.initiatives, visit.request.path_params)
        decision = authorize(visit.principal, self.action, resource)
        posted = visit.request.method == "POST"
        if decision == NOT_SIGNED_IN and not posted:
            return visit.go(visit.to_sign_in())
        ours = posted and await visit.read_form(files=self.files) and not visit.form.over
        ours = ours and decision != NOT_SIGNED_IN
        if posted and not ours:
            ours = await self._gone_on_with(visit)
        if not decision.allowed:
            raise ApiProblem(401 if decision == NOT_SIGNED_IN else 403, {"type": f"/problems/{decision.slug}"})
        if posted and not ours:
            raise ApiProblem(403, {"type": "/problems/form-not-ours"})
        if visit.initiative is not None and visit.may(*READS_DIRECTORY):
            await visit.site.agencies.learn(visit.api, visit.initiative, visit.who.agency)
        return await self.view(visit)

    async def _gone_on_with(self, visit: Visit) -> bool:
        """Whether a form of an earlier sign-in is gone on with. Its file is chosen again. Raises ApiProblem 403."""
        if visit.file is not None:
            await visit.file.let_go()
            visit.file = None
        return self.keeps and take_up(visit, self.path)


class Pressed(Gated):
    """A form into which nothing is typed: where the sign-in is over, it is pressed again on its page."""

    keeps = False

    def __init__(self, path: str, view: View, action: str, *, files: bool = False) -> None:
        super().__init__(path, view, action, methods=("POST",), files=files)


class Open(Route):
    """A page for anybody, signed in or not. `form` says that it takes a form, which must then be of this session."""

    def __init__(self, path: str, view: View, *, methods: Sequence[str] = ("GET",), by_itself: bool = False) -> None:
        """`by_itself`: a page's script asks for it."""
        self.view = view
        self.by_itself = by_itself
        super().__init__(path, self._answer, methods=list(methods), name=view.__name__)

    async def _answer(self, request: Request) -> Response:
        return await _carried_out(request, self.path, self._through, by_itself=self.by_itself)

    async def _through(self, visit: Visit) -> Response:
        if visit.request.method == "POST" and not await visit.read_form():
            if visit.session is None:
                return visit.go(visit.to_sign_in())  # signed out in another tab: there is nothing to end
            raise ApiProblem(403, {"type": "/problems/form-not-ours"})
        return await self.view(visit)


class Leaving(Open):
    """A link that leads to `safe`, whatever goes wrong with us on the way."""

    def __init__(self, path: str, view: View, safe: str) -> None:
        self.safe = safe
        super().__init__(path, view)

    async def _answer(self, request: Request) -> Response:
        answer = await super()._answer(request)
        return answer if answer.status_code < BAD_REQUEST else RedirectResponse(self.safe, 303)


class Public(Open):
    """A page for anybody, whose form needs no session: whoever fills it in shows who they are by what they type."""

    async def _through(self, visit: Visit) -> Response:
        if visit.request.method == "POST":
            await visit.read_form()
            if not same_origin(visit.request.headers, visit.site.settings.public_url):
                raise ApiProblem(403, {"type": "/problems/form-not-ours"})
        return await self.view(visit)


async def _carried_out(request: Request, template: str, view: View, *, by_itself: bool = False) -> Response:
    """The view's page, or the page of what went wrong; told of by the route's template alone."""
    site: Site = request.app.state.site
    show: ProblemView = request.app.state.show_problem
    started = time.perf_counter()
    visit: Visit | None = None
    refused: dict[str, str] = {}
    try:
        request.app.state.rates.address(request.client.host if request.client else "")
        visit = await site.visit(request)
        answer = await view(visit)
    except Exception as error:
        problem = _problem_of(error)
        if problem.status >= SERVER_ERROR:
            site.telemetry.log.error("page failed", slug=problem.slug, route=template, **describe(error))
        refused = {"slug": problem.slug}
        answer = await show(visit or site.stranger(request), problem)
    if visit is not None and not (by_itself or visit.form.by_itself):
        _mark(visit, answer)
    took = round((time.perf_counter() - started) * 1000, 3)
    said = {"method": request.method, "route": template, "status": answer.status_code, "duration_ms": took, **refused}
    site.telemetry.log.info("page", **said)
    return answer


def _mark(visit: Visit, answer: Response) -> None:
    """Somebody uses the sign-in now: it is over a while after this, not before."""
    if visit.session is None or visit.principal is None:
        return
    hers, cookies = is_hers(visit.request), visit.site.cookies
    answer.set_cookie(cookies.used(hers=hers), visit.site.last_use.mark(visit.session), **cookies.closed(hers=hers))


def _problem_of(error: Exception) -> ApiProblem:
    match error:
        case ApiProblem():
            return error
        case AuthProblem() | Problem():
            return ApiProblem(error.status, {"type": f"/problems/{error.slug}"})
    return ApiProblem(SERVER_ERROR, {"type": "/problems/internal"})
