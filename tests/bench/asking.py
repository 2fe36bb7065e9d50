"""Owns asking one page after another through the gateway, each answer timed."""

import http.client
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.stage import Stage


@dataclass(frozen=True)
class Ask:
    """One request: a GET, or a POST of a body that changes nothing."""

    path: str
    token: str
    body: dict[str, Any] | None = None


def timed(running: Stage, asked: Sequence[Ask]) -> list[float]:
    """Seconds of each, one after the other on one connection. Raises SystemExit for an answer that is no 200."""
    found: list[float] = []
    connection = http.client.HTTPConnection("127.0.0.1", running.port("gateway"), timeout=30)
    for each in asked:
        headers = {"Authorization": f"Bearer {each.token}", "Content-Type": "application/json"}
        body = None if each.body is None else json.dumps(each.body)
        began = time.perf_counter()
        connection.request("GET" if body is None else "POST", each.path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        found.append(time.perf_counter() - began)
        if answer.status != 200:  # noqa: PLR2004 - good
            raise SystemExit(f"{each.path.partition('?')[0]} answered {answer.status}: {text[:300]!r}")
    connection.close()
    return found
