"""A thin load generator in a process of its own: keep-alive connections that each send the next prepared request."""

import argparse
import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import httptools
import uvloop


@dataclass
class Tally:
    """What came back: latencies in seconds, statuses, the bodies of answers that were not 2xx (a few), or heads and
    bodies of all."""

    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    odd: list[str] = field(default_factory=list)
    bodies: list[bytes] | None = None
    heads: list[dict[bytes, bytes]] = field(default_factory=list)


class Connection(asyncio.Protocol):
    """One keep-alive connection; `done` is set when the requests are used up or the time is over."""

    def __init__(self, requests: Iterator[tuple[int, bytes]], tally: Tally, until: float) -> None:
        self._requests = requests
        self._number = 0
        self._tally = tally
        self._until = until
        self._sent_at = 0.0
        self._body = b""
        self._head: dict[bytes, bytes] = {}
        self._parser = httptools.HttpResponseParser(self)
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own is no subclass
        self._send()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionResetError("the server closed a connection"))

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._tally.bodies is not None:
            self._head[name.lower()] = value

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        self._tally.latencies.append(time.perf_counter() - self._sent_at)
        status = self._parser.get_status_code()
        self._tally.statuses[status] += 1
        if status // 100 != 2 and len(self._tally.odd) < 3:
            self._tally.odd.append(self._body.decode(errors="replace")[:400])
        if self._tally.bodies is not None:
            self._tally.bodies[self._number] = self._body
            self._tally.heads[self._number] = self._head
        self._body, self._head = b"", {}
        self._send()

    def _send(self) -> None:
        following = next(self._requests, None) if time.perf_counter() < self._until else None
        if following is None:
            if not self.done.done():
                self.done.set_result(None)
            self._transport.close()
            return
        self._number, request = following
        self._sent_at = time.perf_counter()
        self._transport.write(request)


async def run(
    host: str, port: int, requests: list[bytes], connections: int, seconds: float, *, keep: bool = False
) -> Tally:
    """Send `requests` over `connections` until they or `seconds` are used up; the order is that of the list.

    With `keep`, `heads` and `bodies` are those of all answers, in the order of the requests.
    """
    loop = asyncio.get_running_loop()
    kept = len(requests) if keep else 0
    tally = Tally(bodies=[b""] * kept if keep else None, heads=[{} for _ in range(kept)])
    source = iter(enumerate(requests))
    until = time.perf_counter() + seconds
    made = [
        await loop.create_connection(lambda: Connection(source, tally, until), host, port) for _ in range(connections)
    ]
    await asyncio.gather(*(protocol.done for _, protocol in made))
    return tally


def request(method: str, path: str, token: str, body: object | None = None, **headers: str) -> bytes:
    """One HTTP/1.1 request as bytes."""
    content = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(content)}"]
    lines += [f"Authorization: Bearer {token}"] if token else []
    lines += ["Content-Type: application/json"] if content else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + content


def main() -> None:
    """Read prepared requests from a file (each behind its length, 4 bytes), write what came back beside it as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("requests", type=Path)
    options = parser.parse_args()
    prepared = list(unpack(options.requests.read_bytes()))
    started = time.perf_counter()
    work = run(options.host, options.port, prepared, options.connections, options.seconds)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        tally = runner.run(work)
    took = time.perf_counter() - started
    found = {"seconds": took, "statuses": tally.statuses, "latencies": tally.latencies, "odd": tally.odd}
    answers_of(options.requests).write_text(json.dumps(found))


def answers_of(requests: Path) -> Path:
    """Where the answers to a file of requests are told."""
    return requests.with_suffix(".answers")


def pack(requests: list[bytes]) -> bytes:
    """The file format of `main`."""
    return b"".join(len(each).to_bytes(4) + each for each in requests)


def unpack(packed: bytes) -> Iterator[bytes]:
    """The requests of a file."""
    at = 0
    while at < len(packed):
        length = int.from_bytes(packed[at : at + 4])
        yield packed[at + 4 : at + 4 + length]
        at += 4 + length


if __name__ == "__main__":
    main()
