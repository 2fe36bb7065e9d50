"""Owns signing in and out: the choice of initiative, the way to the agency's own sign-in and back."""

from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from services.gateway.access.signin import FLOW_SECONDS, SignInProblem
from services.gateway.access.way_back import LONGEST
from services.gateway.pages.navigation import WORKS_WITH_CLIENTS
from services.gateway.pages.visit import FLOW_COOKIE, LANGUAGE_COOKIE, Visit
from services.gateway.pages.words import LANGUAGES, N_

A_YEAR = 365 * 24 * 3600
MOVED = "moved"

TROUBLES = {
    "too-late": N_("Signing in took too long. Try again."),
    "mixed-up": N_("The answer of your agency's sign-in was not for this page. Try again from here."),
    "refused": N_("Your agency's sign-in sent you back. Try again, or ask the person who looks after accounts."),
    "no-place": N_("You have an account, but it does not say where you work. Ask the person who looks after accounts."),
}


async def front(visit: Visit) -> Response:
    """The first page: where this person's work is, or the sign-in."""
    if visit.principal is None:
        return visit.go("/sign-in")
    if visit.may(*WORKS_WITH_CLIENTS):
        return visit.go("/work")
    if visit.may("privacy_officer"):
        return visit.go("/privacy")
    return visit.go("/directory" if visit.may("agency_admin") else "/scorecard")


async def sign_in(visit: Visit) -> Response:
    then = visit.request.query_params.get("then", "")
    if visit.principal is not None and visit.session is not None:
        return visit.go(visit.site.way_back.address(then, visit.session, visit.principal))
    return _moved(visit) or await _page(visit, None, then)


async def sign_in_go(visit: Visit) -> Response:
    """On to the issuer. It sends people back to the public address, so they start from there too."""
    if (moved := _moved(visit)) is not None:
        return moved
    chosen, then = (visit.request.query_params.get(name, "") for name in ("initiative", "then"))
    then = then if len(then) <= LONGEST else ""
    if chosen not in visit.site.initiatives:
        return visit.go(f"/sign-in?{urlencode({'then': then})}" if then else "/sign-in")
    address, sealed = await visit.site.sign_in.start(chosen, then, visit.language)
    answer = RedirectResponse(address, 303, {"Cache-Control": "no-store"})
    secure = visit.site.settings.over_https
    answer.set_cookie(FLOW_COOKIE, sealed, FLOW_SECONDS, path="/sign-in", secure=secure, httponly=True, samesite="lax")
    return answer


def _moved(visit: Visit) -> Response | None:
    """On to the same page at the public address, for who came by another; None for who is there.

    Once at most: behind a proxy that hides the host asked for, this would go round and round.
    """
    settings, query = visit.site.settings, visit.request.query_params
    if MOVED in query or settings.is_public_host(visit.request.headers.get("host", "")):
        return None
    kept = {name: query.get(name, "") for name in ("initiative", "then")}
    kept = {name: value for name, value in kept.items() if 0 < len(value) <= LONGEST}
    return visit.go(f"{settings.public_url}{visit.request.url.path}?{urlencode({**kept, MOVED: '1'})}")


async def sign_in_back(visit: Visit) -> Response:
    """Back from the issuer: a session, or the reason why there is none."""
    sealed = visit.request.cookies.get(FLOW_COOKIE, "")
    try:
        session, principal, then = await visit.site.sign_in.finish(dict(visit.request.query_params), sealed)
    except SignInProblem as problem:
        return await _page(visit, problem.why, visit.site.sign_in.way_back(sealed))
    answer = visit.go(visit.site.way_back.address(then, session, principal))
    secure = visit.site.settings.over_https
    answer.delete_cookie(FLOW_COOKIE, path="/sign-in", secure=secure, httponly=True, samesite="lax")
    answer.set_cookie(
        visit.site.session_cookie,
        visit.site.sealer.seal(session.document()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return answer


async def sign_out(visit: Visit) -> Response:
    if visit.session is not None:
        visit.site.endings.end_session(visit.session)
    answer = visit.go("/sign-in")
    answer.delete_cookie(
        visit.site.session_cookie, path="/", secure=visit.site.settings.over_https, httponly=True, samesite="lax"
    )
    return answer


async def language(visit: Visit) -> Response:
    """Keeps a language for this browser and goes back to where the link was pressed."""
    code = str(visit.request.path_params["code"])
    answer = visit.go(visit.came_from())
    if code in LANGUAGES:
        secure = visit.site.settings.over_https
        answer.set_cookie(LANGUAGE_COOKIE, code, A_YEAR, path="/", secure=secure, httponly=True, samesite="lax")
    return answer


async def _page(visit: Visit, why: str | None, then: str) -> Response:
    trouble = visit.words.say(TROUBLES[why]) if why else None
    return await visit.page(
        "sign-in.html",
        400 if why else 200,
        initiatives=list(visit.site.initiatives.values()),
        trouble=trouble,
        then=then if len(then) <= LONGEST else "",
        forms_may_go_to=(visit.site.sign_in.issuer_origin,),
    )
