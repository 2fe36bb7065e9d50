"""The lean route: FastAPI documents the endpoint, but a request reaches it without FastAPI's dependency machinery.

The signature is read once at registration. A request then costs one look at its headers, one pass of pydantic over the
raw body and one over the answer; FastAPI's own path takes about as long again as all the rest of a command.
"""

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson
from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.runtime.auth import Verifier
from services.runtime.http import malformed, signature
from services.runtime.http.call import Call, Reply, in_step
from services.runtime.http.download import Download, described
from services.runtime.http.freshness import AtLeast
from services.runtime.http.headers import call_of
from services.runtime.http.problem import FieldError, Problem, precondition_required
from services.runtime.http.problem import malformed as malformed_problem
from services.runtime.http.upload import Upload, is_form
from services.runtime.http.wire import answer_json, check_json, read_body
from services.runtime.postgres.behalf import ask_for

PROBLEM_RESPONSE: Final[dict[str, Any]] = {
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
}
_BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})
_CHANGING = frozenset({"PUT", "PATCH"})


def problem_responses(*statuses: int) -> dict[int | str, Any]:
    """That an operation may answer with a problem of these statuses, for its description."""
    return dict.fromkeys(statuses, PROBLEM_RESPONSE)


def lean_router() -> APIRouter:
    """A router whose endpoints are lean; `create_app` takes its routes over as they are."""
    return APIRouter(route_class=LeanRoute)


class LeanRoute(APIRoute):
    """An APIRoute that answers by itself. The endpoint is `async`, and its arguments are, each at most once: a
    principal (`Annotated[Principal, Roles(...)]`), a `Call`, one body model, one query model (`Annotated[M, Query()]`),
    the path's parameters, and parts of the app (`Annotated[T, Part("name")]`). It returns a model or a `Reply`."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        read = signature.read(endpoint, path, gets="GET" in (options.get("methods") or ("GET",)))
        names = sorted(read.roles.names) if read.roles is not None else []
        statuses = [401, 403, 404, 409, 412, 413, 415, 422, 429, 500, 503]
        if read.roles is None:
            statuses = [422, 500] if read.body is None else [404, 409, 413, 415, 422, 429, 500, 503]
        if not _CHANGING.isdisjoint(options.get("methods") or ()):
            statuses.insert(statuses.index(422) + 1, 428)
        options["response_model"] = read.answer
        if read.answer is None:
            options["responses"] = described() | (options.get("responses") or {})
            options["response_class"] = Response
        options["operation_id"] = options.get("operation_id") or endpoint.__name__
        if read.upload is not None and read.body is not None:
            options["openapi_extra"] = {"requestBody": _with_file(read.body[1])}
        options["responses"] = problem_responses(*statuses) | (options.get("responses") or {})
        options["openapi_extra"] = {
            "x-roles": names,
            "security": [{"bearer": []}] if read.roles is not None else [],
        } | (options.get("openapi_extra") or {})
        super().__init__(path, _shown(endpoint, read), **options)
        self.operation = str(options["operation_id"])
        self.read = read
        self.entry = endpoint
        self.needs_match = bool(_CHANGING & (self.methods or set()))
        self.takes_body = read.body is not None and bool(_BODY_METHODS & (self.methods or set()))
        self.app = self.answer

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, one answer. Raises Problem, AuthProblem and what the endpoint raises; the app answers those."""
        headers: dict[bytes, bytes] = scope["given_headers"]
        arguments: dict[str, Any] = {}
        state = scope["app"].state
        read = self.read
        asking: str | None = None
        if read.principal is not None and read.roles is not None:
            verifier: Verifier = state.verifier
            principal = verifier.known_by(headers, scope["headers"]) or await verifier.caller(scope)
            arguments[read.principal] = read.roles.admit(principal)
            asking = principal.agency
        ask_for(asking)
        for name, convert in read.path:
            arguments[name] = convert(scope["path_params"][name])
        asked = self._query(scope["query_string"], arguments)
        body: bytes | None = None
        if self.takes_body and read.body is not None:
            body = await self._body(headers, receive, arguments)
        if read.call is not None:
            at_least = asked.version() if isinstance(asked, AtLeast) else 0
            call = arguments[read.call] = call_of(self.operation, scope, headers, body, at_least=at_least)
            if self.needs_match and call.if_match is None:
                raise precondition_required()
        for name, part in read.parts:
            arguments[name] = getattr(state, part)
        await in_step()
        result = await self.entry(**arguments)
        if isinstance(result, Download):
            await result.send(send, self.status_code or 200, [(b"x-request-id", scope["request_id"].encode())])
            return
        await in_step()
        await self._send(send, scope["request_id"], result)

    async def _body(self, headers: dict[bytes, bytes], receive: Receive, arguments: dict[str, Any]) -> bytes:
        """The body as JSON text, for its fingerprint: a form's fields alone where a file comes behind them."""
        read = self.read
        if read.body is None:
            return b""
        if read.upload is not None and is_form(headers):
            upload = Upload(receive, headers, read.upload[1])
            await upload.begin()
            body = orjson.dumps(upload.fields)
            arguments[read.upload[0]] = upload
        else:
            check_json(headers)
            body = await read_body(receive, headers)
            await in_step()
            if read.upload is not None:
                arguments[read.upload[0]] = None
        arguments[read.body[0]] = _parse(body, read.body[1])
        await in_step()
        return body

    def _query(self, raw: bytes, arguments: dict[str, Any]) -> BaseModel | None:
        if self.read.query is None:
            if raw:
                raise malformed_problem([FieldError("/query", "unknown_field", "No parameter is taken here.")])
            return None
        name, model = self.read.query
        asked = _parse_query(raw, model)
        if name is not None:
            arguments[name] = asked
        return asked

    async def _send(self, send: Send, request_id: str, result: BaseModel | Reply[Any]) -> None:
        status, more = self.status_code or 200, [(b"x-request-id", request_id.encode())]
        if isinstance(result, Reply):
            status = result.status or status
            if result.version is not None:
                more.append((b"etag", b'"%d"' % result.version))
            if result.location is not None:
                more.append((b"location", result.location.encode()))
            if result.replayed:
                more.append((b"idempotent-replay", b"true"))
        model: BaseModel = result.body if isinstance(result, Reply) else result
        await answer_json(send, status, model.__pydantic_serializer__.to_json(model), more)


def _with_file(model: type[BaseModel]) -> dict[str, Any]:
    """A body that is JSON, or a form with a file last."""
    name = f"#/components/schemas/{model.__name__}"
    own = model.model_json_schema(ref_template="#/components/schemas/{model}")
    file = {"type": "string", "format": "binary"}
    parts = {"properties": own["properties"] | {"file": file}, "required": [*own.get("required", ()), "file"]}
    form = {"schema": {"type": "object", "additionalProperties": False} | parts}
    return {"content": {"application/json": {"schema": {"$ref": name}}, "multipart/form-data": form}}


def _parse(raw: bytes, model: type[BaseModel]) -> BaseModel:
    try:
        parsed = model.model_validate_json(raw)
    except ValidationError as error:
        raise malformed_problem(malformed.field_errors(error, model)) from None
    # Only now is every name on the way to it one of ours: a pointer never repeats a name that was typed.
    if b"\\u0000" in raw and (where := _nul(raw)) is not None:
        raise malformed_problem([FieldError(where, "nul_character", "A text holds a character that none may hold.")])
    return parsed


def _nul(raw: bytes) -> str | None:
    """Where a text of the document holds U+0000, which PostgreSQL keeps in no text; None where none does."""
    try:
        found = _nul_in(orjson.loads(raw), ())
    except orjson.JSONDecodeError:
        return None
    return None if found is None else malformed.pointer(found)


def _nul_in(value: Any, path: tuple[int | str, ...]) -> tuple[int | str, ...] | None:
    if isinstance(value, str):
        return path if "\0" in value else None
    inside: list[tuple[int | str, Any]] = []
    if isinstance(value, list):
        inside = list(enumerate(value))
    elif isinstance(value, Mapping):
        if any("\0" in key for key in value):
            return path
        inside = list(value.items())
    return next((found for key, item in inside if (found := _nul_in(item, (*path, key))) is not None), None)


def _parse_query(raw: bytes, model: type[BaseModel]) -> BaseModel:
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=50)
    except ValueError:
        raise malformed_problem([FieldError("/query", "query_invalid", "The query cannot be read.")]) from None
    values = dict(pairs)
    if len(values) != len(pairs):
        raise malformed_problem([FieldError("/query", "repeated", "Each parameter at most once.")])
    if any("\0" in value for value in values.values()):
        raise malformed_problem([FieldError("/query", "nul_character", "A text holds a character that none may hold.")])
    try:
        return model.model_validate_strings(values)
    except ValidationError as error:
        raise malformed_problem(malformed.field_errors(error, model, "/query")) from None


def _shown(endpoint: Callable[..., Any], read: signature.Signature) -> Callable[..., Any]:
    """The endpoint as FastAPI shall document it: without principal, call and parts, with the headers that count."""

    @functools.wraps(endpoint)
    async def shown(**arguments: Any) -> Any:
        raise Problem(500, "internal", "A lean route was called the slow way.")

    del shown.__wrapped__
    shown.__signature__ = read.shown  # type: ignore[attr-defined]
    shown.__annotations__ = {name: item.annotation for name, item in read.shown.parameters.items()}
    return shown


__all__ = ["Call", "LeanRoute", "lean_router"]
