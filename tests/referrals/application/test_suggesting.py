"""Which of those who have room is suggested (R2): by each rule of the configuration, and what breaks a tie."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest

from services.referrals.application.check import CheckSeen
from services.referrals.application.draft import History
from services.referrals.application.suggesting import distance, suggested
from services.referrals.domain.check import Check, CheckAsked, CheckStatus
from services.referrals.domain.vocabulary import Category

NOON = datetime(2026, 11, 20, 20, tzinfo=UTC)
ZIPS = {"near": ("93711",), "far": ("906", "941"), "anywhere": ()}


@dataclass
class Told:
    """A desk that knows a rule, when services were last sent to, and where they are."""

    check_rule: str
    last: Mapping[str, datetime] = field(default_factory=dict)

    def initiative(self, _: str) -> "Told":
        return self

    def entries(self, _: str) -> "Told":
        return self

    def entry(self, id: str) -> Any:
        return SimpleNamespace(service=SimpleNamespace(zips=ZIPS[id]))

    async def last_sent(self, _: str, services: Mapping[str, str]) -> Mapping[str, datetime]:
        return {id: at for id, at in self.last.items() if id in services}


def check(service: str, minutes: int, *, status: CheckStatus = CheckStatus.YES, area: str | None = "936") -> Check:
    asked = CheckAsked(check=uuid4(), from_agency="example-clinic-north", to_agency=f"of-{service}", service=service,
                       category=Category("doula"), area=area)  # fmt: skip
    return Check(asked, NOON, status, None, NOON + timedelta(minutes=minutes))


async def chosen(told: Told, *questions: Check, agency: str = "example-clinic-north") -> str | None:
    desk = SimpleNamespace(directory=told, lists=told)
    acting = SimpleNamespace(agency=agency, initiative="fresno-ptbi")
    seen = CheckSeen(uuid4(), tuple((History(uuid4()), each) for each in questions))
    found = await suggested(cast(Any, desk), cast(Any, acting), seen)
    return found.service if found else None


async def test_r2_the_first_yes() -> None:
    assert await chosen(Told("first_yes"), check("far", 9), check("near", 5)) == "near"


async def test_r2_the_least_recently_referred() -> None:
    last = {"near": NOON, "far": NOON - timedelta(days=3)}
    told = Told("least_recently_referred", last)
    assert await chosen(told, check("near", 1), check("far", 9)) == "far"
    assert await chosen(told, check("far", 1), check("anywhere", 9)) == "anywhere"


@pytest.mark.parametrize(("area", "wanted"), [("936", "near"), ("906", "far"), (None, "far")])
async def test_r2_the_nearest_area(area: str | None, wanted: str) -> None:
    assert await chosen(Told("nearest_area"), check("far", 1, area=area), check("near", 9, area=area)) == wanted


@pytest.mark.parametrize("status", [each for each in CheckStatus if each is not CheckStatus.YES])
async def test_one_is_no_choice_and_others_are_not_told(status: CheckStatus) -> None:
    told = Told("first_yes")
    assert await chosen(told, check("near", 1), check("far", 2, status=status)) is None
    assert await chosen(told, check("near", 1), check("far", 2), agency="of-near") is None


@pytest.mark.parametrize(("area", "zips", "far"), [("936", ("936",), 0), ("936", ("93711",), 1), ("936", (), 0),
                                                   (None, ("941",), 0), ("936", ("941", "940"), 4)])  # fmt: skip
def test_how_far(area: str | None, zips: tuple[str, ...], far: int) -> None:
    assert distance(area, zips) == far
