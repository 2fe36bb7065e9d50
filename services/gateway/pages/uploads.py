"""Owns a form with a file: its fields first, then the file, which goes on to the API as it comes and lies nowhere."""

from collections.abc import AsyncIterator, Mapping
from typing import Final

from starlette.requests import Request

from services.gateway.pages.api import Api, ApiProblem
from services.runtime.http.problem import Problem
from services.runtime.http.upload import Upload, is_form
from services.runtime.http.wire import Disconnected

LARGEST: Final = 10 * 2**20
"""Bytes of a file, as the service behind says."""
TOO_LARGE: Final = 413


def has_file(request: Request) -> bool:
    """Whether a form was sent as one with a file."""
    return is_form(dict(request.headers.raw))


class FormFile:
    """The file of a form; where none was chosen, its name is empty."""

    def __init__(self, request: Request) -> None:
        headers = dict(request.headers.raw)
        declared = headers.pop(b"content-length", b"0")
        # Not told how long it is, it reads the fields before it says that a file is too large: the form is kept.
        self._upload = Upload(request.receive, headers, LARGEST)
        self._too_large = declared.isdigit() and int(declared) > LARGEST + 100_000
        self._refused: ApiProblem | None = None

    @property
    def name(self) -> str:
        """What its owner calls it."""
        return self._upload.name

    @property
    def fields(self) -> dict[str, str]:
        """The texts of the form."""
        return self._upload.fields

    async def begin(self) -> None:
        """Read the fields. Raises ApiProblem for a form that cannot be read; one without a file can."""
        try:
            await self._upload.begin()
        except (Problem, Disconnected) as error:
            found = error.errors if isinstance(error, Problem) else ()
            if [each.code for each in found] != ["missing"]:
                raise ApiProblem(400, {"type": "/problems/malformed"}) from error

    async def let_go(self) -> None:
        """It goes nowhere: nothing is kept of it."""
        await self._upload.let_go()

    async def keep(self, api: Api, fields: Mapping[str, str], key: str) -> None:
        """Into the vault, as what the fields say it belongs to. Raises ApiProblem, also for what came wrong."""
        if self._too_large:
            await self.let_go()
            raise ApiProblem(TOO_LARGE, {"type": "/problems/too-large"})
        try:
            await api.upload(fields, self.name, self._pieces(), key)
        except ApiProblem:
            if self._refused is not None:
                raise self._refused from None
            raise

    async def _pieces(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._upload.pieces():
                yield piece
        except Problem as problem:
            self._refused = ApiProblem(problem.status, {"type": f"/problems/{problem.slug}"})
            raise
