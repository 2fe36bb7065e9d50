"""Owns signing in and out: the choice of initiative, the way to the agency's own sign-in and back."""

import hmac
import math
import secrets
import time
from urllib.parse import urlencode

from starlette.responses import JSONResponse, RedirectResponse, Response

from services.gateway.access.signin import FLOW_SECONDS, SignInProblem
from services.gateway.access.way_back import LONGEST
from services.gateway.pages.navigation import WORKS_WITH_CLIENTS
from services.gateway.pages.visit import FLOW_COOKIE, LANGUAGE_COOKIE, Visit
from services.gateway.pages.words import LANGUAGES, N_

UNCHOSEN = "unchosen"
A_YEAR = 365 * 24 * 3600
MOVED = "moved"
OUT = "/sign-out"
IDENTITY_COOKIE, STATE_COOKIE = "closeknit_identity", "closeknit_signing_out"

TROUBLES = {
    "too-late": N_("This sign-in was not begun in this browser, or it took too long. Begin again from here."),
    "mixed-up": N_("The answer of your agency's sign-in was not for this page. Try again from here."),
    "refused": N_("Your agency's sign-in sent you back. Try again, or ask the person who looks after accounts."),
    "long-ago": N_("Your agency's sign-in did not ask who you are again. Sign out there, then try again from here."),
    "no-place": N_("You have an account, but it does not say where you work. Ask the person who looks after accounts."),
}

SAID = {
    "out": N_("You are signed out, here and at your agency's sign-in."),
    "left": N_(
        "You are signed out of Closeknit. Your agency's sign-in may still know you: on a computer that others use too,"
        " sign out there as well."
    ),
    UNCHOSEN: N_("Say where you work, then go on."),
}
"""What was just done, on the page of the sign-in."""


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
        return visit.go(f"/sign-in?{urlencode(({'then': then} if then else {}) | {'now': UNCHOSEN})}")
    address, sealed = await visit.site.sign_in.start(chosen, then, visit.language)
    answer = RedirectResponse(address, 303, {"Cache-Control": "no-store"})
    answer.set_cookie(FLOW_COOKIE, sealed, FLOW_SECONDS, **visit.site.cookies.closed("/sign-in"))
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
    site = visit.site
    try:
        found = await site.sign_in.finish(dict(visit.request.query_params), sealed)
    except SignInProblem as problem:
        return await _page(visit, problem.why, site.sign_in.way_back(sealed))
    if visit.session is not None:
        site.endings.end_session(visit.session)
    answer = visit.go(site.way_back.address(found.then, found.session, found.principal))
    answer.delete_cookie(FLOW_COOKIE, **site.cookies.closed("/sign-in"))
    identity, session = site.sign_in.out.kept(found.identity, found.session), found.session.document()
    answer.set_cookie(IDENTITY_COOKIE, identity, **site.cookies.closed(OUT))
    answer.set_cookie(site.cookies.session(), site.sealer.seal(session), **site.cookies.closed())
    return answer


async def sign_out(visit: Visit) -> Response:
    """Ends the session here, and leads on to the provider's sign-out where it has one."""
    site, session = visit.site, visit.session
    if session is None:
        return visit.go("/sign-in")
    site.endings.end_session(session)
    visit.session = visit.principal = None
    state = secrets.token_urlsafe(18)
    identity = visit.request.cookies.get(IDENTITY_COOKIE, "")
    address = await site.sign_in.out.address(identity, session, state, visit.language)
    answer = visit.go("/sign-in?now=left") if address is None else await _on_to(visit, address, state)
    for name in (site.cookies.session(), site.cookies.used()):
        answer.delete_cookie(name, **site.cookies.closed())
    answer.delete_cookie(IDENTITY_COOKIE, **site.cookies.closed(OUT))
    return answer


async def _on_to(visit: Visit, address: str, state: str) -> Response:
    """A page that goes on by itself. No redirect: browsers hold a form to our own addresses all the way."""
    page = await visit.page("signed-out.html", address=address)
    page.headers["Refresh"] = f"0; url={address}"
    page.set_cookie(STATE_COOKIE, state, FLOW_SECONDS, **visit.site.cookies.closed("/sign-in"))
    return page


async def signed_out(visit: Visit) -> Response:
    """Back from the provider's sign-out; from one that did not begin in this browser, nothing is known."""
    sent = visit.request.cookies.get(STATE_COOKIE, "")
    ours = bool(sent) and hmac.compare_digest(sent.encode(), visit.request.query_params.get("state", "").encode())
    answer = visit.go(f"/sign-in?now={'out' if ours else 'left'}")
    answer.delete_cookie(STATE_COOKIE, **visit.site.cookies.closed("/sign-in"))
    return answer


async def still(visit: Visit) -> Response:
    """For the script of every page: in how many seconds its sign-in is over if nobody uses it; 0 where it is."""
    site, left = visit.site, 0
    if visit.session is not None and visit.principal is not None:
        left = math.ceil(min(site.left(visit.request, visit.session), visit.principal.expires - time.time()))
    return JSONResponse({"left": max(0, left)}, headers={"Cache-Control": "no-store"})


async def language(visit: Visit) -> Response:
    """Keeps a language for this browser and goes back to where the link was pressed."""
    code = str(visit.request.path_params["code"])
    answer = visit.go(visit.came_from())
    if code in LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, code, A_YEAR, **visit.site.cookies.closed())
    return answer


async def _page(visit: Visit, why: str | None, then: str) -> Response:
    trouble = visit.words.say(TROUBLES[why]) if why else None
    now = visit.request.query_params.get("now", "")
    return await visit.page(
        "sign-in.html",
        400 if why else 200,
        said=visit.words.say(SAID[now]) if now in SAID else None,
        said_of=now,
        initiatives=list(visit.site.initiatives.values()),
        before=visit.session.initiative if visit.session else None,
        trouble=trouble,
        then=then if len(then) <= LONGEST else "",
        forms_may_go_to=(visit.site.sign_in.issuer_origin,),
    )
