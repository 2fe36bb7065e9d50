"""Owns how pages reach the public API: over HTTP, with the token of the person who looks, as any other client would."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
from yarl import URL

ANSWER_SECONDS = 40.0
LARGEST_PAGE = 200
MOST_PAGES = 25
FAILED = 400
UNAVAILABLE = 503
NOT_FOUND = 404
GONE = 410
STALE = 412
FORBIDDEN = 403

Json = dict[str, Any]


class ApiProblem(Exception):
    """The API said no: status, slug and members of its problem document (RFC 9457)."""

    def __init__(self, status: int, document: Json) -> None:
        self.status = status
        self.slug = str(document.get("type", "")).rpartition("/")[2] or "internal"
        self.document = document
        super().__init__(self.slug)

    @property
    def pointers(self) -> list[str]:
        """Which places of the request were wrong, as JSON pointers."""
        return [str(error.get("pointer", "")) for error in self.document.get("errors", [])]

    @property
    def codes(self) -> list[str]:
        """What was wrong there, one code for each place."""
        return [str(error.get("code", "")) for error in self.document.get("errors", [])]

    @classmethod
    def not_there(cls) -> "ApiProblem":
        """What this person asked for is not there for her."""
        return cls(404, {"type": "/problems/not-found"})

    @classmethod
    def down(cls) -> "ApiProblem":
        return cls(UNAVAILABLE, {"type": "/problems/unavailable"})


@dataclass(frozen=True, slots=True)
class Reply:
    """A good answer: its JSON object, and its bytes for what is no JSON."""

    status: int
    body: Json
    raw: bytes


class Connection:
    """The one HTTP client of the pages. Opened when the gateway starts, closed when it stops."""

    def __init__(self, api_url: str, own: str = "") -> None:
        """`own` tells the API that its visitors are counted here (services/gateway/passage/guesses.py)."""
        self._base = api_url
        self._headers = {"X-Closeknit-Pages": own} if own else {}
        self._client: aiohttp.ClientSession | None = None

    def open(self) -> None:
        """Needs a running event loop."""
        self._client = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS, connect=2.0),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=self._headers,
            json_serialize=lambda body: orjson.dumps(body).decode(),
        )

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def ask(self, method: str, path: str, token: str | None, **options: Any) -> Reply:
        """One request. Raises ApiProblem; 503 where nobody answers."""
        if self._client is None:
            raise ApiProblem.down()
        headers: dict[str, str] = options.pop("headers", {})
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        try:
            async with self._client.request(
                method, URL(self._base + path), headers=headers, allow_redirects=False, **options
            ) as answer:
                raw = await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ApiProblem.down() from error
        body = _document(raw)
        if answer.status >= FAILED:
            raise ApiProblem(answer.status, body)
        return Reply(answer.status, body, raw)


def cursor_of(found: Json) -> str | None:
    """The cursor in a list's address of the next part."""
    address = URL(str(found.get("next") or ""), encoded=True)
    return address.query.get("cursor")


async def _every(asked: Callable[[Mapping[str, str]], Awaitable[Json]]) -> list[Json]:
    items: list[Json] = []
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        found = await asked({"limit": str(LARGEST_PAGE)} | ({"cursor": cursor} if cursor else {}))
        items += found["items"]
        before, cursor = cursor, cursor_of(found)
        if cursor in {None, before}:
            break
    return items


def _document(raw: bytes) -> Json:
    try:
        found = orjson.loads(raw) if raw else {}
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


class Api:
    """The public API for one person. Paths begin behind /v1. `asked_to_save`: a command went out, answered or not."""

    def __init__(self, connection: Connection, token: str | None) -> None:
        self._connection = connection
        self._token = token
        self.asked_to_save = False

    async def get(self, path: str, **query: str | int | None) -> Json:
        """Raises ApiProblem."""
        return (await self._read(path, query)).body

    async def every(self, path: str, **query: str | int | None) -> list[Json]:
        """All items of a list, page after page until there is no next; after 5,000 it stops. Raises ApiProblem."""
        return await _every(lambda part: self.get(path, **query, **part))

    async def search_every(self, path: str, body: Mapping[str, Any]) -> list[Json]:
        """All that a search finds, part after part as `every`. Raises ApiProblem."""

        async def found(part: Mapping[str, str]) -> Json:
            return (await self._connection.ask("POST", f"/v1{path}", self._token, json=body, params=part)).body

        return await _every(found)

    async def find_every(self, path: str, **query: str | int | None) -> list[Json]:
        """As `every`, and none for what the caller may not know of or may not do. Raises ApiProblem for the rest."""
        try:
            return await self.every(path, **query)
        except ApiProblem as problem:
            if problem.status in {NOT_FOUND, FORBIDDEN}:
                return []
            raise

    async def text(self, path: str, **query: str | int | None) -> str:
        """An answer that is no JSON. Raises ApiProblem."""
        return (await self._read(path, query)).raw.decode()

    async def raw(self, path: str, **query: str | int | None) -> bytes:
        """The bytes of an answer that is a file. Raises ApiProblem."""
        return (await self._read(path, query)).raw

    async def by_code(self, path: str, body: Mapping[str, Any], own: str) -> Json:
        """What a code opens, without an account: a letter to be answered, a client's own pages.

        `own` tells the gateway that its pages count wrong codes. Raises ApiProblem.
        """
        self.asked_to_save = self.asked_to_save or bool(body.get("step"))
        headers = {"X-Closeknit-Pages": own}
        return (await self._connection.ask("POST", f"/v1{path}", None, json=body, headers=headers)).body

    async def _read(self, path: str, query: Mapping[str, str | int | None]) -> Reply:
        given = {name: str(value) for name, value in query.items() if value is not None and value != ""}
        return await self._connection.ask("GET", f"/v1{path}", self._token, params=given)

    async def find(self, path: str, **query: str | int | None) -> Json | None:
        """As `get`, and None for what was erased and what the caller may not know of or may not do.

        Raises ApiProblem for the rest.
        """
        try:
            return await self.get(path, **query)
        except ApiProblem as problem:
            if problem.status in {NOT_FOUND, FORBIDDEN, GONE}:
                return None
            raise

    async def post(
        self, path: str, body: Mapping[str, Any], key: str | None = None, *, versions: Collection[int] = ()
    ) -> Reply:
        """A command, once however often it is pressed (`key`), or a search (none). Raises ApiProblem.

        With `versions` it is saved only where one of these stands, else the problem's status is 412.
        """
        self.asked_to_save = self.asked_to_save or key is not None
        return await self._send(path, body, key, versions)

    async def upload(self, fields: Mapping[str, str], name: str, pieces: AsyncIterator[bytes], key: str) -> Reply:
        """A file and what it belongs to into the vault, as it comes. Raises ApiProblem."""
        self.asked_to_save = True
        form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)  # its name goes as browsers send it
        for field, value in fields.items():
            form.add_field(field, value)
        form.add_field("file", pieces, filename=name, content_type="application/octet-stream")
        headers = {"Idempotency-Key": key}
        return await self._connection.ask("POST", "/v1/notes", self._token, data=form, headers=headers)

    async def change(self, path: str, body: Mapping[str, Any], version: int) -> Reply:
        """A change of what stands at this version. Raises ApiProblem, 412 where another stands."""
        headers = {"If-Match": f'"{version}"'}
        return await self._connection.ask("PATCH", f"/v1{path}", self._token, json=body, headers=headers)

    async def replace(self, path: str, body: Mapping[str, Any], version: int, key: str) -> Reply:
        """What stands at this version is replaced, once however often it is pressed. Raises ApiProblem, 412 too."""
        self.asked_to_save = True
        headers = {"If-Match": f'"{version}"', "Idempotency-Key": key}
        return await self._connection.ask("PUT", f"/v1{path}", self._token, json=body, headers=headers)

    async def drop(self, path: str) -> None:
        """Throw something away. Raises ApiProblem."""
        self.asked_to_save = True
        await self._connection.ask("DELETE", f"/v1{path}", self._token)

    async def _send(self, path: str, body: Mapping[str, Any], key: str | None, versions: Collection[int]) -> Reply:
        headers = {"Idempotency-Key": key} if key else {}
        if versions:
            headers["If-Match"] = ", ".join(f'"{version}"' for version in versions)
        return await self._connection.ask("POST", f"/v1{path}", self._token, json=body, headers=headers)

    async def again(self, path: str, body: Mapping[str, Any], key: str) -> Reply | None:
        """The first answer to a command that makes something new, where this very one came before; else None, and
        nothing is made: what does not exist has no first version. Raises ApiProblem for the rest, what is malformed
        among it."""
        try:
            return await self._send(path, body, key, (1,))
        except ApiProblem as problem:
            if problem.status == STALE:
                return None
            raise
