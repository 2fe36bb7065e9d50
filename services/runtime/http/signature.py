"""The signature of an endpoint, read once when it is registered: where each argument comes from."""

import inspect
import re
import typing
from collections.abc import Callable
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Path, Query
from fastapi.params import Query as QueryMarker
from pydantic import BaseModel, create_model

from services.runtime.auth import Roles
from services.runtime.http.call import Call, Reply
from services.runtime.http.download import Download
from services.runtime.http.freshness import AtLeast
from services.runtime.http.problem import not_found

IF_MATCH = (
    "ETags of which one has to stand, else 412. Of what a command makes anew none stands: with this header it gives its"
    " first answer once more (the same Idempotency-Key), or 412, and makes nothing."
)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
_HANDLE = re.compile(r"[a-z0-9_-]{1,64}\Z")


@dataclass(frozen=True, slots=True)
class Part:
    """Marks an argument that `build` put into the app: `Annotated[Desk, Part("desk")]`."""

    name: str


@dataclass(frozen=True, slots=True)
class Takes:
    """Marks an argument that may hold a file of up to `limit` bytes: `Annotated[Upload | None, Takes(limit)]`.

    The body is then JSON, or a form whose text fields are the body and whose last part is the file.
    """

    limit: int


def _uuid(text: str) -> UUID:
    if _UUID.match(text) is None:
        raise not_found()
    return UUID(text)


def _handle(text: str) -> str:
    if _HANDLE.match(text) is None:
        raise not_found()
    return text


@dataclass(slots=True)
class Signature:
    """Names of the arguments by their source. At most one body, one query, one principal, one call.

    A query without a name is the route's own: the endpoint knows nothing of it. `answer` is a model, one of several
    (`A | B`), or None for a file.
    """

    roles: Roles | None
    principal: str | None
    call: str | None
    body: tuple[str, type[BaseModel]] | None
    query: tuple[str | None, type[BaseModel]] | None
    upload: tuple[str, int] | None
    path: tuple[tuple[str, Callable[[str], Any]], ...]
    parts: tuple[tuple[str, str], ...]
    answer: Any
    shown: inspect.Signature


def read(endpoint: Callable[..., Any], template: str, *, gets: bool = False) -> Signature:
    """Sorts the arguments of `endpoint`; raises TypeError for one without a source, so that a slip shows at start.

    An endpoint that `gets` a Reply shows a version: callers may name the one that they wait for.
    """
    hints = typing.get_type_hints(endpoint, include_extras=True)
    names = set(re.findall(r"{(\w+)}", template))
    answer = hints.pop("return")
    found = Signature(None, None, None, None, None, None, (), (), _answer(answer), inspect.Signature())
    shown: list[inspect.Parameter] = []
    for name, hint in hints.items():
        kept = _place(found, name, hint, in_path=name in names)
        if kept is not None:
            shown.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kept))
        names.discard(name)
    if names:
        raise TypeError(f"{endpoint.__name__}: {sorted(names)} in the path but not in the signature")
    if gets and typing.get_origin(answer) is Reply:
        shown = _versioned(found, shown, endpoint.__name__)
    shown.extend(_headers() if found.call is not None and not gets else [])
    found.shown = inspect.Signature(shown)
    return found


def _place(found: Signature, name: str, hint: Any, *, in_path: bool) -> Any:
    """Records where one argument comes from; gives what FastAPI shall document of it, None for nothing."""
    plain, marks = (hint.__origin__, hint.__metadata__) if typing.get_origin(hint) is Annotated else (hint, ())
    if in_path:
        found.path += ((name, _uuid if plain is UUID else _handle),)
        return Annotated[(hint, Path())]
    for mark in marks:
        if isinstance(mark, Roles):
            found.principal, found.roles = name, mark
            return None
        if isinstance(mark, Part):
            found.parts += ((name, mark.name),)
            return None
        if isinstance(mark, Takes):
            found.upload = (name, mark.limit)
            return None
        if isinstance(mark, QueryMarker):
            found.query = (name, plain)
            return Annotated[plain, Query()]
    if plain is Call:
        found.call = name
        return None
    if isinstance(plain, type) and issubclass(plain, BaseModel) and found.body is None:
        found.body = (name, plain)
        return plain
    raise TypeError(f"argument {name} has no source")


def _versioned(found: Signature, shown: list[inspect.Parameter], endpoint: str) -> list[inspect.Parameter]:
    """Takes `min_version` beside whatever else is asked for in the address."""
    if found.call is None:
        raise TypeError(f"{endpoint} shows a version and takes no call that says which one is waited for")
    name, asked = found.query or (None, AtLeast)
    if not issubclass(asked, AtLeast):
        asked = create_model(asked.__name__, __base__=(asked, AtLeast), __doc__=asked.__doc__)
    found.query = (name, asked)
    wanted = inspect.Parameter(name or "query", inspect.Parameter.KEYWORD_ONLY, annotation=Annotated[asked, Query()])
    return [*(each for each in shown if each.name != wanted.name), wanted]


def _headers() -> list[inspect.Parameter]:
    wanted = {
        "idempotency_key": Annotated[str | None, Header(min_length=1, max_length=255, pattern=r"^[!-~]+$")],
        "if_match": Annotated[str | None, Header(description=IF_MATCH)],
    }
    return [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=hint, default=None)
        for name, hint in wanted.items()
    ]


def _answer(hint: Any) -> Any:
    if hint is Download:
        return None
    if typing.get_origin(hint) is Reply:
        hint = typing.get_args(hint)[0]
    one_of = typing.get_args(hint) if isinstance(hint, UnionType) else (hint,)
    if all(isinstance(each, type) and issubclass(each, BaseModel) for each in one_of):
        return hint
    raise TypeError("an endpoint answers with a model, one of several, or a Reply of it")
