"""Owns a client's own pages: the code that lets her in, who saw her record, and the way out. No account, no name."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from starlette.responses import Response

from services.gateway.access.session import Session
from services.gateway.pages import terms
from services.gateway.pages.api import ApiProblem, Json, cursor_of
from services.gateway.pages.views import answer
from services.gateway.pages.views.by_code import NOT_FOUND, by_code
from services.gateway.pages.views.her_helpers import counted
from services.gateway.pages.visit import HERS, Visit

PRINTED = frozenset({"en", "es"})
SHOWN = 30
LONGEST_QUESTION = 2_000
THREE_MONTHS_IN_DAYS = 92
SAFE = "https://www.weather.gov/"
"""Where "Leave now" leads: a page that anybody might have open."""


async def code_form(visit: Visit) -> Response:
    """The code is asked for, and nothing else."""
    if visit.principal is not None:
        return visit.go(f"{HERS}/record")
    return await visit.page("her-code.html", until=None)


async def come_in(visit: Visit) -> Response:
    """A code opens her pages, once. Who guesses is turned away, as with letters."""
    form, say = visit.form, visit.words.say
    form.needs("code", say("Type the code that your agency gave you"))
    if form.missing:
        return await visit.page("her-code.html", 422)
    try:
        found = await by_code(visit, "/access", {"code": form.one("code")[:40]})
    except ApiProblem as problem:
        if problem.status != NOT_FOUND:
            raise
        form.needs("code", say("This code opens nothing. Check it, or ask your agency for a new one"), unless=False)
        return await visit.page("her-code.html", 422)
    site = visit.site
    if visit.session is not None:
        site.endings.end_session(visit.session)
    gone = visit.go(f"{HERS}/record")
    session = Session.begin(str(found["token"]), str(found["client"]))
    session = site.kept_forms.signed(session, await site.verifier.verify(session.token))
    session = replace(session, unnamed=found["restricted"] is not None)
    sealed = site.sealer.seal(session.document())
    gone.set_cookie(site.cookies.session(hers=True), sealed, **site.cookies.closed(hers=True))
    return gone


async def ask(visit: Visit) -> Response:
    """Was this right? She asks about one entry; the privacy officers answer."""
    form, about = visit.form, visit.form.one("disclosure")
    form.needs(f"text-{about}", visit.words.say("Write what you would like to know"))
    form.fits(f"text-{about}", LONGEST_QUESTION, visit.words.say("Write it shorter: 2,000 letters fit"))
    if form.missing:
        return await record(visit, 422)
    if not about.isalnum():
        raise ApiProblem.not_there()
    path = f"/clients/{visit.who.subject}/disclosures/{about}/questions"
    await visit.api.post(path, {"text": form.one(f"text-{about}")}, form.key)
    return visit.go(f"{HERS}/record?now=asked#notice")


async def record(visit: Visit, status: int = 200) -> Response:
    """Who saw her record, the newest first: all of the last 3 months at once, what is older where she asks for it."""
    cursor = visit.request.query_params.get("cursor") or None
    part_2 = is_part_2(visit)
    found, older = await _part(visit, cursor, part_2=part_2)
    while found and older and cursor is None and not part_2 and _is_recent(visit, found[-1]):
        more, older = await _part(visit, older, part_2=part_2)
        found += more
    items = [entry(visit, item, open_names=part_2) for item in found]
    old = [item for item in items if not item["recent"]] if cursor is None and not part_2 else []
    recent = [item for item in items if item["recent"] and item["kind"] != "erased"]
    return await visit.page(
        "her-record.html",
        status,
        entries=items,
        shown=[item for item in items if item not in old],
        old=old,
        unfolded=any(visit.form.opens(f"text-{item['id']}") for item in old),
        exceptions=[item for item in items if item["exception"] and item["kind"] != "break_glass"],
        times=len(recent),
        helped=await counted(visit) if cursor is None and not part_2 else None,
        older=older,
        first=cursor is None,
        cursor=cursor,
        part_2=part_2,
        now=visit.request.query_params.get("now"),
    )


async def _part(visit: Visit, cursor: str | None, *, part_2: bool) -> tuple[list[Json], str | None]:
    """A part of the list, and the way to the next."""
    path = f"/clients/{visit.who.subject}/disclosures"
    found = await visit.api.get(path, limit=SHOWN, cursor=cursor, part_2="true" if part_2 else None)
    return list(found["items"]), cursor_of(found)


def _is_recent(visit: Visit, item: Json) -> bool:
    at = visit.words.local(datetime.fromisoformat(item["at"]))
    return (visit.today - at.date()).days <= THREE_MONTHS_IN_DAYS


async def paper(visit: Visit) -> Response:
    """Her list as a PDF to print, in the language that the page has."""
    size = "a4" if visit.request.query_params.get("size") == "a4" else "letter"
    path = f"/clients/{visit.who.subject}/disclosures/paper"
    language = visit.language if visit.language in PRINTED else "en"
    part_2 = "true" if is_part_2(visit) else None
    return answer.pdf("list.pdf", await visit.api.raw(path, size=size, language=language, part_2=part_2))


def is_part_2(visit: Visit) -> bool:
    """Whether she asks for who got treatment records of substance use: that list names them, as she asked for it."""
    return visit.request.query_params.get("list") == "part-2"


async def leave(visit: Visit) -> Response:
    """Out: the cookie goes, a copy of it is nothing, and the code is used up."""
    return _out(visit, visit.go(HERS))


async def leave_now(visit: Visit) -> Response:
    """Out as well, and on to a page that is nobody's. By a link, as nothing may stand between her and it."""
    return _out(visit, visit.go(SAFE))


def _out(visit: Visit, gone: Response) -> Response:
    """Ends the sign-in that came along; from another site's link none does (`SameSite=Strict`)."""
    site = visit.site
    if visit.session is None:
        return gone
    site.endings.end_session(visit.session)
    visit.session = None
    for name in (site.cookies.session(hers=True), site.cookies.used(hers=True)):
        gone.delete_cookie(name, **site.cookies.closed(hers=True))
    return gone


def entry(visit: Visit, item: Json, *, open_names: bool = False) -> dict[str, Any]:
    """One entry in words. What is restricted is not named on a screen that others may see."""
    words, hidden = visit.words, _shut(item["restricted"], open_names=open_names)
    say = words.say
    agency = _named(visit, item["to"], hidden=hidden)
    fields = words.listed([say(terms.FIELDS_TO_HER.get(name, name)) for name in item["fields"]])
    kind = item["kind"]
    phrase = terms.DISCLOSURES[kind] if fields or kind not in terms.NO_FIELDS else terms.NO_FIELDS[kind]
    headline = say(phrase, agency=agency, fields=fields) if "%(fields)s" in phrase else say(phrase, agency=agency)
    at = words.local(datetime.fromisoformat(item["at"]))
    return {
        "id": item["disclosure"],
        "kind": kind,
        "at": at,
        "recent": _is_recent(visit, item),
        "headline": _begun(headline) if hidden else headline,
        "name": agency,
        "why": _why(visit, item, hidden=hidden, open_names=open_names),
        "exception": item["exception"],
        "reason": None if hidden else item["reason"],
        "asked": _asked(visit, item, hidden=hidden, open_names=open_names),
        "found": [_found(visit, each, hidden=hidden, open_names=open_names) for each in item["findings"]],
    }


def _asked(visit: Visit, item: Json, *, hidden: bool, open_names: bool) -> list[dict[str, Any]]:
    """What she asked of it, and who answers by when; where nobody is to be named, nobody is."""
    return [
        {
            "name": _begun(
                _named(visit, each["agency"], hidden=hidden or _shut(each["restricted"], open_names=open_names))
            ),
            "text": each["text"],
            "answer": each["answer"],
            "due": _day(visit, each["due"]),
            "answered": _day(visit, each["answered_at"]) if each["answered_at"] else None,
        }
        for each in item["asked"]
    ]


def _found(visit: Visit, each: Json, *, hidden: bool, open_names: bool) -> dict[str, str | None]:
    """What an officer found, or until when they look at it; their words only where nothing restricted is about it."""
    shut = hidden or _shut(each["restricted"], open_names=open_names)
    phrase = terms.FOUND_TO_HER[each["finding"] or "not_yet"]
    day = _day(visit, each["answered_at"] or each["due"])
    said = visit.words.say(phrase, agency=_named(visit, each["agency"], hidden=shut), day=day)
    return {"said": _begun(said) if shut else said, "words": None if shut else each["answer"]}


def _shut(restricted: str | None, *, open_names: bool) -> bool:
    """Whether an agency is not to be named, for what is restricted about it."""
    return restricted is not None and not open_names


def _named(visit: Visit, agency: Json, *, hidden: bool) -> str:
    """An agency inside a sentence: what it is, where its name is not to stand on a screen."""
    return visit.words.say("a restricted health service") if hidden else str(agency["name"])


def _begun(sentence: str) -> str:
    """A sentence that may begin with what an agency is, which has no capital letter of its own."""
    return sentence[:1].upper() + sentence[1:]


def _day(visit: Visit, at: str) -> str:
    return visit.words.day(visit.words.local(datetime.fromisoformat(at)), visit.today, "dated")


def _why(visit: Visit, item: Json, *, hidden: bool, open_names: bool) -> list[str]:
    words, found = visit.words, list[str]()
    say = words.say
    if kind := item["emergency"]:
        found.append(say(terms.OPENED_FOR_HER[kind]))
    elif code := item["exception"]:
        found.append(say(terms.EXCEPTIONS[code]))
    elif item["kind"] == "timeline":
        found.append(say("Why: they help plan your care."))
    elif item["domain"]:
        found.append(say("Why: to lead your care."))
    elif item["category"] and not hidden:
        found.append(say("Why: %(need)s.", need=say(terms.CATEGORIES.get(item["category"], "Another need"))))
    if item["by"] and item["kind"] != "read" and not hidden:
        by = _named(visit, item["by"], hidden=_shut(item["by_restricted"], open_names=open_names))
        found.append(_begun(say("%(agency)s asked them.", agency=by)))
    if allowed := item["allowed"]:
        day = words.day(date.fromisoformat(allowed["agreed_on"]), visit.today, "dated")
        found.append(say("You said yes on %(day)s.", day=day))
        if allowed["ended_on"]:
            ended = words.day(date.fromisoformat(allowed["ended_on"]), visit.today, "dated")
            found.append(say("That yes ended on %(day)s.", day=ended))
    if item["kind"] == "letter":
        found.append(say("A printed letter cannot be taken back."))
    return found
