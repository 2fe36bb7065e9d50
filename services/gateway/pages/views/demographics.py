"""Owns the pages on which a client is asked who she is: for figures (R7), and her name, address and phone."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.views import person
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

FIELDS: Mapping[str, tuple[str, str]] = {
    "/declined": ("race", N_("Either she would not say, or she said this")),
    "/race_ethnicity": ("race", N_("Check what she said")),
    "/detailed": ("detailed", N_("A group belongs to one of the answers above")),
    "/language": ("spoken", N_("Check the language")),
}
YES_NO = {"yes": True, "no": False}


async def demographics(visit: Visit) -> Response:
    """What this agency stated of her, ready to be stated anew."""
    return await _page(visit)


async def state_demographics(visit: Visit) -> Response:
    """What she says, whole."""
    handle = str(visit.request.path_params["handle"])
    client = visit.client_of(handle)
    form, say = visit.form, visit.words.say
    form.needs("source", say("Say who says so"), unless=form.one("source") in terms.SAID_BY)
    if form.missing:
        return await _page(visit, 422)
    body: dict[str, Any] = {
        "race_ethnicity": [code for code in form.all("race") if code in terms.RACES],
        "detailed": list(form.all("detailed")),
        "declined": form.on("declined", "yes"),
        "source": form.one("source"),
        "language": form.one("spoken") or None,
        "interpreter": YES_NO.get(form.one("interpreter")),
        "payer": form.one("payer") or None,
    }
    try:
        await visit.api.replace(f"/clients/{client}/demographics", body, form.version, form.key)
    except ApiProblem as problem:
        if problem.slug != "malformed" or not form.blame(problem.pointers, FIELDS, say):
            raise
        return await _page(visit, 422)
    return visit.go(f"/clients/{handle}?now=demographics#notice")


async def identity(visit: Visit) -> Response:
    """Her name, phone and address as this agency has them, to be corrected; where she may be in danger, not before
    somebody presses to open them."""
    return await _identity_page(visit)


async def open_identity(visit: Visit) -> Response:
    """Somebody pressed to open what is guarded."""
    return await _identity_page(visit, opened=True)


async def correct_identity(visit: Visit) -> Response:
    """Moved, a new name, a new phone."""
    handle = str(visit.request.path_params["handle"])
    client = visit.client_of(handle)
    form, say = visit.form, visit.words.say
    body = person.identity_of(visit)
    if form.missing:
        return await _identity_page(visit, 422, opened=True)
    try:
        await visit.api.replace(f"/clients/{client}/identity", body, form.version, form.key)
    except ApiProblem as problem:
        if problem.slug == "number-in-use":
            form.needs("mrn", say("Another client of yours has this number"), unless=False)
        elif problem.slug != "malformed" or not form.blame(problem.pointers, person.PERSON_FIELDS, say):
            raise
        return await _identity_page(visit, 422, opened=True)
    return visit.go(f"/clients/{handle}?now=identity#notice")


async def _page(visit: Visit, status: int = 200) -> Response:
    handle = str(visit.request.path_params["handle"])
    her = await person.shown(visit, handle)
    found = await visit.api.get(f"/clients/{her['client']}/demographics")
    if not visit.form.asked("version"):
        visit.form.values = {**visit.form.values, **_typed(found)}
    return await visit.page(
        "demographics.html",
        status,
        her=her,
        handle=handle,
        found=found,
        spoken={code: visit.words.language_name(code) for code in person.PERSON_LANGUAGES},
    )


def _typed(found: Json) -> dict[str, tuple[str, ...]]:
    """What was stated, as the form would have said it."""
    interpreter = {True: "yes", False: "no"}.get(found["interpreter"], "")
    return {
        "race": tuple(found["race_ethnicity"]),
        "detailed": tuple(found["detailed"]),
        "declined": ("yes",) if found["declined"] else (),
        "source": (found["source"] or "",),
        "spoken": (found["language"] or "",),
        "interpreter": (interpreter,),
        "payer": (found["payer"] or "",),
    }


async def _identity_page(visit: Visit, status: int = 200, *, opened: bool = False) -> Response:
    handle = str(visit.request.path_params["handle"])
    her = await person.shown(visit, handle)
    if her["guarded"] and not opened:
        return await visit.page("identity.html", her=her, handle=handle, shut=True)
    found = await visit.api.get(f"/clients/{her['client']}/demographics")
    stated = await visit.api.get(f"/clients/{her['client']}/identity")
    if not visit.form.asked("version"):
        visit.form.values = {**visit.form.values, **_written(stated)}
    visit.form.put_in_order(person.TYPED)
    return await visit.page(
        "identity.html",
        status,
        her=her,
        handle=handle,
        shut=False,
        found=found,
        languages_spoken=person.PERSON_LANGUAGES,
    )


def _written(stated: Json) -> dict[str, tuple[str, ...]]:
    """Who she is, as the form would have said it."""
    name, address = (stated["names"] or [{}])[0], stated["address"] or {}
    simple = {
        "given": name.get("given"),
        "family": name.get("family"),
        "birth_date": stated["birth_date"],
        "phone": (stated["phones"] or [""])[0],
        "person_language": stated["language"],
        "mrn": stated["mrn"],
        "medi_cal_cin": stated["medi_cal_cin"],
        **{part: address.get(part) for part in ("line", "city", "zip")},
    }
    return {field: (str(value or ""),) for field, value in simple.items()}
