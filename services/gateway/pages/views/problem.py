"""Owns the pages of problems: whether it was saved, why not, and the next right step."""

import base64
import secrets
from dataclasses import replace

from starlette.responses import Response

from services.gateway.pages.api import ApiProblem
from services.gateway.pages.navigation import WORKS_WITH_CLIENTS
from services.gateway.pages.problems import PROBLEMS, SERVER_ERROR, told_of
from services.gateway.pages.problems.request import WITHOUT_CLIENTS
from services.gateway.pages.visit import Visit

CODE_CHARACTERS = 6
RETRY_SECONDS = "5"
CONFLICT = 409
UNAVAILABLE = 503
TOO_OFTEN = "too-many-requests"
TEXTS = ("reply", "question", "note", "contact_note", "reason")
LOOKS = frozenset({"GET", "HEAD"})
# What is over in a moment: the page offers to try again, by an address that names nothing but itself.
PASSES = frozenset({"unavailable", "internal", "overloaded", "too-many-requests", "version-not-here"})


async def problem(visit: Visit) -> Response:
    """The page that the type of a problem names; it explains and holds nothing of what happened."""
    slug = str(visit.request.path_params["slug"])
    if slug not in PROBLEMS:
        return await show_problem(visit, ApiProblem.not_there())
    told = PROBLEMS[slug]
    return await visit.page(
        "problem.html", told=told, slug=slug, code=None, status_code=None, stands=None, again=None, kept=(), typed=()
    )


async def show_problem(visit: Visit, found: ApiProblem) -> Response:
    """What went wrong with this request, with a short code for the help desk that holds no names."""
    looked = visit.request.method in LOOKS
    slug, told = told_of(found.slug, found.status, looked=looked, sent=visit.api.asked_to_save)
    if slug == "not-found" and visit.principal is not None and not visit.may(*WORKS_WITH_CLIENTS):
        told = replace(told, step=WITHOUT_CLIENTS)
    visit.form.missing.clear()
    answer = await visit.page(
        "problem.html",
        found.status,
        told=told,
        slug=slug,
        code=_code(str(found.document.get("instance", ""))),
        status_code=found.status,
        stands=found.document.get("stands"),
        counts={} if found.status >= SERVER_ERROR else None,
        kept=visit.kept,
        typed=_typed(visit) if found.status == CONFLICT and not visit.kept else (),
        again=f"?{visit.request.url.query}" if looked and slug in PASSES else None,
    )
    if found.status == UNAVAILABLE or slug == TOO_OFTEN:
        answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


def _typed(visit: Visit) -> list[str]:
    """What was written in words into the form that was refused, so that it can be copied; codes are not shown."""
    return [text for name in TEXTS if " " in (text := visit.form.one(name).strip())]


def _code(instance: str) -> str:
    """Six letters and digits that a person can read aloud, out of the occurrence's own id where there is one."""
    digits = instance.rpartition(":")[2].replace("-", "")
    try:
        raw = bytes.fromhex(digits)
    except ValueError:
        raw = b""
    text = base64.b32encode(raw or secrets.token_bytes(5)).decode()[:CODE_CHARACTERS]
    return " ".join(text[start : start + 2] for start in range(0, CODE_CHARACTERS, 2))
