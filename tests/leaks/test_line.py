"""The whole line, driven with clients who can be recognised anywhere, and everything that it wrote searched for them.

Agencies see what they typed and what she agreed to give them, in the body of an answer; nobody sees anything else of
hers anywhere. Then a leak is planted in each channel, and the same search finds it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from kafka import KafkaProducer

from tests.fix_line import line_in
from tests.leaks import capture
from tests.leaks.drive import CANARIES, CLINIC, DOULAS, HOUSING, HUB, MARA, PANTRY, drive
from tests.leaks.line import Watched
from tests.leaks.search import Item, Search

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.timeout(600)]


@dataclass(frozen=True)
class Evidence:
    """What the drive left behind, captured before any test could add to it."""

    line: Watched
    written: list[Item]
    heard: list[Item]
    in_files: list[str]


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    """A line of our own: the drive damages rows and takes a database away, and the last test plants leaks in it."""
    with line_in(tmp_path_factory.mktemp("line") / "state") as line:
        watched = Watched(line)
        try:
            drive(watched)
            names = {one.label: one.facts["family name"][0].encode() for one in CANARIES}
            folders = [line.state.folder / part for part in ("postgres", "kafka")]
            in_files = [found for folder in folders for found in capture.raw_files(folder, names)]
            yield Evidence(watched, list(watched.written()), watched.heard(), in_files)
        finally:
            watched.close()


@pytest.fixture(scope="module")
def search() -> Search:
    return Search(CANARIES)


def test_no_identity_is_written_anywhere_outside_a_seal(evidence: Evidence, search: Search) -> None:
    assert {item.channel for item in evidence.written} == {
        *("kafka", "referrals tables", "measures tables", "identity tables", "log", "span", "metric", "command")
    }
    spans = sum(len(item.content) for item in evidence.written if item.channel == "span")
    assert spans > 100_000, "every trace is kept"
    assert search.in_(evidence.written) == []


def test_no_answer_shows_what_its_reader_may_not_see(evidence: Evidence, search: Search) -> None:
    assert {item.channel for item in evidence.heard} == {"header", "url", "title", "error", "answer"}
    statuses = {int(item.where.split()[-1]) for item in evidence.heard}
    assert statuses >= {200, 201, 303, 401, 403, 404, 409, 413, 415, 422, 500, 503}, "every kind of failure was driven"
    assert search.in_(evidence.heard) == []


def test_the_agencies_did_see_what_they_may(evidence: Evidence, search: Search) -> None:
    """The other side: where nothing is allowed, the search does find them, in the right agencies' answers."""
    bare = [Item(item.channel, item.where, item.content) for item in evidence.heard]
    found = {(leak.where.split()[0], leak.canary) for leak in search.in_(bare)}
    own = {(CLINIC, one.label) for one in CANARIES}
    assert found == own | {(HUB, "mara"), (HUB, "lia"), (DOULAS, "nora"), (PANTRY, "rosa")}


def test_no_file_of_a_server_holds_a_name_as_it_is_written(evidence: Evidence) -> None:
    assert evidence.in_files == []


def plant_in_kafka(line: Watched, text: bytes) -> None:
    producer = KafkaProducer(bootstrap_servers=line.line.settings["CLOSEKNIT_KAFKA"], acks="all")
    producer.send("care.directory.v1", key=b"planted", value=b"{}", headers=[("planted", text)]).get(timeout=30)
    producer.close()


def plant_in_table(name: str) -> Callable[[Watched, bytes], None]:
    def plant(line: Watched, text: bytes) -> None:
        with line.owner(name) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS planted (leak bytea)")
            connection.execute("INSERT INTO planted VALUES (%s)", [text])

    return plant


def plant_in_file(folder: str, name: str) -> Callable[[Watched, bytes], None]:
    def plant(line: Watched, text: bytes) -> None:
        with (line.line.state.folder / folder / name).open("ab") as file:
            file.write(text + b"\n")

    return plant


def plant_in_answer(channel: str) -> Callable[[Watched, bytes], None]:
    def plant(line: Watched, text: bytes) -> None:
        request = httpx.Request("GET", "http://127.0.0.1/")
        said: dict[str, dict[str, Any]] = {
            "header": {"status_code": 200, "headers": [(b"x-planted", text.hex().encode())]},
            "url": {"status_code": 303, "headers": [(b"location", b"/clients/" + text.hex().encode())]},
            "title": {"status_code": 200, "html": f"<title>{text.hex()}</title>"},
            "error": {
                "status_code": 422,
                "json": {"x": text.hex()},
                "headers": {"content-type": "application/problem+json"},
            },
            "answer": {"status_code": 200, "json": {"x": text.hex()}},
        }
        stranger = next(person for person in line.people if person.agency == HOUSING)
        answer = httpx.Response(request=request, **said[channel])
        stranger.heard += capture.parts_of(answer, f"{HOUSING} planted", stranger.sees)

    return plant


PLANTS: dict[str, Callable[[Watched, bytes], None]] = {
    "kafka": plant_in_kafka,
    "referrals tables": plant_in_table("referrals"),
    "measures tables": plant_in_table("measures"),
    "identity tables": plant_in_table("identity"),
    "log": plant_in_file("logs", "planted.log"),
    "span": plant_in_file("telemetry", "planted.jsonl"),
} | {channel: plant_in_answer(channel) for channel in ("header", "url", "title", "error", "answer")}


def test_a_planted_leak_is_found_in_each_channel(evidence: Evidence, search: Search) -> None:
    for plant in PLANTS.values():
        plant(evidence.line, MARA.name.encode())
    found = search.in_([*evidence.line.written(), *evidence.line.heard()])
    assert {leak.channel for leak in found} == PLANTS.keys()
