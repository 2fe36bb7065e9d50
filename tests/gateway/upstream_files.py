"""The twin's files: what is added to a referral or contact, listed and read again; the vault's refusals in short."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.gateway.upstream_steps import agency_of, named
from tests.gateway.upstream_twin import Json, Twin, problem, reference, stamp

KINDS = {b"%PDF-": "application/pdf", b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def create_note(twin: Twin, request: Request, body: Json) -> Response:
    note = reference()
    if isinstance(content := body.pop("file", None), bytes):
        kind = next((kind for start, kind in KINDS.items() if content.startswith(start)), None)
        if not content:
            return problem(422, "file-empty")
        if kind is None:
            return problem(415, "file-type-unknown")
        if b"/JavaScript" in content:
            return problem(422, "file-with-script")
        twin.files.append({**body, "note": note, "content": content, "media_type": kind, "bytes": len(content),
                           "by": named(agency_of(request)), "at": stamp(twin.now)})  # fmt: skip
    return JSONResponse({"note": note, "bytes": body.get("bytes")}, 201)


def listed(twin: Twin, request: Request, _: Json) -> Response:
    ((field, id),) = request.path_params.items()
    items = [{name: value for name, value in each.items() if name != "content"} for each in twin.files
             if each.get(field) == id]  # fmt: skip
    return JSONResponse({"items": items})


def read(twin: Twin, request: Request, _: Json) -> Response:
    found = next((each for each in twin.files if each["note"] == request.path_params["note"]), None)
    if found is None:
        return problem(404, "not-found")
    return Response(found["content"], media_type=found["media_type"])


def get_note(twin: Twin, request: Request, _: Json) -> Response:
    note = request.path_params["note"]
    return JSONResponse({"note": note, "text": twin.notes[note]}) if note in twin.notes else problem(404, "not-found")


FILES: Mapping[str, Callable[[Twin, Request, Any], Response]] = {
    "create_note": create_note,
    "list_referral_files": listed,
    "list_contact_files": listed,
    "get_note": get_note,
    "get_note_file": read,
}
