"""Two agencies that both serve the same women cannot tell by anything that the system gave them which are the same.

A third sends each woman to both. Whoever has the answers to both holds every column of the one against every column of
the other. Then something is planted that goes together, in each way in which two things may, and is found.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID, uuid4

import pytest

from services.referrals.vault.pairwise import base32
from tests.conftest import large
from tests.fix_line import Line, line_in
from tests.privacy.matching import Attack, Table, Way, bound
from tests.privacy.shared_women import OF_ALL, OF_SOME, Shared
from tests.prove.tally import Tally

WOMEN, ALL, SOME = 120, 10_000, 600
QUIET: Final = {"CLOSEKNIT_TRACE_RATIO": "0", "CLOSEKNIT_LOG_LEVEL": "WARNING"}
PARTS: Final = ("postgres", "databases", "issuer", "referrals", "gateway")
WHOLE: Final = 1 << 128
KEY: Final = random.Random("key").getrandbits(128)


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """The line of all tests; in the proof one of its own, for so many women would be in everybody's lists."""
    if not large():
        yield request.getfixturevalue("line")
        return
    with line_in(tmp_path_factory.mktemp("unlinkable") / "state", only=PARTS, telling=QUIET) as line:
        yield line


@pytest.mark.proof
@pytest.mark.servers
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_nothing_says_which_are_the_same(place: Line, sized: Callable[[int, int], int]) -> None:
    shared, tally = Shared(place, sized(WOMEN, ALL), f"Alike{uuid4().hex[:12]}"), Tally("unlinkable")
    shared.happens()
    read = shared.tables(OF_ALL, shared.women)
    tried(tally, [{**lists, **told} for lists, told in zip(shared.lists(), read, strict=True)], shared.women)
    if large():
        tried(tally, shared.tables(OF_SOME, SOME), SOME)
    tally.close()


def tried(tally: Tally, sides: Sequence[Table], women: int) -> None:
    """One point for each way by any two columns."""
    (ours, theirs), limit = sides, bound(women)
    for way in Attack(ours, theirs).ways():
        tally.check(way.auc <= limit, f"{way} of {women} women")


def id_of(number: int) -> str:
    return str(UUID(int=number % WHOLE))


def digits(number: int, *, length: int) -> str:
    return f"{number % 10**length:0{length}d}"


Plant = tuple[Callable[[int, int, random.Random], str], Callable[[int, int, random.Random], str]]
"""What either agency is answered of a woman: by when she was registered, by an id of hers that nobody should see."""
PLANTS: Final[Mapping[str, Plant]] = {
    "one id": (lambda at, id, _: id_of(id), lambda at, id, _: id_of(id)),
    "one id in another alphabet": (lambda at, id, _: id_of(id), lambda at, id, _: base32(id.to_bytes(16))),
    "an id under a key by xor": (lambda at, id, _: id_of(id), lambda at, id, _: id_of(id ^ KEY)),
    "an id and a number more": (lambda at, id, _: id_of(id), lambda at, id, _: id_of(id + KEY)),
    "an id and what is left to a number": (lambda at, id, _: id_of(id), lambda at, id, _: id_of(KEY - id)),
    "how an id begins": (
        lambda at, id, by_chance: id_of(id)[:8] + digits(by_chance.getrandbits(64), length=9),
        lambda at, id, by_chance: id_of(id)[:8] + digits(by_chance.getrandbits(64), length=9),
    ),
    "how an id ends": (
        lambda at, id, by_chance: digits(by_chance.getrandbits(64), length=9) + id_of(id)[-3:],
        lambda at, id, by_chance: digits(by_chance.getrandbits(64), length=9) + id_of(id)[-3:],
    ),
    "in which order they came": (lambda at, id, _: str(at), lambda at, id, _: str(10 * at + id % 10)),
    "in which order they came, the last first": (lambda at, id, _: str(at), lambda at, id, _: str(10**6 - at)),
    "about when they came": (
        lambda at, id, by_chance: f"2026-11-27T{8 + at // 60:02d}:{at % 60:02d}:{by_chance.randrange(60):02d}Z",
        lambda at, id, by_chance: f"{at // 8:03d} {by_chance.getrandbits(64):020d}",
    ),
    "how long something of hers is": (
        lambda at, id, by_chance: "".join(by_chance.choices("abcdef", k=id % 40)),
        lambda at, id, by_chance: "".join(by_chance.choices("uvwxyz", k=id % 40 + 3)),
    ),
}


def planted(plant: Plant) -> list[Way]:
    """What an attack finds in two columns of which nothing but the plant is common, among others of chance."""
    chance = random.Random("planted")
    ids = [chance.getrandbits(128) for _ in range(WOMEN)]
    ours, theirs = (
        {
            "planted": [of(at, id, chance) for at, id in enumerate(ids)],
            "drawn": [id_of(chance.getrandbits(128)) for _ in ids],
            "told": [str(chance.randrange(4)) for _ in ids],
        }
        for of in plant
    )
    return [way for way in Attack(ours, theirs).ways() if way.auc > bound(WOMEN)]


@pytest.mark.parametrize("name", PLANTS)
def test_what_goes_together_is_found(name: str) -> None:
    found = planted(PLANTS[name])
    assert found, name
    assert {(way.one, way.other) for way in found} == {("planted", "planted")}


def test_where_nothing_goes_together_nothing_is_found() -> None:
    nothing = (lambda at, id, by_chance: id_of(by_chance.getrandbits(128)),) * 2
    assert planted(nothing) == []


def test_of_ten_thousand_women_chance_is_as_narrow_as_promised() -> None:
    assert bound(ALL) == pytest.approx(0.52)
