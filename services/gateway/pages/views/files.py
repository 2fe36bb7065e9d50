"""Owns files on the page of a referral or a contact: what is there, opening one, adding one, also with a contact."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from services.gateway.pages.api import ApiProblem
from services.gateway.pages.views.one_contact import contact_page
from services.gateway.pages.views.referral import look, page
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

WRONG: Final[Mapping[str, str]] = {
    "file-empty": N_("This file is empty. Open it on your computer, save it again, and choose it once more"),
    "file-not-as-named": N_("This file is not what its name says. Save it anew as PDF, PNG or JPEG"),
    "file-type-unknown": N_("Choose a PDF, PNG or JPEG file. Other kinds can carry harm"),
    "file-with-script": N_("This PDF holds a script or a file of its own. Print it to a new PDF, and choose that"),
    "file-unreadable": N_("This PDF is damaged or locked with a password. Print it to a new PDF, and choose that"),
    "too-large": N_("This file is larger than 10 MB. Save it smaller, or split it"),
}
"""What is said at the field, for what the API finds wrong with a file."""
NOT_FOUND: Final = 404
UNFIT: Final = 422


async def add_to_referral(visit: Visit) -> Response:
    """A file that belongs to a referral: the other side sees it where she gave the note."""
    found = await look(visit)
    if not found["client"]:
        raise ApiProblem.not_there()
    if await _kept(visit, {"client": found["client"]["client"], "referral": found["referral"]}):
        return visit.go(f"/referrals/{found['referral']}?now=file#notice")
    return await page(visit, found, UNFIT)


async def add_to_contact(visit: Visit) -> Response:
    """A file that belongs to a contact of this agency's own."""
    handle = str(visit.request.path_params["contact"])
    contact = visit.client_of(handle)
    found = await visit.api.get(f"/contacts/{contact}")
    if await _kept(visit, {"client": found["client"], "contact": contact}):
        return visit.go(f"/contacts/{handle}?now=file#notice")
    return await contact_page(visit, UNFIT)


async def choose_again(visit: Visit) -> None:
    """The form of a contact is shown once more: no form can hold the file that was chosen with it, and it says so."""
    if visit.file is not None and visit.file.name:
        await visit.file.let_go()
        visit.form.needs("contact_file", visit.words.say("Choose the file once more"), unless=False)


async def with_contact(visit: Visit, client: str, contact: str) -> Response | None:
    """Keeps the file that came with the form of a contact, which is recorded by now.

    Where something is wrong with it: the page of the contact, on which it is said, and another can be chosen.
    """
    if visit.file is None or not visit.file.name:
        return None
    if await _kept(visit, {"client": client, "contact": contact}, f"{visit.form.key}-file"):
        return None
    visit.form.values = {}  # all that was typed is in the contact
    return await contact_page(visit, UNFIT, visit.handles.of(contact), "recorded")


async def of_referral(visit: Visit) -> Response:
    """One file of a referral, to be saved."""
    return await _file(visit, f"/referrals/{visit.request.path_params['referral']}")


async def of_contact(visit: Visit) -> Response:
    """One file of a contact, to be saved."""
    return await _file(visit, f"/contacts/{visit.client_of(str(visit.request.path_params['contact']))}")


async def _kept(visit: Visit, belongs: Mapping[str, str], key: str = "") -> bool:
    """Whether it is in the vault now; what is wrong with it is noted at its field."""
    say, file = visit.words.say, visit.file
    if file is None or not file.name:
        visit.form.needs("file", say("Choose a file"), unless=False)
        return False
    try:
        await file.keep(visit.api, belongs, key or visit.form.key)
    except ApiProblem as problem:
        if problem.slug not in WRONG:
            raise
        visit.form.needs("file", say(WRONG[problem.slug]), unless=False)
        return False
    return True


async def _file(visit: Visit, path: str) -> Response:
    """Raises ApiProblem 404 for a handle that is none of a file here."""
    found = await visit.api.get(f"{path}/files")
    note = visit.client_of(str(visit.request.path_params["file"]))
    file = next((each for each in found["items"] if each["note"] == note), None)
    if file is None:
        raise ApiProblem.not_there()
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file['name'], safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(await visit.api.raw(f"/notes/{note}/file"), media_type=file["media_type"], headers=headers)
