"""Owns the answer to a request that the parser refuses before any route sees it: a problem, as everywhere else."""

import re
from typing import Final

from services.runtime.chance import random_id
from services.runtime.http.problem import MEDIA_TYPE, Problem, instance_of, method_unknown, unreadable

BEGINNING: Final = 64
"""So many bytes say whether what came begins with a method."""

_METHOD = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ ")
_REASONS: Final = {400: "Bad Request", 431: "Request Header Fields Too Large", 501: "Not Implemented"}


def answer_unread(began: bytes, *, knows_method: bool) -> bytes:
    """The whole answer, after which the connection closes. `began` is how what came begins."""
    is_method = not knows_method and _METHOD.match(began)
    return last_answer(method_unknown() if is_method else unreadable())


def last_answer(problem: Problem) -> bytes:
    """A problem as the last whole answer of a connection."""
    request_id = str(random_id())
    body = problem.encoded(instance_of(request_id))
    headers = {
        "content-type": MEDIA_TYPE,
        "cache-control": "no-store",
        "content-length": str(len(body)),
        "x-request-id": request_id,
        "connection": "close",
    } | {name.lower(): value for name, value in problem.headers.items()}
    lines = [f"HTTP/1.1 {problem.status} {_REASONS[problem.status]}", *map(": ".join, headers.items()), "", ""]
    return "\r\n".join(lines).encode() + body
