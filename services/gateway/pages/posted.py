"""Owns how the form of a POST is read: whether it came from our own page, its fields, and the file that it brings."""

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from services.gateway.access.session import same_origin
from services.gateway.pages.forms import Form, unread
from services.gateway.pages.uploads import FormFile, has_file


async def posted(request: Request, public_url: str, *, files: bool) -> tuple[Form, FormFile | None] | None:
    """None where it came from another site. With `files` it may bring a file, of which nothing is read yet.

    Raises ApiProblem 413 for more than a form holds, 400 for what is no form.
    """
    if not same_origin(request.headers, public_url):
        return None
    if files and has_file(request):
        file = FormFile(request)
        await file.begin()
        return Form.of(FormData({**file.fields})), file
    try:
        async with request.form(max_files=0, max_fields=200, max_part_size=64_000) as data:
            return Form.of(data), None
    except HTTPException as error:
        raise unread(error) from error
