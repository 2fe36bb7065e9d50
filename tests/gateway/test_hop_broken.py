"""The hop to a service behind that drops, delays, breaks off or talks nonsense: never a wrong answer, never a hang."""

import asyncio
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message

from services.gateway.passage.hop import Answer, Hop, NoAnswer
from services.gateway.passage.upstreams import Pool
from services.runtime.http.wire import Disconnected
from tests.condition import eventually
from tests.gateway.behind import (
    FINE,
    GET,
    OK,
    QUICK,
    Act,
    Behind,
    ask,
    breaks,
    hangs_up,
    listening,
    pool_to,
    says,
    stays,
    stays_silent,
)

pytestmark = pytest.mark.slow  # real time-outs run out


def all_closing(pool: Pool) -> bool:
    return all(hop.is_closing for hop in pool._hops)


BEGUN = OK + b"transfer-encoding: chunked\r\n\r\n4\r\nfine\r\n"


async def test_an_idle_connection_that_was_closed_is_not_written_to(path: Path | None) -> None:
    behind = Behind(says(FINE))
    async with pool_to(behind, path, replace(QUICK, sweep=60)) as pool:
        await ask(pool)
        behind.writers[0].close()
        await eventually(lambda: all_closing(pool))
        assert (await ask(pool, "POST"))[2] == b"fine"
        assert (behind.connections, len(behind.heard)) == (2, 2)


async def test_what_changes_nothing_is_asked_once_more(path: Path | None) -> None:
    behind = Behind(says(FINE), hangs_up(), says(FINE))
    async with pool_to(behind, path) as pool:
        await ask(pool)
        assert (await ask(pool, "GET"))[2] == b"fine"
        assert (behind.connections, len(behind.heard)) == (2, 3)


@pytest.mark.parametrize(
    ("method", "acts", "heard"),
    [
        ("POST", [says(FINE), hangs_up()], 2),
        ("PUT", [says(FINE), hangs_up()], 2),
        ("DELETE", [says(FINE), hangs_up()], 2),
        ("GET", [says(FINE), hangs_up(b"H")], 2),
        ("GET", [says(FINE), hangs_up(), hangs_up()], 3),
    ],
    ids=["post", "put", "delete", "after one byte", "only once"],
)
async def test_anything_else_is_not_asked_again(path: Path | None, method: str, acts: list[Act], heard: int) -> None:
    behind = Behind(*acts)
    async with pool_to(behind, path) as pool:
        await ask(pool)
        with pytest.raises(NoAnswer):
            await ask(pool, method)
        assert len(behind.heard) == heard


async def test_a_new_connection_that_drops_is_not_tried_again(path: Path | None) -> None:
    behind = Behind(hangs_up())
    async with pool_to(behind, path) as pool:
        with pytest.raises(NoAnswer):
            await ask(pool)
        assert len(behind.heard) == 1


@pytest.mark.parametrize(
    "act",
    [
        hangs_up(OK + b"content-length: 5\r\n\r\nfine"),
        hangs_up(OK + b"content-len"),
        hangs_up(OK + b"content-length: 999999\r\n\r\nfine"),
        hangs_up(BEGUN),
        hangs_up(BEGUN + b"0\r\n"),
        breaks(OK + b"content-length: 5\r\n\r\nfine"),
        breaks(BEGUN),
        says(b"SSH-2.0-OpenSSH_9.9\r\n"),
        says(OK + b"content-length: 4\r\ncontent-length: 4\r\n\r\nfine"),
        says(OK + b"content-length: 4\r\ntransfer-encoding: chunked\r\n\r\nfine"),
        says(OK + b"transfer-encoding: gzip\r\n\r\nfine"),
        says(OK + b"x-a: b\nset-x: c\r\ncontent-length: 4\r\n\r\nfine"),
        says(b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\nfine"),
        says(BEGUN, b"zz\r\n"),
    ],
)
async def test_half_an_answer_or_nonsense_is_none(path: Path | None, act: Act) -> None:
    behind = Behind(act, says(FINE))
    async with pool_to(behind, path) as pool:
        with pytest.raises(NoAnswer):
            await ask(pool)
        assert (await ask(pool))[2] == b"fine"
        assert behind.connections == 2


async def test_an_answer_until_the_end_that_breaks_off_is_none() -> None:
    async with pool_to(Behind(breaks(OK + b"\r\nfine")), None) as pool:
        with pytest.raises(NoAnswer):
            await ask(pool)


@pytest.mark.parametrize("late", [b"", OK, OK + b"content-length: 5\r\n\r\nfine", BEGUN])
async def test_a_service_that_does_not_finish_is_not_waited_for(path: Path | None, late: bytes) -> None:
    behind = Behind(says(late), says(FINE))
    async with pool_to(behind, path, replace(QUICK, answer=0.3)) as pool:
        async with asyncio.timeout(5):
            with pytest.raises(TimeoutError, match="did not answer in time"):
                await ask(pool)
        assert (await ask(pool))[2] == b"fine"


@pytest.mark.parametrize("cut", [0, 1])
async def test_an_answer_to_nothing_answers_nothing(path: Path | None, cut: int) -> None:
    planted = OK + b"content-length: 7\r\n\r\nplanted"
    behind = Behind(says(FINE + planted) if cut == 0 else says(FINE, planted, every=0.05), says(FINE))
    async with pool_to(behind, path) as pool:
        assert (await ask(pool))[2] == b"fine"
        await eventually(lambda: all_closing(pool))
        assert (await ask(pool))[2] == b"fine"
        assert behind.connections == 2


async def test_an_idle_connection_is_closed(path: Path | None) -> None:
    behind = Behind(says(FINE))
    async with pool_to(behind, path, replace(QUICK, idle=0.4)) as pool:
        await ask(pool)
        answered = asyncio.get_running_loop().time()
        await eventually(lambda: behind.closed == 1)
        assert asyncio.get_running_loop().time() - answered > 0.35


@pytest.mark.parametrize("act", [stays_silent, says(BEGUN)], ids=["before an answer", "in the middle of one"])
async def test_a_caller_who_goes_away_frees_the_connection(path: Path | None, act: Act) -> None:
    told = iter([{"type": "http.request"}, {"type": "http.disconnect"}])

    async def goes() -> Message:
        return next(told)

    async with pool_to(behind := Behind(act), path) as pool:
        with pytest.raises(Disconnected):
            await ask(pool, receive=goes)
        await eventually(lambda: behind.closed == 1)


async def test_a_cancelled_request_closes_its_connection(path: Path | None) -> None:
    async with pool_to(behind := Behind(stays_silent, says(FINE)), path) as pool:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ask(pool), 0.1)
        assert (await ask(pool))[2] == b"fine"
        assert (behind.connections, behind.closed) == (2, 1)


async def test_who_is_cancelled_too_late_leaves_the_next_one_alone(tmp_path: Path) -> None:
    """The answer is there and the connection given to another before the cancelled task runs again."""
    nexts: list[asyncio.Task[Answer]] = []
    behind = Behind(says(FINE), says(b"", FINE, every=0.1))

    def free(hop: Hop) -> None:
        if not nexts:
            nexts.append(asyncio.ensure_future(hop.ask(GET, stays, until=1e9)))
            first.cancel()

    async with listening(behind, path := tmp_path / "behind.sock"):
        loop = asyncio.get_running_loop()
        _, hop = await loop.create_unix_connection(lambda: Hop(free), str(path))
        first = asyncio.ensure_future(hop.ask(GET, stays, until=1e9))
        await asyncio.wait([first])
        assert (await nexts[0]).body == b"fine"
        hop.abort()


async def test_a_closed_pool_answers_nobody(path: Path | None) -> None:
    async with pool_to(behind := Behind(stays_silent), path) as pool:
        asked = asyncio.ensure_future(ask(pool))
        await eventually(lambda: behind.heard)
        pool.close()
        with pytest.raises(NoAnswer):
            await asked
        assert behind.connections == 1


async def test_nobody_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        with pytest.raises(ConnectionRefusedError):
            await ask(Pool(None, f"http://127.0.0.1:{bound.getsockname()[1]}", QUICK))
    with pytest.raises(FileNotFoundError):
        await ask(Pool(tmp_path / "missing.sock", "http://behind", QUICK))


async def test_connecting_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: Any) -> None:
        await stays()

    pool = Pool(None, "http://127.0.0.1:9", QUICK)
    monkeypatch.setattr(pool, "_loop", type("Loop", (), {"create_connection": staticmethod(never)})())
    async with asyncio.timeout(5):
        with pytest.raises(TimeoutError):
            await ask(pool)
