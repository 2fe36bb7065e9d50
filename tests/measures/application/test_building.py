"""A build that takes long goes on: who asks again gets what it made, and nothing is begun twice."""

from __future__ import annotations

from threading import Event

import pytest

from services.measures.application.building import Builds, StillBuilding


class Slow:
    """Builds when it is let, and counts how often it began."""

    def __init__(self) -> None:
        self.let, self.begun = Event(), 0

    def __call__(self) -> str:
        self.begun += 1
        assert self.let.wait(30)
        return f"made {self.begun}"


def test_who_asks_again_waits_for_the_same() -> None:
    slow, builds = Slow(), Builds[str](patience=0.01)
    for _ in range(3):
        with pytest.raises(StillBuilding):
            builds.done("a year", slow)
    assert slow.begun == 1
    slow.let.set()
    assert asked_until_done(builds, slow) == "made 1"
    assert builds.done("a year", slow) == "made 2", "what was fetched is not kept"


def asked_until_done(builds: Builds[str], slow: Slow) -> str:
    while True:
        try:
            return builds.done("a year", slow)
        except StillBuilding:
            continue


def test_another_key_is_another_build() -> None:
    one, other, builds = Slow(), Slow(), Builds[str](patience=0.01)
    with pytest.raises(StillBuilding):
        builds.done("a year", one)
    other.let.set()
    assert Builds[str]().done("a quarter", other) == "made 1"
    assert (one.begun, other.begun) == (1, 1)
    one.let.set()


def test_a_refusal_is_told_and_not_kept() -> None:
    builds = Builds[str]()

    def refused() -> str:
        raise LookupError("no such period")

    with pytest.raises(LookupError):
        builds.done("a year", refused)
    assert builds.done("a year", lambda: "made") == "made"


def test_a_build_that_times_out_itself_is_no_build_under_way() -> None:
    def late() -> str:
        raise TimeoutError("the database did not answer")

    with pytest.raises(TimeoutError):
        Builds[str]().done("a year", late)
