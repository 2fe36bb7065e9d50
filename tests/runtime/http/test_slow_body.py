"""A body that stops on its way is refused after a while, and one that ends early at once."""

import asyncio

import pytest
from starlette.types import Message, Receive

from services.runtime.http import upload, wire
from services.runtime.http.problem import Problem
from services.runtime.http.upload import Upload

HEADERS = {b"content-type": b"multipart/form-data; boundary=x"}
BEGUN = b'--x\r\nContent-Disposition: form-data; name="file"; filename="card.png"\r\n\r\nPNG'


def arriving(*pieces: bytes, whole: bool) -> Receive:
    """What comes, and then the end, or nothing more for ever."""
    left = list(pieces)

    async def receive() -> Message:
        if not left:
            await asyncio.Event().wait()
        more = len(left) > 1 or not whole
        return {"type": "http.request", "body": left.pop(0), "more_body": more}

    return receive


def codes(problem: Problem) -> list[tuple[str, str]]:
    return [(each.pointer, each.code) for each in problem.errors]


async def taken(receive: Receive) -> bytes:
    coming = Upload(receive, HEADERS, 1_000)
    await coming.begin()
    return b"".join([piece async for piece in coming.pieces()])


async def test_a_body_that_comes_no_further_is_incomplete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "SLOWEST_BODY", 0.02)
    assert await wire.read_body(arriving(b"{", b"}", whole=True), {}) == b"{}"
    with pytest.raises(Problem) as refused:
        await wire.read_body(arriving(b"{", whole=False), {})
    assert (refused.value.status, codes(refused.value)) == (422, [("", "incomplete")])
    assert refused.value.headers["Connection"] == "close"


@pytest.mark.parametrize("whole", [True, False], ids=["ends early", "stops"])
async def test_a_file_that_is_not_whole_is_incomplete(monkeypatch: pytest.MonkeyPatch, whole: bool) -> None:
    monkeypatch.setattr(upload, "SLOWEST_UPLOAD", 0.02)
    assert await taken(arriving(BEGUN, b"\r\n--x--\r\n", whole=True)) == b"PNG"
    with pytest.raises(Problem) as refused:
        await taken(arriving(BEGUN, whole=whole))
    assert (refused.value.status, codes(refused.value)) == (422, [("/file", "incomplete")])


async def test_what_has_come_whole_is_not_waited_for() -> None:
    coming = Upload(arriving(BEGUN, whole=True), HEADERS, 1_000)
    async with asyncio.timeout(wire.DROPPED_SECONDS / 2):
        await coming.begin()
        await coming.let_go()
        with pytest.raises(Problem) as refused:
            await wire.read_body(arriving(b"x" * 600, b"x" * 600, whole=True), {}, 1_000)
    assert refused.value.status == 413
