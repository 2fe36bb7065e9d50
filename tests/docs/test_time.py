"""The page about time leaves out no kind of item, no timer and no service level, and names none that is not there."""

import re
from pathlib import Path
from typing import get_args

from contracts.calendar import ServiceLevels
from services.referrals.application.work import Kind
from services.referrals.domain.timer import Timer

PAGE = (Path(__file__).parents[2] / "docs" / "time.md").read_text(encoding="utf-8")
LINES = [line for line in PAGE.splitlines() if line.startswith("| `")]


def unsaid(names: set[str], text: str = PAGE) -> set[str]:
    return {name for name in names if f"`{name}`" not in text}


def test_r23_every_kind_of_item_has_its_line() -> None:
    items = {re.sub(r"[|` ]", "", line.split("|")[1]) for line in LINES}
    assert items == set(get_args(Kind))


def test_r15_every_timer_and_every_service_level_is_said() -> None:
    assert unsaid({timer.value for timer in Timer}) == set()
    assert unsaid(set(ServiceLevels.model_fields)) == set()


def test_a_level_in_the_table_is_one_of_the_configuration() -> None:
    said = {name for line in LINES for name in re.findall(r"`(\w+)`", line.split("|")[3])}
    assert said <= set(ServiceLevels.model_fields)


def test_what_is_left_out_is_found() -> None:
    assert unsaid({"answer", "lunch"}) == {"lunch"}
